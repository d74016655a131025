"""Shapley values by sampled permutations (Castro et al. 2009)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.seeds import Rng
from ..protocols import Scorer
from .captum_adapter import BATCH, coalition_function, torch_seed
from .options import check_count


def shapley_sampling_scores(scorer: Scorer, tokens: Sequence[int], rng: Rng = 0, permutations: int = 20) -> np.ndarray:
    """Return the gain of each region when regions are shown one by one, averaged over random orders.

    Each order takes at most N - 1 forward passes, besides those of the blank and the full image. The values sum to p(full) - p(blank).
    Computed by captum's `ShapleyValueSampling`.

    Parameters
    ----------
    scorer : CachedScorer
        The scorer of N regions.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Draws the orders.
    permutations : int
        Number of random orders.

    Returns
    -------
    ndarray of float64, (N,)
        Estimated Shapley values, higher is more important.

    Raises
    ------
    ValueError
        If `permutations` is below 1.

    References
    ----------
    Castro et al. 2009, "Polynomial calculation of the Shapley value based on sampling", doi 10.1016/j.cor.2008.04.004.
    """
    import torch
    from captum.attr import ShapleyValueSampling

    check_count(permutations, "permutations")
    full = torch.ones(1, scorer.n_regions, dtype=torch.float64)
    function = coalition_function(scorer, tokens)
    with torch_seed(rng):
        values = ShapleyValueSampling(function).attribute(
            full, baselines=0, n_samples=permutations, perturbations_per_eval=BATCH
        )
    return np.asarray(values[0].numpy(), dtype=np.float64)
