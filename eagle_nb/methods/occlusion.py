"""Single-region occlusion: what is lost when one region is hidden (Zeiler & Fergus 2014, arXiv 1311.2901)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..scoring.cached import Scores
from .coalitions import BATCH, as_function


def occlusion(scores: Scores, tokens: Sequence[int], seed: int = 0) -> np.ndarray:
    """p(full image) - p(full image without region v), for each v: float64 (N,).

    N + 1 forward passes, besides that of the blank image. Done by captum's `FeatureAblation`.

    Parameters
    ----------
    scores : Scores
    tokens : sequence of int
    seed : int
        Nothing here is random.
    """
    from captum.attr import FeatureAblation

    full = torch.ones(1, scores.n, dtype=torch.float64)
    found = FeatureAblation(as_function(scores, tokens)).attribute(full, baselines=0, perturbations_per_eval=BATCH)
    return np.asarray(found[0].numpy(), dtype=np.float64)
