"""The state of a search: the objective of coalitions, the forward passes left, and the order as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..scoring.cached import CachedScorer
from ..scoring.coalitions import coalition_keys
from ..scoring.objective import Aggregate, Weights, objective_values, target_columns, target_probability
from .budget import Budget
from .ties import best, ranked, scorer_resolution, tie_tolerance

Callback = Callable[[dict[str, Any]], None]
"""Called after each batch of forward passes; see `eagle_nb.search.order`."""


class BudgetSpent(Exception):
    """The requested scores would leave too few forward passes for the curves."""


class SearchState:
    """One search: its objective, the coalitions that it has asked for, and the order so far.

    A strategy is called with this state and places all regions: it asks for `candidates` and calls `place`.

    Parameters
    ----------
    scores : CachedScorer
        Scores of this search, or shared with other searches of the same scorer.
    tokens : sequence of int or None
        The selected tokens; None for all.
    weights : (float, float)
        λ1 and λ2.
    budget : Budget, optional
        What this search may add to the forward passes of `scores`, both curves included.
    callback : callable, optional
        Called after every batch, see `eagle_nb.search.order`.
    aggregate : {"mean", "joint"}
        How the selected tokens become one target.

    Attributes
    ----------
    n : int
        Number of regions.
    first, last : list of int
        Regions placed from the front, most important first, and from the back, least important first.
    rounds : dict of bytes to int
        Every coalition that this search asked for, and how many regions were placed when it first did.
    planned : int
        Maximum number of forward passes of the strategy; the end of the progress bar.
    best : float
        F of the regions placed from the front, as last scored.
    tolerance : float
        Differences of F up to this are ties; see `eagle_nb.search.ties`.
    """

    def __init__(
        self,
        scores: CachedScorer,
        tokens: Sequence[int] | None,
        weights: Weights,
        budget: Budget | None = None,
        callback: Callback | None = None,
        aggregate: Aggregate = "mean",
    ) -> None:
        self.scores, self.weights, self.callback, self.aggregate = scores, weights, callback, aggregate
        self.n, self.tokens = scores.n_regions, check_tokens(tokens, scores.n_tokens)
        self.budget = budget or Budget()
        self.planned = min(self.budget.forward_passes or self.n * (self.n + 1), self.n * (self.n + 1))
        self.first: list[int] = []
        self.last: list[int] = []
        self.rounds: dict[bytes, int] = {}
        self._before = len(scores) - 2 if len(scores) == 2 else len(scores)  # the first search pays for both ends
        self._scored = 0.0 if len(scores) == 2 else scores.seconds
        self._began = time.perf_counter() - (scores.seconds - self._scored)
        self.best = float(self.objective(np.zeros((1, self.n), dtype=bool))[0])
        ends = scores(np.repeat([[False], [True]], self.n, axis=1))
        blank, full = target_probability(ends, self.tokens, aggregate)
        self.tolerance = tie_tolerance(scorer_resolution(scores), weights, float(blank), float(full))
        self.report()

    # -- scoring ------------------------------------------------------------------------------------

    @property
    def forward_passes(self) -> int:
        """Forward passes that this search has caused."""
        return len(self.scores) - self._before

    @property
    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.perf_counter() - self._began

    def score(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions; only new ones take a forward pass.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T)
            Probabilities.
        """
        rows = self.scores(shown)
        placed = len(self.first) + len(self.last)
        for key in coalition_keys(shown):
            self.rounds.setdefault(key, placed)
        return rows

    def objective(self, shown: np.ndarray) -> np.ndarray:
        """Return F of coalitions; scores each coalition and its complement.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float64, (M,)
            F.
        """
        shown = np.asarray(shown, dtype=bool)
        both = self.score(np.concatenate([shown, ~shown]))
        return objective_values(both[: len(shown)], both[len(shown) :], self.tokens, self.weights, self.aggregate)

    @property
    def target_scores(self) -> np.ndarray:
        """The target's columns of every coalition in ``scores.shown``: float64 (M, K); see `target_columns`."""
        return target_columns(self.scores.rows, self.tokens, self.aggregate)

    def report(self) -> None:
        """Report the progress of this search, and of no other on the same scores, to its callback."""
        callback = self.callback
        self.scores.on_scores = None if callback is None else lambda: callback(self.progress())

    def progress(self) -> dict[str, Any]:
        """Return the progress of the search.

        Returns
        -------
        dict
            "forward_passes", "planned", "seconds", "seconds_left" (an upper bound), "placed" and "objective".
        """
        left = max(0, self.planned - self.forward_passes) * self.pace
        if self.budget.seconds is not None:
            left = min(left, max(0.0, self.budget.seconds - self.seconds))
        return {
            "forward_passes": self.forward_passes,
            "planned": self.planned,
            "seconds": self.seconds,
            "seconds_left": left,
            "placed": len(self.first) + len(self.last),
            "objective": self.best,
        }

    @property
    def pace(self) -> float:
        """Seconds per forward pass, the search's own time included."""
        besides = self.seconds - (self.scores.seconds - self._scored)
        return max(self.scores.pace + besides / max(self.forward_passes, 1), 1e-9)

    def cost(self, shown: np.ndarray) -> int:
        """Return the number of forward passes that F of coalitions would take.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        int
            Coalitions and complements that are not scored yet.
        """
        return len({key for key in coalition_keys(np.concatenate([shown, ~shown])) if key not in self.scores})

    @property
    def spare(self) -> float:
        """Forward passes that may be spent without touching those of the curves; infinite without a budget."""
        # Each open step needs its own two passes, except for the last one, which is the full image.
        reserve = 2 * max(self.n - len(self.first) - 1, 0)
        if self.budget.forward_passes is not None:
            return self.budget.forward_passes - self.forward_passes - reserve
        if self.budget.seconds is not None:
            return (self.budget.seconds - self.seconds) / self.pace - reserve
        return float("inf")

    @property
    def left(self) -> float:
        """Forward passes that may be spent on the remaining steps, those of their curves included."""
        behind = np.ones((len(self.last), self.n), dtype=bool)  # the curve where the regions of `last` follow
        for k, row in enumerate(behind):
            row[self.last[: k + 1]] = False
        left = self.spare + 2 * max(self.n - len(self.first) - 1, 0) - self.cost(behind[:-1])
        return min(left, self.planned - self.forward_passes)

    # -- the order ----------------------------------------------------------------------------------

    @property
    def remaining(self) -> np.ndarray:
        """Regions that are not placed yet: int, ascending."""
        return np.setdiff1d(np.arange(self.n), [*self.first, *self.last])

    @property
    def order(self) -> list[int]:
        """The placed regions, most important first."""
        return [*self.first, *self.last[::-1]]

    def extended(self, regions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return the coalitions of the regions placed from the front and one more region each.

        Parameters
        ----------
        regions : sequence of int, (M,)
            The regions to add.

        Returns
        -------
        ndarray of bool, (M, N)
            One coalition per region.
        """
        shown = np.zeros((len(regions), self.n), dtype=bool)
        shown[:, self.first] = True
        shown[np.arange(len(regions)), np.asarray(regions, dtype=int)] = True
        return shown

    def candidates(self, regions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return F after adding each of some regions to those placed from the front.

        Parameters
        ----------
        regions : sequence of int, (M,)
            The candidates.

        Returns
        -------
        ndarray of float64, (M,)
            F.

        Raises
        ------
        BudgetSpent
            If the forward passes left would then not cover the curves.
        """
        shown = self.extended(regions)
        # The two passes of the candidate that is placed are needed for the curves in any case.
        if self.cost(shown) > self.spare + 2:
            raise BudgetSpent
        return self.objective(shown)

    def best_of(self, values: np.ndarray) -> int:
        """Return the index of the largest value of F; of values that are equal within `tolerance`, the first.

        Parameters
        ----------
        values : ndarray of float, (M,)
            F of candidates in the order of their region numbers.

        Returns
        -------
        int
            Its index.
        """
        return best(values, self.tolerance)

    def ranking(self, values: np.ndarray) -> np.ndarray:
        """Return the indices of values of F, largest first; values that are equal within `tolerance` keep their order.

        Parameters
        ----------
        values : ndarray of float, (M,)
            F of candidates in the order of their region numbers.

        Returns
        -------
        ndarray of int, (M,)
            Indices.
        """
        return ranked(values, self.tolerance)

    def candidates_last(self, regions: Sequence[int] | np.ndarray) -> np.ndarray:
        """Return F of all regions that are not placed from the back, without each of some of them.

        Parameters
        ----------
        regions : sequence of int, (M,)
            The candidates for the next place from the back.

        Returns
        -------
        ndarray of float64, (M,)
            F.

        Raises
        ------
        BudgetSpent
            If the forward passes left would then not cover the curves.
        """
        shown = np.ones((len(regions), self.n), dtype=bool)
        shown[:, self.last] = False
        shown[np.arange(len(regions)), np.asarray(regions, dtype=int)] = False
        if self.cost(shown) > self.spare + 2:
            raise BudgetSpent
        return self.objective(shown)

    def place(self, region: int, value: float = float("nan")) -> None:
        """Place a region as the next from the front.

        Parameters
        ----------
        region : int
            The region.
        value : float
            F with it, if it was scored.
        """
        self.first.append(int(region))
        self.best = self.best if np.isnan(value) else float(value)

    def place_last(self, region: int) -> None:
        """Place a region as the least important of those that remain.

        Parameters
        ----------
        region : int
            The region.
        """
        self.last.append(int(region))


def check_tokens(tokens: Sequence[int] | None, n_tokens: int) -> list[int]:
    """Validate token indices.

    Parameters
    ----------
    tokens : sequence of int or None
        Indices; None for all.
    n_tokens : int
        Number of tokens.

    Returns
    -------
    list of int
        The indices.

    Raises
    ------
    ValueError
        If there are none, one repeats, or one is out of range.
    TypeError
        If they are not integers.
    """
    indices = range(n_tokens) if tokens is None else tokens
    whole = isinstance(indices, Iterable) and not isinstance(indices, str | bytes)
    if not whole or any(isinstance(t, bool) or not isinstance(t, int | np.integer) for t in indices):
        raise TypeError(f"tokens are the indices of tokens, such as [2, 3], got {tokens!r}")
    chosen = [int(t) for t in indices]
    if not chosen:
        raise ValueError("tokens is empty; give at least one index, or None for all")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"tokens repeats an index: {chosen}")
    outside = [t for t in chosen if not 0 <= t < n_tokens]
    if outside:
        raise ValueError(f"token index {outside[0]} is out of range 0 … {n_tokens - 1}")
    return chosen
