"""Search strategies: one per file, all with one signature.

A strategy is any callable ``strategy(state)`` that places all regions of a `eagle_nb.search.state.SearchState`: it asks for
``state.candidates(regions)`` and calls ``state.place(region, value)`` until ``state.remaining`` is empty. It may have an attribute
``name``. Those of this package are dataclasses whose fields are their options: ``search=PhaseWindowSearch(window=8)``. `register_strategy`
gives one of your own a name; it can also be passed as it is wherever ``search=`` is accepted.

A `JointStrategy`, such as `FastSearch`, can also order several words of one answer together.
"""

from __future__ import annotations

from .bidirectional import BidirectionalSearch
from .fast import FastSearch
from .greedy import GreedySearch
from .lazy import LazySearch
from .phasewin import PhaseWindowSearch
from .registry import (
    DEFAULT_SEARCH,
    STRATEGIES,
    JointStrategy,
    Strategy,
    register_strategy,
    resolve_strategy,
    strategy_name,
)
from .single import SingleRegionSearch

__all__ = [
    "DEFAULT_SEARCH",
    "STRATEGIES",
    "BidirectionalSearch",
    "FastSearch",
    "GreedySearch",
    "JointStrategy",
    "LazySearch",
    "PhaseWindowSearch",
    "SingleRegionSearch",
    "Strategy",
    "register_strategy",
    "resolve_strategy",
    "strategy_name",
]
