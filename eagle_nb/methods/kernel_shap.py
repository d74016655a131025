"""KernelSHAP: Shapley values by weighted least squares (Lundberg & Lee 2017, arXiv 1705.07874, section 4.1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..scoring.cached import Scores
from .coalitions import BATCH, as_function, check_count, seeded


def kernel_shap(scores: Scores, tokens: Sequence[int], seed: int = 0, samples: int = 1000) -> np.ndarray:
    """The coefficients of the linear function of regions that comes closest to random coalitions' scores: float64 (N,).

    Coalitions are drawn in proportion to the Shapley kernel; the blank and the full image weigh a million times more.
    At most `samples` forward passes, as coalitions that come up again are not scored again. Done by captum's
    `KernelShap`, which fits with scikit-learn.

    Parameters
    ----------
    scores : Scores
    tokens : sequence of int
    seed : int
    samples : int
        Coalitions, the blank and the full image among them.

    Raises
    ------
    ValueError
        If there are fewer samples than N + 2, which leaves the coefficients open.
    """
    from captum.attr import KernelShap

    check_count(samples, "samples")
    n = scores.n
    if samples < n + 2:
        raise ValueError(
            f"samples is {samples}; {n} regions need at least {n + 2} for their coefficients to be determined"
        )
    value = as_function(scores, tokens)
    full = torch.ones(1, n, dtype=torch.float64)
    if n == 1:  # there is no coalition between the two ends
        return np.asarray((value(full) - value(0 * full)).numpy(), dtype=np.float64)
    with seeded(seed):
        found = KernelShap(value).attribute(full, baselines=0, n_samples=samples, perturbations_per_eval=BATCH)
    return np.asarray(found[0].numpy(), dtype=np.float64)
