"""SearchTrace: what a search found, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..objective import Weights, objective
from .evaluation import Evaluation
from .scores import coalition_keys, prefixes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SearchTrace:
    """What a search found and how.

    Attributes
    ----------
    order : ndarray of int, (N,)
        Region ids, most important first.
    insertion : ndarray of float32, (N + 1, T)
        Token probabilities when the first k regions are shown, k = 0 … N.
    deletion : ndarray of float32, (N + 1, T)
        Token probabilities when the first k regions are hidden.
    objective : ndarray of float64, (N + 1,)
        F of the first k regions.
    candidates : ndarray of float64, (N, N)
        F of each candidate in each round, as far as it was scored; NaN elsewhere.
    decided : ndarray of bool, (N,)
        Whether the step was decided by exact scores: several candidates were scored in its round and the one placed has the
        largest F. False where it was proposed: by a surrogate, by an earlier ranking, or because the search was
        cut short (budget, interrupt). Which candidates were scored may have been proposed too; `exhaustive` tells where all were.
    tokens : tuple of int
    weights : (float, float)
    search : str
    forward_passes : int
        Distinct coalitions scored, those of the curves included.
    seconds : float
    coalitions : ndarray of bool, (forward_passes, N)
        Every coalition scored.
    rounds : ndarray of int, (forward_passes,)
        How many regions were placed when each was first scored.
    """

    order: np.ndarray
    insertion: np.ndarray = field(repr=False)
    deletion: np.ndarray = field(repr=False)
    objective: np.ndarray = field(repr=False)
    candidates: np.ndarray = field(repr=False)
    decided: np.ndarray = field(repr=False)
    tokens: tuple[int, ...]
    weights: Weights
    search: str
    forward_passes: int
    seconds: float
    coalitions: np.ndarray = field(repr=False)
    rounds: np.ndarray = field(repr=False)

    @property
    def gains(self) -> np.ndarray:
        """What each candidate would have added in each round: float64 (N, N), NaN where it was not scored."""
        return np.asarray(self.candidates - self.objective[:-1, None])

    @property
    def exhaustive(self) -> np.ndarray:
        """Steps that are exhaustive greedy's own: every region left was scored, and the best placed. Bool (N,)."""
        n = len(self.order)
        return np.asarray(self.decided & (np.isfinite(self.candidates).sum(1) == np.arange(n, 0, -1)))

    @property
    def passes_saved(self) -> float:
        """Share of exhaustive greedy's N (N + 1) passes that were not needed."""
        n = len(self.order)
        return 1.0 - self.forward_passes / (n * (n + 1))

    @property
    def stale_underestimates(self) -> tuple[int, int]:
        """How often a gain had grown since it was last scored, and how often one was scored again at all.

        Were F submodular, no gain could grow. Growth below 1e-6 does not count.
        """
        grown = total = 0
        for column in self.gains.T:
            seen = column[np.isfinite(column)]
            grown += int((np.diff(seen) > 1e-6).sum())
            total += max(len(seen) - 1, 0)
        return grown, total

    def submodularity_ratio(self) -> np.ndarray:
        """The empirical submodularity ratio at every place of the trace where it can be read.

        For each round k and each number m ≥ 2 of regions placed next, all of them scored in that round and together worth
        more than 1e-6: the sum of their single gains over the gain of placing them all (Das and Kempe 2011,
        "Submodular meets spectral"). F is γ-weakly submodular if this is never below γ; 1 for submodular F.

        Returns
        -------
        ndarray of float64
            Empty where nothing can be read.
        """
        n, gains, found = len(self.order), self.gains, []
        for k in range(n):
            alone = np.cumsum(gains[k, self.order[k:]])
            together = self.objective[k + 1 :] - self.objective[k]
            good = np.isfinite(alone) & (together > 1e-6)
            good[0] = False
            found.append(alone[good] / together[good])
        return np.concatenate(found)

    def steps(self) -> pd.DataFrame:
        """One row per step: region, whether exact scores decided it, candidates scored and those there were, F and its gain."""
        import pandas as pd

        return pd.DataFrame(
            {
                "region": self.order,
                "decided": np.where(self.decided, "exact", "proposed"),
                "candidates": np.isfinite(self.candidates).sum(1),
                "of": np.arange(len(self.order), 0, -1),
                "objective": self.objective[1:],
                "gain": np.diff(self.objective),
            }
        )

    def diagnostics(self) -> dict[str, Any]:
        """The search in numbers: passes and their saving, exact steps, stale gains, submodularity ratio, expected loss."""
        from .calibration import expected_loss

        grown, again = self.stale_underestimates
        ratio = self.submodularity_ratio()
        return {
            "search": self.search,
            "forward_passes": self.forward_passes,
            "passes_saved": self.passes_saved,
            "steps_decided_exactly": int(self.decided.sum()),
            "steps_over_all_candidates": int(self.exhaustive.sum()),
            "steps": len(self.order),
            "stale_gains_underestimated": grown,
            "gains_scored_again": again,
            "submodularity_ratio_5th_percentile": float(np.percentile(ratio, 5)) if len(ratio) else float("nan"),
            "submodularity_ratio_median": float(np.median(ratio)) if len(ratio) else float("nan"),
            "expected_loss": expected_loss(self),
        }


def build_trace(evaluation: Evaluation, search: str) -> SearchTrace:
    """Score both curves of an evaluation's order, as far as they are not scored, and put the trace together."""
    n, found = evaluation.n, np.array(evaluation.order, dtype=int)
    curve = prefixes(found)
    both = evaluation.score(np.concatenate([curve, ~curve]))
    insertion, deletion = both[: n + 1], both[n + 1 :]
    table = _candidates(evaluation, curve, found)
    several = (np.isfinite(table).sum(1) > 1) | (np.arange(n) == n - 1)
    return SearchTrace(
        order=found,
        insertion=insertion,
        deletion=deletion,
        objective=objective(insertion, deletion, evaluation.tokens, evaluation.weights),
        candidates=table,
        decided=several & (table[np.arange(n), found] >= np.nanmax(table, axis=1)),
        tokens=tuple(evaluation.tokens),
        weights=evaluation.weights,
        search=search,
        forward_passes=len(evaluation.rounds),
        seconds=evaluation.seconds,
        coalitions=_coalitions(evaluation),
        rounds=np.array(list(evaluation.rounds.values())),
    )


def _coalitions(evaluation: Evaluation) -> np.ndarray:
    bits = np.frombuffer(b"".join(evaluation.rounds), np.uint8).reshape(len(evaluation.rounds), -1)
    return np.unpackbits(bits, axis=1, count=evaluation.n).astype(bool)


def _candidates(evaluation: Evaluation, curve: np.ndarray, order: np.ndarray) -> np.ndarray:
    """F of every candidate of every round whose two coalitions are scored."""
    n = evaluation.n
    table = np.full((n, n), np.nan)
    for k in range(n):
        regions = order[k:]
        shown = np.repeat(curve[k][None], len(regions), axis=0)
        shown[np.arange(len(regions)), regions] = True
        both = zip(coalition_keys(shown), coalition_keys(~shown), strict=True)
        scored = np.array([a in evaluation.rounds and b in evaluation.rounds for a, b in both])
        if scored.any():
            table[k, regions[scored]] = evaluation.objective(shown[scored])
    return table
