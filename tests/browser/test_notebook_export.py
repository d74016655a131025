"""Notebooks executed without a front end and converted by nbconvert, opened with the network blocked."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import REPOSITORY, run_module, write_notebook

CELLS = [
    "import eagle_nb as eagle\nexplanation = eagle.load({path!r})\neagle.widgets.SearchStepper(explanation, step=5)",
    "eagle.widgets.TokenPicker(explanation.response, selected='red circle')",
    "explanation",
]
SMALL = {
    "02_hallucination": "{regions: 6, budget: 14, samples: 6, studied: 1, controls: 1}",
    "03_ablations": "{samples: 1, seed: 1, regions: 3, few: 2, region_numbers: [3], budgets: [8], searches: [single, fast]}",
    "04_methods": "{samples: 1, seed: 3, regions: 4, methods: [fast, occlusion, random]}",
}


@pytest.mark.parametrize("execute", ["papermill", "nbconvert"])
def test_widgets_stay_interactive_after_nbconvert(explanations, open_page, tmp_path, keep, execute):
    _, folder = explanations
    cells = [c.format(path=str(folder / "caption.npz")) if k == 0 else c for k, c in enumerate(CELLS)]
    write_notebook(tmp_path / "in.ipynb", cells)
    if execute == "papermill":
        run_module(tmp_path, "papermill", "in.ipynb", "out.ipynb", "-k", "python3", "--no-progress-bar")
        outputs = [o for c in json.loads((tmp_path / "out.ipynb").read_text())["cells"] for o in c["outputs"]]
        assert all("application/vnd.jupyter.widget-view+json" not in o["data"] for o in outputs)
        run_module(tmp_path, "nbconvert", "--to", "html", "out.ipynb")
    else:
        run_module(tmp_path, "nbconvert", "--to", "html", "--execute", "--output", "out.html", "in.ipynb")
    page = open_page(tmp_path / "out.html", foreign=True)
    page.locator("[data-ready]").nth(2).wait_for(timeout=60_000)
    assert page.get_by_text("Trust this notebook to explore").locator("visible=true").count() == 0
    page.get_by_label("Step of the search").first.press("ArrowRight")
    page.get_by_text("Step 6 of 16").wait_for()
    page.get_by_role("button", name="Clear").first.click()
    page.get_by_text("No token selected").wait_for()
    explorer = page.locator(".explorer-view")
    word = explorer.get_by_role("option", name=re.compile("^circle")).first
    word.click()
    explorer.locator("[role=option][aria-selected=true]", has_text="circle").first.wait_for()
    keep(page, f"nbconvert-{execute}", full_page=True)


@pytest.mark.parametrize("name", SMALL)
def test_every_figure_of_a_notebook_is_alive(open_page, tmp_path, keep, name):
    source = REPOSITORY / "notebooks" / f"{name}.ipynb"
    run_module(tmp_path, "papermill", str(source), "out.ipynb", "-k", "python3", "--no-progress-bar", "-y", SMALL[name])
    run_module(tmp_path, "nbconvert", "--to", "html", "out.ipynb")
    outputs = [o for c in json.loads((tmp_path / "out.ipynb").read_text())["cells"] for o in c.get("outputs", [])]
    figures = sum("application/vnd.plotly.v1+json" in o.get("data", {}) for o in outputs)
    assert figures > 0
    page = open_page(tmp_path / "out.html", foreign=True)
    page.wait_for_function(
        "n => document.querySelectorAll('.plotly-graph-div .main-svg .bglayer').length >= n", arg=figures
    )
    assert page.locator(".plotly-graph-div").count() == figures
    assert page.locator(".plotly-graph-div:not(:has(.main-svg))").count() == 0
    keep(page, f"nbconvert-{name}", full_page=True)
