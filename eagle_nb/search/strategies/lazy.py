"""Lazy greedy search (CELF): an earlier gain is taken as an upper bound of the current one.

Exact where F is submodular. For these models F is not: a region whose gain has grown since it was scored is placed too late.
"""

from __future__ import annotations

import heapq
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
        regions = state.remaining
        values = state.candidates(regions)
        queue = [(-value, int(region), 0) for region, value in zip(regions, values - empty, strict=True)]
        heapq.heapify(queue)
        total = empty
        while queue:
            loss, region, scored = heapq.heappop(queue)
            if scored == len(state.first):
                total -= loss
                state.place(region, total)
                continue
            gain = float(state.candidates([region])[0]) - total
            heapq.heappush(queue, (-gain, region, len(state.first)))
