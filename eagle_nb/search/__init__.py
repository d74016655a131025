"""Search for the order of regions: strategies, budgets, the surrogate, and the optimum by enumeration."""

from __future__ import annotations

from .api import check_search, order, order_each, replay
from .budget import Budget
from .optimum import Optimum, find_optimum, optimality_gap
from .strategies import (
    DEFAULT_SEARCH,
    STRATEGIES,
    BidirectionalSearch,
    FastSearch,
    GreedySearch,
    LazySearch,
    PhaseWindowSearch,
    SingleRegionSearch,
    Strategy,
    register_strategy,
)
from .trace import SearchTrace

__all__ = [
    "DEFAULT_SEARCH",
    "STRATEGIES",
    "BidirectionalSearch",
    "Budget",
    "FastSearch",
    "GreedySearch",
    "LazySearch",
    "Optimum",
    "PhaseWindowSearch",
    "SearchTrace",
    "SingleRegionSearch",
    "Strategy",
    "check_search",
    "find_optimum",
    "optimality_gap",
    "order",
    "order_each",
    "register_strategy",
    "replay",
]
