"""The palette: every colour of figures, still pictures and widgets, and the end of the reliance scale.

The browser half of the widgets has a copy, ``widgets/src/palette.js``. After a change, write it again with
``python -m eagle_nb.viz.palette`` and rebuild the bundle.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

_BROWSER_COPY = Path(__file__).parents[2] / "widgets" / "src" / "palette.js"

INSERTION, DELETION = "#009e73", "#d55e00"
"""Curves of shown and of hidden regions (Okabe and Ito 2008, distinguishable by colour-blind readers)."""

RELIANCE_STOPS = (
    (33, 102, 172), (103, 169, 207), (209, 229, 240), (247, 247, 247), (253, 219, 199), (239, 138, 98), (178, 24, 43),
)  # fmt: skip
"""From language (blue) to vision (red), equally spaced, on light pages: RGB."""

DARK_RELIANCE_STOPS = (
    (92, 163, 226), (54, 112, 168), (40, 66, 92), (52, 52, 54), (100, 56, 46), (176, 74, 56), (240, 114, 92),
)  # fmt: skip
"""The same scale on dark pages."""

PROBABILITY_STOPS = ((255, 255, 255), (199, 229, 190), (60, 140, 90))
"""From probability 0 to 1, equally spaced, on light pages: RGB."""

DARK_PROBABILITY_STOPS = ((40, 42, 44), (34, 84, 58), (96, 190, 130))
"""The same scale on dark pages."""

LANGUAGE, VISION = "#4393c3", "#d6604d"
"""Lines and marks of language-driven and of image-driven tokens."""

RELIANCE_FLOOR = 0.25
"""The reliance scale ends at the largest value, but at least here. An answer that does not rely on the image is not painted red."""

COLORS = ("#1b7f79", "#b5541c", "#3b6fb6", "#8a4f9e", "#7a6a58", "#c0392b", "#4c7a2a", "#64748b")
"""One for each method or metric; a line in any of them has a contrast of 3 or more on white and on black."""

FEEDBACK_COLORS = {True: COLORS[0], False: COLORS[1]}
"""Whether the answer of a student is right."""

CAUSE_COLORS = {"prior-driven": "#3b6fb6", "misperceived region": "#c0392b", "unclear": "#8a8a8a"}
"""Causes of a wrong statement."""

VARIED_COLORS = {"regions": "#1b7f79", "segmentation": "#b5541c", "fill": "#3b6fb6", "seed": "#7a6a58"}
"""What a robustness report varies."""

UNMEASURED = {"light": (198, 198, 202), "dark": (92, 92, 98)}
"""Tokens whose reliance is not measured, by theme: RGB."""

HIDDEN_LIGHTNESS = 0.35
"""Where the evidence is 0, a map shows the picture in grey with its lightness times this; where it is 1, in its own colours."""

HEAT = (255, 165, 32)
"""Candidates of a search over a picture: RGB of the highest score; lower scores are darker."""

OUTLINES = {
    "added": {"line": "#ffd21f", "halo": "rgba(0,0,0,.85)"},
    "pointed": {"line": "#ffffff", "halo": "rgba(0,0,0,.8)"},
    "borders": {"line": "rgba(255,255,255,.55)", "halo": "rgba(0,0,0,.25)"},
}
"""Outlines of regions over an image. The halo, drawn below, keeps a line visible on any background."""

INTERFACE = {
    "light": {"accent": "#0b63c4", "ring": "#111111"},
    "dark": {"accent": "#6cb2ff", "ring": "#ffffff"},
    "fallback": {"ink": "#1c1c1e", "soft": "#595959", "paper": "#ffffff", "line": "#8888", "empty": "#000000"},
}
"""Controls of the widgets by theme, and the colours used where the page defines none."""

NEUTRAL = {
    "label": "#333", "caption": "#555", "reference": "#7b7b7b", "line": "#828b95", "frame": "#222", "contour": "#ffffff",
}  # fmt: skip
"""Greys of figures and still pictures: text, reference lines, single runs, the frame of a chosen token, contours on an image."""

FIGURE_THEMES = {
    "both": {
        "ink": "#7b7b7b",
        "paper": "rgba(0,0,0,0)",
        "grid": "rgba(128,128,128,0.25)",
        "axis": "rgba(128,128,128,0.7)",
    },
    "light": {"ink": "#2a2a2e", "paper": "#ffffff", "grid": "#e6e6ea", "axis": "#8a8a92"},
    "dark": {"ink": "#e4e4ea", "paper": "#161618", "grid": "#34343a", "axis": "#8a8a92"},
}
"""Inks and backgrounds of plotly figures; "both" is legible on light and on dark pages."""

HOVER = {"ink": "#f2f2f5", "paper": "#2a2a2e"}
"""Hover texts of plotly figures, on any page."""

DARK_LUMINANCE = 0.2
"""A page whose background has a lower relative luminance is dark."""


def reliance_color(share: float) -> tuple[int, int, int]:
    """Return the colour of a reliance.

    Parameters
    ----------
    share : float
        Reliance as a share of the scale, 0 (language) to 1 (vision); values outside are clipped.

    Returns
    -------
    (int, int, int)
        RGB, 0 … 255.

    Examples
    --------
    >>> reliance_color(0.0), reliance_color(0.5)
    ((33, 102, 172), (247, 247, 247))
    """
    x = min(1.0, max(0.0, share)) * (len(RELIANCE_STOPS) - 1)
    k = min(len(RELIANCE_STOPS) - 2, int(x))
    low, high, f = RELIANCE_STOPS[k], RELIANCE_STOPS[k + 1], x - k
    # Halves round up, as in the browser
    red, green, blue = (math.floor(a * (1 - f) + b * f + 0.5) for a, b in zip(low, high, strict=True))
    return red, green, blue


def ink_color(rgb: tuple[int, int, int]) -> str:
    """Return black or white, whichever is easier to read on a colour.

    Parameters
    ----------
    rgb : (int, int, int)
        The background, 0 … 255.

    Returns
    -------
    str
        "#000000" or "#ffffff".

    References
    ----------
    Web Content Accessibility Guidelines 2, contrast ratio.

    Examples
    --------
    >>> ink_color((33, 102, 172)), ink_color((247, 247, 247))
    ('#ffffff', '#000000')
    """
    red, green, blue = (v / 3294.6 if v <= 10.3 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) / 0.05 >= 1.05 / (luminance + 0.05) else "#ffffff"


def palette_module() -> str:
    """Return the browser half's copy of the palette, a JavaScript module.

    Returns
    -------
    str
        The text of ``widgets/src/palette.js``.
    """
    scales = {
        "light": {"diverging": RELIANCE_STOPS, "sequential": PROBABILITY_STOPS},
        "dark": {"diverging": DARK_RELIANCE_STOPS, "sequential": DARK_PROBABILITY_STOPS},
    }
    rows = (
        ("INSERTION", INSERTION, "Curves of shown regions.", ""),
        ("DELETION", DELETION, "Curves of hidden regions.", ""),
        ("LANGUAGE", LANGUAGE, "Curves of language-driven tokens.", ""),
        ("VISION", VISION, "Curves of image-driven tokens.", ""),
        ("RELIANCE_FLOOR", RELIANCE_FLOOR, "The reliance scale ends at the largest value, but at least here.", ""),
        (
            "SCALES",
            scales,
            "Diverging: language to vision. Sequential: probability 0 to 1. Stops are equally spaced.",
            'Record<"light" | "dark", Record<"diverging" | "sequential", Rgb[]>>',
        ),
        (
            "UNMEASURED",
            UNMEASURED,
            "Tokens whose reliance is not measured.",
            'Record<"light" | "dark", Rgb>',
        ),
        ("HIDDEN_LIGHTNESS", HIDDEN_LIGHTNESS, "Lightness of a picture in grey where the evidence is 0.", ""),
        ("HEAT", HEAT, "Candidates of a search over a picture: the highest score; lower scores are darker.", "Rgb"),
        ("OUTLINES", OUTLINES, "Outlines of regions; the halo is drawn below the line.", ""),
        ("INTERFACE", INTERFACE, "Controls by theme, and colours used where the page defines none.", ""),
        ("DARK_LUMINANCE", DARK_LUMINANCE, "A page whose background has a lower relative luminance is dark.", ""),
    )
    parts = [
        "// Generated by `python -m eagle_nb.viz.palette` from eagle_nb/viz/palette.py; do not edit.\n",
        "/** @typedef {[number, number, number]} Rgb red, green and blue, 0 … 255 */",
    ]
    for name, value, comment, kind in rows:
        doc = f"/**\n * {comment}\n * @type {{{kind}}}\n */" if kind else f"/** {comment} */"
        parts.append(f"\n{doc}\nexport const {name} = {_literal(value)};")
    return "\n".join(parts) + "\n"


def _literal(value: object, depth: int = 0) -> str:
    """Return a value as JavaScript, one entry of a mapping per line."""
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    space = "  " * depth
    entries = "".join(f"{space}  {key}: {_literal(entry, depth + 1)},\n" for key, entry in value.items())
    return f"{{\n{entries}{space}}}"


def write_palette_module(path: str | os.PathLike[str] = _BROWSER_COPY) -> None:
    """Write the browser half's copy of the palette.

    Parameters
    ----------
    path : path, optional
        The file to write; ``widgets/src/palette.js`` of the repository by default.
    """
    Path(path).write_text(palette_module(), encoding="utf-8")


if __name__ == "__main__":
    write_palette_module()
