"""The Explorer of several words, opened from disk with the network blocked: what is drawn equals the numbers in Python."""

from __future__ import annotations

import re

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.viz.palette import RELIANCE_FLOOR, UNMEASURED, reliance_color
from eagle_nb.viz.pictures import lit_picture
from eagle_nb.widgets import Explorer

from ..conftest import ToyModel, make_response
from ..widgets.answers import Model
from ..widgets.answers import make_response as make_answer
from .conftest import LONG
from .test_export import ready
from .test_steps import SMALL_TARGETS, SMALL_TEXTS

SEEDS = (7, 22, 3)

MAP = """canvas => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  return [canvas.height, canvas.width, Array.from(data)];
}"""


@pytest.fixture(scope="module")
def scenes():
    """Explanations of every word of three captions, by seed."""
    model, made = eagle.load_model(), {}
    for seed in SEEDS:
        response = model.generate(eagle.scenes.draw(seed).image, eagle.scenes.CAPTION_PROMPT)
        made[seed] = eagle.explain_each(model, response, regions=16, progress=False)
    return made


@pytest.fixture
def words():
    response = make_response(["a", " red", " tri", "angle", " on", " grass", "."], size=(96, 64))
    return eagle.explain_each(ToyModel(), response, regions=12, progress=False)


@pytest.fixture
def show(tmp_path, open_page):
    def show_(explanation, state=None, **options):
        explorer = Explorer(explanation)
        for name, value in (state or {}).items():
            setattr(explorer, name, value)
        return ready(open_page(explorer.to_html(tmp_path / "explorer.html"), **options))

    return show_


def headline(page):
    """The headline as Python writes it."""
    return page.locator(".headline.shown").inner_text().replace("\xa0", " ")


def chip(page, tokens):
    return page.locator(f".chip[data-tokens='{' '.join(map(str, tokens))}']")


def expected_colors(words, threshold):
    """Colour of each explained word: the scale reaches from 0 to the largest value, and its centre is the threshold."""
    values = {tuple(e.tokens): e.target_reliance.score for e in words.values()}
    low, high = min(0.0, *values.values()), max(RELIANCE_FLOOR, *values.values())

    def share(value):
        reach = threshold - low if value < threshold else high - threshold
        return 0.5 + 0.5 * (value - threshold) / reach

    return {tokens: f"rgb{reliance_color(share(value))}" for tokens, value in values.items()}


def drawn_map(page):
    """The map as it is on screen: uint8 (height, width, 3)."""
    height, width, data = page.locator("canvas.evidence").evaluate(MAP)
    return np.array(data, dtype=np.uint8).reshape(height, width, 4)[..., :3]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_drawn_equals_the_numbers(scenes, show, keep, seed):
    words = scenes[seed]
    page = show(words, width=1400, height=900)
    first = words[words.most_reliant]
    assert headline(page) == first.headline
    assert page.locator(".chip[aria-selected=true]").get_attribute("data-tokens") == " ".join(map(str, first.tokens))
    keep(page, f"explorer-scene-{seed}")
    for e in words.values():
        chip(page, e.tokens).click()
        page.locator(".headline.shown", has_text=re.compile(re.escape(f"“{e.selected_text}”"))).wait_for()
        assert headline(page) == e.headline
        drawn = drawn_map(page)
        expected = np.asarray(lit_picture(words.image, e.saliency()))
        assert np.abs(drawn.astype(int) - expected).max() <= 2
        labels, evidence = e.regions.labels, e.evidence
        if evidence.max() > 0.05:
            picture = np.asarray(words.image.convert("RGB"), dtype=float).sum(-1)
            lit = [drawn[labels == k].sum() / picture[labels == k].sum() for k in range(e.regions.n)]
            assert np.argmax(lit) == np.argmax(evidence)


@pytest.mark.parametrize("seed", SEEDS)
def test_words_have_the_colours_of_their_own_reliance(scenes, show, seed):
    words = scenes[seed]
    page = show(words, width=1400)
    for threshold in (0.2, 0.5):
        page.get_by_label("Threshold of reliance").fill(str(threshold))
        page.get_by_text(f"(threshold {threshold:.2f})").wait_for()
        for tokens, color in expected_colors(words, threshold).items():
            assert chip(page, tokens).evaluate("e => getComputedStyle(e).backgroundColor") == color
        above = sum(e.target_reliance.score > threshold for e in words.values())
        assert page.locator(".chip.vision").count() == above
        text = (
            f"{above} {'word relies' if above == 1 else 'words rely'} on the image · {len(words) - above} on language"
        )
        assert page.locator(".counts").inner_text().startswith(text)
    stop = page.locator(".chip.unmeasured").last
    assert stop.inner_text() == "."
    assert stop.evaluate("e => getComputedStyle(e).backgroundColor") == f"rgb{UNMEASURED['light']}"
    assert "reliance not measured" in stop.get_attribute("aria-label")


def test_the_answer_is_on_the_first_screen(scenes, show):
    for width, height in ((1400, 900), (900, 900)):
        page = show(scenes[22], width=width, height=height)
        for part in (".headline.shown", ".answer-map .picture", ".colorbar", ".sentence", ".threshold"):
            box = page.locator(part).bounding_box()
            assert box["y"] + box["height"] <= height, (width, part)
        assert page.locator(".sentence").count() == 1
        assert page.locator(".stepper").count() == 0


