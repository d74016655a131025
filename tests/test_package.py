import re
import subprocess
import sys
import tomllib
from pathlib import Path

import eagle_nb as eagle

ROOT = Path(__file__).parents[1]


def test_public_names_exist():
    for name in eagle.__all__:
        assert getattr(eagle, name) is not None
    assert set(eagle.__all__) <= set(dir(eagle))


def test_an_unknown_name_is_an_attribute_error():
    assert not hasattr(eagle, "nothing")


def test_import_is_quick_and_loads_no_torch():
    code = (
        "import time; t = time.perf_counter(); import eagle_nb; s = time.perf_counter() - t; import sys; "
        "print(s, 'torch' in sys.modules, 'transformers' in sys.modules)"
    )
    seconds, torch, transformers = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert float(seconds) < 1
    assert (torch, transformers) == ("False", "False")


def _requirements(lines: list[str]) -> set[str]:
    return {re.sub(r"\s", "", line) for line in lines}


def test_environment_names_the_packages_of_pyproject():
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
