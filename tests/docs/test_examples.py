"""Every Python example of a page runs, and prints what the page shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

import eagle_nb as eagle

from .pages import PAGES, ROOT, names

SYBIL = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()])
WITH_EXAMPLES = [p for p in PAGES if p.name != "README.md" and "```python" in p.read_text()]


def run_examples(path: Path) -> int:
    """Run the examples of a page, and return their number."""
    examples = list(SYBIL.parse(path).examples())
    for example in examples:
        example.evaluate()
    return len(examples)


@pytest.fixture(autouse=True)
def registries():
    """Remove what examples register, so that other tests do not see it."""
    tables = [eagle.inputs.SEGMENTERS, eagle.search.STRATEGIES, eagle.methods.REGION_METHODS, eagle.methods.MAP_METHODS]
    before = [dict(table) for table in tables]
    yield
    for table, entries in zip(tables, before, strict=True):
        table.clear()
        table.update(entries)


@pytest.mark.model
@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=names(WITH_EXAMPLES))
def test_examples_of_a_page_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples(path) > 0


@pytest.mark.model
def test_examples_of_the_readme_run_unchanged(bundled, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "path" / "to").mkdir(parents=True)
    (tmp_path / "path" / "to" / "checkpoint").symlink_to(
        ROOT / "eagle_nb" / "scenes" / "model", target_is_directory=True
    )
    for seed in range(30):
        picture = eagle.scenes.draw(seed, objects=["red circle"]).image
        picture.save(tmp_path / "photo.jpg", quality=95)
        if "red circle" in bundled.generate("photo.jpg", "describe the image.").text:
            break
    assert run_examples(ROOT / "README.md") >= 4
    page = (tmp_path / "explanation.html").read_text()
    assert all(f'"name":"{word}"' in page for word in ("red", "circle"))


def test_a_wrong_example_fails(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n")
    with pytest.raises(Exception, match="Expected"):
        run_examples(page)
