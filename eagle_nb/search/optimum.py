"""The true optimum of F by enumeration: how good any search could have been, on few regions.

The best sets of neighbouring sizes need not be nested, so no order may reach all of them: the gap between a search and the optimum is
an upper bound of what a better order could gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..protocols import Scorer
from ..scoring.cached import CachedScorer
from ..scoring.coalitions import number_of_regions
from ..scoring.objective import Weights, check_weights, objective_values
from .state import check_tokens
from .trace import SearchTrace

MAX_ENUMERATED = 12
"""Number of regions up to which all coalitions are scored: 4,096 forward passes."""

_NEGLIGIBLE = 1e-6


@dataclass(frozen=True, eq=False)
class Optimum:
    """F of every coalition of n regions, and the best of each size.

    Attributes
    ----------
    objective : ndarray of float64, (n + 1,)
        The largest F of all sets of k regions.
    sets : ndarray of bool, (n + 1, n)
        A set that reaches it; of several, the one whose bits, region 0 the lowest, make the smallest number.
    values : ndarray of float64, (2**n,)
        F of every set, indexed by its bits: region v is in set i if ``i >> v & 1``.
    tokens : tuple of int
        The selected tokens.
    weights : (float, float)
        λ1 and λ2.
    """

    objective: np.ndarray
    sets: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    tokens: tuple[int, ...]
    weights: Weights

    @property
    def n(self) -> int:
        """Number of regions."""
        return int(self.sets.shape[1])

    @property
    def nested(self) -> bool:
        """Whether each set contains the one before, which means that an order reaches all of them."""
        return bool((self.sets[:-1] <= self.sets[1:]).all())

    def submodularity_ratios(self) -> np.ndarray:
        """Return the submodularity ratio of every pair of sets.

        For each set L and each set S of two or more other regions that together add more than 1e-6 to F(L): the sum of the single
        gains of the regions of S over their joint gain. The smallest is γ of the function; it is at least 1 if F is submodular.

        Returns
        -------
        ndarray of float64
            At most 3**n ratios; empty if no pair adds anything.

        References
        ----------
        Das and Kempe 2011, "Submodular meets spectral".
        """
        n, every = self.n, np.arange(2**self.n)
        member = _members(n)
        several = member.sum(1) >= 2
        ratios = []
        for base in every:
            alone = self.values[base | (1 << np.arange(n))] - self.values[base]
            added = every[several & (every & base == 0)]
            together = self.values[base | added] - self.values[base]
            good = together > _NEGLIGIBLE
            ratios.append((member[added[good]] @ alone) / together[good])
        return np.concatenate(ratios)


def find_optimum(scorer: Scorer, tokens: Sequence[int] | None = None, weights: Weights = (1.0, 1.0)) -> Optimum:
    """Score all 2**n coalitions and take the best of each size.

    Parameters
    ----------
    scorer : Scorer
        A scorer of at most 12 regions.
    tokens : sequence of int, optional
        The selected tokens; all by default.
    weights : (float, float)
        λ1 and λ2.

    Returns
    -------
    Optimum
        F of all coalitions.

    Raises
    ------
    ValueError
        If there are more regions, before any coalition is scored, or an argument is out of range.

    Examples
    --------
    >>> class Mean:
    ...     n_regions = 2
    ...     def __call__(self, shown):
    ...         return shown.mean(1, keepdims=True)
    >>> find_optimum(Mean()).objective
    array([0., 1., 2.])
    """
    n = number_of_regions(scorer)
    if not 1 <= n <= MAX_ENUMERATED:
        raise ValueError(f"the optimum takes 2**n forward passes, for 1 … {MAX_ENUMERATED} regions, got {n} regions")
    weights = check_weights(weights)
    scores, member = CachedScorer(scorer), _members(n)
    chosen = check_tokens(tokens, scores.n_tokens)
    rows = scores(member)
    values = objective_values(rows, rows[::-1], chosen, weights)  # the complement of set i is set 2**n - 1 - i
    size = member.sum(1)
    best = [np.flatnonzero(size == k)[np.argmax(values[size == k])] for k in range(n + 1)]
    return Optimum(values[best], member[best], values, tuple(chosen), weights)


def optimality_gap(trace: SearchTrace, optimum: Optimum) -> np.ndarray:
    """Return how far a search stays below the optimum of F at every size.

    Parameters
    ----------
    trace : SearchTrace
        The search.
    optimum : Optimum
        The optimum with the same scorer, tokens and weights.

    Returns
    -------
    ndarray of float64, (n + 1,)
        Not negative; 0 where the search reaches the optimum.

    Raises
    ------
    ValueError
        If numbers of regions, tokens or weights differ.
    """
    own = (len(trace.order), sorted(trace.tokens), tuple(trace.weights))
    other = (optimum.n, sorted(optimum.tokens), tuple(optimum.weights))
    for what, a, b in zip(("regions", "tokens", "weights"), own, other, strict=True):
        if a != b:
            raise ValueError(f"the search's {what} are {a}, the optimum's {b}; make both with the same")
    return np.asarray(np.maximum(optimum.objective - trace.objective, 0.0))


def _members(n: int) -> np.ndarray:
    """Return every set of n regions: bool (2**n, n)."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)
