"""What every strategy stands on: scored coalitions, counted and remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from ..objective import Weights, objective

Callback = Callable[[dict[str, Any]], None]


@runtime_checkable
class Scorer(Protocol):
    """Anything that turns coalitions of regions into token probabilities."""

    n_regions: int

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Bool (M, n_regions) → probabilities (M, T)."""


class BudgetSpent(Exception):
    """Scoring this would leave too few passes to finish the curves."""


class Evaluation:
    """Scores coalitions through a scorer, each one once.

    Parameters
    ----------
    scorer : Scorer
    tokens : sequence of int or None
        The selected tokens; None for all.
    weights : (float, float)
    budget : int or None
        Forward passes that may be spent, the two curves included.
    callback : callable, optional
        Called after every batch with a dict of "passes", "placed" and "objective".

    Attributes
    ----------
    passes : int
        Distinct coalitions scored so far: each is one forward pass.
    rounds : dict of bytes to int
        The round in which each coalition was first scored.
    """

    def __init__(
        self,
        scorer: Scorer,
        tokens: Sequence[int] | None,
        weights: Weights,
        budget: int | None = None,
        callback: Callback | None = None,
    ) -> None:
        self.scorer, self.weights, self.callback = scorer, weights, callback
        self.n = int(scorer.n_regions)
        self.budget = budget
        self.round = 0
        self.order: list[int] = []
        self.best = float("nan")
        self.rounds: dict[bytes, int] = {}
        self._known: dict[bytes, np.ndarray] = {}
        ends = self.score(np.array([[False] * self.n, [True] * self.n]))
        self.n_tokens = ends.shape[1]
        self.tokens = list(range(self.n_tokens)) if tokens is None else [int(t) for t in tokens]
        if not self.tokens:
            raise ValueError("tokens is empty; give at least one index, or None for all")
        if len(set(self.tokens)) < len(self.tokens):
            raise ValueError(f"tokens repeats an index: {self.tokens}")
        outside = [t for t in self.tokens if not 0 <= t < self.n_tokens]
        if outside:
            raise ValueError(f"token index {outside[0]} is out of range 0 … {self.n_tokens - 1}")

    @property
    def passes(self) -> int:
        return len(self._known)

    def score(self, shown: np.ndarray) -> np.ndarray:
        """Probabilities (M, T) of coalitions (M, n), asking the scorer for the new ones alone."""
        shown = np.ascontiguousarray(shown, dtype=bool)
        keys = [row.tobytes() for row in np.packbits(shown, axis=1)]
        new = {key: k for k, key in enumerate(keys) if key not in self._known}
        if new:
            rows = list(new.values())
            scores = np.asarray(self.scorer(shown[rows]))
            self._check(scores, shown[rows])
            for key, score in zip(new, scores, strict=True):
                self._known[key] = score.astype(np.float32)
                self.rounds[key] = self.round
            if self.callback is not None:
                self.callback({"passes": self.passes, "placed": len(self.order), "objective": self.best})
        return np.stack([self._known[key] for key in keys])

    def objective(self, shown: np.ndarray) -> np.ndarray:
        """F of coalitions (M, n): float64 (M,). Scores each coalition and its complement."""
        shown = np.asarray(shown, dtype=bool)
        both = self.score(np.concatenate([shown, ~shown]))
        return objective(both[: len(shown)], both[len(shown) :], self.tokens, self.weights)

    def candidates(self, regions: Sequence[int]) -> np.ndarray:
        """F after adding each of `regions` to what is placed: float64 (len(regions),).

        Raises
        ------
        BudgetSpent
            If the passes left would then not cover the curves.
        """
        shown = np.zeros((len(regions), self.n), dtype=bool)
        shown[:, self.order] = True
        shown[np.arange(len(regions)), list(regions)] = True
        if self.budget is not None:
            left_over = 2 * (self.n - len(self.order) - 1)
            if self.passes + 2 * len(regions) + left_over > self.budget:
                raise BudgetSpent
        return self.objective(shown)

    def place(self, region: int, value: float) -> None:
        """Take `region` as the next of the order; F is then `value`."""
        self.order.append(int(region))
        self.best = float(value)
        self.round += 1

    def _check(self, scores: np.ndarray, shown: np.ndarray) -> None:
        tokens = getattr(self, "n_tokens", None)
        if scores.ndim != 2 or len(scores) != len(shown) or tokens not in (None, scores.shape[-1]):
            expected = f"({len(shown)}, {'T' if tokens is None else tokens})"
            raise ValueError(
                f"the scorer returned shape {scores.shape} for {len(shown)} coalitions, expected {expected}"
            )
        if scores.shape[1] == 0:
            raise ValueError("the scorer returned no tokens; there is nothing to explain")
        bad = ~np.isfinite(scores).all(1)
        if bad.any():
            regions = np.flatnonzero(shown[int(np.argmax(bad))]).tolist()
            raise ValueError(f"the scorer returned NaN or infinity for the coalition of regions {regions}")
