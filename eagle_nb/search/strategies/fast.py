"""Surrogate search, the default: a surrogate fitted to every scored coalition plans the order, exact scores decide it.

1. Score the blank and the full image.
2. Score a few regions alone.
3. Score a design: if the gains of these regions promise about the total gain, every region alone and left out; otherwise coalitions of
   half the regions, which stay informative when no single region is sufficient or necessary.
4. In each of a fixed number of rounds, fit a `Surrogate` to everything scored so far.
5. Plan the best order that the forward passes left pay for, through scored and proposed coalitions: a path from the blank to the
   full image, found by dynamic programming with a price per forward pass (see `eagle_nb.search.planning`).
6. Score this round's share of its coalitions that are not scored yet, more of them for early steps. The last round scores the rest.
7. Return the best path through scored coalitions.

The coalitions of a round are scored in one call, so the number of calls does not grow with the number of regions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.linalg import hadamard

from ..budget import Budget
from ..joint import order_jointly
from ..planning import Planner
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
    probes : int
        Number of regions that are scored alone before the design is chosen.
    additive : float
        Regions are scored alone and left out if the gains of the probes promise at least this share of the total gain.
    design : float
        Share of the forward passes besides the curves that coalitions of half the regions and their complements take.
    halves : int
        Maximum number of these coalitions per region.
    rounds : int
        Number of rounds. Fewer rounds make fewer and larger calls of the scorer, more rounds find better orders.
    early : float
        How much denser a round scores the early steps of its plan: positions grow with this power.
    width : int
        Number of neighbours of a coalition, with one region more and with one less each, that a plan may use.
    repeats : int
        How often a path is planned again, through its own neighbours.
    detail : int
        Number of regions up to which plans are made in full detail. With more regions there are fewer rounds, neighbours and repeats,
        and the surrogate orders several regions at a time, so that proposals take less time than forward passes.
    variance, reach, noise : float
        Parameters of the `Surrogate`.
    evidence : int
        Maximum number of coalitions that the `Surrogate` is fitted to.
    joint_share : float
        Default budget for several words together, as a multiple of that of one word.
    joint_rounds : int
        Number of rounds for several words together; each plans the order of every word.

    References
    ----------
    Plackett and Burman 1946, "The design of optimum multifactorial experiments"; the search is described in
    `docs/method.md`.
    """

    share: float = 0.1
    minimum: int = 6
    probes: int = 8
    additive: float = 1 / 2
    design: float = 1 / 4
    halves: int = 4
    rounds: int = 13
    early: float = 1.5
    width: int = 16
    repeats: int = 3
    detail: int = 100
    variance: float = 4.0
    reach: float = 1.0
    noise: float = 0.03
    evidence: int = 2000
    joint_share: float = 2.8
    joint_rounds: int = 7
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
        self.survey(state)
        self.complete(state)

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
        """Place the remaining regions within the forward passes left, also where another strategy cannot pay for its next round.

        Parameters
        ----------
        state : SearchState
            The search; regions that are placed stay where they are.
        """
        planner = self.planner([state])
        self.score_rounds(planner, lambda: state.left, lambda shown, done: state.objective(shown))
        for region in planner.best_orders()[0]:
            state.place(region)

    def finish(self, state: SearchState) -> None:
        """Place the remaining regions as the surrogate proposes, after an interrupt; only the curves are scored.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        planner = self.planner([state])
        planner.plan(float("inf"))
        for region in planner.orders[0]:
            state.place(region)

    def planner(self, states: Sequence[SearchState]) -> Planner:
        """Make the planner of some searches.

        Parameters
        ----------
        states : sequence of SearchState
            One for each word, on the same scores.

        Returns
        -------
        Planner
            With a surrogate that is not fitted yet.
        """
        n = states[0].n
        surrogate = Surrogate(n, self.variance, self.reach, self.noise, self.evidence)
        share = min(1.0, self.detail / n)
        width, repeats = max(self.width // 2, int(share * self.width)), max(1, int(share * self.repeats))
        return Planner(states, surrogate, width, repeats, at_once=int(np.ceil(((n - 1) / self.detail) ** 2)))

    def survey(self, state: SearchState) -> None:
        """Score what the surrogate learns from before the first plan.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        n = state.n
        if state.spare < 2 * self.probes:
            return
        few = np.random.default_rng(_SEED).permutation(n)[: self.probes]
        none, whole, *alone = state.objective(np.concatenate([[[False] * n, [True] * n], np.eye(n, dtype=bool)[few]]))
        spare = max(state.spare, 0)
        if spare >= 4 * n and n * (np.mean(alone) - none) > self.additive * (whole - none) > 0:
            state.objective(np.eye(n, dtype=bool))
        elif pairs := int(min(self.design * spare, self.halves * n) / 2):
            state.objective(half_designs(n, pairs))

    def score_rounds(
        self, planner: Planner, left: Callable[[], float], score: Callable[[np.ndarray, float], object]
    ) -> None:
        """Plan and score, round by round, until the planned orders are scored from end to end.

        Parameters
        ----------
        planner : Planner
            Plans the orders.
        left : callable
            Returns the forward passes left.
        score : callable
            Scores coalitions, bool (M, N), and their complements; also gets the share of the rounds that are done.
        """
        states = planner.states
        rounds = self.joint_rounds if len(states) > 1 else self.rounds
        if states[0].n > self.detail:
            rounds = int(np.ceil(0.75 * rounds))
        for done in range(rounds):
            passes = left()
            planner.plan(passes)
            shown = planner.open_places(passes, rounds - done, self.early)
            if not len(shown):
                return
            score(shown, done / rounds)


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
