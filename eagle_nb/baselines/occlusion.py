"""Single-region occlusion: what is lost when one region is hidden (Zeiler & Fergus 2014, arXiv 1311.2901)."""

from __future__ import annotations

import numpy as np
import torch

from ..search.evaluation import Evaluation
from .coalitions import BATCH, as_function


def occlusion(evaluation: Evaluation, seed: int = 0) -> np.ndarray:
    """p(full image) - p(full image without region v), for each v: float64 (N,).

    N + 1 forward passes, besides that of the blank image. Done by captum's `FeatureAblation`.

    Parameters
    ----------
    evaluation : Evaluation
    seed : int
        Nothing here is random.
    """
    from captum.attr import FeatureAblation

    full = torch.ones(1, evaluation.n, dtype=torch.float64)
    found = FeatureAblation(as_function(evaluation)).attribute(full, baselines=0, perturbations_per_eval=BATCH)
    return np.asarray(found[0].numpy(), dtype=np.float64)
