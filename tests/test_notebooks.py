"""Notebooks: clean in the repository, run by papermill, and telling the truth about their parameters."""

import ast
import re
import time
from pathlib import Path

import nbformat
import papermill as pm
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


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


def run(path: Path, folder: Path, **parameters: object) -> nbformat.NotebookNode:
    """Execute a notebook; a parameter it does not have is an error, where papermill only warns."""
    known = pm.inspect_notebook(str(path))
    unknown = set(parameters) - set(known)
    if unknown:
        raise ValueError(f"{path.name} has no parameters {sorted(unknown)}; it has {sorted(known)}")
    out = folder / path.name
    pm.execute_notebook(str(path), str(out), parameters=parameters, cwd=str(folder), progress_bar=False)
    return nbformat.read(out, as_version=4)


def text_of(notebook: nbformat.NotebookNode) -> str:
    out = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            out.append(output.get("text", "") or str(output.get("data", {}).get("text/plain", "")))
            out.append(str(output.get("data", {}).get("text/markdown", "")))
    return "\n".join(out)


def test_an_unknown_parameter_is_an_error(tmp_path):
    with pytest.raises(ValueError, match=r"no parameters \['imgae'\]"):
        run(NOTEBOOKS[0], tmp_path, imgae=3)


@pytest.mark.notebooks
def test_attribution_of_a_scene(tmp_path):
    began = time.time()
    notebook = run(ROOT / "notebooks" / "01_attribution.ipynb", tmp_path, image=2, regions=16)
    text = text_of(notebook)
    assert "answer: a small red circle on brick." in text
    assert "The scene's truth" in text
    page = tmp_path / "runs" / "attribution.html"
    assert page.stat().st_size > 20_000
    assert "<script" in page.read_text(encoding="utf-8")

    import eagle_nb as eagle

    explanation = eagle.load_explanation(tmp_path / "runs" / "attribution.npz")
    assert explanation.regions.n == 16
    assert explanation.response.text == "a small red circle on brick."
    assert time.time() - began < 240


@pytest.mark.notebooks
def test_attribution_of_a_file_and_a_phrase_with_another_folder(tmp_path):
    import eagle_nb as eagle

    eagle.scenes.draw(2).image.save(tmp_path / "photo.png")
    run(
        ROOT / "notebooks" / "01_attribution.ipynb",
        tmp_path,
        model=str(ROOT / "eagle_nb" / "scenes" / "model"),
        image="photo.png",
        tokens="red circle",
        regions=9,
        fill="mean",
        output_folder="elsewhere",
    )
    explanation = eagle.load_explanation(tmp_path / "elsewhere" / "attribution.npz")
    assert explanation.selected_text == "red circle"
    assert explanation.fill == "mean"


@pytest.mark.notebooks
def test_a_phrase_that_was_not_said_stops_with_its_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="not in the answer"):
        run(ROOT / "notebooks" / "01_attribution.ipynb", tmp_path, image=2, tokens="zebra")


@pytest.mark.notebooks
def test_hallucinations_of_the_bundled_model(tmp_path):
    began = time.time()
    small = {"regions": 12, "budget": 60, "samples": 6, "studied": 2, "controls": 1}
    text = text_of(run(ROOT / "notebooks" / "02_hallucination.ipynb", tmp_path, **small))
    assert "6 samples" in text
    assert re.search(r"Verdict: \*\*(prior-driven|misperceived region|unclear)\*\*", text)
    assert "claims are wrong" in text
    assert re.search(r"AMCR [01]\.\d{3}; CSR@10%", text)
    assert "What repainting the scene says" in text
    assert time.time() - began < 240


@pytest.mark.notebooks
def test_a_hallucination_sample_that_is_not_there_stops_with_its_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="there is no sample 'zebra'"):
        run(ROOT / "notebooks" / "02_hallucination.ipynb", tmp_path, sample="zebra", samples=1)


@pytest.mark.notebooks
def test_the_walkthrough_becomes_one_page(tmp_path):
    from eagle_nb.teaching import export

    page = export(ROOT / "notebooks" / "00_walkthrough.ipynb", tmp_path / "class", regions=9)
    assert page == tmp_path / "class" / "walkthrough.html"
    notebook = nbformat.read(page.with_name("00_walkthrough.ipynb"), as_version=4)
    text = text_of(notebook)
    for k in range(1, 6):
        assert f"ex{k}: not yet. There is no answer yet." in text
    assert "a small red circle left of a large blue star on" in text
    html = page.read_text(encoding="utf-8")
    panels = re.findall(r'"_panel":"(\w+)"', html)
    assert sorted(panels) == sorted(["picker", *["painter"] * 4, "stepper", "stepper", "reliance", "correction"])
    assert "widget-view" not in html and "Loading weights" not in html
    assert not re.search(r'(src|href)="?https?://[^"]+\.(js|css|mjs)', html)
    assert html.count("<math") > 20 and "$$" not in re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)
    assert (page.parent / "blue.html").is_file()


