"""Scores: the objective, the cached scorer, the store and what identifies a score."""

from __future__ import annotations

from .cached import CachedScorer
from .case import PreparedCase, prepare_case
from .coalitions import prefixes
from .identity import digest
from .objective import Aggregate, check_weights, insight, necessity, objective_values, target_probability
from .store import Store

__all__ = [
    "CachedScorer",
    "PreparedCase",
    "Store",
    "check_weights",
    "digest",
    "insight",
    "necessity",
    "objective_values",
    "target_probability",
    "prefixes",
    "prepare_case",
]
