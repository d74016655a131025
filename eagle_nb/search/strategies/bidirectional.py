"""Greedy search from both ends with a narrow scope: the "efficient" search of the paper's public code.

Every few rounds all remaining regions are scored and ranked by F. In between only the best of that ranking are candidates for the front.
In each round also one of the lowest in the ranking is placed at the back: the one without which the regions that are not at the back have
the largest F.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..state import SearchState


@dataclass(frozen=True)
class BidirectionalSearch:
    """Place one region at the front and one at the back in each round, until they meet.

    Parameters
    ----------
    scope : int
        Number of candidates for the front in the rounds between two rankings.
    pending : int
        Number of candidates for the back; none is placed there once no more than these remain.
    period : int
        Number of rounds after which all remaining regions are scored and ranked again.

    References
    ----------
    EAGLE (arXiv 2509.22496), public code, ``interpretation/efficient_attribution.py``, with its defaults.
    """

    scope: int = 10
    pending: int = 8
    period: int = 5
    name: ClassVar[str] = "bidirectional"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        ranking, turn = [int(region) for region in state.remaining], 0
        while len(ranking) > 1:
            if turn % self.period == 0:
                values = state.candidates(ranking)
                order = state.ranking(values)
                ranking, values = [ranking[k] for k in order], values[order]
            else:
                values = state.candidates(ranking[: self.scope])
            best = state.best_of(values)
            state.place(ranking.pop(best), values[best])
            if turn == 0:
                state.place_last(ranking.pop())
            elif len(ranking) > self.pending:
                lowest = ranking[-self.pending :]
                region = lowest[state.best_of(state.candidates_last(lowest))]
                state.place_last(region)
                ranking.remove(region)
            turn += 1
        for region in ranking:
            state.place(region)
