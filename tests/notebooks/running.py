"""Execute notebooks with papermill, and read their outputs."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import papermill as pm

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"


def run(name: str, folder: Path, **parameters: object) -> nbformat.NotebookNode:
    """Execute a notebook in a folder. An unknown parameter is an error; papermill alone only warns."""
    path = FOLDER / f"{name}.ipynb"
    available = pm.inspect_notebook(str(path))
    unknown = set(parameters) - set(available)
    if unknown:
        raise ValueError(f"{path.name} has no parameters {sorted(unknown)}; it has {sorted(available)}")
    out = folder / path.name
    pm.execute_notebook(str(path), str(out), parameters=parameters, cwd=str(folder), progress_bar=False)
    notebook = nbformat.read(out, as_version=4)
    check_outputs(notebook)
    return notebook


def check_outputs(notebook: nbformat.NotebookNode) -> None:
    """Assert that outputs hold no progress bars, no widgets that need a kernel, no warnings and no links into other folders."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.get("name") != "stderr", output["text"]
            data = output.get("data", {})
            assert WIDGET not in data, data
            text = output.get("text", "") + str(data.get("text/plain", ""))
            assert not re.search(r"Loading weights|\d+%\||\?it/s|pass/s", text), text
    assert not notebook.metadata.get("widgets"), list(notebook.metadata.widgets)


def text_of(notebook: nbformat.NotebookNode) -> str:
    """Return the text of all outputs."""
    out = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            out.append(output.get("text", "") or str(output.get("data", {}).get("text/plain", "")))
            out.append(str(output.get("data", {}).get("text/markdown", "")))
    return "\n".join(out)


def html_outputs(notebook: nbformat.NotebookNode, part: str) -> list[str]:
    """Return the HTML outputs that hold a text."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return [html for o in outputs if part in (html := str(o.get("data", {}).get("text/html", "")))]


def plotly_figures(notebook: nbformat.NotebookNode) -> int:
    """Return the number of plotly figures among the outputs."""
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return sum("application/vnd.plotly.v1+json" in o.get("data", {}) for o in outputs)
