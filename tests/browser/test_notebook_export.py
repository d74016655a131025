"""A notebook executed by papermill and converted by nbconvert, opened with the network blocked."""

from __future__ import annotations

import json
import re
import subprocess
import sys

from .conftest import kernel_environment

CELLS = [
    "import eagle_nb as eagle\nexplanation = eagle.load({path!r})\neagle.widgets.SearchStepper(explanation, step=5)",
    "eagle.widgets.TokenPicker(explanation.response, selected='red circle')",
    "explanation",
]


def test_widgets_stay_interactive_after_nbconvert(explanations, open_page, tmp_path, keep):
    _, folder = explanations
    cells = [c.format(path=str(folder / "caption.npz")) if k == 0 else c for k, c in enumerate(CELLS)]
    notebook = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        "cells": [
            {"cell_type": "code", "id": f"c{k}", "metadata": {}, "source": c, "outputs": [], "execution_count": None}
            for k, c in enumerate(cells)
        ],
    }
    (tmp_path / "in.ipynb").write_text(json.dumps(notebook))
    for command in (
        ["papermill", "in.ipynb", "out.ipynb", "-k", "python3", "--no-progress-bar"],
        ["nbconvert", "--to", "html", "out.ipynb"],
    ):
        subprocess.run(
            [sys.executable, "-m", *command], cwd=tmp_path, env=kernel_environment(), check=True, timeout=600
        )
    outputs = [o for c in json.loads((tmp_path / "out.ipynb").read_text())["cells"] for o in c["outputs"]]
    assert all("application/vnd.jupyter.widget-view+json" not in o["data"] for o in outputs)
    page = open_page(tmp_path / "out.html", foreign=True)
    page.locator("[data-ready]").nth(2).wait_for(timeout=60_000)
    page.get_by_label("Step of the search").first.press("ArrowRight")
    page.get_by_text("Step 6 of 16").wait_for()
    page.get_by_role("button", name="Clear").first.click()
    page.get_by_text("No token selected").wait_for()
    explorer = page.locator(".explorer-view")
    explorer.locator(".picker").get_by_role("option", name=re.compile("^circle")).click()
    explorer.get_by_text("3 of 13 tokens selected: “large red”").wait_for()
    keep(page, "nbconvert", full_page=True)
