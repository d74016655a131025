"""A random order: the reference that every method should exceed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.seeds import Rng
from ..protocols import Scorer


def random_scores(scorer: Scorer, tokens: Sequence[int], rng: Rng = 0) -> np.ndarray:
    """Return independent uniform numbers, without a forward pass.

    Parameters
    ----------
    scorer : CachedScorer
        The scorer of N regions.
    tokens : sequence of int
        Not used.
    rng : int, numpy.random.Generator or None
        Draws the numbers.

    Returns
    -------
    ndarray of float64, (N,)
        In [0, 1).
    """
    return np.random.default_rng(rng).random(scorer.n_regions)
