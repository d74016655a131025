"""Where the notebooks are, and their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from eagle_nb.cli import notebooks
from eagle_nb.cli.notebooks import find_notebook, notebook_files, notebooks_folder

ROOT = Path(__file__).parents[2]


def test_a_notebook_has_three_names():
    for path in notebook_files():
        number, _, rest = path.stem.partition("_")
        assert number.isdecimal()
        assert find_notebook(rest) == find_notebook(path.stem) == find_notebook(path.name) == path
    with pytest.raises(ValueError, match=r"no notebook .\.\./01_attribution"):
        find_notebook("../01_attribution")


def test_an_installed_package_uses_its_own_notebooks(tmp_path, monkeypatch):
    package = tmp_path / "eagle_nb"
    monkeypatch.setattr(notebooks, "PACKAGE", package)
    with pytest.raises(FileNotFoundError, match="no notebooks"):
        notebooks_folder()
    for folder in (tmp_path / "notebooks", package / "notebooks"):  # a checkout, then an installed package
        folder.mkdir(parents=True)
        (folder / "01_attribution.ipynb").touch()
        assert notebooks_folder() == folder
