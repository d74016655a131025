"""Ablations on models whose objective is known."""

import numpy as np
import pandas as pd
import pytest

import eagle_nb as eagle
from eagle_nb.evaluation import MEASURED_COLUMNS, ablate, settings_label
from eagle_nb.search import GreedySearch, PhaseWindowSearch

from .models import IMAGE, AdditiveModel, FillModel, TableModel, sample

ONE = [sample("s")]
SMALL = {"regions": 4, "segmentation": "grid", "search": "greedy", "progress": False}


def test_weights_select_what_is_optimised():
    # Region 0 alone supports the word; without region 1 the word is lost, but region 1 needs region 0.
    alone = np.array([bool(k & 1) * 0.6 + bool(k & 2) * 0.1 for k in range(16)])
    model = TableModel(np.where(np.arange(16) & 2, alone + 0.3, alone * (np.arange(16) != 15)))
    table = ablate(model, ONE, {"weights": [(1, 0), (0, 1), (1, 1)]}, **SMALL)
    assert table["method"].tolist() == ["insight only", "necessity only", "both"]
    for k, weights in enumerate([(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]):
        response = model.generate(IMAGE, "what?")
        regions = eagle.Regions.grid(IMAGE, 4)
        expected = eagle.explain(model, response, "red cup", regions, search="greedy", weights=weights, progress=False)
        assert table["insertion_auc"][k] == expected.insertion_auc
        assert table["deletion_auc"][k] == expected.deletion_auc


def test_settings_are_compared_under_common_settings():
    table = ablate(FillModel(), ONE, {"fill": ["black", "mean"]}, **SMALL)
    own, common = table["insertion_auc"].to_numpy(), table["common_insertion_auc"].to_numpy()
    best = (0.5 + 2 / 3 + 5 / 6 + 0.5) / 4
    np.testing.assert_allclose(own, best, atol=1e-6)  # under its own fill each order is the best one
    # Replayed under black, where region 0 carries the word, the order of "mean" begins with region 1: 0, 1/6, 2/3, 5/6, 1.
    np.testing.assert_allclose(common, [best, (1 / 6 + 2 / 3 + 5 / 6 + 0.5) / 4], atol=1e-6)
    assert table["pointing_mask"].tolist() == [True, False]
    comparable = ablate(FillModel(), ONE, {"search": ["greedy", "single"]}, **SMALL)
    assert "common_insertion_auc" not in comparable


def test_every_combination_is_tried():
    vary = {"search": ["fast", "greedy"], "budget": [12, None]}
    table = ablate(AdditiveModel(), ONE, vary, regions=5, progress=False)
    assert table["method"].tolist() == ["fast, 12 passes", "fast, no limit", "greedy, 12 passes", "greedy, no limit"]
    passes = table["forward_passes"].to_numpy()
    assert (passes[[0, 2]] <= 12).all()
    assert passes[3] > 12
    numbers = ablate(AdditiveModel(), ONE, {"regions": [2, 7]}, regions=5, progress=False)
    assert numbers["method"].tolist() == ["2 regions", "7 regions"]
    assert numbers["failure"].tolist() == ["", ""]


def test_it_is_reproducible_and_resumes_from_its_store(tmp_path):
    store = tmp_path / "rows.db"
    vary = {"fill": ["noise", "inpaint"], "segmentation": ["slic", "watershed"]}
    first = ablate(AdditiveModel(), ONE, vary, regions=5, store=store, progress=False)
    again = AdditiveModel()
    second = ablate(again, ONE, vary, regions=5, store=store, progress=False)
    assert again.scored == 0
    fresh = ablate(AdditiveModel(), ONE, vary, regions=5, progress=False)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    columns = [c for c in first if c not in MEASURED_COLUMNS]
    pd.testing.assert_frame_equal(first[columns], fresh[columns], check_exact=True)
    other = AdditiveModel()
    ablate(other, ONE, vary, regions=6, store=store, progress=False)  # other common regions
    assert other.scored > 0


@pytest.mark.parametrize(
    ("vary", "message"),
    [
        ({}, "vary maps some of weights, regions"),
        ({"colour": ["red"]}, "vary maps some of"),
        ({"fill": []}, "vary maps some of"),
        ({"fill": ["black", "black"]}, "gives a value twice"),
        ({"weights": [(1, 1), (2, 2)]}, "gives a value twice"),
        ({"fill": ["white"]}, "unknown fill 'white'"),
        ({"search": ["magic"]}, "unknown search 'magic'"),
        ({"regions": [4, 1]}, "at least 2, got 1"),
        ({"budget": [3]}, "a budget of 3 passes is too small"),
        ({"budget": ["5 s"]}, "is a number of forward passes, got '5 s'"),
        ({"weights": [(0, 0)]}, "not both zero"),
        ({"segmentation": ["voronoi"]}, "unknown segmentation"),
    ],
)
def test_errors_are_raised_before_the_model_runs(vary, message):
    model = AdditiveModel()
    with pytest.raises((ValueError, TypeError), match=message):
        ablate(model, ONE, vary, **SMALL)
    assert model.scorers == 0


def test_a_value_that_fails_does_not_stop_the_others():
    table = ablate(AdditiveModel(), ONE, {"regions": [4, 5000]}, regions=4, segmentation="grid", progress=False)
    assert table["failure"].str.split(":").str[0].tolist() == ["", "ValueError"]
    assert table["insertion_auc"].notna().tolist() == [True, False]


def test_models_have_rows_of_their_own(tmp_path):
    store = tmp_path / "rows.db"
    models = [TableModel(np.linspace(0, 1, 16) ** power) for power in (1, 3)]
    tables = [ablate(model, ONE, {"fill": ["black"]}, **SMALL, store=store) for model in models]
    assert tables[0]["insertion_auc"][0] != tables[1]["insertion_auc"][0]


def test_labels_of_objects_are_their_names():
    def halves(picture, n):
        return picture[..., 0] * 0

    assert (
        settings_label({"search": PhaseWindowSearch(window=8), "segmentation": halves}) == "phasewin(window=8), halves"
    )
    assert settings_label({"search": GreedySearch(), "fill": "blur", "regions": 9}) == "greedy, blur, 9 regions"
    assert settings_label({"weights": (0, 1)}) == "necessity only"
