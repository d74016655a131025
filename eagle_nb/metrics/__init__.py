"""Metrics: arrays in, numbers out. `METRIC_INFO` documents each metric: direction, source and convention.

Definitions follow EAGLE (arXiv 2509.22496), section 4, unless stated otherwise. `eagle_nb.evaluation` applies them to
explanations and data sets.
"""

from __future__ import annotations

from .curves import SENSITIVE, CurveScores, auc, curve_scores, highest_score, sensitive_scores, sensitive_tokens
from .info import METRIC_INFO, MetricInfo
from .pointing import pointing_game, pointing_share
from .ranks import rank_correlation, separation
from .reliance import Reliance, TargetReliance, TokenReliance, measure_reliance, measure_target

__all__ = [
    "METRIC_INFO",
    "SENSITIVE",
    "CurveScores",
    "MetricInfo",
    "Reliance",
    "TargetReliance",
    "TokenReliance",
    "auc",
    "curve_scores",
    "highest_score",
    "measure_reliance",
    "measure_target",
    "pointing_game",
    "pointing_share",
    "rank_correlation",
    "sensitive_scores",
    "sensitive_tokens",
    "separation",
]
