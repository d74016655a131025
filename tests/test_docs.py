"""The documentation: its examples run, its links lead somewhere, it builds without a warning, and it leaves no name out."""

from __future__ import annotations

import importlib
import os
import re
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import papermill
import pytest
import yaml
from markdown_it import MarkdownIt
from PIL import Image
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

import eagle_nb as eagle

from .conftest import ToyModel, make_response

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "eagle_nb" / "scenes" / "model" / "README.md",
    *sorted((ROOT / "benchmarks").glob("*.md")),
    *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts),
]


def names(paths):
    return [str(p.relative_to(ROOT)) for p in paths]


def markdown(path: Path) -> str:
    """The text of a page; of a notebook its Markdown cells."""
    if path.suffix != ".ipynb":
        return path.read_text()
    cells = yaml.safe_load(path.read_text())["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


# -- examples ---------------------------------------------------------------------------------------

SYBIL = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()])
TOLD = [p for p in PAGES if p.name != "README.md" and "```python" in p.read_text()]


def run_examples(path: Path) -> int:
    examples = list(SYBIL.parse(path).examples())
    for example in examples:
        example.evaluate()
    return len(examples)


@pytest.mark.parametrize("path", TOLD, ids=names(TOLD))
def test_the_examples_of_a_page_run(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_examples(path) > 0


@pytest.mark.model
def test_the_examples_of_the_readme_run_as_they_stand(bundled, tmp_path, monkeypatch):
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
    assert "red circle" in (tmp_path / "explanation.html").read_text()


def test_a_wrong_example_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("```python\n>>> 1 + 1\n3\n```\n")
    with pytest.raises(Exception, match="Expected"):
        run_examples(page)


# -- links ------------------------------------------------------------------------------------------


def slug(title: str) -> str:
    """A heading's anchor, as forges and MyST make it."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


@cache
def anchors(path: Path) -> set[str]:
    tokens = MarkdownIt("commonmark").parse(markdown(path))
    heads = [tokens[k + 1] for k, token in enumerate(tokens) if token.type == "heading_open"]
    return {slug("".join(child.content for child in head.children or [])) for head in heads}


def broken(path: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    found = []
    for token in MarkdownIt("commonmark").enable("table").parse(markdown(path)):
        for child in token.children or []:
            link = child.attrs.get("href") or child.attrs.get("src")
            if not link or re.match(r"[a-z]+:", str(link)):
                continue
            target, _, anchor = str(link).partition("#")
            file = (path.parent / target).resolve() if target else path
            inside = file.is_relative_to(ROOT) or file.is_relative_to(path.parent)
            if not (inside and file.is_file()) or (anchor and anchor not in anchors(file)):
                found.append(str(link))
    return found


@pytest.mark.parametrize("path", [*PAGES, *NOTEBOOKS], ids=names([*PAGES, *NOTEBOOKS]))
def test_every_relative_link_leads_somewhere(path):
    assert broken(path) == []


def test_broken_links_are_found(tmp_path):
    (tmp_path / "there.md").write_text("# A `title`, with signs\n")
    page = tmp_path / "page.md"
    page.write_text("[a](there.md#a-title-with-signs) [b](there.md#nowhere) ![c](gone.png) [d](https://example.org)\n")
    assert broken(page) == ["there.md#nowhere", "gone.png"]


# -- the built pages --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def building(tmp_path_factory):
    """The pages, built by the documented command with no way out to a network: their folder, and how it went."""
    out = tmp_path_factory.mktemp("docs")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-n", "-c", "docs", ".", str(out)]
    nowhere = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), "http://127.0.0.1:9")
    env = {**os.environ, **nowhere}
    return out, subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=env, check=False)


@pytest.fixture
def built(building):
    return building[0]


def test_the_pages_build_without_a_warning(building):
    assert building[1].returncode == 0, building[1].stderr


def public_names() -> set[str]:
    found = {f"eagle_nb.{name}" for name in eagle.__all__}
    for name in eagle.__all__:
        module = getattr(eagle, name)
        if isinstance(module, type(importlib)):
            found |= {f"eagle_nb.{name}.{inner}" for inner in getattr(module, "__all__", ())}
    return found


def test_every_public_name_is_in_the_reference(built):
    from sphinx.util.inventory import InventoryFile

    inventory = InventoryFile.loads((built / "objects.inv").read_bytes(), uri="")
    told = {item for kind, items in inventory.data.items() if kind.startswith("py:") for item in items}
    assert "eagle_nb.search.order" in public_names()
    assert public_names() - told == set()


def test_pages_need_no_other_server(built):
    assert (built / "docs" / "index.html").is_file()
    assert "url=docs/index.html" in (built / "index.html").read_text()
    for page in built.rglob("*.html"):
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="([^"]+)"|<link[^>]*\shref="([^"]+)"', page.read_text())
        assert not [a or b for a, b in loaded if (a or b).startswith(("http", "//"))], page


def test_formulas_are_mathml(built):
    page = (built / "docs" / "method.html").read_text()
    assert page.count("<math") > 10
    assert not re.search(r"<script[^>]*mathjax", page, re.IGNORECASE)


# -- the workflow, the picture, the tables ---------------------------------------------------------

WORKFLOW = DOCS / "workflows" / "attribution.yml"


def steps() -> dict[str, dict]:
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert set(workflow[True]) == {"push", "workflow_dispatch"}  # YAML 1.1 reads the key "on" as true
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    return {step.get("name", step.get("uses")): step for step in job["steps"]}


def test_the_workflow_runs_a_notebook_that_is_there_with_parameters_it_has():
    command = steps()["Explain"]["run"]
    (notebook,) = re.findall(r"papermill (\S+\.ipynb)", command)
    given = set(re.findall(r"-p (\w+)", command.partition("papermill")[2]))
    assert given == {"model", "image", "tokens", "regions", "search"}
    assert given <= set(papermill.inspect_notebook(str(ROOT / notebook)))


@pytest.mark.parametrize("better", [True, False])
def test_the_check_of_the_workflow_passes_only_what_explains(better, tmp_path):
    weights = np.array([[8.0], [4.0], [2.0], [1.0]])
    response = make_response(["yes"])
    explanation = eagle.explain(
        ToyModel(weights), response, regions=eagle.Regions.grid(response.image, 4), progress=False
    )
    if not better:
        object.__setattr__(explanation, "trace", eagle.search.replay(_scorer(weights), explanation.order[::-1]))
    explanation.save(tmp_path / "runs" / "attribution.npz")
    done = subprocess.run(
        [sys.executable, "-c", steps()["Check"]["run"]], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode == 0) == better, done.stderr.decode()


def _scorer(weights: np.ndarray):
    regions = eagle.Regions.grid(np.zeros((16, 24), np.uint8), len(weights))
    return ToyModel(weights).scorer(make_response(["yes"]), regions, None)


def test_the_picture_is_small_and_its_script_is_named():
    readme = (ROOT / "README.md").read_text()
    assert "(docs/explorer.png)" in readme
    assert "docs/picture.py" in readme.split("(docs/explorer.png)")[1][:400]
    assert (DOCS / "explorer.png").stat().st_size < 300_000
    assert min(Image.open(DOCS / "explorer.png").size) >= 600


def test_the_table_of_notebooks_names_every_notebook_and_only_parameters_it_has():
    rows = re.findall(
        r"^\| \[\w+\]\((notebooks/\w+\.ipynb)\) \|.*\| (.+?) \|$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert [path for path, _ in rows] == [str(p.relative_to(ROOT)) for p in NOTEBOOKS]
    for path, told in rows:
        parameters = set(re.findall(r"`(\w+)`", told))
        assert parameters, path
        assert parameters <= set(papermill.inspect_notebook(str(ROOT / path))), path


@pytest.mark.parametrize("table", sorted((ROOT / "benchmarks").glob("*.md")), ids=lambda p: p.stem)
def test_a_table_names_the_script_that_wrote_it(table):
    assert f"benchmarks/{table.stem}.py" in table.read_text()
    assert table.with_suffix(".py").is_file()


def test_what_the_documentation_needs_is_installed_with_the_tests():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert any("docs" in re.findall(r"\w+", line.partition("[")[2]) for line in extras["test"])
    loaded = {"myst_nb": "myst-nb", "numpydoc": "numpydoc", "furo": "furo"}
    conf = (DOCS / "conf.py").read_text()
    for name, package in loaded.items():
        assert f'"{name}"' in conf
        assert any(line.startswith(package) for line in extras["docs"])


def test_the_map_of_the_house_shows_every_room():
    house = (ROOT / "README.md").read_text().partition("<!-- the map -->")[2].partition("<!-- end of the map -->")[0]
    rooms = set(re.findall(r"^ {4,6}([\w.]+/?) ", house, re.MULTILINE))
    inside = [p for p in (ROOT / "eagle_nb").iterdir() if not p.name.startswith("_") and p.suffix in ("", ".py")]
    assert {p.name + "/" * p.is_dir() for p in inside} <= rooms
    files = {*(ROOT / "eagle_nb").iterdir(), *ROOT.iterdir()}
    assert {name.rstrip("/") for name in rooms} <= {p.name for p in files}
