"""MaskPainter in Chromium: recorded in exported pages, painted with pointer and keyboard in JupyterLab."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest

from eagle_nb.widgets import MaskPainter

from ..widgets.answers import make_explanation
from ..widgets.painters import SeeingModel
from .conftest import RTL, missing
from .test_export import AXE, ready
from .test_lab import kernel_says, notebook, page, run_cell  # noqa: F401

DELAY = 1.0  # seconds of a pass
LIVE = """from tests.widgets.painters import SeeingModel
import time
class Slow(SeeingModel):
    passes = []
    def scorer(self, *given, **more):
        inner, passes = super().scorer(*given, **more), self.passes
        def score(shown):
            passes.append(shown.tolist())
            if model.broken:
                raise RuntimeError("the model is broken")
            time.sleep({delay})
            return inner(shown)
        score.n_regions = inner.n_regions
        return score
model = Slow()
model.broken = False
painter = w.MaskPainter(model, explanation.response, explanation=explanation)
painter"""
SAYS = "write('p.json', [painter.painted, painter.mode, painter.selected, painter.probabilities, painter.answer, len(model.passes)])"


@pytest.fixture(scope="module")
def painter():
    explanation = make_explanation()
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = np.unique(explanation.regions.labels[30:66, 30:66]).tolist()
    painter.mode = "show"
    return painter


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_replays_what_was_tried(painter, tmp_path, open_page, keep, theme):
    from playwright.sync_api import expect

    expect.set_options(timeout=60_000)  # patience for a busy machine
    tab = ready(open_page(painter.to_html(tmp_path / "p.html"), theme=theme))
    tab.get_by_text("nothing new can be painted").wait_for()
    assert tab.get_by_role("radio", name="Brush").count() == 0
    slider = tab.get_by_label("Recorded state")
    tab.get_by_text(f"4 of 4: {len(painter.painted)} regions shown").wait_for()
    expect(tab.locator(".verdict")).to_have_text(str(painter.comparison))
    assert tab.locator(".changes").evaluate("e => [...e.querySelectorAll('del')].map(d => d.title)") == [
        "large", "left of a small blue square",
    ]  # fmt: skip
    words = tab.locator(".bars tbody tr")
    assert [words.nth(k).locator("th").inner_text() for k in range(4)] == ["all of these", "large", "red", "circle"]
    now = [float(words.nth(k).locator(".now").inner_text()) for k in range(4)]
    p = np.array(painter.probabilities)
    assert now == pytest.approx([p.mean(), p[0], p[1:3].mean(), p[3]], abs=0.0051)
    keep(tab, f"export-painter-{theme}", full_page=True)
    slider.press("Home")
    tab.get_by_text("1 of 4: whole image").wait_for()
    tab.locator(".changes", has_text=painter.response.text).wait_for()
    tab.get_by_role("button", name="Next state").click()
    tab.get_by_text("2 of 4: blank image").wait_for()
    tab.get_by_text("No answer was generated for this state").wait_for()
    tab.get_by_text("EAGLE's order, hidden", exact=True).click()
    tab.get_by_text("1 of 17: whole image").wait_for()
    slider.press("End")
    tab.get_by_text("17 of 17: 16 regions hidden, 100 % of the image").wait_for()
    blank = painter.explanation.deletion[-1, painter.explanation.tokens].mean()
    expect(words.first.locator(".now")).to_have_text(f"{blank:.2f}")
    tab.get_by_role("option", name=re.compile("^blue")).click()
    expect(words).to_have_count(5)


def test_pictures_show_what_the_model_saw(painter, tmp_path, open_page):
    tab = ready(open_page(painter.to_html(tmp_path / "p.html")))
    tab.get_by_text("4 of 4").wait_for()
    dark = tab.locator("canvas.pixels").nth(1)
    hidden = (
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let sum = 0;"
        " for (let k = 0; k < d.length; k += 4) sum += d[k] + d[k + 1] + d[k + 2] === 0 ? 1 : 0; return sum; }"
    )
    labels = painter.regions.labels
    assert dark.evaluate(hidden) == int((~np.isin(labels, painter.painted)).sum())
    tab.get_by_label("Recorded state").press("ArrowLeft")
    tab.get_by_role("img", name=re.compile("image hidden$")).wait_for()
    assert dark.evaluate(hidden) == int(np.isin(labels, painter.painted).sum())


def test_without_scripts_there_is_a_still_picture(painter, tmp_path, open_page):
    tab = open_page(painter.to_html(tmp_path / "p.html"), javascript=False)
    assert all(picture.is_visible() for picture in tab.locator(".eagle-nb-static img").all())
    tab.get_by_text(str(painter.comparison)).wait_for()
    tab.get_by_text("a red circle.", exact=True).wait_for()


def test_right_to_left_answers_and_axe(painter, tmp_path, open_page, keep):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci in widgets/")
    explanation = make_explanation(RTL, 9, selected=[2])
    rtl = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    rtl.painted = [0, 4]
    found = []
    for widget, theme in ((rtl, "light"), (painter, "dark")):
        tab = ready(open_page(widget.to_html(tmp_path / "p.html"), theme=theme, width=900))
        tab.evaluate(AXE.read_text() + "; undefined")
        result = tab.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        found += [
            (v["id"], [n["target"] for n in v["nodes"]])
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
        if widget is rtl:
            assert tab.locator(".sentence").evaluate("e => getComputedStyle(e).direction") == "rtl"
            # The new answer is English
            assert tab.locator(".changes").evaluate("e => getComputedStyle(e).direction") == "ltr"
            keep(tab, "export-painter-rtl", full_page=True)
    assert found == []


def test_painting_in_lab(notebook, lab, explanations, keep):  # noqa: F811
    from playwright.sync_api import expect

    set_ = "painter.painted = [3]; painter.mode = 'show'; model.broken = painter._asked > 0"
    tab = notebook("painter.ipynb", [LIVE.format(delay=DELAY), SAYS, set_])
    tab.locator("[data-ready]").wait_for(timeout=120_000)
    tab.get_by_text("1 of 16 regions").wait_for()
    tab.get_by_role("button", name="Clear").click()
    tab.get_by_text("Hide what is painted").click()
    tab.get_by_text("Nothing painted: the model sees the whole image", exact=True).wait_for()
    before = kernel_says(tab, lab, 2, "p.json")
    assert before[:3] == [[], "hide", [1, 2, 3, 4]]

    # A pass takes a second. The next mask is sent only after the previous one is answered, so few of twelve strokes are scored.
    picture = tab.locator(".picture").first

    def move(x, y):
        box = picture.bounding_box()
        tab.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)

    picture.scroll_into_view_if_needed()
    labels = explanations[0]["caption"].regions.labels
    selected = picture.locator("[role=option][aria-selected=true]")
    regions = set()
    began = time.monotonic()
    for k in range(12):
        x, y = 0.02 + 0.96 * (k % 4) / 3, 0.05 + 0.9 * (k // 4) / 2
        move(x, y)
        tab.mouse.down()
        tab.mouse.up()
        regions.add(int(labels[int(y * labels.shape[0]), int(x * labels.shape[1])]))
        expect(selected).to_have_count(len(regions))
        if k == 0:
            tab.get_by_text(re.compile("^1 of 16 regions, .* hidden$")).wait_for()  # scored
    painted = len(regions)
    assert painted >= 6
    tab.get_by_text(re.compile(f"^{painted} of 16 regions, .* hidden$")).wait_for()
    most = 2 + (time.monotonic() - began) / DELAY
    after = kernel_says(tab, lab, 2, "p.json")
    assert len(after[0]) == painted
    assert sorted(regions) == after[0]
    assert 2 <= after[5] - before[5] <= most
    assert after[4] != before[4]
    keep(tab, "lab-painter-light")

    tab.get_by_role("button", name="Clear").click()
    tab.get_by_text("Lasso", exact=True).click()
    move(0.01, 0.01)
    tab.mouse.down()
    for x, y in ((0.01, 0.99), (0.99, 0.99), (0.99, 0.01)):
        move(x, y)
    tab.mouse.up()
    tab.get_by_text("16 of 16 regions, 100 % of the image hidden", exact=True).wait_for()
    tab.get_by_role("button", name="Invert").click()
    tab.get_by_text("Nothing painted: the model sees the whole image", exact=True).wait_for()

    # The keyboard alone.
    picture.focus()
    tab.keyboard.press("End")
    tab.keyboard.press(" ")
    tab.keyboard.press("ArrowLeft")
    tab.keyboard.press("Enter")
    tab.get_by_text(re.compile("^2 of 16 regions, .* hidden$")).wait_for()
    tab.keyboard.press("Control+z")
    tab.get_by_text(re.compile("^1 of 16 regions, .* hidden$")).wait_for()
    tab.get_by_role("option", name=re.compile("^blue")).click()
    said = kernel_says(tab, lab, 2, "p.json")
    assert len(said[0]) == 1
    assert said[2] == [1, 2, 3, 4, 9]
    assert len(said[3]) == 5

    run_cell(tab, 3)  # and from the kernel
    tab.get_by_text(re.compile("^1 of 16 regions, .* shown, all else hidden$")).wait_for()
    assert kernel_says(tab, lab, 2, "p.json")[:2] == [[3], "show"]

    picture.focus()  # by now the model is broken
    for key in ("Home", " ", "End", " "):
        tab.keyboard.press(key)
    tab.get_by_text("RuntimeError: the model is broken").wait_for()
    for _ in range(2):
        tab.get_by_role("button", name="Undo").click()  # back to what was scored
    tab.get_by_text(re.compile("^1 of 16 regions, .* shown, all else hidden$")).wait_for()
    assert not tab.trouble
