"""A random order: what every method has to beat."""

from __future__ import annotations

import numpy as np

from ..search.evaluation import Evaluation


def random_order(evaluation: Evaluation, seed: int = 0) -> np.ndarray:
    """Independent uniform numbers, one per region: float64 (N,). Nothing is scored for it."""
    return np.random.default_rng(seed).random(evaluation.n)