@pytest.mark.notebooks
def test_the_walkthrough_refuses_what_it_does_not_know(tmp_path):
    from eagle_nb.teaching import export

    with pytest.raises(ValueError, match="no parameter 'region'; it has first_seed, regions, output_folder"):
        export(ROOT / "notebooks" / "00_walkthrough.ipynb", tmp_path, region=9)
    with pytest.raises(ValueError, match="there is no notebook"):
        export(tmp_path / "missing.ipynb", tmp_path)


SMALL_METHODS = {
    "rise": {"masks": 20},
    "kernel_shap": {"samples": 20},
    "shapley_sampling": {"permutations": 2},
    "igos_pp": {"iterations": 1, "steps": 2, "size": 8},
}


def plotly_figures(notebook: nbformat.NotebookNode) -> int:
    outputs = [o for cell in notebook.cells for o in cell.get("outputs", [])]
    return sum("application/vnd.plotly.v1+json" in o.get("data", {}) for o in outputs)


@pytest.mark.notebooks
def test_methods_compared_and_the_same_again(tmp_path):
    import pandas as pd

    import eagle_nb as eagle

    notebook = run(
        ROOT / "notebooks" / "04_methods.ipynb", tmp_path, samples=2, regions=5, seed=3, options=SMALL_METHODS
    )
    assert "2 words:" in text_of(notebook)
    assert "methods.csv 24 rows" in text_of(notebook)
    assert plotly_figures(notebook) == 4
    kept = eagle.results.load(tmp_path / "runs" / "methods.csv")
    assert kept["method"].nunique() == 12
    few = ["fast", "random", "llava_cam", *SMALL_METHODS]
    assert set(kept["failure"]) == {""}
    again = eagle.comparison.compare(
        eagle.load_model(batch_size=16),
        eagle.samples.from_scenes(range(30_000, 30_004), kind="object").sample(2, 3)[:1],
        few,
        regions=5,
        seed=3,
        options=SMALL_METHODS,
        progress=False,
    )
    eagle.results.save(again.drop(columns=list(eagle.comparison.MEASURED)), tmp_path / "again.csv")
    again = eagle.results.load(tmp_path / "again.csv").set_index(["sample", "method"])
    kept = kept[kept["method"].isin(few)].set_index(["sample", "method"]).loc[again.index]
    pd.testing.assert_frame_equal(again, kept, check_exact=True)


@pytest.mark.notebooks
def test_ablations_and_the_same_again(tmp_path):
    import pandas as pd

    import eagle_nb as eagle

    small = {"samples": 1, "seed": 1, "regions": 5, "few": 4, "region_numbers": [3, 6], "budgets": [14]}
    small["searches"] = ["single", "fast", "greedy"]
    notebook = run(ROOT / "notebooks" / "03_ablations.ipynb", tmp_path, **small)
    text = text_of(notebook)
    assert re.search(r"scene-\d+(-\d)?: γ = -?\d+\.\d{3}", text)
    assert "Nothing failed." in text
    assert plotly_figures(notebook) == 9
    kept = {path.stem: eagle.results.load(path) for path in (tmp_path / "runs").glob("*.csv")}
    assert {name.removeprefix("ablation_") for name in kept} == {
        "objective", "balance", "regions", "segmentation", "fill", "search", "budget", "optimum",
    }  # fmt: skip
    assert kept["ablation_fill"]["method"].tolist() == list(eagle.fills.FILLS)
    again = eagle.ablations.ablate(
        eagle.load_model(batch_size=16),
        eagle.samples.from_scenes(range(20_000, 20_002), kind="object").sample(1, 1),
        {"fill": list(eagle.fills.FILLS)},
        regions=5,
        seed=1,
        progress=False,
    )
    eagle.results.save(again.drop(columns=list(eagle.ablations.MEASURED)), tmp_path / "again.csv")
    pd.testing.assert_frame_equal(eagle.results.load(tmp_path / "again.csv"), kept["ablation_fill"], check_exact=True)
