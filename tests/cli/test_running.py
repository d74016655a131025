"""Values of parameters, and the page of a notebook that writes none."""

from __future__ import annotations

import nbformat
import pytest

from eagle_nb.cli.notebooks import find_notebook
from eagle_nb.cli.running import collect_parameters, read_value, run_notebook


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25", 25),
        ("0.5", 0.5),
        ("true", True),
        ('["fast", "greedy"]', ["fast", "greedy"]),
        ('{"rise": {"masks": 200}}', {"rise": {"masks": 200}}),
        ('"25"', "25"),
        ("yes", "yes"),
        ("[1, 2", "[1, 2"),
        ("Infinity", "Infinity"),
        ("", ""),
    ],
)
def test_a_value_is_json_or_a_text(text, value):
    assert read_value(text) == value and type(read_value(text)) is type(value)


def test_options_stay_texts_and_a_number_names_a_scene(tmp_path):
    named = {"model": None, "image": "7", "prompt": None, "tokens": "2"}
    parameters = collect_parameters(find_notebook("attribution"), named, [("regions", "9"), ("fill", "mean")])
    assert parameters == {"image": 7, "tokens": "2", "regions": 9, "fill": "mean"}
    (tmp_path / "7").touch()
    assert collect_parameters(find_notebook("check_model"), {"image": str(tmp_path / "7")}) == {
        "image": str(tmp_path / "7")
    }


@pytest.mark.notebooks
def test_a_notebook_without_a_page_becomes_one(tmp_path):
    cell = nbformat.v4.new_code_cell("count = 1", metadata={"tags": ["parameters"]})
    notebook = nbformat.v4.new_notebook(cells=[cell, nbformat.v4.new_code_cell("print('<b>', count + 1)")])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "07_counting.ipynb")
    (tmp_path / "counting.html").write_text("of an earlier run")
    executed, page = run_notebook(tmp_path / "07_counting.ipynb", {"count": 4}, tmp_path)
    assert nbformat.read(executed, as_version=4).cells[-1].outputs[0].text == "<b> 5\n"
    assert page == tmp_path / "counting.html" and "&lt;b&gt; 5" in page.read_text(encoding="utf-8")
