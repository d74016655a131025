"""Every relative link of a page leads to an existing file and heading."""

from __future__ import annotations

import pytest

from .pages import NOTEBOOKS, PAGES, broken_links, names


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=names([*PAGES, *NOTEBOOKS]))
def test_relative_links_exist(path):
    assert broken_links(path) == []


def test_broken_links_are_found(tmp_path):
    (tmp_path / "there.md").write_text("# A `title`, with signs\n")
    page = tmp_path / "page.md"
    page.write_text("[a](there.md#a-title-with-signs) [b](there.md#nowhere) ![c](gone.png) [d](https://example.org)\n")
    assert broken_links(page) == ["there.md#nowhere", "gone.png"]
