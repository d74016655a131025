"""RISE: random masks, averaged by what they score (Petsiuk et al. 2018, arXiv 1806.07421, equation 2)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..scoring.objective import insight
from ..scoring.cached import Scores
from .coalitions import check_count


def rise(
    scores: Scores, tokens: Sequence[int], seed: int = 0, masks: int = 1000, probability: float = 0.5
) -> np.ndarray:
    """The mean score of random coalitions that show a region: float64 (N,), not below 0.

    The paper's masks are enlarged random grids; here the regions are the mask's cells, so that the comparison with
    other methods is over the same pieces. The paper's estimate of that mean divides by the expected number of masks
    that show a cell; this divides by their number, which has less noise.

    Parameters
    ----------
    scores : Scores
    tokens : sequence of int
    seed : int
    masks : int
        Forward passes, but for coalitions that come up twice.
    probability : float
        With which a mask shows a region.

    Raises
    ------
    ValueError
        If there is no mask, or the probability is not between 0 and 1.
    """
    check_count(masks, "masks")
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, got {probability!r}")
    shown = np.random.default_rng(seed).random((masks, scores.n)) < probability
    found = insight(scores(shown), tokens)
    times = shown.sum(0)
    return np.asarray(np.where(times > 0, found @ shown / np.maximum(times, 1), found.mean()))
