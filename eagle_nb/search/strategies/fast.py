"""Surrogate search, the default: a surrogate fitted to every scored coalition proposes, exact scores decide.

1. *Design*: a few regions are scored alone. If their gains add up to about the total gain, every region is scored alone and left
   out, as in the first round of exhaustive greedy search. Otherwise coalitions of half the regions and their complements are scored:
   rows of a Hadamard matrix, which estimate the effects of all regions with the fewest forward passes (Plackett and Burman 1946) and
   stay informative when no single region is sufficient or necessary.
2. *Sketches*: the surrogate orders all regions, and a few coalitions along its order are scored, where the curves will run. This is
   repeated, each time with what the last sketch added.
3. *Search*: round by round a `Surrogate` is fitted to everything scored so far and ranks the remaining regions. The best few are scored
   exactly and the best of them is placed; there are more candidates the more forward passes are left and the earlier the round.
4. *Local search*: the forward passes reserved for it pay for moves from the order (see `eagle_nb.search.paths`), proposed by the
   surrogate, which by then has seen a whole order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from scipy.linalg import hadamard

from ...scoring.coalitions import prefixes
from ..budget import Budget
from ..joint import order_jointly
from ..paths import LocalSearch
from ..state import SearchState
from ..surrogate import Surrogate
from .greedy import GreedySearch

_SEED = 20250922


@dataclass(frozen=True)
class FastSearch:
    """Place all regions within a budget, by default a tenth of the forward passes of exhaustive greedy search.

    Parameters
    ----------
    share : float
        Default budget, as a share of the N (N + 1) forward passes of exhaustive greedy search.
    minimum : int
        Minimum number of forward passes per region of the default budget: below about 60 regions the share hardly pays for more
        than the curves.
    design : float
        Share of the forward passes besides the curves that coalitions of half the regions and their complements take.
    halves : int
        Maximum number of these coalitions per region.
    probes : int
        Number of regions that are scored alone before the design is chosen.
    additive : float
        Regions are scored alone and left out if the gains of the probes promise at least this share of the total gain.
    sketches : int
        Number of sketches.
    sketch : float
        Share of the forward passes besides the curves that each sketch takes.
    reserve : float
        Share of the forward passes left after the survey that is reserved for the local search.
    local_search : LocalSearch
        The local search from the order found.
    variance, reach, noise : float
        Parameters of the `Surrogate`.
    evidence : int
        Maximum number of coalitions that the `Surrogate` is fitted to.
    joint_share : float
        Default budget for several words together, as a multiple of that of one word.
    joint_survey : float
        Share of the budget for several words that their survey plans with.

    References
    ----------
    Plackett and Burman 1946, "The design of optimum multifactorial experiments"; the search is described in
    `docs/method.md`.
    """

    share: float = 0.1
    minimum: int = 6
    design: float = 1 / 4
    halves: int = 4
    probes: int = 8
    additive: float = 1 / 2
    sketches: int = 4
    sketch: float = 0.08
    reserve: float = 1 / 4
    local_search: LocalSearch = field(default_factory=LocalSearch)
    variance: float = 4.0
    reach: float = 1.0
    noise: float = 0.03
    evidence: int = 2000
    joint_share: float = 2.8
    joint_survey: float = 1 / 2
    name: ClassVar[str] = "fast"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        n = state.n
        if state.budget == Budget():
            state.budget = Budget(forward_passes=self.default_budget(n))
        state.planned = min(state.budget.forward_passes or state.planned, state.planned)
        if state.budget.forward_passes is not None and state.budget.forward_passes >= n * (n + 1):
            GreedySearch()(state)
            return
        surrogate = self.surrogate(n)
        self.survey(state, surrogate, lambda: state.spare)
        self._place_candidates(state, surrogate, self.reserve * state.spare)
        state.objective(prefixes(state.order))
        self.local_search([state], surrogate, lambda: state.spare)

    def default_budget(self, n: int) -> int:
        """Return the default budget.

        Parameters
        ----------
        n : int
            Number of regions.

        Returns
        -------
        int
            Forward passes.
        """
        return min(max(int(self.share * n * (n + 1)), self.minimum * n), n * (n + 1))

    def joint_budget(self, n: int, searches: int) -> int:
        """Return the default budget of several searches over one answer.

        Parameters
        ----------
        n : int
            Number of regions.
        searches : int
            Number of searches.

        Returns
        -------
        int
            Forward passes of all searches together.
        """
        return int(min(self.joint_share, searches) * self.default_budget(n))

    def order_jointly(self, every: SearchState, states: Sequence[SearchState]) -> None:
        """Place all regions for each of several words; see `eagle_nb.search.joint`.

        Parameters
        ----------
        every : SearchState
            A search for the tokens of all words, with the budget of all.
        states : sequence of SearchState
            One search for each word, on the same scores.
        """
        order_jointly(self, every, states)

    def complete(self, state: SearchState) -> None:
        """Place the remaining regions within the forward passes left, where another strategy cannot pay for its next round.

        Parameters
        ----------
        state : SearchState
            The search; regions that are placed stay where they are.
        """
        surrogate = self.surrogate(state.n)
        if not state.first and not state.last:
            self.survey(state, surrogate, lambda: state.spare)
        self._place_candidates(state, surrogate, 0)

    def finish(self, state: SearchState) -> None:
        """Place the remaining regions as the surrogate proposes, after an interrupt; only the curves are scored.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        surrogate = self.surrogate(state.n)
        while len(remaining := state.remaining):
            best = int(remaining[np.argmax(_proposed_values(state, surrogate)[remaining])])
            state.place(best, float(state.objective(state.extended([best]))[0]))

    def surrogate(self, n: int) -> Surrogate:
        """Make the surrogate of this search.

        Parameters
        ----------
        n : int
            Number of regions.

        Returns
        -------
        Surrogate
            Not fitted yet.
        """
        return Surrogate(n, self.variance, self.reach, self.noise, self.evidence)

    def survey(self, state: SearchState, surrogate: Surrogate, left: Callable[[], float]) -> None:
        """Score what the surrogate learns from before the first region is placed.

        Parameters
        ----------
        state : SearchState
            The search.
        surrogate : Surrogate
            It is fitted to the scores.
        left : callable
            Returns the forward passes left besides those of the curves.
        """
        n = state.n
        if state.budget.seconds is not None and left() >= 2 * self.probes:
            self._additive(state)  # the first two passes warm the model up: they overestimate the time per pass
        spare = max(left(), 0)
        each = int(self.sketch * spare / 2)
        if spare >= 4 * n and self._additive(state):
            state.objective(np.eye(n, dtype=bool))
        elif pairs := int(max(min(self.design * spare, self.halves * n), 0) / 2):
            state.objective(half_designs(n, pairs))
        few = np.linspace(1, n - 1, min(each, n - 1)).round().astype(int)
        for _ in range(self.sketches if each else 0):
            state.objective(prefixes(self.proposed_order(state, surrogate))[few])

    def proposed_order(self, state: SearchState, surrogate: Surrogate) -> list[int]:
        """Return all regions as the surrogate, fitted to everything scored, orders them.

        Parameters
        ----------
        state : SearchState
            The search.
        surrogate : Surrogate
            It is fitted to the scores.

        Returns
        -------
        list of int
            Regions, most important first.
        """
        surrogate.fit(state.scores.shown, state.target_scores)
        return surrogate.continued([[]], state.n, state.weights)[0]

    def _place_candidates(self, state: SearchState, surrogate: Surrogate, reserved: float) -> None:
        """Place, round by round, the best of the candidates that the surrogate proposes."""
        while len(remaining := state.remaining):
            ranked = remaining[np.argsort(-_proposed_values(state, surrogate)[remaining], kind="stable")]
            spare, steps = state.spare - reserved, len(ranked)
            # The passes left, more of them for earlier steps
            further = int(max(spare, 0) / (steps + 1)) if np.isfinite(spare) else steps
            few = ranked[: 1 + further]
            values = state.objective(state.extended(few))
            best = int(np.argmax(values))
            state.place(few[best], values[best])

    def _additive(self, state: SearchState) -> bool:
        """Whether single regions, judged by a few of them, gain about as much as all regions together."""
        n = state.n
        few = np.random.default_rng(_SEED).permutation(n)[: self.probes]
        ends = [[False] * n, [True] * n]
        none, whole, *alone = state.objective(np.concatenate([ends, np.eye(n, dtype=bool)[few]]))
        return bool(n * (np.mean(alone) - none) > self.additive * (whole - none) > 0)


