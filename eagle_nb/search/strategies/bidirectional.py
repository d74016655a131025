"""Greedy search from both ends with a narrow scope, after the paper's "efficient" variant.

Every few rounds all regions are scored again. In between only the best of that ranking are candidates for the front, and the least
important region is taken from its end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..state import SearchState


@dataclass(frozen=True)
class BidirectionalSearch:
    """Place one region at the front and one at the back in each round, until they meet.

    Parameters
    ----------
    period : int
        Number of rounds after which all remaining regions are scored again.
    scope : int
        Number of candidates for the front, and for the back, in the rounds between.

    References
    ----------
    EAGLE (arXiv 2509.22496), public code. The defaults are those of this package.
    """

    period: int = 5
    scope: int = 5
    name: ClassVar[str] = "bidirectional"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        gains = np.full(state.n, np.nan)
        total = float(state.objective(np.zeros((1, state.n), dtype=bool))[0])
        turn = 0
        while len(remaining := state.remaining):
            if turn % self.period == 0 or len(remaining) <= 2 * self.scope:
                scope = remaining
            else:
                ranked = remaining[np.argsort(-gains[remaining], kind="stable")]
                scope = np.concatenate([ranked[: self.scope], ranked[-self.scope :]])
            values = state.candidates(scope)
            gains[scope] = values - total
            best, worst = int(np.argmax(values)), int(np.argmin(values))
            total = float(values[best])
            state.place(scope[best], total)
            if len(remaining) > 2 and worst != best:
                state.place_last(scope[worst])
            turn += 1
