"""RISE: random masks, weighted by their scores (Petsiuk et al. 2018, arXiv 1806.07421)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.seeds import Rng
from ..protocols import Scorer
from ..scoring.objective import insight
from .options import check_count


def rise_scores(
    scorer: Scorer, tokens: Sequence[int], rng: Rng = 0, masks: int = 1000, probability: float = 0.5
) -> np.ndarray:
    """Return the mean score of the random coalitions that show a region.

    In the paper a mask is an enlarged random grid. Here its cells are the regions, so all methods are compared over the same regions.
    The paper divides by the expected number of masks that show a cell. This function divides by their actual number, which has
    a lower variance.

    Parameters
    ----------
    scorer : CachedScorer
        The scorer of N regions.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Draws the masks.
    masks : int
        Number of masks: the number of forward passes, except that equal masks are scored once.
    probability : float
        Probability that a mask shows a region.

    Returns
    -------
    ndarray of float64, (N,)
        Scores in [0, 1], higher is more important. A region that no mask shows gets the mean over all masks.

    Raises
    ------
    ValueError
        If `masks` is below 1, or `probability` does not lie between 0 and 1.

    References
    ----------
    Petsiuk et al. 2018, "RISE: Randomized input sampling for explanation of black-box models", arXiv 1806.07421, equation 2.
    """
    check_count(masks, "masks")
    if not 0 < probability < 1:
        raise ValueError(f"probability must lie between 0 and 1, got {probability!r}")
    shown = np.random.default_rng(rng).random((masks, scorer.n_regions)) < probability
    scores = insight(scorer(shown), tokens)
    count = shown.sum(0)
    return np.asarray(np.where(count > 0, scores @ shown / np.maximum(count, 1), scores.mean()))
