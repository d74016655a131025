"""A page of several words' explanations, opened from disk with the network blocked."""

from __future__ import annotations

import pytest

import eagle_nb as eagle

from ..conftest import ToyModel, make_response
from .test_export import ready


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_another_word_shows_its_own_search(tmp_path, open_page, keep, theme):
    response = make_response(["a", " red", " tri", "angle", " on", " grass", "."], size=(96, 64))
    words = eagle.explain_each(ToyModel(), response, regions=12, progress=False)
    page = ready(open_page(words.to_html(tmp_path / "words.html"), theme=theme))

    def step():
        return page.get_by_label("Step of the search").input_value()

    chooser = page.get_by_role("radiogroup", name="Explained word")
    assert chooser.get_by_role("radio").count() == 5
    assert chooser.get_by_label("a", exact=True).is_checked()
    assert "explained: “a”" in page.locator(".note").inner_text()
    chooser.get_by_text("triangle", exact=True).click()
    page.get_by_text("explained: “triangle”").wait_for()
    ready(page)
    page.get_by_text("mean of 2 tokens").wait_for()
    curve = words["triangle"].insertion[:, [2, 3]].mean(1)
    assert int(step()) == int((curve >= 0.95 * curve.max()).argmax())
    page.get_by_label("Step of the search").press("Home")
    page.get_by_text("Step 0 of 12").wait_for()
    chooser.get_by_text("red", exact=True).click()
    page.get_by_text("explained: “red”").wait_for()
    page.get_by_label("Step of the search").press("Home")
    page.get_by_role("button", name="Step forward").click()
    page.get_by_text("Step 1 of 12").wait_for()
    page.mouse.move(2, 2)
    keep(page, f"export-words-{theme}", full_page=True)
