"""Exported files, opened from disk with the network blocked."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest

from eagle_nb.widgets import CorrectionStepper, Explorer, MaskPainter, RelianceSlider, SearchStepper, TokenPicker

from ..widgets.answers import HOSTILE, make_correction
from ..widgets.painters import SeeingModel
from .conftest import REPOSITORY, missing

AXE = REPOSITORY / "widgets" / "node_modules" / "axe-core" / "axe.min.js"


def ready(page):
    page.locator("[data-ready]").wait_for(timeout=60_000)
    return page


@pytest.fixture
def exported(explanations, tmp_path, open_page):
    made, _ = explanations

    def open_(name, widget=None, **options):
        path = made[name].to_html(tmp_path / f"{name}.html") if widget is None else widget.to_html(tmp_path / "w.html")
        return ready(open_page(path, **options))

    return open_


@pytest.fixture
def painter_page(explanations, exported):
    explanation = explanations[0]["caption"]
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = np.unique(explanation.regions.labels[30:66, 30:66]).tolist()
    painter.mode = "show"
    return exported("caption", painter)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_explanation_is_alive_without_kernel_or_network(exported, keep, theme):
    from playwright.sync_api import expect

    page = exported("caption", theme=theme)
    assert page.locator(".eagle-nb-static").is_hidden()
    page.get_by_text("How was this found?").click()
    page.get_by_label("Step of the search").press("Home")
    page.get_by_text("Step 0 of 16").wait_for()
    for _ in range(3):
        page.get_by_role("button", name="Step forward").click()
    page.get_by_text("Step 3 of 16").wait_for()
    page.get_by_role("option", name=re.compile("^squ")).click()
    page.get_by_text("“square” was not explained.", exact=True).wait_for()
    page.get_by_role("button", name="Show “large red circle”").click()
    page.get_by_text("mean of 4 tokens").wait_for()
    page.get_by_role("option", name=re.compile("^large")).click()
    page.get_by_text("“large” was explained as a part of “large red circle”").wait_for()
    page.get_by_text("Probability of “large”").wait_for()
    page.get_by_label("Threshold of reliance").press("End")
    expect(page.locator(".chip.vision")).to_have_count(0)
    page.get_by_label("Threshold of reliance").press("Home")
    expect(page.locator(".chip.vision")).to_have_count(3)
    page.mouse.move(2, 2)
    keep(page, f"export-explorer-{theme}", full_page=True)


def test_pixels_on_screen_are_those_of_the_step(exported, explanations):
    made, _ = explanations
    explanation = made["caption"]
    page = exported("caption", SearchStepper(explanation, step=4))
    labels, order = explanation.regions.labels, explanation.order.tolist()
    for step in (4, 11, 2):
        page.get_by_label("Step of the search").fill(str(step))
        page.get_by_text(f"Step {step} of 16").wait_for()
        alpha = page.locator("canvas.pixels").evaluate_all(
            "all => all.map(c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
            " return Array.from({length: d.length / 4}, (_, k) => d[4 * k] + d[4 * k + 1] + d[4 * k + 2] > 0 ? 1 : 0); })"
        )
        shown = sum(int((labels == r).sum()) for r in order[:step])
        assert sum(alpha[0]) == shown
        assert sum(alpha[1]) == labels.size - shown


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_each_widget_alone(exported, explanations, keep, theme):
    made, _ = explanations
    explanation = made["caption"]
    widgets = {
        "picker": TokenPicker(explanation.response, explanation, selected="red circle"),
        "stepper": SearchStepper(explanation, step=5),
        "reliance": RelianceSlider(explanation, threshold=0.3),
    }
    for name, widget in widgets.items():
        page = exported("caption", widget, theme=theme, width=900, height=700)
        keep(page, f"export-{name}-{theme}", full_page=True)
    assert page.locator(".chip.vision").all_inner_texts() == ["large", "red"]


def test_hostile_text_is_shown_as_it_is(exported, keep):
    page = exported("hostile")
    assert page.title().startswith("What carried")
    assert page.locator(".sentence").inner_text().count(HOSTILE) == 1
    assert "</script><script>alert(1)</script>" in page.locator(".sentence").inner_text()
    assert HOSTILE in page.locator(".headline.shown").inner_text()
    assert page.locator(".view img").count() == 0
    keep(page, "export-hostile", full_page=True)


def test_long_answers_and_right_to_left_text(exported, keep):
    page = exported("long", width=1000)
    assert page.locator(".chip").count() == 150
    assert page.locator(".sentence").bounding_box()["height"] < 200
    keep(page, "export-long", full_page=True)
    page = exported("rtl", width=1000)
    assert page.locator(".sentence").evaluate("e => getComputedStyle(e).direction") == "rtl"
    first, second = (page.locator(".chip").nth(k).bounding_box() for k in (0, 1))
    assert first["x"] > second["x"]
    page.locator(".chip").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.locator(".chip").nth(1).evaluate("e => e.matches(':focus')")
    assert "“\u2068حمراء\u2069”" in page.locator(".headline.shown").inner_text()
    keep(page, "export-rtl", full_page=True)


def test_two_regions_and_one_token(exported):
    page = exported("one")
    page.get_by_text("How was this found?").click()
    page.get_by_label("Step of the search").press("Home")
    page.get_by_text("Step 0 of 2").wait_for()
    page.get_by_role("button", name="Last step").click()
    page.get_by_text("Step 2 of 2").wait_for()


def test_keyboard_alone_suffices(exported):
    page = exported("caption")
    picker = page.locator(".chip")
    page.locator(".chip[tabindex='0']").focus()
    page.keyboard.press("Escape")
    page.get_by_text("Select a word of the answer to see what carried it.", exact=True).wait_for()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press(" ")
    page.keyboard.press("Shift+ArrowRight")
    page.get_by_text("3 of 13 tokens selected: “large red”").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+ ")
    page.get_by_text("4 of 13 tokens selected: “large red circle”").wait_for(state="attached")
    page.keyboard.press("Control+a")
    page.get_by_text("13 of 13 tokens selected").wait_for(state="attached")
    page.get_by_role("button", name="Show “large red circle”").press("Enter")
    page.get_by_text("4 of 13 tokens selected: “large red circle”").wait_for(state="attached")
    assert page.locator(".chip", has_text="large").evaluate("e => e.matches(':focus')")
    for title in ("How was this found?", "The numbers"):
        page.locator("summary", has_text=title).focus()
        page.keyboard.press("Enter")
    page.locator(".stepper").wait_for()
    assert picker.first.get_attribute("tabindex") == "-1"  # one stop for the whole list
    seen = set()
    page.locator("body").press("Tab")
    for _ in range(40):
        seen.add(
            page.evaluate(
                "() => { let a = document.activeElement; while (a.shadowRoot?.activeElement) a = a.shadowRoot.activeElement;"
                " return a.getAttribute('aria-label') || a.value || a.textContent; }"
            )
        )
        page.keyboard.press("Tab")
    assert {"Step of the search", "Threshold of reliance", "Speed", "Save SVG", "Save PNG"} <= seen


def test_pictures_can_be_saved(exported, tmp_path):
    page = exported("caption")
    for kind, start in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Save {kind}").click()
        saved = download.value.path().read_bytes()
        assert saved.startswith(start)
        assert download.value.suggested_filename == f"eagle-explorer.{kind.lower()}"
        if kind == "SVG":
            assert saved.count(b"<image") == 3  # the map, its outlines and its colour bar
            assert b">circle</text>" in saved
            assert saved.count(b"<linearGradient") == 1  # the scale of reliance
            assert b"foreignObject" not in saved  # most programs other than browsers cannot draw it


def test_a_saved_picture_has_neither_controls_nor_hidden_texts(painter_page):
    with painter_page.expect_download() as download:
        painter_page.get_by_role("button", name="Save SVG").click()
    svg = ElementTree.fromstring(download.value.path().read_text())
    words = " ".join(text.text for text in svg.iter("{http://www.w3.org/2000/svg}text"))
    assert "What the model sees" in words
    assert "Save" not in words
    assert painter_page.locator(".unseen[role=status]").inner_text() not in words
    struck = [
        t.text for t in svg.iter("{http://www.w3.org/2000/svg}text") if t.get("text-decoration") == "line-through"
    ]
    assert struck[0] == "large"


def test_without_scripts_there_is_a_still_picture(explanations, open_page, tmp_path, keep):
    made, _ = explanations
    path = made["caption"].to_html(tmp_path / "still.html")
    page = open_page(path, javascript=False)
    picture = page.locator(".eagle-nb-static img").first
    assert picture.is_visible()
    assert "<noscript>" in path.read_text()
    keep(page, "export-noscript", full_page=True)


def test_axe_finds_nothing_serious(exported, explanations):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci in widgets/")
    found = []
    for name, theme in (("caption", "light"), ("caption", "dark"), ("rtl", "light")):
        explorer = Explorer(explanations[0][name])
        explorer.opened = ["search", "numbers", "options"]
        page = exported(name, explorer, theme=theme)
        page.locator(".stepper").wait_for()
        # The page's policy keeps scripts out, so axe is evaluated rather than inserted
        page.evaluate(AXE.read_text() + "; undefined")
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        found += [
            (name, theme, v["id"], [n["target"] for n in v["nodes"]][:3])
            for v in result["violations"]
            if v["impact"] in ("serious", "critical")
        ]
    assert found == []


def test_scrubbing_keeps_up_with_the_screen(exported, explanations, capsys):
    """64 regions at 1024 × 1024: the time of one redraw, by the Performance API. 60 frames a second leave 16.7 ms."""
    page = exported("many", SearchStepper(explanations[0]["many"]))
    page.evaluate(
        """async () => {
            const root = [...document.querySelectorAll('[data-live] > div')].at(-1).shadowRoot;
            const slider = root.querySelector('.stepper input[type=range]');
            window.draws = [];
            const observer = new PerformanceObserver(list => window.draws.push(...list.getEntries().map(e => e.duration)));
            observer.observe({type: 'measure'});
            window.frames = [];
            for (let k = 0, last = performance.now(); k < 240; k++) {
                slider.value = Math.abs((k % 128) - 64);
                slider.dispatchEvent(new Event('input'));
                const now = await new Promise(requestAnimationFrame);
                window.frames.push(now - last);
                last = now;
            }
        }"""
    )
    draws, frames = page.evaluate("() => [window.draws, window.frames]")
    draws.sort()
    with capsys.disabled():
        print(
            f"\nscrubbing 64 regions at 1024 x 1024: redraw {draws[len(draws) // 10]:.1f} ms at best (10 %), "
            f"median {draws[len(draws) // 2]:.1f} ms; {1000 * len(frames) / sum(frames):.0f} frames per second"
        )
    assert len(draws) > 100
    assert draws[len(draws) // 10] < 16.7  # the best tenth: a busy machine slows the rest


def test_explorer_state_is_exported_as_it_stands(exported, explanations):
    made, _ = explanations
    explorer = Explorer(made["caption"], step=2)
    explorer.selected = [4]
    explorer.threshold = 0.4
    explorer.opened = ["search"]
    page = exported("caption", explorer)
    page.get_by_text("Step 2 of 16").wait_for()
    assert page.get_by_text("(threshold 0.40)").is_visible()
    assert page.locator("[aria-selected=true]").all_inner_texts() == ["circle"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_correction_stepper(open_page, tmp_path, keep, theme):
    correction = make_correction()
    page = ready(open_page(CorrectionStepper(correction).to_html(tmp_path / "c.html"), theme, width=900, height=760))
    page.get_by_text("✓ Corrected: no.").wait_for()
    page.locator(".status", has_text="4 of 9 regions removed").wait_for()
    keep(page, f"export-correction-{theme}", full_page=True)
    page.get_by_role("button", name="One region back").click()
    page.get_by_text(f"✗ Still says it: yes {HOSTILE}").wait_for()
    assert page.locator(".view img").count() == 0
    slider = page.get_by_label("Regions removed", exact=True)
    slider.press("End")
    page.locator(".status", has_text="9 of 9 regions removed, 100 % of the image").wait_for()
    page.get_by_role("button", name="Whole image").click()
    page.get_by_text("✗ Still says it: yes.").wait_for()
    labels, order = correction.explanation.regions.labels, correction.explanation.order
    page.get_by_role("button", name="Minimal correction").click()
    page.get_by_text("the minimal correction region").wait_for()
    lit = page.locator("canvas.pixels").evaluate_all(
        "all => all.map(c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let k = 0; k < d.length; k += 4) n += d[k] + d[k + 1] + d[k + 2] > 0; return n; })"
    )
    removed = int(np.isin(labels, order[5:]).sum())
    assert lit == [labels.size - removed, removed]
    if AXE.is_file():
        page.evaluate(AXE.read_text() + "; undefined")
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        assert [v["id"] for v in result["violations"] if v["impact"] in ("serious", "critical")] == []
