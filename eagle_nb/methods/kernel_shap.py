"""KernelSHAP: Shapley values by weighted least squares (Lundberg and Lee 2017, arXiv 1705.07874)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..inputs.seeds import Rng
from ..protocols import Scorer
from .captum_adapter import BATCH, coalition_function, torch_seed
from .options import check_count


def kernel_shap_scores(scorer: Scorer, tokens: Sequence[int], rng: Rng = 0, samples: int = 1000) -> np.ndarray:
    """Return the coefficients of the linear function that is fitted to the scores of random coalitions.

    Coalitions are drawn in proportion to the Shapley kernel; the blank and the full image have a weight of one million. Equal
    coalitions are scored once, so there are at most `samples` forward passes. Computed by captum's `KernelShap`, which uses scikit-learn.

    Parameters
    ----------
    scorer : CachedScorer
        The scorer of N regions.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Draws the coalitions.
    samples : int
        Number of coalitions, including the blank and the full image.

    Returns
    -------
    ndarray of float64, (N,)
        Estimated Shapley values, higher is more important.

    Raises
    ------
    ValueError
        If there are fewer than N + 2 samples, which do not determine the coefficients.

    References
    ----------
    Lundberg and Lee 2017, "A unified approach to interpreting model predictions", arXiv 1705.07874, section 4.1.
    """
    import torch
    from captum.attr import KernelShap

    check_count(samples, "samples")
    n = scorer.n_regions
    if samples < n + 2:
        raise ValueError(f"samples is {samples}; {n} regions need at least {n + 2} to determine their coefficients")
    function = coalition_function(scorer, tokens)
    full = torch.ones(1, n, dtype=torch.float64)
    if n == 1:  # there is no coalition between the blank and the full image
        return np.asarray((function(full) - function(0 * full)).numpy(), dtype=np.float64)
    with torch_seed(rng):
        values = KernelShap(function).attribute(full, baselines=0, n_samples=samples, perturbations_per_eval=BATCH)
    return np.asarray(values[0].numpy(), dtype=np.float64)
