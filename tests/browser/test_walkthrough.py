"""The walkthrough's page: every kind of its widgets replays without a kernel and without a network."""

from __future__ import annotations

import pytest

from eagle_nb.teaching import export

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def page_path(tmp_path_factory):
    return export(REPOSITORY / "notebooks" / "00_walkthrough.ipynb", tmp_path_factory.mktemp("class"), regions=9)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_teaches_by_itself(page_path, open_page, keep, theme):
    page = open_page(page_path, theme)  # fails on any error and on any request
    page.locator("[data-ready]").nth(8).wait_for()
    keep(page, f"walkthrough-{theme}", full_page=True)
