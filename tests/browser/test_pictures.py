"""Several pictures and videos in Chromium: the strip, the large picture, the time line, and what they are linked to."""

from __future__ import annotations

import re

import numpy as np
import pytest

from eagle_nb.viz.contact import lit_part
from eagle_nb.widgets import Explorer, MaskPainter, SearchStepper

from ..widgets.answers import Model, explain_pictures, make_pictures
from .conftest import missing
from .test_each import MAP, chip
from .test_export import AXE, ready
from .test_steps import SMALL_TARGETS, SMALL_TEXTS

RECORD = """() => {
  window.played = [];
  const root = [...document.querySelectorAll('[data-eagle-nb] > div')].map(e => e.shadowRoot).find(Boolean);
  const thumbs = [...root.querySelectorAll('.answer-map .thumb')], play = root.querySelector('.time-line .play');
  const record = records => records.forEach(({target}) => {
    const on = target.getAttribute('aria-pressed') === 'true';
    if (target === play) window.played.push(on ? 'playing' : 'paused');
    else if (on) window.played.push(thumbs.indexOf(target));
  });
  const observer = new MutationObserver(record);
  for (const e of [...thumbs, play]) observer.observe(e, {attributes: true, attributeFilter: ['aria-pressed']});
}"""
"""Record which frames are shown, and when playing starts and ends."""


def seen(page):
    """The frames that were shown since, without repetitions, and the states of the button."""
    played = page.evaluate("window.played.splice(0)")
    frames = [k for k in played if isinstance(k, int)]
    frames = [k for n, k in enumerate(frames) if n == 0 or frames[n - 1] != k]
    states = [k for k in played if isinstance(k, str)]
    return frames, states


@pytest.fixture(scope="module")
def pictures():
    return explain_pictures(images=[0, 1, 3])


@pytest.fixture(scope="module")
def video():
    return explain_pictures("video", 12)


@pytest.fixture
def show(tmp_path, open_page):
    def show_(widget, state=None, **options):
        for name, value in (state or {}).items():
            setattr(widget, name, value)
        return ready(open_page(widget.to_html(tmp_path / "pictures.html"), **options))

    return show_


def shown_word(words):
    return words[words.most_reliant]


def thumbs(page, part=".answer-map"):
    return page.locator(f"{part} .thumb")


def pressed(page, part=".answer-map"):
    """The picture that is shown large, from 0."""
    return thumbs(page, part).evaluate_all("all => all.findIndex(e => e.getAttribute('aria-pressed') === 'true')")


def expect_shown(page, k, part=".answer-map"):
    from playwright.sync_api import expect

    expect(thumbs(page, part).nth(k)).to_have_attribute("aria-pressed", "true")
    assert pressed(page, part) == k


def drawn(page, canvas="canvas.evidence"):
    height, width, data = page.locator(canvas).first.evaluate(MAP)
    return np.array(data, dtype=np.uint8).reshape(height, width, 4)


def strongest(explanation):
    return int(np.nanargmax(explanation.picture_evidence))


def test_the_strip_names_every_picture_with_its_evidence(pictures, show, keep):
    page = show(Explorer(pictures), width=1400)
    e = shown_word(pictures)
    names = [f"picture {k + 1} of 4, evidence {v:.2f}" for k, v in enumerate(e.picture_evidence)]
    names[2] = "picture 3 of 4, not explained"
    assert [t.get_attribute("aria-label") for t in thumbs(page).all()] == names
    assert thumbs(page).nth(2).inner_text() == "3, not explained"
    shares = np.nan_to_num(e.picture_evidence) / max(0.05, np.nanmax(e.picture_evidence))
    widths = thumbs(page).evaluate_all("all => all.map(e => parseFloat(e.querySelector('.thumb-bar i').style.width))")
    np.testing.assert_allclose(widths, 100 * shares, atol=0.06)
    assert page.locator(".time-line").count() == 0
    keep(page, "pictures-strip")


def test_the_large_picture_is_lit_as_in_python(pictures, show):
    page = show(Explorer(pictures))
    e = shown_word(pictures)
    expect_shown(page, strongest(e))
    for k in range(4):
        thumbs(page).nth(k).click()
        expect_shown(page, k)
        picture = e.response.images[k]
        expected = np.asarray(lit_part(picture, e.saliency()[k], picture.size))
        found = drawn(page)
        assert found.shape[:2] == expected.shape[:2]
        assert np.abs(found[..., :3].astype(int) - expected).max() <= 2
    text = page.locator(".picture-status").inner_text()
    assert text.startswith(f"Picture 4 of 4, evidence {e.picture_evidence[3]:.2f}")
    page.get_by_role("button", name="Back to the strongest").click()
    expect_shown(page, strongest(e))


