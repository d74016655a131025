"""The trace of a search and what is computed from it."""

import numpy as np
import pytest

from eagle_nb.search import order, replay
from eagle_nb.search.calibration import expected_loss, measured_losses

from .functions import AdditiveScorer, ConjunctionScorer, CoverageScorer, TableScorer


class Pair:
    """Insight 0.1 for each of the regions 0 and 1 alone, 1 for both; region 2 adds nothing. Deletion likewise."""

    n_regions = 3

    def __call__(self, shown):
        both = shown[:, :2].sum(1)
        return np.array([0.0, 0.1, 1.0], dtype=np.float32)[both][:, None]


def test_gains_and_ratio_of_a_synergy_by_hand():
    trace = order(Pair(), search="greedy", weights=(1.0, 0.0))
    assert trace.order.tolist() == [0, 1, 2]
    np.testing.assert_allclose(trace.gains[0], [0.1, 0.1, 0.0], atol=1e-6)
    np.testing.assert_allclose(trace.gains[1, 1:], [0.9, 0.0], atol=1e-6)
    # region 1 was worth 0.1 and then 0.9; region 2 stayed at 0, twice
    assert trace.stale_underestimates == (1, 3)
    # round 0: (0.1 + 0.1) / 1 for two, (0.1 + 0.1 + 0) / 1 for three; round 1: (0.9 + 0) / 0.9
    np.testing.assert_allclose(sorted(trace.submodularity_ratio()), [0.2, 0.2, 1.0], atol=1e-6)


def test_a_submodular_function_has_a_ratio_of_at_least_one():
    trace = order(CoverageScorer(12, seed=3), weights=(1.0, 0.0), search="greedy")
    assert trace.submodularity_ratio().min() >= 1 - 1e-5
    assert trace.stale_underestimates[0] == 0
    assert order(AdditiveScorer(12), search="greedy").submodularity_ratio() == pytest.approx(1.0, abs=1e-3)


def test_steps_and_savings():
    scorer = ConjunctionScorer(30, (1, 5, 9))
    trace = order(scorer, search="fast")
    steps = trace.steps()
    assert steps["region"].tolist() == trace.order.tolist()
    assert (steps["candidates"] >= 1).all()
    assert ((steps["decided"] == "exact") == trace.decided).all()
    assert (steps.loc[steps["decided"] == "exact", "candidates"].iloc[:-1] > 1).all()
    np.testing.assert_allclose(steps["gain"].sum(), trace.objective[-1] - trace.objective[0])
    assert trace.passes_saved == pytest.approx(1 - trace.forward_passes / (30 * 31))
    facts = trace.diagnostics()
    assert facts["passes_saved"] == trace.passes_saved
    assert facts["steps_decided_exactly"] == trace.decided.sum()
    assert facts["steps_over_all_candidates"] == trace.exhaustive.sum() < trace.decided.sum()
    assert (trace.exhaustive == trace.decided & (steps["candidates"] == steps["of"])).all()


def test_greedy_is_exhaustive_until_its_passes_end():
    assert order(TableScorer(8), search="greedy").exhaustive.all()
    cut = order(TableScorer(8), search="greedy", budget=40)
    # The first round takes 16 passes; 14 more would leave too few for the curves.
    assert cut.exhaustive[0]
    assert not cut.exhaustive[1:6].any()


def loss(trace):
    """The expected loss of a search, from its diagnostics."""
    return trace.diagnostics()["expected_loss"]


def test_the_expected_loss_decreases_with_the_forward_passes():
    scorer = ConjunctionScorer(36, (1, 5, 9))
    few, many = (loss(order(scorer, search="fast", budget=b)) for b in (76, 300))
    assert few["median"] > many["median"]
    assert few["percentile_95"] > many["percentile_95"] >= many["median"]
    assert many["samples"] > 0
    exhaustive = {"median": 0.0, "percentile_95": 0.0, "samples": 0, "regions": 0}
    assert loss(order(TableScorer(6), search="greedy")) == exhaustive
    assert loss(order(TableScorer(5), search="fast", budget=30)) == exhaustive
    assert loss(order(scorer, budget=76, search="greedy"))["median"] > many["median"]
    assert np.isnan(loss(replay(scorer, range(36)))["median"])


def test_losses_are_read_at_the_nearest_number_of_regions_within_the_measured_range():
    table = measured_losses()
    single = table[(table["regions"] == 64) & (table["search"] == "single")].iloc[-1]
    at = expected_loss("single", 60, round(60 * single["passes_per_region"]))
    assert at["regions"] == 64
    assert at["samples"] == single["samples"]
    assert at["median"] == pytest.approx(single["median"], abs=0.01)
    assert at["percentile_95"] == pytest.approx(single["percentile_95"], abs=0.02)
    assert expected_loss("single", 30, 120)["regions"] == 25
    below = expected_loss("fast", 60, 60)
    assert np.isnan([below["median"], below["percentile_95"]]).all()
