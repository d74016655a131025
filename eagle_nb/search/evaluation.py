"""What every strategy stands on: the objective of coalitions, the passes left, and the order as it grows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..objective import Weights, objective
from .budget import Budget
from .scores import Scores, coalition_keys

Callback = Callable[[dict[str, Any]], None]


class BudgetSpent(Exception):
    """Scoring this would leave too few passes to finish the curves."""


class Evaluation:
    """One search: the objective it follows, what it has asked for, and the order found so far.

    Parameters
    ----------
    scores : Scores
        Shared with other searches of the same scorer, or of this one alone.
    tokens : sequence of int or None
        The selected tokens; None for all.
    weights : (float, float)
    budget : Budget
        What this search may add to the passes of `scores`, the two curves included.
    callback : callable, optional
        Called after every batch, see `eagle_nb.search.order`.

    Attributes
    ----------
    n : int
        Number of regions.
    first, last : list of int
        Regions placed from the front, most important first, and from the back, least important first.
    rounds : dict of bytes to int
        Every coalition that this search asked for, and how many regions were placed when it first did.
    planned : int
        Passes that the strategy spends in all, at most: what the bar runs to.
    best : float
        F of the regions placed from the front, as last scored.
    """

    def __init__(
        self,
        scores: Scores,
        tokens: Sequence[int] | None,
        weights: Weights,
        budget: Budget | None = None,
        callback: Callback | None = None,
    ) -> None:
        self.scores, self.weights, self.callback = scores, weights, callback
        self.n, self.tokens = scores.n, check_tokens(tokens, scores.n_tokens)
        self.budget = budget or Budget()
        self.planned = min(self.budget.passes or self.n * (self.n + 1), self.n * (self.n + 1))
        self.first: list[int] = []
        self.last: list[int] = []
        self.rounds: dict[bytes, int] = {}
        self._before = len(scores) - 2 if len(scores) == 2 else len(scores)  # a first search pays for the two ends
        self._scored = 0.0 if len(scores) == 2 else scores.seconds
        self._began = time.perf_counter() - (scores.seconds - self._scored)
        self.best = float(self.objective(np.zeros((1, self.n), dtype=bool))[0])
        self.listen()

    # -- scoring ------------------------------------------------------------------------------------

    @property
    def passes(self) -> int:
        """Forward passes that this search has caused."""
        return len(self.scores) - self._before

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def score(self, shown: np.ndarray) -> np.ndarray:
        """Probabilities (M, T) of coalitions (M, n), asking the scorer for the new ones alone."""
        rows = self.scores(shown)
        placed = len(self.first) + len(self.last)
        for key in coalition_keys(shown):
            self.rounds.setdefault(key, placed)
        return rows

    def objective(self, shown: np.ndarray) -> np.ndarray:
        """F of coalitions (M, n): float64 (M,). Scores each coalition and its complement."""
        shown = np.asarray(shown, dtype=bool)
        both = self.score(np.concatenate([shown, ~shown]))
        return objective(both[: len(shown)], both[len(shown) :], self.tokens, self.weights)

    def listen(self) -> None:
        """Let this search, and no other of the same scores, tell its callback of each batch."""
        callback = self.callback
        self.scores.heard = None if callback is None else lambda: callback(self.progress())

    def progress(self) -> dict[str, Any]:
        """Passes, seconds, regions placed, F of those placed from the front, and the seconds left, at most."""
        left = max(0, self.planned - self.passes) * self.pace
        if self.budget.seconds is not None:
            left = min(left, max(0.0, self.budget.seconds - self.seconds))
        return {
            "passes": self.passes,
            "planned": self.planned,
            "seconds": self.seconds,
            "seconds_left": left,
            "placed": len(self.first) + len(self.last),
            "objective": self.best,
        }

    @property
    def pace(self) -> float:
        """Seconds per pass: what the scorer takes, and what this search takes besides."""
        besides = self.seconds - (self.scores.seconds - self._scored)
        return max(self.scores.pace + besides / max(self.passes, 1), 1e-9)

    def cost(self, shown: np.ndarray) -> int:
        """Passes that F of these coalitions would take: those of them and their complements that are not scored."""
        return len({key for key in coalition_keys(np.concatenate([shown, ~shown])) if key not in self.scores})

    @property
    def spare(self) -> float:
        """Passes that may be spent before what is left only pays for the curves; infinite without a budget."""
        # Each step still open needs its own two passes, but for the last one, which is the full image.
        reserve = 2 * max(self.n - len(self.first) - 1, 0)
        if self.budget.passes is not None:
            return self.budget.passes - self.passes - reserve
        if self.budget.seconds is not None:
            return (self.budget.seconds - self.seconds) / self.pace - reserve
        return float("inf")

    # -- the order ----------------------------------------------------------------------------------

    @property
    def remaining(self) -> np.ndarray:
        """Regions not placed yet, ascending."""
        return np.setdiff1d(np.arange(self.n), [*self.first, *self.last])

    @property
    def order(self) -> list[int]:
        """The placed regions, most important first."""
        return [*self.first, *self.last[::-1]]

    def extended(self, regions: Sequence[int] | np.ndarray) -> np.ndarray:
        """What is placed from the front, and one of `regions` each: bool (len(regions), n)."""
        shown = np.zeros((len(regions), self.n), dtype=bool)
        shown[:, self.first] = True
        shown[np.arange(len(regions)), np.asarray(regions, dtype=int)] = True
        return shown

    def candidates(self, regions: Sequence[int] | np.ndarray) -> np.ndarray:
        """F after adding each of `regions` to what is placed from the front: float64 (len(regions),).

        Raises
        ------
        BudgetSpent
            If the passes left would then not cover the curves.
        """
        shown = self.extended(regions)
        # Whichever of them is placed, its two passes are the curves' own.
        if self.cost(shown) > self.spare + 2:
            raise BudgetSpent
        return self.objective(shown)

    def place(self, region: int, value: float = float("nan")) -> None:
        """Take `region` as the next from the front; F is then `value`, if it is known."""
        self.first.append(int(region))
        self.best = self.best if np.isnan(value) else float(value)

    def place_last(self, region: int) -> None:
        """Take `region` as the least important of those not placed."""
        self.last.append(int(region))


def check_tokens(tokens: Sequence[int] | None, n_tokens: int) -> list[int]:
    """The selected tokens as a list; None for all.

    Raises
    ------
    ValueError
        If there are none, one repeats, or one is out of range.
    TypeError
        If they are no whole numbers.
    """
    given = range(n_tokens) if tokens is None else tokens
    whole = isinstance(given, Iterable) and not isinstance(given, str | bytes)
    if not whole or any(isinstance(t, bool) or not isinstance(t, int | np.integer) for t in given):
        raise TypeError(f"tokens are the indices of tokens, such as [2, 3], got {tokens!r}")
    chosen = [int(t) for t in given]
    if not chosen:
        raise ValueError("tokens is empty; give at least one index, or None for all")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"tokens repeats an index: {chosen}")
    outside = [t for t in chosen if not 0 <= t < n_tokens]
    if outside:
        raise ValueError(f"token index {outside[0]} is out of range 0 … {n_tokens - 1}")
    return chosen
