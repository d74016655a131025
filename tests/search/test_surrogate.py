"""The surrogate that proposes."""

import numpy as np
import pytest
from scipy.special import expit, logit

from eagle_nb.scoring import objective_values
from eagle_nb.search.surrogate import Surrogate

EVIDENCE = 400


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


def kernel(one, other):
    """By its formula, coalition by coalition."""
    signs = [np.where(shown, 1.0, -1.0) for shown in (one, other)]
    n = one.shape[1]
    return np.array([[4 * (1 + s @ t / n + np.exp(-np.sum(s != t) / n)) for t in signs[1]] for s in signs[0]])


def said(scale, values):
    """Probabilities, from what adds up."""
    if scale == "probability":
        return values / 8 + 0.5
    return {"log-odds": expit, "all": np.exp, "one": lambda y: -np.expm1(-y)}[scale](values)


TRANSFORMS = {
    "log-odds": logit,
    "probability": lambda p: 8 * (p - 0.5),
    "all": np.log,
    "one": lambda p: -np.log1p(-p),
}


@pytest.mark.parametrize("scale", TRANSFORMS)
def test_it_is_kernel_regression_on_the_scale_on_which_parts_add_up(scale):
    """The scale is the one that foretells left-out coalitions best, each left out by a regression of its own."""
    rng = np.random.default_rng(3)
    shown = np.unique(rng.random((30, 8)) < 0.5, axis=0)
    low, high = {"log-odds": (-4, 4), "probability": (-3.5, 3.5), "all": (-4, -0.1), "one": (0.1, 4)}[scale]
    parts = rng.exponential(size=8)
    scores = said(scale, low + (high - low) * (shown @ parts) / parts.sum())[:, None]
    noisy = kernel(shown, shown) + 0.03 * np.eye(len(shown))

    def error(name):
        values, found = TRANSFORMS[name](scores), []
        for k in range(len(shown)):
            rest = np.arange(len(shown)) != k
            found.append(noisy[k, rest] @ np.linalg.solve(noisy[np.ix_(rest, rest)], values[rest]))
        return np.square(np.clip(said(name, np.array(found)), 0, 1) - scores).mean()

    assert min(TRANSFORMS, key=error) == scale
    surrogate = Surrogate(8)
    surrogate.fit(shown, scores)
    asked = rng.random((5, 8)) < 0.5
    expected = kernel(asked, shown) @ np.linalg.solve(noisy, TRANSFORMS[scale](scores))
    np.testing.assert_allclose(surrogate.probabilities(asked), np.clip(said(scale, expected), 0, 1), atol=1e-9)


def test_what_it_is_fitted_to_is_bounded():
    rng, n = np.random.default_rng(0), 12
    shown, parts = rng.random((3 * EVIDENCE, n)) < 0.5, rng.exponential(size=n)
    scores = (shown @ parts / parts.sum())[:, None]
    surrogate = Surrogate(n, evidence=EVIDENCE)
    for count in (100, EVIDENCE, EVIDENCE + 50, 3 * EVIDENCE):
        surrogate.fit(shown[:count], scores[:count])
        assert len(surrogate.signs) <= EVIDENCE
        assert len(surrogate.coefficients) == len(surrogate.signs)
    alone = surrogate.probabilities(np.eye(n, dtype=bool))[:, 0]
    assert np.corrcoef(alone, parts)[0, 1] > 0.99


def test_the_objective_is_that_of_its_own_probabilities():
    rng, n = np.random.default_rng(1), 9
    shown, scores = rng.random((40, n)) < 0.5, rng.uniform(0.1, 0.9, (40, 2))
    surrogate = Surrogate(n)
    surrogate.fit(shown, scores)
    asked = rng.random((7, n)) < 0.5
    expected = objective_values(surrogate.probabilities(asked), surrogate.probabilities(~asked), [0, 1], (1.0, 0.5))
    np.testing.assert_allclose(surrogate.objective(asked, (1.0, 0.5)), expected, rtol=1e-10)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (1.0, 0.0), (0.3, 2.0)])
def test_extensions_are_coalitions_with_one_region_more(evidence, weights):
    surrogate = Surrogate(12)
    surrogate.fit(*evidence)
    shown = np.random.default_rng(1).random((3, 12)) < 0.4
    for row, values in zip(shown, surrogate.extensions(shown, weights), strict=True):
        rest = np.flatnonzero(~row)
        np.testing.assert_allclose(
            values[rest], surrogate.objective(row | np.eye(12, dtype=bool)[rest], weights), atol=2e-9
        )
        assert np.isneginf(values[row]).all()


def test_orders_are_continued_with_the_largest_at_each_step(evidence):
    surrogate = Surrogate(12)
    surrogate.fit(*evidence)
    first, second = surrogate.continued([[3, 5], range(11)], 4, (1.0, 1.0))
    assert sorted(second) == list(range(12))
    assert (first[:2], len(first)) == ([3, 5], 6)
    for k in range(2, 6):
        rest = np.setdiff1d(np.arange(12), first[:k])
        shown = np.eye(12, dtype=bool)[rest]
        shown[:, first[:k]] = True
        assert first[k] == rest[np.argmax(surrogate.objective(shown, (1.0, 1.0)))]