def test_words_move_to_their_strongest_picture(pictures, show):
    page = show(Explorer(pictures))
    others = [e for e in pictures.values() if e is not shown_word(pictures)]
    for e in others:
        thumbs(page).nth(2).click()
        expect_shown(page, 2)
        chip(page, e.tokens).click()
        expect_shown(page, strongest(e))
        assert page.get_by_role("button", name="Back to the strongest").is_hidden()


def test_regions_are_pointed_at_in_their_picture(pictures, show):
    page = show(Explorer(pictures))
    e = shown_word(pictures)
    thumbs(page).nth(1).click()
    expect_shown(page, 1)
    picture = page.locator(".answer-map .picture")
    box = picture.bounding_box()
    assert box["width"] / box["height"] == pytest.approx(32 / 48, abs=0.02)
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    region = e.regions.maps[1][36, 8]
    page.locator(".answer-map .readout", has_text=re.compile(f"Region {region}, ")).wait_for()
    assert "of the pictures" in page.locator(".answer-map .readout").inner_text()
    thumbs(page).nth(2).click()
    expect_shown(page, 2)
    box = picture.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.75)
    page.locator(".answer-map .readout", has_text="Point at a region").wait_for()


def test_the_keyboard_moves_along_the_strip(pictures, show):
    page = show(Explorer(pictures))
    thumbs(page).nth(1).click()
    expect_shown(page, 1)
    for key, k in (("ArrowRight", 2), ("ArrowRight", 3), ("ArrowRight", 3), ("ArrowLeft", 2), ("Home", 0), ("End", 3)):
        page.keyboard.press(key)
        expect_shown(page, k)
        assert thumbs(page).nth(k).evaluate("e => e.getRootNode().activeElement === e")
    assert thumbs(page).evaluate_all("all => all.map(e => e.tabIndex)") == [-1, -1, -1, 0]


def test_the_time_line_has_a_bar_per_frame(video, show, keep):
    page = show(Explorer(video), width=1400)
    e = shown_word(video)
    shares = e.picture_evidence / max(0.05, e.picture_evidence.max())
    heights = page.locator(".time-bar").evaluate_all("all => all.map(e => parseFloat(e.getAttribute('height')))")
    np.testing.assert_allclose(heights, 100 * np.maximum(0.03, 0.85 * shares), atol=0.01)
    line = page.get_by_role("slider", name="Time line")
    assert line.get_attribute("aria-valuenow") == str(strongest(e) + 1)
    text = f"frame {strongest(e) + 1} of 4, {strongest(e) / 2:.1f} s, evidence {e.picture_evidence.max():.2f}"
    assert line.get_attribute("aria-valuetext") == text
    assert page.locator(".time-ticks span").all_inner_texts() == ["0.0 s", "0.5 s", "1.5 s"]
    keep(page, "pictures-video", full_page=True)


def test_the_time_line_is_scrubbed_by_pointer_and_keys(video, show):
    page = show(Explorer(video))
    line = page.get_by_role("slider", name="Time line")
    line.scroll_into_view_if_needed()
    box = line.bounding_box()
    at = lambda place: (box["x"] + box["width"] * (place + 0.5) / 4, box["y"] + box["height"] / 2)  # noqa: E731
    page.mouse.click(*at(0))
    expect_shown(page, 0)
    page.mouse.move(*at(0))
    page.mouse.down()
    for place in (1, 2, 3):
        page.mouse.move(*at(place))
        expect_shown(page, place)
    page.mouse.up()
    page.mouse.move(*at(0))
    expect_shown(page, 3)
    line.focus()
    for key, place in (("ArrowLeft", 2), ("Home", 0), ("ArrowRight", 1), ("End", 3)):
        page.keyboard.press(key)
        expect_shown(page, place)


def test_a_video_plays_to_its_end_and_pauses(video, show):
    page = show(Explorer(video), {"picture": 1})
    play = page.locator(".time-line .play")
    assert play.inner_text() == "▶ Play"
    page.evaluate(RECORD)
    play.click()
    page.locator(".time-line .play[aria-pressed=false]").wait_for()
    frames, states = seen(page)
    assert states == ["playing", "paused"]
    assert frames == sorted(set(frames)) and frames[-1] == 3 and frames[0] > 1
    play.click()  # from the start
    page.locator(".time-line .play[aria-pressed=false]").wait_for()
    frames, states = seen(page)
    assert states == ["playing", "paused"]
    assert frames == sorted(set(frames)) and frames[-1] == 3 and frames[0] < 3
    play.click()
    play.click()
    page.locator(".time-line .play[aria-pressed=false]").wait_for()
    assert seen(page)[1] == ["playing", "paused"]


