"""A random order: what every method has to beat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..scoring.cached import Scores


def random_order(scores: Scores, tokens: Sequence[int], seed: int = 0) -> np.ndarray:
    """Independent uniform numbers, one per region: float64 (N,). Nothing is scored for it."""
    return np.random.default_rng(seed).random(scores.n)
