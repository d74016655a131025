"""The surrogate that proposes."""

import numpy as np
import pytest

from eagle_nb.objective import objective
from eagle_nb.search.surrogate import EVIDENCE, Surrogate


@pytest.fixture
def evidence():
    rng = np.random.default_rng(0)
    shown = np.unique(rng.random((40, 12)) < 0.5, axis=0)
    parts = rng.normal(size=(12, 3)) / 2
    return shown, 1 / (1 + np.exp(-np.where(shown, 1.0, -1.0) @ parts))


def test_it_nearly_says_again_what_it_was_told(evidence):
    shown, scores = evidence
    surrogate = Surrogate(12)
    surrogate.fit(shown, scores)
    np.testing.assert_allclose(surrogate.probabilities(shown), scores, atol=0.03)


def test_evidence_that_comes_in_parts_gives_the_same(evidence):
    shown, scores = evidence
    parts, whole = Surrogate(12), Surrogate(12)
    for count in (7, 7, 20, len(shown)):
        parts.fit(shown[:count], scores[:count])
    whole.fit(shown, scores)
    every = np.eye(12, dtype=bool)
    np.testing.assert_allclose(parts.probabilities(every), whole.probabilities(every), atol=1e-9)


def test_it_is_kernel_regression_of_the_log_odds():
    # two coalitions of two regions that differ in both: kernels 4 (1 + 1 + 1) and 4 (1 - 1 + exp(-2 / 2))
    shown, odds = np.array([[False, False], [True, True]]), np.array([-1.0, 2.0])
    surrogate = Surrogate(2)
    surrogate.fit(shown, 1 / (1 + np.exp(-odds))[:, None])
    near, far = 12.0, 4 * np.exp(-1.0)
    weights = np.linalg.solve(np.array([[near + 0.03, far], [far, near + 0.03]]), odds)
    between = 4 * (1 + 0 + np.exp(-0.5))  # from {0} to either: one region differs
    expected = 1 / (1 + np.exp(-between * weights.sum()))
    assert surrogate.probabilities(np.array([[True, False]]))[0, 0] == pytest.approx(expected)


def test_what_it_is_fitted_to_is_bounded():
    rng, n = np.random.default_rng(0), 12
    shown, parts = rng.random((3 * EVIDENCE, n)) < 0.5, rng.exponential(size=n)
    scores = (shown @ parts / parts.sum())[:, None]
    surrogate = Surrogate(n)
    for count in (100, EVIDENCE, EVIDENCE + 50, 3 * EVIDENCE):
        surrogate.fit(shown[:count], scores[:count])
        assert len(surrogate.shown) <= EVIDENCE
        assert len(surrogate.coefficients) == len(surrogate.shown)
    alone = surrogate.probabilities(np.eye(n, dtype=bool))[:, 0]
    assert np.corrcoef(alone, parts)[0, 1] > 0.99


def test_the_objective_is_that_of_its_own_probabilities():
    rng, n = np.random.default_rng(1), 9
    shown, scores = rng.random((40, n)) < 0.5, rng.uniform(0.1, 0.9, (40, 2))
    surrogate = Surrogate(n)
    surrogate.fit(shown, scores)
    asked = rng.random((7, n)) < 0.5
    expected = objective(surrogate.probabilities(asked), surrogate.probabilities(~asked), [0, 1], (1.0, 0.5))
    np.testing.assert_allclose(surrogate.objective(asked, (1.0, 0.5)), expected, rtol=1e-10)
