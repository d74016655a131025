"""One-shot order: every region is scored alone once, and the regions are sorted by F.

The cheapest order: 2 N forward passes, and 2 N for its curves. It misses regions that matter only together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..state import SearchState


@dataclass(frozen=True)
class SingleRegionSearch:
    """Sort the regions by the F of each alone, largest first; ties go to the lowest number."""

    name: ClassVar[str] = "single"

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search.
        """
        state.planned = min(state.planned, 4 * state.n)
        regions = state.remaining
        values = state.candidates(regions)
        for region in regions[state.ranking(values)]:
            state.place(region)
