"""Ablations on models whose objective is known, and the optimum where greedy misses it."""

import numpy as np
import pandas as pd
import pytest

import eagle_nb as eagle
from eagle_nb.evaluation import ablation as ablations
from eagle_nb.evaluation import tables as results
from eagle_nb.viz import tables as figures

from .test_comparison import IMAGE, Additive, sample

ONE = [sample("s")]
SMALL = {"regions": 4, "segmentation": "grid", "search": "greedy", "progress": False}


class Table(Additive):
    """Every token's probability under a coalition of four regions is that of a table of 16."""

    def __init__(self, table):
        super().__init__()
        self.table = np.asarray(table, dtype=np.float32)

    @property
    def fingerprint(self):
        return str(self.table.tolist())

    def scorer(self, response, regions, fill, target_ids=None):
        model = self

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                model.scored += len(shown)
                return np.repeat(model.table[shown @ (1 << np.arange(4))][:, None], len(response), 1)

        return Scorer()


class Fills(Additive):
    """Region 0 carries the word where hidden regions are black, region 1 under any other fill."""

    def scorer(self, response, regions, fill, target_ids=None):
        self.best = int(np.asarray(fill).any())
        return super().scorer(response, regions, fill, target_ids)


def test_weights_choose_what_is_optimised():
    # Region 0 alone says the word; without region 1 it cannot be said, but then region 0 must be there too.
    alone = np.array([bool(k & 1) * 0.6 + bool(k & 2) * 0.1 for k in range(16)])
    table = Table(np.where(np.arange(16) & 2, alone + 0.3, alone * (np.arange(16) != 15)))
    found = ablations.ablate(table, ONE, {"weights": [(1, 0), (0, 1), (1, 1)]}, **SMALL)
    assert found["method"].tolist() == ["insight only", "necessity only", "both"]
    for k, weights in enumerate([(1.0, 0.0), (0.0, 1.0), (1.0, 1.0)]):
        response = table.generate(IMAGE, "what?")
        expected = eagle.explain(
            table, response, "red cup", eagle.Regions.grid(IMAGE, 4), weights=weights, progress=False
        )
        assert found["insertion_auc"][k] == expected.insertion_auc
        assert found["deletion_auc"][k] == expected.deletion_auc


def test_settings_are_judged_alike():
    found = ablations.ablate(Fills(), ONE, {"fill": ["black", "mean"]}, **SMALL)
    own, common = found["insertion_auc"].to_numpy(), found["common_insertion_auc"].to_numpy()
    best = (0.5 + 2 / 3 + 5 / 6 + 0.5) / 4
    np.testing.assert_allclose(own, best, atol=1e-6)  # under its own fill each order is the best there
    # Replayed under black, where region 0 carries the word, the order of "mean" begins with region 1: 0, 1/6, 2/3, 5/6, 1.
    np.testing.assert_allclose(common, [best, (1 / 6 + 2 / 3 + 5 / 6 + 0.5) / 4], atol=1e-6)
    assert found["pointing_mask"].tolist() == [True, False]
    pure = ablations.ablate(Fills(), ONE, {"search": ["greedy", "single"]}, **SMALL)
    assert "common_insertion_auc" not in pure


def test_every_combination_is_tried():
    found = ablations.ablate(
        Additive(), ONE, {"search": ["fast", "greedy"], "budget": [12, None]}, regions=5, progress=False
    )
    assert found["method"].tolist() == ["fast, 12 passes", "fast, no limit", "greedy, 12 passes", "greedy, no limit"]
    passes = found["forward_passes"].to_numpy()
    assert (passes[[0, 2]] <= 12).all()
    assert passes[3] > 12
    numbers = ablations.ablate(Additive(), ONE, {"regions": [2, 7]}, progress=False)
    assert numbers["method"].tolist() == ["2 regions", "7 regions"]
    assert set(found["failure"]) == {""}


def test_it_is_the_same_again_and_goes_on_from_its_file(tmp_path):
    file = tmp_path / "rows.jsonl"
    vary = {"fill": ["noise", "inpaint"], "segmentation": ["slic", "watershed"]}
    first = ablations.ablate(Additive(), ONE, vary, regions=5, rows=file, progress=False)
    again = Additive()
    second = ablations.ablate(again, ONE, vary, regions=5, rows=file, progress=False)
    assert again.scored == 0
    fresh = ablations.ablate(Additive(), ONE, vary, regions=5, progress=False)
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    keep = [c for c in first if c not in ablations.MEASURED]
    pd.testing.assert_frame_equal(first[keep], fresh[keep], check_exact=True)


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
def test_mistakes_are_told_before_the_model_runs(vary, message):
    model = Additive()
    with pytest.raises((ValueError, TypeError), match=message):
        ablations.ablate(model, ONE, vary, **SMALL)
    assert model.scorers == 0


