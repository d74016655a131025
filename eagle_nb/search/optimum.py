"""The true optimum by enumeration: how good any search could have been, on few regions.

Sets that are best at neighbouring sizes need not contain each other, so that no order may reach all of them: the gap of a
search to the optimum bounds what it loses, it does not say what a better order would have gained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..objective import Weights, check_weights, objective
from .evaluation import check_tokens
from .scores import Scorer, Scores
from .trace import SearchTrace

MOST = 12
"""Regions up to which all coalitions are scored: 4,096 forward passes."""

_WORTH = 1e-6


@dataclass(frozen=True, eq=False)
class Optimum:
    """F of every coalition of n regions, and the best of each size.

    Attributes
    ----------
    objective : ndarray of float64, (n + 1,)
        The largest F of all sets of k regions.
    sets : ndarray of bool, (n + 1, n)
        A set that has it; of several, the one whose bits, region 0 the lowest, make the smallest number.
    values : ndarray of float64, (2**n,)
        F of every set, indexed by its bits: region v is in set i if ``i >> v & 1``.
    tokens : tuple of int
    weights : (float, float)
    """

    objective: np.ndarray
    sets: np.ndarray = field(repr=False)
    values: np.ndarray = field(repr=False)
    tokens: tuple[int, ...]
    weights: Weights

    @property
    def n(self) -> int:
        return int(self.sets.shape[1])

    @property
    def nested(self) -> bool:
        """Whether each set contains the one before, so that an order reaches all of them."""
        return bool((self.sets[:-1] <= self.sets[1:]).all())

    def submodularity_ratios(self) -> np.ndarray:
        """The submodularity ratio of every pair of sets (Das and Kempe 2011, "Submodular meets spectral").

        For each set L and each set S of two or more other regions that together add more than 1e-6 to F(L): the sum of
        what each region of S adds alone over what they add together. The smallest is γ of the function; 1 or more
        everywhere where F is submodular.

        Returns
        -------
        ndarray of float64
            Empty if no pair adds anything; at most 3**n values.
        """
        n, every = self.n, np.arange(2**self.n)
        member = _members(n)
        several = member.sum(1) >= 2
        found = []
        for base in every:
            alone = self.values[base | (1 << np.arange(n))] - self.values[base]
            added = every[several & (every & base == 0)]
            together = self.values[base | added] - self.values[base]
            good = together > _WORTH
            found.append((member[added[good]] @ alone) / together[good])
        return np.concatenate(found)


def optimum(scorer: Scorer, tokens: Sequence[int] | None = None, weights: Weights = (1.0, 1.0)) -> Optimum:
    """Score all 2**n coalitions and take the best of each size.

    Parameters
    ----------
    scorer : Scorer
        Over at most 12 regions.
    tokens, weights
        See `eagle_nb.search.order`.

    Raises
    ------
    ValueError
        If there are more regions, before any is scored, or an argument is out of range.
    """
    n = int(scorer.n_regions)
    if not 1 <= n <= MOST:
        raise ValueError(f"the optimum takes 2**n forward passes and is found for 1 … {MOST} regions, there are {n}")
    weights = check_weights(weights)
    scores, member = Scores(scorer), _members(n)
    chosen = check_tokens(tokens, scores.n_tokens)
    rows = scores(member)
    values = objective(rows, rows[::-1], chosen, weights)  # the complement of set i is set 2**n - 1 - i
    size = member.sum(1)
    best = [np.flatnonzero(size == k)[np.argmax(values[size == k])] for k in range(n + 1)]
    return Optimum(values[best], member[best], values, tuple(chosen), weights)


def gap(trace: SearchTrace, optimum: Optimum) -> np.ndarray:
    """How far a search stays below the optimum of F at every size: float64 (n + 1,), 0 where it reaches it.

    Raises
    ------
    ValueError
        If the two have other numbers of regions, tokens or weights.
    """
    found = (len(trace.order), sorted(trace.tokens), tuple(trace.weights))
    wanted = (optimum.n, sorted(optimum.tokens), tuple(optimum.weights))
    for what, a, b in zip(("regions", "tokens", "weights"), found, wanted, strict=True):
        if a != b:
            raise ValueError(f"the search's {what} are {a}, the optimum's {b}; make both with the same")
    return np.asarray(np.maximum(optimum.objective - trace.objective, 0.0))


def _members(n: int) -> np.ndarray:
    """Every set of n regions: bool (2**n, n)."""
    return (np.arange(2**n)[:, None] >> np.arange(n) & 1).astype(bool)
