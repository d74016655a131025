"""SearchTrace: the result of a search and how it was reached."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..scoring.coalitions import coalition_keys, coalitions_of, prefixes
from ..scoring.objective import Aggregate, Weights, objective_values, target_probability
from .calibration import expected_loss
from .evidence import region_evidence
from .state import SearchState

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class SearchTrace:
    """The result of a search and how it was reached.

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
        F of each candidate in each round, where it was scored; NaN elsewhere.
    decided : ndarray of bool, (N,)
        Whether exact scores decided the step: several candidates were scored in its round, and the one placed has the largest
        F. False where the step was proposed: by a surrogate, by an earlier ranking, or because the search was cut short (budget,
        interrupt). The choice of candidates may have been proposed, too; `exhaustive` marks the steps where all were scored.
    tokens : tuple of int
        The selected tokens.
    weights : (float, float)
        λ1 and λ2.
    search : str
        Name of the strategy.
    forward_passes : int
        Distinct coalitions scored, those of the curves included.
    seconds : float
        Duration of the search.
    coalitions : ndarray of bool, (forward_passes, N)
        Every coalition scored.
    rounds : ndarray of int, (forward_passes,)
        How many regions were placed when each coalition was first scored.
    evidence : ndarray of float64, (N,)
        What each region contributes to the probability of the target, see `eagle_nb.search.evidence`.
    aggregate : {"mean", "joint"}
        How the selected tokens become one target.
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
    evidence: np.ndarray = field(repr=False)
    aggregate: Aggregate = "mean"

    @property
    def gains(self) -> np.ndarray:
        """Increase of F by each candidate in each round: float64 (N, N), NaN where it was not scored."""
        return np.asarray(self.candidates - self.objective[:-1, None])

    @property
    def exhaustive(self) -> np.ndarray:
        """Steps as exhaustive greedy search takes them, every remaining region scored and the best placed: bool (N,)."""
        n = len(self.order)
        return np.asarray(self.decided & (np.isfinite(self.candidates).sum(1) == np.arange(n, 0, -1)))

    @property
    def passes_saved(self) -> float:
        """Share of the N (N + 1) forward passes of exhaustive greedy search that were not needed."""
        n = len(self.order)
        return 1.0 - self.forward_passes / (n * (n + 1))

    @property
    def stale_underestimates(self) -> tuple[int, int]:
        """How many gains had grown since they were last scored, and how many were scored again at all.

        No gain of a submodular F can grow. Growth below 1e-6 does not count.
        """
        grown = total = 0
        for column in self.gains.T:
            seen = column[np.isfinite(column)]
            grown += int((np.diff(seen) > 1e-6).sum())
            total += max(len(seen) - 1, 0)
        return grown, total

    def submodularity_ratio(self) -> np.ndarray:
        """Return the empirical submodularity ratio wherever the trace contains what it takes.

        For each round k and each number m ≥ 2 of regions placed next, all of them scored in that round and jointly worth more than
        1e-6: the sum of their single gains over their joint gain. F is γ-weakly submodular if the ratio never falls below γ; it is
        at least 1 for a submodular F.

        Returns
        -------
        ndarray of float64
            Ratios; empty if there are none.

        References
        ----------
        Das and Kempe 2011, "Submodular meets spectral".
        """
        n, gains, ratios = len(self.order), self.gains, []
        for k in range(n):
            single = np.cumsum(gains[k, self.order[k:]])
            joint = self.objective[k + 1 :] - self.objective[k]
            good = np.isfinite(single) & (joint > 1e-6)
            good[0] = False
            ratios.append(single[good] / joint[good])
        return np.concatenate(ratios)

    def steps(self) -> pd.DataFrame:
        """Return the steps of the search as a table.

        Returns
        -------
        pandas.DataFrame
            One row per step: "region", "decided" ("exact" or "proposed"), "candidates" (how many were scored), "of" (how many there
            were), "objective" and "gain".
        """
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
        """Return the search in numbers.

        Returns
        -------
        dict
            Forward passes and the share saved, steps decided by exact scores, stale gains, submodularity ratio, and the
            expected loss against exhaustive greedy search (see `eagle_nb.search.calibration.expected_loss`).
        """
        grown, again = self.stale_underestimates
        ratio, n = self.submodularity_ratio(), len(self.order)
        loss = expected_loss(self.search, n, self.forward_passes)
        if self.exhaustive.all():
            loss = {"median": 0.0, "percentile_95": 0.0, "samples": 0, "regions": 0}
        return {
            "search": self.search,
            "forward_passes": self.forward_passes,
            "passes_saved": self.passes_saved,
            "steps_decided_exactly": int(self.decided.sum()),
            "steps_over_all_candidates": int(self.exhaustive.sum()),
            "steps": n,
            "stale_gains_underestimated": grown,
            "gains_scored_again": again,
            "submodularity_ratio_5th_percentile": float(np.percentile(ratio, 5)) if len(ratio) else float("nan"),
            "submodularity_ratio_median": float(np.median(ratio)) if len(ratio) else float("nan"),
            "expected_loss": loss,
        }


def build_trace(state: SearchState, search: str) -> SearchTrace:
    """Score both curves of a search's order where they are not scored yet, and build the trace.

    Parameters
    ----------
    state : SearchState
        The search, all regions placed.
    search : str
        Name of the strategy.

    Returns
    -------
    SearchTrace
        The trace.
    """
    n, order = state.n, np.array(state.order, dtype=int)
    curve = prefixes(order)
    both = state.score(np.concatenate([curve, ~curve]))
    insertion, deletion = both[: n + 1], both[n + 1 :]
    table = _candidates(state, curve, order)
    several = (np.isfinite(table).sum(1) > 1) | (np.arange(n) == n - 1)
    return SearchTrace(
        order=order,
        insertion=insertion,
        deletion=deletion,
        objective=objective_values(insertion, deletion, state.tokens, state.weights, state.aggregate),
        candidates=table,
        decided=several & (table[np.arange(n), order] >= np.nanmax(table, axis=1)),
        tokens=tuple(state.tokens),
        weights=state.weights,
        search=search,
        forward_passes=len(state.rounds),
        seconds=state.seconds,
        coalitions=coalitions_of(list(state.rounds), n),
        rounds=np.array(list(state.rounds.values())),
        evidence=region_evidence(
            state.scores.shown, target_probability(state.scores.rows, state.tokens, state.aggregate)
        ),
        aggregate=state.aggregate,
    )


def _candidates(state: SearchState, curve: np.ndarray, order: np.ndarray) -> np.ndarray:
    """Return F of every candidate of every round whose two coalitions are scored."""
    n = state.n
    table = np.full((n, n), np.nan)
    for k in range(n):
        regions = order[k:]
        shown = np.repeat(curve[k][None], len(regions), axis=0)
        shown[np.arange(len(regions)), regions] = True
        both = zip(coalition_keys(shown), coalition_keys(~shown), strict=True)
        scored = np.array([a in state.rounds and b in state.rounds for a, b in both])
        if scored.any():
            table[k, regions[scored]] = state.objective(shown[scored])
    return table
