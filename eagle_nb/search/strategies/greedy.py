"""Exhaustive greedy search, the reference: every candidate of every round, two forward passes each.

Source: EAGLE (arXiv 2509.22496), algorithm 1. N (N + 1) forward passes; a coalition that occurs twice is scored once, which
saves a few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..state import SearchState


@dataclass(frozen=True)
class GreedySearch:
    """Place the region with the largest F first; ties go to the lowest number.

    References
    ----------
    EAGLE (arXiv 2509.22496), algorithm 1.
    """

    name: ClassVar[str] = "greedy"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        while len(remaining := state.remaining):
            values = state.candidates(remaining)
            best = state.best_of(values)
            state.place(remaining[best], values[best])
