"""The evidence of regions: what each contributes to the probability of the target, estimated from every scored coalition.

Shapley values of a `Surrogate` that is fitted to the scored coalitions on the scale of the probability. They take no forward pass.
Shapley values of showing and of hiding regions are equal, so they weigh sufficiency and indispensability alike.
"""

from __future__ import annotations

import numpy as np

from .surrogate import PROBABILITY_SCALE, Surrogate

_MOST = 2000  # coalitions of a fit: time grows with the cube


def region_evidence(shown: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """Estimate the contribution of each region.

    Parameters
    ----------
    shown : ndarray of bool, (M, N)
        The scored coalitions, the blank and the full image among them.
    probabilities : ndarray of float, (M,)
        Their scores.

    Returns
    -------
    ndarray of float64, (N,)
        On the probability scale; a negative value means that the region lowers the probability. They add up to p(full) - p(blank) as
        far as the surrogate fits these two.

    References
    ----------
    Shapley 1953, "A value for n-person games"; `Surrogate.shapley_values`.

    Examples
    --------
    >>> shown = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    >>> region_evidence(shown, np.array([0.1, 0.7, 0.2, 0.9])).round(2)
    array([0.65, 0.15])
    """
    shown, probabilities = np.asarray(shown, dtype=bool), np.asarray(probabilities, dtype=float)
    if len(shown) > _MOST:
        some = np.linspace(0, len(shown) - 1, _MOST).round().astype(int)
        shown, probabilities = shown[some], probabilities[some]
    surrogate = Surrogate(shown.shape[1], scales=[PROBABILITY_SCALE])
    surrogate.fit(shown, probabilities[:, None])
    slope = PROBABILITY_SCALE[0](1.0) - PROBABILITY_SCALE[0](0.0)
    return np.asarray(surrogate.shapley_values()[:, 0] / slope)
