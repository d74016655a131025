"""The notebooks 03_ablations and 04_methods: their figures and tables, and the same tables computed again."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import eagle_nb as eagle

from .running import plotly_figures, run, text_of

pytestmark = pytest.mark.notebooks

SMALL_METHODS = {
    "rise": {"masks": 20},
    "kernel_shap": {"samples": 20},
    "shapley_sampling": {"permutations": 2},
    "igos_pp": {"iterations": 1, "steps": 2, "size": 8},
}


def reproducible(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without its measured columns."""
    return table.drop(columns=list(eagle.evaluation.MEASURED_COLUMNS))


def test_methods_compared_and_the_same_again(tmp_path):
    notebook = run("04_methods", tmp_path, samples=2, regions=5, seed=3, options=SMALL_METHODS)
    assert "2 words:" in text_of(notebook)
    assert "methods.parquet 24 rows" in text_of(notebook)
    assert plotly_figures(notebook) == 4
    saved = eagle.evaluation.load_table(tmp_path / "runs" / "methods.parquet")
    assert saved["method"].nunique() == 12
    assert set(saved["failure"]) == {""}
    few = ["fast", "random", "llava_cam", *SMALL_METHODS]
    again = eagle.evaluation.compare(
        eagle.load_model(batch_size=16),
        eagle.datasets.from_scenes(range(30_000, 30_004), kind="object").sample(2, 3)[:1],
        few,
        regions=5,
        rng=3,
        options=SMALL_METHODS,
        progress=False,
    )
    again = reproducible(again).set_index(["sample", "method"])
    saved = saved[saved["method"].isin(few)].set_index(["sample", "method"]).loc[again.index]
    pd.testing.assert_frame_equal(again, saved, check_exact=True)


def test_ablations_and_the_same_again(tmp_path):
    small = {"samples": 1, "seed": 1, "regions": 5, "few": 4, "region_numbers": [3, 6], "budgets": [14]}
    small["searches"] = ["single", "fast", "greedy"]
    notebook = run("03_ablations", tmp_path, **small)
    text = text_of(notebook)
    assert re.search(r"scene-\d+(-\d)?: γ = -?\d+\.\d{3}", text)
    assert "Nothing failed." in text
    assert plotly_figures(notebook) == 9
    saved = {path.stem: eagle.evaluation.load_table(path) for path in (tmp_path / "runs").glob("*.parquet")}
    varied = ["objective", "balance", "regions", "segmentation", "fill", "search", "budget", "optimum"]
    assert set(saved) == {f"ablation_{name}" for name in varied}
    assert saved["ablation_fill"]["method"].tolist() == list(eagle.inputs.FILLS)
    again = eagle.evaluation.ablate(
        eagle.load_model(batch_size=16),
        eagle.datasets.from_scenes(range(20_000, 20_002), kind="object").sample(1, 1),
        {"fill": list(eagle.inputs.FILLS)},
        regions=5,
        rng=1,
        progress=False,
    )
    pd.testing.assert_frame_equal(reproducible(again), saved["ablation_fill"], check_exact=True)
