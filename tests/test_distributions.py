"""The wheel and the source distribution: what they hold, and that building them again gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml

import eagle_nb as eagle

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES = {"matplotlib": "matplotlib-base", "torch": "pytorch"}


def build(source: Path, target: Path) -> dict[str, Path]:
    """Build both distributions of a source tree; return them by the endings of their names."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(target)]
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1760000000"}
    done = subprocess.run(command, cwd=source, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {path.suffix: path for path in target.iterdir()}


@pytest.fixture(scope="module")
def distributions(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def unpacked(distributions, tmp_path_factory):
    """The root of the unpacked source distribution."""
    with tarfile.open(distributions[".gz"]) as archive:
        archive.extractall(folder := tmp_path_factory.mktemp("source"), filter="data")
    return folder / f"eagle_nb-{eagle.__version__}"


def files(folder: Path) -> set[str]:
    """The files of the repository below a folder, without what tools leave there."""
    left = {"__pycache__", "_build", "node_modules", ".ipynb_checkpoints"}
    paths = (path for path in (ROOT / folder).rglob("*") if path.is_file() and not left & set(path.parts))
    return {path.relative_to(ROOT).as_posix() for path in paths}


def test_the_wheel_holds_the_package_and_the_notebooks(distributions):
    with zipfile.ZipFile(distributions[".whl"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        assert f"eagle_nb-{eagle.__version__}.dist-info/licenses/LICENSE" in wheel.namelist()
    expected = files(Path("eagle_nb")) | {f"eagle_nb/{name}" for name in files(Path("notebooks"))}
    assert {name for name in expected if name.endswith((".py", ".ipynb", ".js", ".safetensors", ".jinja"))} <= names
    assert names <= expected
    assert distributions[".whl"].stat().st_size < 20e6


def test_the_source_distribution_holds_what_its_tests_need(unpacked):
    present = {path.relative_to(unpacked).as_posix() for path in unpacked.rglob("*") if path.is_file()}
    for folder in ("eagle_nb", "tests", "notebooks", "benchmarks", "docs"):
        missing = {name for name in files(Path(folder)) - present if not name.endswith((".npz", ".db"))}
        assert not missing
    assert {"README.md", "CONTRIBUTING.md", "pyproject.toml", "recipe.yaml", "widgets/build.mjs", ".ci/run"} <= present
    left = {"__pycache__", "node_modules", "_build", ".hypothesis", ".pytest_cache", ".mypy_cache", ".ruff_cache"}
    assert not [name for name in present if left & set(Path(name).parts)]


def test_building_again_from_the_source_distribution_gives_the_same_bytes(distributions, unpacked, tmp_path):
    for path in unpacked.rglob("*"):
        os.utime(path, (1e9, 1e9))  # another time of change for every file
    again = build(unpacked, tmp_path)
    assert set(again) == {".gz", ".whl"}
    for suffix, path in again.items():
        first = hashlib.sha256(distributions[suffix].read_bytes()).hexdigest()
        assert hashlib.sha256(path.read_bytes()).hexdigest() == first, path.name


def test_an_installed_wheel_finds_its_notebooks(distributions, tmp_path):
    with zipfile.ZipFile(distributions[".whl"]) as wheel:
        wheel.extractall(tmp_path / "site")
    command = [sys.executable, "-m", "eagle_nb.cli", "notebooks", "copies"]
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for path in (tmp_path / "copies").iterdir():
        assert path.read_bytes() == (ROOT / "notebooks" / path.name).read_bytes()
    assert f"copies{os.sep}01_attribution.ipynb" in done.stdout


def test_the_conda_recipe_agrees_with_pyproject():
    recipe = yaml.safe_load((ROOT / "recipe.yaml").read_text(encoding="utf-8"))
    expected = {
        re.sub(r"^[a-z][\w-]*", lambda m: CONDA_NAMES.get(m[0], m[0]), line) for line in PROJECT["dependencies"]
    }
    expected.add("python" + PROJECT["requires-python"])
    assert {line.replace(" ", "") for line in recipe["requirements"]["run"]} == expected
    scripts = [f"{name} = {target}" for name, target in PROJECT["scripts"].items()]
    assert recipe["build"]["python"]["entry_points"] == scripts
    assert recipe["context"]["version"] == eagle.__version__


def test_the_citation_and_the_changelog_name_this_version():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == eagle.__version__
    assert re.search(rf"^## {re.escape(eagle.__version__)}\b", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_pin_every_action_and_grant_nothing_by_default(path):
    workflow = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "permissions" in job and "timeout-minutes" in job
    pins = re.findall(r"uses: (\S+)( # v\d+\.\d+\.\d+)?", path.read_text(encoding="utf-8"))
    assert pins
    for action, version in pins:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", action) and version, action


def test_the_workflow_tests_every_python_that_is_named():
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8"))
    tested = workflow["jobs"]["tests"]["strategy"]["matrix"]["python"]
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert tested == named and PROJECT["requires-python"] == f">={tested[0]}"
