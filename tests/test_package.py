"""The package as a whole: its names, what it imports, its requirements, and the size of the bundled model."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import eagle_nb as eagle

ROOT = Path(__file__).parents[1]
HEAVY = ("torch", "transformers", "plotly", "pandas")

EXPLAIN = """
import eagle_nb as eagle
from tests.conftest import ToyModel, make_response

model, response = ToyModel(), make_response(["a", " red", " circle"])
explanation = eagle.explain(model, response, "red", regions=4, progress=False)
"""
CHECK = EXPLAIN + 'report = eagle.check_robustness(model, explanation, vary="fill", progress=False)\n'


def imported(code: str) -> set[str]:
    """Return which of the heavy packages a fresh interpreter has imported after some code."""
    code += f"\nimport json, sys\nprint(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_public_names_exist():
    for name in eagle.__all__:
        assert getattr(eagle, name) is not None
    assert set(eagle.__all__) <= set(dir(eagle))


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(eagle, "nothing")


def test_importing_the_package_loads_no_heavy_package():
    assert imported("import eagle_nb") == set()


def test_an_import_is_noticed():
    assert imported("import pandas") == {"pandas"}


@pytest.mark.parametrize("code", [EXPLAIN, CHECK], ids=["explain", "check_robustness"])
def test_a_model_without_torch_needs_no_torch(code):
    assert not imported(code) & {"torch", "transformers"}


def _requirements(lines: list[str]) -> set[str]:
    return {re.sub(r"\s", "", line) for line in lines}


def test_environment_lists_the_requirements_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    text = (ROOT / "environment.yml").read_text()
    listed = _requirements(re.findall(r"^ +- ([a-z][\w-]*[>=<].*)$", text, re.MULTILINE))
    assert listed == _requirements([*project["dependencies"], "python" + project["requires-python"]])


def test_the_readme_has_the_two_commands():
    readme = (ROOT / "README.md").read_text()
    assert "pip install -e . && papermill notebooks/01_attribution.ipynb runs/attribution.ipynb\n" in readme
    assert 'pip install -e ".[test]" && pytest\n' in readme


def test_the_model_is_small():
    folder = ROOT / "eagle_nb" / "scenes" / "model"
    assert sum(f.stat().st_size for f in folder.iterdir()) < 12e6
    assert (folder / "model.safetensors").is_file()
