"""Single-region occlusion (Zeiler and Fergus 2014, arXiv 1311.2901)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.seeds import Rng
from ..protocols import Scorer
from .captum_adapter import BATCH, coalition_function


def occlusion_scores(scorer: Scorer, tokens: Sequence[int], rng: Rng = 0) -> np.ndarray:
    """Return how much the tokens' mean probability drops when one region is hidden.

    The score of region v is p(full image) - p(full image without v). It takes N + 1 forward passes, plus one for the blank image.
    Computed by captum's `FeatureAblation`.

    Parameters
    ----------
    scorer : CachedScorer
        The scorer of N regions.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Not used.

    Returns
    -------
    ndarray of float64, (N,)
        Scores, higher is more important.

    References
    ----------
    Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks", arXiv 1311.2901.
    """
    import torch
    from captum.attr import FeatureAblation

    full = torch.ones(1, scorer.n_regions, dtype=torch.float64)
    function = coalition_function(scorer, tokens)
    scores = FeatureAblation(function).attribute(full, baselines=0, perturbations_per_eval=BATCH)
    return np.asarray(scores[0].numpy(), dtype=np.float64)
