"""The walkthrough's page: its widgets, hints and formulas work without a kernel and without a network."""

from __future__ import annotations

import pytest

from eagle_nb.teaching import export

from .conftest import REPOSITORY

WIDGETS = 9


@pytest.fixture(scope="module")
def walkthrough(tmp_path_factory):
    return export(REPOSITORY / "notebooks" / "00_walkthrough.ipynb", tmp_path_factory.mktemp("class"), regions=9)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_interactive_without_a_kernel(walkthrough, open_page, keep, theme):
    page = open_page(walkthrough, theme)  # fails on any error in it and on any request
    page.locator("[data-ready]").nth(WIDGETS - 1).wait_for()
    assert page.locator("[data-ready]").count() == WIDGETS
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (theme == "dark")
    keep(page, f"walkthrough-{theme}", full_page=True)
    page.get_by_role("button", name="Clear").first.click()
    page.get_by_text("No token selected").wait_for()
    painters = page.get_by_label("Mask painter")
    assert painters.count() == 4
    hide = painters.first
    hide.get_by_label("Recorded state").press("Home")
    hide.get_by_text("whole image", exact=False).first.wait_for()
    hide.get_by_role("button", name="Next state").click()
    hide.get_by_role("button", name="Next state").click()
    hide.get_by_text("3 of 12: 1 region hidden").wait_for()
    page.get_by_label("Step of the search").first.press("ArrowRight")
    page.get_by_text("Step 2 of 9").wait_for()
    page.get_by_label("Threshold of reliance").press("End")
    page.get_by_text("13 on language").first.wait_for()
    page.get_by_role("slider", name="Regions removed").press("End")
    page.get_by_text("9 of 9 regions removed, 100 % of the image").wait_for()


def test_hints_open_and_formulas_are_set(walkthrough, open_page):
    page = open_page(walkthrough)
    page.locator("[data-ready]").nth(WIDGETS - 1).wait_for()
    first, second = page.get_by_text("Paint one region, look at the bar"), page.get_by_text("Begin there.")
    assert not first.is_visible()
    page.get_by_text("A hint").first.click()
    assert first.is_visible() and not second.is_visible()
    page.get_by_text("More").first.click()
    assert second.is_visible()
    block = page.locator('math[display="block"]')
    assert block.count() >= 9
    assert min(block.nth(k).bounding_box()["height"] for k in range(9)) > 10
    assert "$" not in page.locator(".jp-RenderedMarkdown").all_inner_texts().__repr__()