def test_a_value_that_fails_does_not_stop_the_others():
    found = ablations.ablate(Additive(), ONE, {"regions": [4, 5000]}, segmentation="grid", progress=False)
    assert found["failure"].str.split(":").str[0].tolist() == ["", "ValueError"]
    assert found["insertion_auc"].notna().tolist() == [True, False]


def test_greedy_falls_into_the_trap_and_the_gap_says_so():
    # Region 0 is best alone (0.5); 1 and 2 together are best (0.9); with 0 in it no pair is above 0.55.
    value = np.zeros(16)
    for k in range(16):
        inside = {v for v in range(4) if k >> v & 1}
        pair = 0.9 if {1, 2} <= inside else 0.0
        single = 0.5 + 0.05 * (len(inside) > 1) if 0 in inside else 0.0
        value[k] = max(pair, single)
    found = ablations.optimality(Table(value), ONE, 4, ["greedy", "single"], "grid", weights=(1.0, 0.0), progress=False)
    gaps = found.gaps[found.gaps["method"] == "greedy"]
    assert gaps["size"].tolist() == [0, 1, 2, 3, 4]
    # Greedy: 0, then (all equal) 1, then 2. The best two are 1 and 2; F gains 0.9 from the empty set.
    np.testing.assert_allclose(gaps["gap"], [0, 0, 0.35 / 0.9, 0, 0], atol=1e-6)
    row = found.rows.set_index("method").loc["greedy"]
    assert row["mean_gap"] == pytest.approx(0.35 / 0.9 / 5)
    assert row["widest_gap"] == pytest.approx(0.35 / 0.9)
    assert not row["optimal"]
    # 1 and 2 add nothing alone and 0.9 together: γ is 0.
    assert found.gamma["gamma"].tolist() == [0.0]
    assert found.ratios["percentile"].tolist() == list(range(101))
    fig = figures.gaps(found)
    np.testing.assert_allclose(fig.data[1].y, gaps["gap"])
    assert figures.ratios(found).data[-1].x.tolist() == [0.0]
    assert results.table(found.rows, ["optimal"]).loc["greedy", "optimal"].startswith("0.000 [0.000")


def test_an_additive_objective_is_submodular_and_greedy_is_optimal(tmp_path):
    file = tmp_path / "optimum.jsonl"
    found = ablations.optimality(Additive(), ONE, 5, rows=file, progress=False)
    assert found.rows["method"].tolist() == list(eagle.search.STRATEGIES)
    assert found.rows["optimal"].all()
    np.testing.assert_allclose(found.ratios["ratio"], 1, atol=1e-5)
    again = Additive()
    second = ablations.optimality(again, ONE, 5, rows=file, progress=False)
    assert again.scored == 0
    pd.testing.assert_frame_equal(found.rows, second.rows, check_exact=True)
    pd.testing.assert_frame_equal(found.ratios, second.ratios, check_exact=True)


def test_a_word_that_the_image_does_not_move_has_no_gap():
    found = ablations.optimality(Table(np.full(16, 0.5)), ONE, 4, ["greedy"], "grid", progress=False)
    assert found.rows["mean_gap"].isna().all()
    assert found.rows["failure"].tolist() == [""]
    assert found.gamma.empty
    assert found.gaps.empty
    assert found.ratios.empty


def test_the_optimum_refuses_many_regions_before_the_model_runs():
    model = Additive()
    for arguments, message in (
        ({"regions": 13}, "at most 12 regions, got 13"),
        ({"searches": ["greedy", "greedy"]}, "names each once"),
        ({"searches": ["magic"]}, "unknown search"),
        ({"fill": "white"}, "unknown fill"),
    ):
        with pytest.raises(ValueError, match=message):
            ablations.optimality(model, ONE, **arguments)
    assert model.scorers == 0


def test_answers_of_other_models_are_other_rows(tmp_path):
    file = tmp_path / "rows.jsonl"
    tables = [np.linspace(0, 1, 16) ** power for power in (1, 3)]
    found = [ablations.ablate(Table(t), ONE, {"fill": ["black"]}, **SMALL, rows=file) for t in tables]
    assert found[0]["insertion_auc"][0] != found[1]["insertion_auc"][0]
