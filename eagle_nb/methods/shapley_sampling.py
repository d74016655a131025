"""Shapley values by sampled permutations (Castro et al. 2009, doi 10.1016/j.cor.2008.04.004)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..scoring.cached import Scores
from .coalitions import BATCH, as_function, check_count, seeded


def shapley_sampling(scores: Scores, tokens: Sequence[int], seed: int = 0, permutations: int = 20) -> np.ndarray:
    """What each region adds when the regions are shown one by one, averaged over random orders: float64 (N,).

    At most N - 1 forward passes for each permutation, besides the blank and the full image. The values sum to
    p(full) - p(blank). Done by captum's `ShapleyValueSampling`.

    Parameters
    ----------
    scores : Scores
    tokens : sequence of int
    seed : int
    permutations : int
        Random orders.

    Raises
    ------
    ValueError
        If there is not at least one permutation.
    """
    from captum.attr import ShapleyValueSampling

    check_count(permutations, "permutations")
    full = torch.ones(1, scores.n, dtype=torch.float64)
    with seeded(seed):
        found = ShapleyValueSampling(as_function(scores, tokens)).attribute(
            full, baselines=0, n_samples=permutations, perturbations_per_eval=BATCH
        )
    return np.asarray(found[0].numpy(), dtype=np.float64)