def test_frames_are_stepped_where_motion_is_unwanted(video, tmp_path, chromium):
    explorer = Explorer(video)
    explorer.picture = 3
    path = explorer.to_html(tmp_path / "still.html")
    page = chromium.new_page(reduced_motion="reduce")
    page.goto(path.as_uri())
    ready(page)
    step = page.get_by_role("button", name="Next frame")
    for k in (0, 1):
        step.click()
        expect_shown(page, k)
    page.close()


def test_the_picture_that_holds_the_region_of_a_step_is_shown(video, show, keep):
    page = show(SearchStepper(video), {"step": 0}, width=1400)
    e = shown_word(video)
    expect_shown(page, int(e.regions.pictures[e.order[0]]), ".stepper")
    for step in range(1, 5):
        page.get_by_role("button", name="Step forward").click()
        k = int(e.regions.pictures[e.order[step - 1]])
        page.get_by_text(f"Step {step} of 12").wait_for()
        expect_shown(page, k, ".stepper")
        hidden = np.isin(e.regions.maps[k], e.order[:step])
        own = np.asarray(e.response.images[k])
        insertion, deletion = (
            drawn(page, f".stage:nth-of-type({n}) canvas.pixels")[..., :3] for n in (1, 2)
        )  # the pictures are small, so that their pixels are exact
        np.testing.assert_array_equal(insertion, np.where(hidden[..., None], own, 0))
        np.testing.assert_array_equal(deletion, np.where(hidden[..., None], 0, own))
    assert "of the video" in page.locator(".stepper .status").first.inner_text()
    keep(page, "pictures-stepper", full_page=True)
    other = (pressed(page, ".stepper") + 1) % 4
    thumbs(page, ".stepper").nth(other).click()
    page.get_by_role("button", name="Step forward").click()
    page.get_by_text("Step 5 of 12").wait_for()
    expect_shown(page, other, ".stepper")  # the choice of the user stays
    page.get_by_role("button", name="Follow the search").click()
    expect_shown(page, int(e.regions.pictures[e.order[4]]), ".stepper")


def test_regions_beyond_the_picture_are_marked_in_the_strip(video, show):
    page = show(SearchStepper(video), {"step": 1})
    e = shown_word(video)
    k = int(e.regions.pictures[e.order[0]])
    key = page.locator(".mark-key")
    assert key.is_hidden()
    thumbs(page, ".stepper").nth((k + 1) % 4).click()
    key.wait_for()
    marks = page.locator(".time-mark").evaluate_all("all => all.map(e => e.getAttribute('visibility'))")
    assert marks == ["visible" if part else "hidden" for part in e.regions.picture_area[e.order[0]] > 0]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_page_has_legible_texts_and_large_targets(video, show, keep, theme):
    page = show(Explorer(video), {"opened": ["search"]}, width=390, height=844, theme=theme)
    page.locator(".stepper").wait_for()
    assert page.evaluate(SMALL_TEXTS) == []
    assert page.evaluate(SMALL_TARGETS) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    box = page.get_by_role("slider", name="Time line").bounding_box()
    assert box["height"] >= 44
    keep(page, f"pictures-narrow-{theme}", full_page=True)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_violations_of_accessibility_rules(video, show, theme):
    if not AXE.is_file():
        missing("axe-core is not installed: npm ci in widgets/")
    page = show(Explorer(video), {"opened": ["search"]}, theme=theme)
    page.locator(".stepper").wait_for()
    page.evaluate(AXE.read_text() + "; undefined")
    result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    found = [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in result["violations"]]
    assert found == []


def test_the_large_picture_does_not_move_what_is_below(pictures, show):
    page = show(Explorer(pictures))
    tops = set()
    for k in range(4):
        thumbs(page).nth(k).click()
        expect_shown(page, k)
        tops.add(round(page.locator(".thumbs").bounding_box()["y"]))
    assert len(tops) == 1


def test_the_painter_shows_all_pictures_with_the_page_between_them(show, keep):
    painter = MaskPainter(Model(), make_pictures(), regions=8)
    page = show(painter, theme="dark", width=1400)
    pixels = drawn(page, "canvas.pixels")
    assert pixels.shape[:2] == painter.regions.shape
    between = painter.regions.layout.numbers < 0
    assert (pixels[between, 3] == 0).all() and (pixels[~between, 3] == 255).all()
    keep(page, "pictures-painter")


def test_the_still_picture_shows_all_pictures(pictures, tmp_path, open_page, keep):
    page = open_page(pictures.to_html(tmp_path / "still.html"), javascript=False)
    lit = page.locator(".eagle-nb-static img[alt^='Evidence for']")
    assert lit.bounding_box()["width"] > 300
    keep(page, "pictures-still", full_page=True)
