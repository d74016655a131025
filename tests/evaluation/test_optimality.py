"""Searches against the optimum, where greedy misses it and where it does not."""

import numpy as np
import pandas as pd
import pytest

import eagle_nb as eagle
from eagle_nb.evaluation import formatted_table, measure_optimality

from .models import AdditiveModel, TableModel, sample

ONE = [sample("s")]


def trap():
    """Region 0 is best alone (0.5); 1 and 2 together are best (0.9); no pair with 0 exceeds 0.55."""
    values = np.zeros(16)
    for k in range(16):
        inside = {v for v in range(4) if k >> v & 1}
        pair = 0.9 if {1, 2} <= inside else 0.0
        single = 0.5 + 0.05 * (len(inside) > 1) if 0 in inside else 0.0
        values[k] = max(pair, single)
    return TableModel(values)


def test_the_gap_shows_where_greedy_is_trapped():
    optimality = measure_optimality(trap(), ONE, 4, ["greedy", "single"], "grid", weights=(1.0, 0.0), progress=False)
    gaps = optimality.gaps[optimality.gaps["method"] == "greedy"]
    assert gaps["size"].tolist() == [0, 1, 2, 3, 4]
    # Greedy: 0, then (all equal) 1, then 2. The best two are 1 and 2; F gains 0.9 over the empty set.
    np.testing.assert_allclose(gaps["gap"], [0, 0, 0.35 / 0.9, 0, 0], atol=1e-6)
    row = optimality.rows.set_index("method").loc["greedy"]
    assert row["mean_gap"] == pytest.approx(0.35 / 0.9 / 5)
    assert row["widest_gap"] == pytest.approx(0.35 / 0.9)
    assert not row["optimal"]
    # 1 and 2 add nothing alone and 0.9 together: γ is 0.
    assert optimality.gamma["gamma"].tolist() == [0.0]
    assert optimality.ratios["percentile"].tolist() == list(range(101))
    assert formatted_table(optimality.rows, ["optimal"]).loc["greedy", "optimal"].startswith("0.000 [0.000")


def test_greedy_is_optimal_for_an_additive_objective(tmp_path):
    store = tmp_path / "optimum.db"
    optimality = measure_optimality(AdditiveModel(), ONE, 5, store=store, progress=False)
    assert optimality.rows["method"].tolist() == list(eagle.search.STRATEGIES)
    assert optimality.rows["optimal"].all()
    np.testing.assert_allclose(optimality.ratios["ratio"], 1, atol=1e-5)
    again = AdditiveModel()
    second = measure_optimality(again, ONE, 5, store=store, progress=False)
    assert again.scored == 0
    pd.testing.assert_frame_equal(optimality.rows, second.rows, check_exact=True)
    pd.testing.assert_frame_equal(optimality.gaps, second.gaps, check_exact=True)
    pd.testing.assert_frame_equal(optimality.ratios, second.ratios, check_exact=True)
    fewer = AdditiveModel()
    measure_optimality(fewer, ONE, 5, ["greedy"], progress=False)
    assert fewer.scored == 2**5  # every coalition once
    stored = AdditiveModel()
    measure_optimality(stored, ONE, 5, ["greedy"], store=store, progress=False)
    assert stored.scored == 0  # another row, from the same scores


def test_a_word_that_does_not_depend_on_the_image_has_no_gap():
    optimality = measure_optimality(TableModel(np.full(16, 0.5)), ONE, 4, ["greedy"], "grid", progress=False)
    assert optimality.rows["mean_gap"].isna().all()
    assert optimality.rows["failure"].tolist() == [""]
    assert optimality.gamma.empty
    assert optimality.gaps.empty
    assert optimality.ratios.empty


def test_samples_that_fail_have_a_row_for_each_search():
    optimality = measure_optimality(AdditiveModel(), [sample(label="dog")], 4, ["greedy", "fast"], progress=False)
    assert optimality.rows["method"].tolist() == ["greedy", "fast"]
    assert optimality.rows["failure"].str.contains("'dog' is not in the answer").all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"regions": 13}, "at most 12 regions, got 13"),
        ({"searches": ["greedy", "greedy"]}, "names each search once"),
        ({"searches": []}, "names each search once"),
        ({"searches": ["magic"]}, "unknown search"),
        ({"fill": "white"}, "unknown fill"),
    ],
)
def test_errors_are_raised_before_the_model_runs(arguments, message):
    model = AdditiveModel()
    with pytest.raises(ValueError, match=message):
        measure_optimality(model, ONE, **arguments)
    assert model.scorers == 0
