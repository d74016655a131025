"""Evidence: Shapley values of the surrogate, against their definition."""

from itertools import permutations

import numpy as np
import pytest

from eagle_nb.scoring.coalitions import prefixes
from eagle_nb.search.evidence import region_evidence
from eagle_nb.search.surrogate import PROBABILITY_SCALE, Surrogate


def shapley(value, n):
    """Return Shapley values by their definition: mean marginal contributions over all orders."""
    total = np.zeros(n)
    orders = list(permutations(range(n)))
    for order in orders:
        total[list(order)] += np.diff(value(prefixes(np.array(order))))
    return total / len(orders)


@pytest.mark.parametrize("reach", [0.3, 1.0])
def test_the_closed_form_equals_the_mean_over_all_orders(reach):
    rng = np.random.default_rng(3)
    shown = np.unique(rng.random((14, 5)) < 0.5, axis=0)
    surrogate = Surrogate(5, reach=reach, scales=[PROBABILITY_SCALE])
    surrogate.fit(shown, 0.3 + 0.4 * rng.random((len(shown), 2)))
    for token in range(2):
        expected = shapley(lambda s, t=token: PROBABILITY_SCALE[0](surrogate.probabilities(s)[:, t]), 5)
        np.testing.assert_allclose(surrogate.shapley_values()[:, token], expected, atol=1e-9)


def test_two_regions_that_work_only_together_share_what_they_give():
    shown = np.array([[(k >> v) & 1 for v in range(4)] for k in range(16)], dtype=bool)
    together = 0.1 + 0.8 * (shown[:, 0] & shown[:, 2])
    assert region_evidence(shown, together) == pytest.approx([0.4, 0, 0.4, 0], abs=0.02)
    assert region_evidence(shown, 1 - together) == pytest.approx([-0.4, 0, -0.4, 0], abs=0.02)


def test_more_coalitions_than_a_fit_takes():
    shown = np.random.default_rng(0).random((2500, 6)) < 0.5
    effects = np.array([0.2, 0.0, -0.1, 0.05, 0.0, 0.15])
    assert region_evidence(shown, 0.4 + shown @ effects) == pytest.approx(effects, abs=0.01)
