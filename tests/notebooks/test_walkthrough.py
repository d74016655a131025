"""The walkthrough, executed and written as one page."""

from __future__ import annotations

import re

import nbformat
import pytest

from eagle_nb.teaching import EXERCISES, export

from .running import FOLDER, check_outputs, text_of

pytestmark = pytest.mark.notebooks


def test_the_walkthrough_becomes_one_page(tmp_path):
    page = export(FOLDER / "00_walkthrough.ipynb", tmp_path / "class", regions=9)
    assert page == tmp_path / "class" / "walkthrough.html"
    notebook = nbformat.read(page.with_name("00_walkthrough.ipynb"), as_version=4)
    check_outputs(notebook)
    text = text_of(notebook)
    assert list(EXERCISES) == ["ex1", "ex2", "ex3", "ex4", "ex5"]
    for name in EXERCISES:
        assert f"{name}: not yet. There is no answer yet." in text
    assert "a small red circle left of a large blue star on" in text
    html = page.read_text(encoding="utf-8")
    panels = re.findall(r'"_panel":"(\w+)"', html)
    assert sorted(panels) == sorted(["picker", *["painter"] * 4, "stepper", "stepper", "reliance", "correction"])
    assert "widget-view" not in html
    assert "Loading weights" not in html
    assert not re.search(r'(src|href)="?https?://[^"]+\.(js|css|mjs)', html)
    assert html.count("<math") > 20
    assert "$$" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert (page.parent / "blue.html").is_file()


def test_the_walkthrough_refuses_unknown_parameters_and_files(tmp_path):
    with pytest.raises(ValueError, match="no parameter 'region'; it has first_seed, regions, output_folder"):
        export(FOLDER / "00_walkthrough.ipynb", tmp_path, region=9)
    with pytest.raises(ValueError, match="there is no notebook"):
        export(tmp_path / "missing.ipynb", tmp_path)
