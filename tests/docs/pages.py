"""The pages of the documentation, and what the tests read from them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
TABLES = sorted((ROOT / "benchmarks").glob("*.md"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "eagle_nb" / "scenes" / "model" / "README.md",
    ROOT / "eagle_nb" / "scenes" / "clip_model" / "README.md",
    *TABLES,
    *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts),
]


def names(paths: list[Path]) -> list[str]:
    """Return the paths relative to the repository, as ids of tests."""
    return [str(p.relative_to(ROOT)) for p in paths]


def markdown(path: Path) -> str:
    """Return the text of a page; of a notebook, its Markdown cells."""
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = yaml.safe_load(path.read_text())["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def slug(title: str) -> str:
    """Return the anchor of a heading, as forges and MyST make it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@cache
def anchors(path: Path) -> set[str]:
    """Return the anchors of a page."""
    tokens = MarkdownIt("commonmark").parse(markdown(path))
    headings = [tokens[k + 1] for k, token in enumerate(tokens) if token.type == "heading_open"]
    return {slug("".join(child.content for child in heading.children or [])) for heading in headings}


def broken_links(path: Path) -> list[str]:
    """Return the relative links of a page whose file or anchor does not exist."""
    broken = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown(path)):
        for child in token.children or []:
            link = child.attrs.get("href") or child.attrs.get("src")
            if not link or re.match(r"[a-z]+:", str(link)):
                continue
            target, _, anchor = str(link).partition("#")
            file = (path.parent / target).resolve() if target else path
            inside = file.is_relative_to(ROOT) or file.is_relative_to(path.parent)
            if not (inside and file.is_file()) or (anchor and anchor not in anchors(file)):
                broken.append(str(link))
    return broken
