"""Notebooks are committed without outputs, have short cells, and explain every parameter."""

from __future__ import annotations

import ast
import re

import nbformat
import pytest

from .running import NOTEBOOKS, run


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_is_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        assert not cell.outputs
        assert cell.execution_count is None
        assert len(cell.source.splitlines()) <= 15
        for node in ast.walk(ast.parse(cell.source)):
            assert not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_every_parameter_is_explained(path):
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [c for c in notebook.cells if "parameters" in c.metadata.get("tags", [])]
    for line in cell.source.splitlines():
        assert re.match(r"^\w+ = .+?  +# \S", line), line


def test_an_unknown_parameter_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"no parameters \['imgae'\]"):
        run("01_attribution", tmp_path, imgae=3)
