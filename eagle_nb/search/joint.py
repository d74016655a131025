"""Orders for several words of one answer, found together from forward passes that score all of them.

The survey of a surrogate search serves all words at once. Then the order of the whole answer is scored from end to end, which gives
every word an order with both its curves. The other forward passes go to a local search (see `eagle_nb.search.paths`), each time to the
word whose move promises most.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np

from ..scoring.coalitions import prefixes
from .paths import LocalSearch
from .state import SearchState
from .surrogate import Surrogate


class _Surveyor(Protocol):
    """What a joint search needs of a strategy."""

    @property
    def local_search(self) -> LocalSearch:
        """The local search from the common order."""

    @property
    def joint_survey(self) -> float:
        """Share of all forward passes that the survey plans with."""

    def surrogate(self, n: int) -> Surrogate:
        """Make the surrogate of n regions."""

    def survey(self, state: SearchState, surrogate: Surrogate, left: Callable[[], float]) -> None:
        """Score what the surrogate learns from."""

    def proposed_order(self, state: SearchState, surrogate: Surrogate) -> list[int]:
        """Return all regions as the surrogate orders them."""


def order_jointly(strategy: _Surveyor, every: SearchState, states: Sequence[SearchState]) -> None:
    """Place all regions for each of several words.

    Parameters
    ----------
    strategy : FastSearch
        Surveys, proposes and improves.
    every : SearchState
        A search for the tokens of all words, with the budget of all.
    states : sequence of SearchState
        One search for each word, on the same scores.
    """
    n, surrogate = every.n, strategy.surrogate(every.n)
    states[0].report()
    strategy.survey(every, surrogate, lambda: strategy.joint_survey * (every.spare + 2 * (n - 1)) - 2 * n)
    every.first = strategy.proposed_order(every, surrogate)
    every.objective(prefixes(every.first))
    for state in states:
        state.rounds |= every.rounds
        state.first = list(every.first)
        state.best = float(state.objective(np.ones((1, n), dtype=bool))[0])
    strategy.local_search(states, surrogate, lambda: every.spare)
