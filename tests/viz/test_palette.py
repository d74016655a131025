"""The palette: one set of colours in Python and in the browser half."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from eagle_nb.viz.palette import (
    CAUSE_COLORS,
    COLORS,
    DARK_RELIANCE_STOPS,
    DELETION,
    FIGURE_THEMES,
    INSERTION,
    RELIANCE_FLOOR,
    RELIANCE_STOPS,
    VARIED_COLORS,
    ink_color,
    palette_module,
    reliance_color,
    write_palette_module,
)

WIDGETS = Path(__file__).parents[2] / "widgets"
SHARES = [k / 64 for k in range(65)]
TINTS = """
import {{ scaleEnds, tint }} from {scale};
const shares = {shares};
console.log(JSON.stringify([shares.map((share) => tint("diverging", share, false)), scaleEnds([0])]));
"""


def test_the_scale_runs_from_blue_over_grey_to_red():
    assert [reliance_color(k / 6) for k in range(7)] == list(RELIANCE_STOPS)
    assert reliance_color(-1.0) == (33, 102, 172)
    assert reliance_color(0.25) == (156, 199, 224)
    assert reliance_color(2.0) == (178, 24, 43)


def test_light_and_dark_scales_have_the_same_stops():
    assert len(DARK_RELIANCE_STOPS) == len(RELIANCE_STOPS)


def test_text_is_readable_on_every_colour_of_the_scale():
    assert ink_color((33, 102, 172)) == "#ffffff"
    assert ink_color((247, 247, 247)) == "#000000"
    assert ink_color((178, 24, 43)) == "#ffffff"


@pytest.mark.parametrize(
    "color",
    [*COLORS, *CAUSE_COLORS.values(), *VARIED_COLORS.values(), INSERTION, DELETION, FIGURE_THEMES["both"]["ink"]],
)
def test_lines_are_visible_on_light_and_on_dark_pages(color):
    light, dark = (_contrast(color, page) for page in ("#ffffff", "#111111"))
    assert min(light, dark) >= (4 if color == FIGURE_THEMES["both"]["ink"] else 3)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_of_the_full_themes_has_full_contrast(theme):
    colors = FIGURE_THEMES[theme]
    assert _contrast(colors["ink"], colors["paper"]) >= 7


def test_the_browser_half_has_the_same_palette():
    assert (WIDGETS / "src" / "palette.js").read_text(encoding="utf-8") == palette_module()


def test_the_copy_can_be_written_elsewhere(tmp_path):
    write_palette_module(tmp_path / "palette.js")
    assert (tmp_path / "palette.js").read_text(encoding="utf-8") == palette_module()


def test_browser_and_python_agree_on_colours_of_reliance():
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not on the PATH")
    script = TINTS.format(
        scale=json.dumps((WIDGETS / "src" / "logic" / "scale.js").as_uri()), shares=json.dumps(SHARES)
    )
    done = subprocess.run(
        [node, "--input-type=module"], input=script, capture_output=True, text=True, check=True, timeout=120
    )
    tints, ends = json.loads(done.stdout)
    assert ends == [0, RELIANCE_FLOOR]
    assert [tint["background"] for tint in tints] == [_css(reliance_color(share)) for share in SHARES]
    inks = {"#000000": "rgb(0,0,0)", "#ffffff": "rgb(255,255,255)"}
    assert [tint["color"] for tint in tints] == [inks[ink_color(reliance_color(share))] for share in SHARES]


def test_no_other_file_of_the_widgets_has_a_colour():
    sources = [path for path in (WIDGETS / "src").rglob("*.*") if path.name != "palette.js"]
    colours = [
        (path.name, colour)
        for path in sources
        for colour in re.findall(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6})\b|rgba?\(\d", path.read_text(encoding="utf-8"))
    ]
    assert colours == []


def _css(rgb: tuple[int, int, int]) -> str:
    return f"rgb({rgb[0]},{rgb[1]},{rgb[2]})"


def _contrast(first: str, second: str) -> float:
    low, high = sorted(map(_luminance, (first, second)))
    return (high + 0.05) / (low + 0.05)


def _luminance(color: str) -> float:
    shares = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in shares]
    return sum(weight * v for weight, v in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
