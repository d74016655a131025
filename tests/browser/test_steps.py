"""Steps in Chromium: values on curves, numbers of regions, the states of answers, narrow screens, print and saved pictures."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import find_statements
from eagle_nb.widgets import CorrectionStepper, MaskPainter, SearchStepper

from ..widgets.answers import make_correction, make_explanation, make_response, picture
from ..widgets.painters import SeeingModel
from .test_export import ready
from .test_lab import kernel_says, notebook, page  # noqa: F401

SVG = "{http://www.w3.org/2000/svg}"
ANSWERS = ["", "a table.", "a table.", "a star.", "a cup.", "a book.", "a table.", "a cup.", "a cup.", "a cup."]
"""Answers to "describe": undecided, corrected, another wrong object, the cup again."""

SAYS = "write('views.json', [stepper.step, stepper.numbers])"

SMALL_TEXTS = """() => {
  const root = [...document.querySelectorAll('[data-eagle-nb] > div')].map(e => e.shadowRoot).find(Boolean);
  const size = e => {
    const svg = e.closest('svg'), width = svg?.viewBox.baseVal?.width;
    return parseFloat(getComputedStyle(e).fontSize) * (width ? svg.getBoundingClientRect().width / width : 1);
  };
  return [...root.querySelectorAll('*')].filter(e => e.getClientRects().length && !e.matches('.unseen')
    && [...e.childNodes].some(c => c.nodeType === 3 && c.data.trim()) && size(e) < 11.9).map(e => e.outerHTML.slice(0, 80));
}"""
SMALL_TARGETS = """() => {
  const root = [...document.querySelectorAll('[data-eagle-nb] > div')].map(e => e.shadowRoot).find(Boolean);
  const box = e => e.getBoundingClientRect();
  return [...root.querySelectorAll('button, select, input[type=range], .check, .choice label')].filter(e => box(e).width
    && (box(e).height < 43.5 || box(e).width < 43.5)).map(e => e.outerHTML.slice(0, 80));
}"""


def correction_of_objects():
    """A correction whose steps are in all states."""
    correction = make_correction()
    response = make_response(["a cup", "."], prompt="describe")
    truth = Sample("t", response.image, "describe", objects=(SampleObject("table"),))
    (statement,) = find_statements(truth, response)
    return replace(correction, statement=statement, answers=ANSWERS)


@pytest.fixture
def show(tmp_path, open_page):
    """Open a widget as a page."""
    return lambda widget, **options: ready(open_page(widget.to_html(tmp_path / "w.html"), **options))


@pytest.fixture(scope="module")
def widgets():
    """A stepper, a correction and a painter."""
    explanation = make_explanation()
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation, numbers=True)
    painter.painted = [0, 5, 6]
    return {
        "stepper": SearchStepper(explanation, step=3, numbers=True),
        "correction": CorrectionStepper(correction_of_objects()),
        "painter": painter,
    }


def test_curves_show_their_values_at_the_pointer_and_by_keyboard(show):
    from playwright.sync_api import expect

    explanation = make_explanation()
    tab = show(SearchStepper(explanation, step=3))
    rows = explanation.insertion[:, explanation.tokens].mean(1), explanation.deletion[:, explanation.tokens].mean(1)

    def values(step):
        share = explanation.area[step]
        text = f"{100 * share:.{1 if 0 < share < 0.1 else 0}f} %"
        return f"{text} of the image: insertion {rows[0][step]:.3f}, deletion {rows[1][step]:.3f}"

    shown = tab.locator(".values")
    expect(shown).to_have_text(values(3))
    chart = tab.get_by_role("slider", name=re.compile("^Probability of"))
    box = chart.bounding_box()
    tab.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    expect(shown).to_have_text(values(16))
    tab.mouse.move(2, 2)
    expect(shown).to_have_text(values(3))
    chart.focus()
    tab.keyboard.press("Home")
    expect(shown).to_have_text(values(0))
    tab.keyboard.press("ArrowRight")
    tab.get_by_text("Step 1 of 16").wait_for()
    expect(shown).to_have_text(values(1))
    assert chart.get_attribute("aria-valuetext") == values(1)


def test_numbers_of_regions_are_drawn_on_demand(show):
    lines = "c => c.toDataURL()"
    tab = show(SearchStepper(make_explanation(), step=0))
    canvas = tab.locator("canvas.lines").first
    plain = canvas.evaluate(lines)
    tab.get_by_label("Numbers").check()
    tab.wait_for_function("([c, before]) => c.toDataURL() !== before", arg=[canvas.element_handle(), plain])
    tab.get_by_label("Numbers").uncheck()
    tab.wait_for_function("([c, before]) => c.toDataURL() === before", arg=[canvas.element_handle(), plain])


def test_of_many_regions_the_one_under_the_pointer_is_numbered(show):
    explanation = make_explanation(None, 144, Image.fromarray(picture(240, 240)))
    white = (
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let k = 0; k < d.length; k += 4) n += d[k] === 255 && d[k + 3] === 255; return n; }"
    )
    counts = {}
    for numbers in (False, True):
        tab = show(SearchStepper(explanation, numbers=numbers))
        tab.get_by_label("Borders").uncheck()
        canvas = tab.locator("canvas.lines").first
        tab.wait_for_function(
            "c => !c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)",
            arg=canvas.element_handle(),
        )
        tab.locator(".picture").first.hover()
        tab.locator(".tip", has_text="Region").wait_for()
        tab.wait_for_function(
            "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(Boolean)",
            arg=canvas.element_handle(),
        )
        counts[numbers] = canvas.evaluate(white)
    assert counts[True] > counts[False] > 0


def test_every_step_shows_its_state(show, keep):
    from playwright.sync_api import expect

    correction = correction_of_objects()
    tab = show(CorrectionStepper(correction, removed=0), width=900)
    marks = {
        "still says it": "✗ Still says it:",
        "another wrong answer": "≠ Another wrong answer:",
        "corrected": "✓ Corrected:",
        None: "? Undecided:",
    }
    assert set(correction.states) == set(marks)
    for state, answer in list(zip(correction.states, correction.answers, strict=True))[::-1]:
        expect(tab.locator(".said")).to_have_text(f"{marks[state]} {answer or '(nothing)'}")
        tab.get_by_role("button", name="Remove one more").click()
    key = tab.locator(".answer-strip .keys")
    for state, count in correction.state_counts.items():
        expect(key).to_contain_text(f"{state}: {count} of 10 steps")
    # Bars differ in height or filling, so colour is not needed
    looks = key.locator("rect").evaluate_all(
        "all => all.map(e => [e.getAttribute('height'), e.getAttribute('fill').slice(0, 4)].join())"
    )
    assert len(set(looks)) == 4
    keep(tab, "export-states", full_page=True)


def test_painted_regions_keep_their_colour(widgets, show):
    tab = show(widgets["painter"])
    colors = tab.locator("canvas.heat").first.evaluate(
        "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data, seen = new Set();"
        " for (let k = 0; k < d.length; k += 4) if (d[k + 3]) seen.add(d[k] - d[k + 1] + ',' + (d[k] - d[k + 2])); return [...seen]; }"
    )
    assert colors == ["0,0"]  # hatching in black and white


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_narrow_screen(widgets, show, keep, theme):
    for name, widget in widgets.items():
        tab = show(widget, width=390, theme=theme)
        assert tab.evaluate(SMALL_TEXTS) == []
        assert tab.evaluate(SMALL_TARGETS) == []
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        if name != "painter":
            pictures = tab.locator(".picture").first.bounding_box()
            control = tab.locator(".steering input[type=range]").bounding_box()
            assert 0 < control["y"] - (pictures["y"] + pictures["height"]) < 40
        keep(tab, f"narrow-{name}-{theme}", full_page=True)


def test_a_saved_picture_has_curves_and_keys_but_no_controls(widgets, show):
    for name, expected in (
        ("stepper", ["insertion: AUC", "deletion: AUC", "Insertion: the first 3 shown", "Probability of"]),
        (
            "correction",
            [
                "another wrong answer: 2 of 10 steps",
                "still says it: 4 of 10 steps",
                "Probability at the deciding token",
            ],
        ),
        ("painter", ["Painted", "What the model sees", "whole image", "Yours:"]),
    ):
        tab = show(widgets[name], width=1000)
        height = tab.locator(".view").bounding_box()["height"]
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Save SVG").click()
        svg = ElementTree.fromstring(download.value.path().read_text())
        text = " ".join(e.text for e in svg.iter(f"{SVG}text"))
        assert [words for words in expected if words not in text] == []
        assert not re.search(r"Play|Borders|Save|Numbers|Whole image|recording without", text)
        assert int(svg.get("height")) < height - 30  # no gaps where the controls are
        assert not [e for e in svg.iter() if e.get("vector-effect")]  # which librsvg does not know
        assert tab.locator(".view").bounding_box()["height"] == height
        assert tab.get_by_role("button", name="Save SVG").is_visible()


def test_print_is_the_view_in_its_colours(widgets, show, keep):
    for name, widget in widgets.items():
        tab = show(widget, width=1000, theme="dark")
        tab.emulate_media(media="print")
        assert tab.locator(".view").is_visible()
        assert tab.locator(".eagle-nb-static").is_hidden()
        assert tab.locator(".view button:visible, .view input:visible").count() == 0
        style = tab.locator(".view").evaluate(
            "e => { const s = getComputedStyle(e); return [s.printColorAdjust, s.backgroundColor, s.color]; }"
        )
        assert style == ["exact", "rgb(255, 255, 255)", "rgb(28, 28, 30)"]
        pages = re.findall(rb"/Type\s*/Page\b", tab.pdf(format="A4"))
        assert len(pages) == 1
        keep(tab, f"print-{name}", full_page=True)


def test_a_finger_moves_the_search(widgets, chromium, tmp_path):
    from playwright.sync_api import expect

    stepper = widgets["stepper"]
    context = chromium.new_context(viewport={"width": 390, "height": 900}, has_touch=True, is_mobile=True, offline=True)
    tab = context.new_page()
    tab.goto(stepper.to_html(tmp_path / "w.html").resolve().as_uri())
    ready(tab)
    explanation = stepper.explanation
    region = int(explanation.regions.labels[60, 80])
    tab.locator(".picture").first.tap()
    rank = explanation.order.tolist().index(region) + 1
    expect(tab.locator(".status").first).to_contain_text(f"Step {rank} of 16")
    chart = tab.get_by_role("slider", name=re.compile("^Probability of"))
    box = chart.bounding_box()
    chart.tap(position={"x": box["width"] - 3, "y": 20})
    expect(tab.locator(".status").first).to_contain_text("Step 16 of 16")
    tab.get_by_label("Numbers").tap()
    expect(tab.get_by_label("Numbers")).not_to_be_checked()
    context.close()


def test_two_views_in_lab_stay_together(notebook, lab, page):  # noqa: F811
    from playwright.sync_api import expect

    notebook("views.ipynb", ["stepper = w.SearchStepper(explanation, numbers=True)\nstepper", "stepper", SAYS])
    page.locator("[data-ready]").nth(1).wait_for(timeout=120_000)
    sliders = page.get_by_label("Step of the search")
    expect(sliders).to_have_count(2)
    sliders.first.press("End")
    expect(page.locator(".status", has_text="Step 16 of 16")).to_have_count(2)
    boxes = page.get_by_label("Numbers")
    boxes.last.uncheck()
    expect(boxes.first).not_to_be_checked()
    page.get_by_role("slider", name=re.compile("^Probability of")).last.press("Home")
    expect(page.locator(".status", has_text="Step 0 of 16")).to_have_count(2)
    answers = (kernel_says(page, lab, 3, "views.json") for _ in range(5))  # changes travel to the kernel with a delay
    assert [0, False] in answers
    assert not page.trouble
