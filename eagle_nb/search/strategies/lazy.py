"""Lazy greedy search (CELF): an earlier gain is taken as an upper bound of the current one.

Exact where F is submodular. For these models F is not: a region whose gain has grown since it was scored is placed too late.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..state import SearchState


@dataclass(frozen=True)
class LazySearch:
    """Score the region with the largest known gain again until it stays on top.

    References
    ----------
    Minoux 1978, "Accelerated greedy algorithms for maximizing submodular set functions"; Leskovec et al. 2007, "Cost-effective
    outbreak detection in networks".
    """

    name: ClassVar[str] = "lazy"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        empty = float(state.objective(np.zeros((1, state.n), dtype=bool))[0])
        values = state.candidates(state.remaining)
        gains, scored = values - empty, np.zeros(state.n, dtype=int)
        total = empty
        while len(remaining := state.remaining):
            region = int(remaining[state.best_of(gains[remaining])])
            if scored[region] == len(state.first):
                total += float(gains[region])
                state.place(region, total)
            else:
                gains[region] = float(state.candidates([region])[0]) - total
                scored[region] = len(state.first)
