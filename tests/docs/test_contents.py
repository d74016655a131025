"""What pages state about the repository is true: its notebooks, tables, packages, picture and workflow."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import papermill
import pytest
import yaml
from PIL import Image

import eagle_nb as eagle

from ..conftest import ToyModel, make_response
from .pages import DOCS, NOTEBOOKS, ROOT, TABLES

WORKFLOW = DOCS / "workflows" / "attribution.yml"


def steps() -> dict[str, dict]:
    """Return the steps of the workflow by name."""
    workflow = yaml.safe_load(WORKFLOW.read_text())
    assert set(workflow[True]) == {"push", "workflow_dispatch"}  # YAML 1.1 reads the key "on" as true
    (job,) = workflow["jobs"].values()
    assert all(("uses" in step) != ("run" in step) for step in job["steps"])
    return {step.get("name", step.get("uses")): step for step in job["steps"]}


def test_the_workflow_uses_an_existing_notebook_and_its_parameters():
    command = steps()["Explain"]["run"]
    (notebook,) = re.findall(r"papermill (\S+\.ipynb)", command)
    used = set(re.findall(r"-p (\w+)", command.partition("papermill")[2]))
    assert used == {"model", "image", "tokens", "regions", "search"}
    assert used <= set(papermill.inspect_notebook(str(ROOT / notebook)))


@pytest.mark.parametrize("better", [True, False])
def test_the_check_of_the_workflow_passes_only_good_explanations(better, tmp_path):
    weights = np.array([[8.0], [4.0], [2.0], [1.0]])
    response = make_response(["yes"])
    regions = eagle.Regions.grid(response.image, 4)
    explanation = eagle.explain(ToyModel(weights), response, regions=regions, progress=False)
    if not better:
        scorer = ToyModel(weights).scorer(response, regions, None)
        object.__setattr__(explanation, "trace", eagle.search.replay(scorer, explanation.order[::-1]))
    explanation.save(tmp_path / "runs" / "attribution.npz")
    done = subprocess.run(
        [sys.executable, "-c", steps()["Check"]["run"]], cwd=tmp_path, capture_output=True, check=False
    )
    assert (done.returncode == 0) == better, done.stderr.decode()


def test_the_picture_is_small_and_the_readme_names_its_script():
    readme = (ROOT / "README.md").read_text()
    assert "(docs/explorer.png)" in readme
    assert "docs/picture.py" in readme.split("(docs/explorer.png)")[1][:400]
    assert (DOCS / "explorer.png").stat().st_size < 300_000
    assert min(Image.open(DOCS / "explorer.png").size) >= 600


def test_the_table_of_notebooks_lists_all_notebooks_and_existing_parameters():
    rows = re.findall(
        r"^\| \[\w+\]\((notebooks/\w+\.ipynb)\) \|.*\| (.+?) \|$", (ROOT / "README.md").read_text(), re.MULTILINE
    )
    assert [path for path, _ in rows] == [str(p.relative_to(ROOT)) for p in NOTEBOOKS]
    for path, cell in rows:
        parameters = set(re.findall(r"`(\w+)`", cell))
        assert parameters, path
        assert parameters <= set(papermill.inspect_notebook(str(ROOT / path))), path


@pytest.mark.parametrize("table", TABLES, ids=lambda p: p.stem)
def test_a_table_names_the_script_that_wrote_it(table):
    assert f"benchmarks/{table.stem}.py" in table.read_text()
    assert table.with_suffix(".py").is_file()


ARCHITECTURE = DOCS / "architecture.md"


def test_the_architecture_lists_the_layers_in_order():
    table = ARCHITECTURE.read_text().partition("## Layers")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)
    modules = [p for p in (ROOT / "eagle_nb").iterdir() if not p.name.startswith("_")]
    inside = {p.stem for p in modules if p.suffix == ".py" or (p.is_dir() and any(p.glob("*.py")))}
    contract = (ROOT / "pyproject.toml").read_text().partition("layers = [")[2].partition("]")[0]
    layers = re.findall(r'"(\w+)"', contract)
    assert listed == layers
    assert inside == set(layers)
    assert inside - {"cli"} <= set(eagle.__all__)  # a command, not a package to import from


def test_the_architecture_names_existing_files():
    paths = set(
        re.findall(r"`((?:eagle_nb|tests|widgets|docs|notebooks|benchmarks)/[\w/.]+)`", ARCHITECTURE.read_text())
    )
    assert "eagle_nb/attribution/display.py" in paths
    assert {path for path in paths if not (ROOT / path).exists()} == set()
