"""Orders for several words of one answer, found together from forward passes that score all of them.

The survey of a surrogate search serves all words at once. Then the order of the whole answer is scored from end to end, which gives
every word an order with both its curves. The other forward passes go to rounds in which all words are planned together (see
`eagle_nb.search.planning`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from ..scoring.coalitions import prefixes
from .planning import Planner
from .state import SearchState


class _RoundSearch(Protocol):
    """What a joint search needs of a strategy."""

    def survey(self, state: SearchState) -> None:
        """Score what the surrogate learns from."""

    def planner(self, states: Sequence[SearchState]) -> Planner:
        """Make the planner of some searches."""

    def score_rounds(
        self, planner: Planner, left: Callable[[], float], score: Callable[[np.ndarray, float], object]
    ) -> None:
        """Plan and score, round by round."""


def order_jointly(strategy: _RoundSearch, every: SearchState, states: Sequence[SearchState]) -> None:
    """Place all regions for each of several words.

    Parameters
    ----------
    strategy : FastSearch
        Surveys, plans and scores.
    every : SearchState
        A search for the tokens of all words, with the budget of all.
    states : sequence of SearchState
        One search for each word, on the same scores.
    """
    states[0].report()
    strategy.survey(every)
    common = strategy.planner([every])
    common.plan(float("inf"))
    every.objective(prefixes(common.orders[0]))
    planner = strategy.planner(states)

    def score(shown: np.ndarray, done: float) -> None:
        states[int(done * len(states))].report()
        every.objective(shown)

    try:
        strategy.score_rounds(planner, lambda: every.left, score)
    finally:  # the scored part of an interrupted round may help some word
        for state, order in zip(states, planner.best_orders(), strict=True):
            state.rounds |= every.rounds
            state.first = order