def test_pointing_previews_and_a_click_selects(words, show):
    page = show(words)
    first = words[words.most_reliant]
    other = next(e for e in words.values() if e is not first)
    chip(page, other.tokens).hover()
    page.locator(".headline.shown", has_text=f"“{other.selected_text}”").wait_for()
    assert headline(page) == other.headline
    page.mouse.move(2, 2)
    page.locator(".headline.shown", has_text=f"“{first.selected_text}”").wait_for()
    chip(page, other.tokens).click()
    page.mouse.move(2, 2)
    page.locator(".headline.shown", has_text=f"“{other.selected_text}”").wait_for()
    assert page.locator(".chip[aria-selected=true]").count() == 1


@pytest.mark.parametrize("modifier", ["Shift", "Control"])
def test_a_selection_without_an_explanation_offers_the_nearest(words, show, keep, modifier):
    page = show(words, {"opened": ["search"]})
    page.locator(".stepper").wait_for()
    chip(page, [1]).click()
    chip(page, [4]).click(modifiers=[modifier])
    page.get_by_text("“red … on” was not explained as one.", exact=True).wait_for()
    nearest = words.closest([1, 4])
    assert f"nearest: “{nearest}”" in page.locator(".overlay").inner_text()
    assert page.locator(".search-fold").is_hidden()
    keep(page, "explorer-unexplained", full_page=True)
    page.get_by_role("button", name=f"Show “{nearest}”").click()
    page.locator(".overlay").wait_for(state="hidden")
    assert headline(page) == words[nearest].headline
    chip(page, [6]).click()
    page.get_by_text("“.” was not explained.", exact=True).wait_for()
    assert words.closest([6]) in page.locator(".overlay").inner_text()


def test_the_search_and_the_numbers_follow_the_selection(words, show, keep):
    from playwright.sync_api import expect

    page = show(words, width=1400)
    page.get_by_text("How was this found?").click()
    page.locator(".stepper").wait_for()
    for name in ("triangle", "red"):
        e = words[name]
        chip(page, e.tokens).click()
        page.locator(".stepper").get_by_text(f"Probability of “{name}”").wait_for()
        expect(page.get_by_label("Step of the search")).to_have_value(str(e.sufficient_step))
    page.get_by_text("The numbers", exact=True).click()
    page.locator(".table").wait_for()
    rows = page.locator(".table tbody tr")
    assert rows.count() == len(words)
    for row, (name, e) in zip(rows.all(), words.items(), strict=True):
        cells = row.locator("th, td").all_inner_texts()
        reliance = e.target_reliance
        assert cells[:4] == [name, f"{reliance.score:.2f}", f"{e.insertion_auc:.3f}", f"{e.deletion_auc:.3f}"]
        assert cells[4:6] == [f"{reliance.p_full:.2f}", f"{reliance.p_blank:.2f}"]
        assert cells[6].startswith(f"{e.sufficient_step} (")
    assert rows.locator("[aria-pressed=true]").all_inner_texts() == ["red"]
    page.locator(".table").get_by_role("button", name="grass").click()
    page.locator(".stepper").get_by_text("Probability of “grass”").wait_for()
    keep(page, "explorer-open", full_page=True)


def test_a_long_answer_is_folded_and_its_selected_word_visible(show, keep):
    from playwright.sync_api import expect

    words = eagle.explain_each(Model(), make_answer(LONG), regions=4, progress=False)
    page = show(words, {"selected": [193, 194, 195]}, width=1000)
    sentence = page.locator(".sentence")
    box, selected = sentence.bounding_box(), page.locator(".chip[aria-selected=true]").bounding_box()
    assert box["height"] < 200
    assert box["y"] <= selected["y"] <= selected["y"] + selected["height"] <= box["y"] + box["height"]
    assert page.locator(".chip").evaluate_all("all => all.every(chip => chip.getClientRects().length === 1)")
    keep(page, "explorer-folded")
    page.get_by_role("button", name="Show all 200 tokens").click()
    assert sentence.bounding_box()["height"] > 200
    assert sentence.evaluate("e => e.scrollHeight <= e.clientHeight + 1")
    page.get_by_role("button", name="Show fewer").click()
    assert sentence.bounding_box()["height"] < 200
    page.get_by_text("Options", exact=True).click()
    page.get_by_text("Token", exact=True).click()
    tops = "all => all.every(run => new Set([...run.children].map(chip => chip.offsetTop)).size === 1)"
    expect(page.locator(".together")).to_have_count(50)  # "photograph", and each number with its full stop
    assert page.locator(".together").evaluate_all(tops)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_page_has_legible_texts_and_large_targets(words, show, keep, theme):
    page = show(words, {"opened": ["search", "numbers", "options"]}, width=390, height=844, theme=theme)
    page.locator(".stepper").wait_for()
    assert page.evaluate(SMALL_TEXTS) == []
    assert page.evaluate(SMALL_TARGETS) == []
    boxes = [c.bounding_box() for c in page.locator(".chip").all()]
    assert min(box["height"] for box in boxes) >= 43.5
    assert page.get_by_text("Shift").count() == 0 or page.get_by_text(re.compile("Shift or Ctrl")).first.is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("button", name="Select several").click()
    chip(page, [1]).click()
    chip(page, [4]).click()
    assert page.locator(".chip[aria-selected=true]").count() >= 2
    keep(page, f"explorer-narrow-{theme}", full_page=True)