def half_designs(n: int, count: int) -> np.ndarray:
    """Return coalitions of about half the regions in which no two regions occur together more often than by chance.

    Parameters
    ----------
    n : int
        Number of regions.
    count : int
        Number of coalitions.

    Returns
    -------
    ndarray of bool, (count, n)
        Rows and columns of a Hadamard matrix, drawn with a fixed seed.

    References
    ----------
    Plackett and Burman 1946, "The design of optimum multifactorial experiments".

    Examples
    --------
    >>> half_designs(7, 8).sum(0)
    array([4, 4, 4, 4, 4, 4, 4])
    """
    order = 2 ** int(np.ceil(np.log2(max(n + 1, count))))
    rng = np.random.default_rng(_SEED)
    columns, rows = 1 + rng.permutation(order - 1)[:n], rng.permutation(order)[:count]
    return np.asarray(hadamard(order)[np.ix_(rows, columns)] > 0)


def _proposed_values(state: SearchState, surrogate: Surrogate) -> np.ndarray:
    """Return F that the surrogate, fitted to everything scored, predicts with each region placed next: (N,)."""
    surrogate.fit(state.scores.shown, state.target_scores)
    shown = np.zeros((1, state.n), dtype=bool)
    shown[:, state.first] = True
    return np.asarray(surrogate.extensions(shown, state.weights)[0])
