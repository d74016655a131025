"""Set functions whose properties are known, for the tests of the searches."""

from __future__ import annotations

import numpy as np

from ..conftest import TableScorer


class AdditiveScorer:
    """Each token's probability is a sum of positive parts, one per region: every search must find their order."""

    def __init__(self, n: int, tokens: int = 1, seed: int = 0) -> None:
        parts = np.random.default_rng(seed).exponential(size=(n, tokens))
        self.n_regions, self.parts = n, parts / parts.sum(0)

    def __call__(self, shown):
        return (shown @ self.parts).astype(np.float32)


class CoverageScorer:
    """Weighted coverage, a submodular function, as insight; the deletion side is constant."""

    def __init__(self, n: int, items: int = 30, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.n_regions = n
        self.covers = rng.random((n, items)) < 0.2
        worth = rng.random(items)
        self.worth = worth / worth.sum()

    def __call__(self, shown):
        return ((shown.astype(int) @ self.covers.astype(int) > 0) @ self.worth).astype(np.float32)[:, None]


class ConjunctionScorer:
    """A token that is said only when most of a few regions are shown together, others changing little."""

    def __init__(self, n: int, core: tuple[int, ...], tokens: int = 1, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self.n_regions, self.core = n, list(core)
        self.rest = rng.normal(0, 0.15, (n, tokens))

    def __call__(self, shown):
        share = shown[:, self.core].mean(1, keepdims=True)
        return (1 / (1 + np.exp(-(14 * (share - 0.6) + shown @ self.rest)))).astype(np.float32)


def mean_objective(scorer, order, tokens=(0,), weights=(1.0, 1.0)) -> float:
    """Mean F over the prefixes of an order, from the definition."""
    n, values = scorer.n_regions, []
    for k in range(n + 1):
        shown = np.zeros((1, n), dtype=bool)
        shown[0, list(order[:k])] = True
        p, q = scorer(shown)[0, list(tokens)].mean(), scorer(~shown)[0, list(tokens)].mean()
        values.append(weights[0] * p + weights[1] * (1 - q))
    return float(np.mean(values))


__all__ = ["AdditiveScorer", "ConjunctionScorer", "CoverageScorer", "TableScorer", "mean_objective"]
