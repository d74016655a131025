"""Insight, necessity and their weighted sum: how well a set of regions explains the selected tokens.

Source: EAGLE (arXiv 2509.22496), section 3. The paper sums over tokens, its code takes the mean. Both give the same order; means
are used here, so values do not grow with the length of the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Weights = tuple[float, float]
"""λ1 (insight) and λ2 (necessity)."""


def insight(shown: np.ndarray, tokens: Sequence[int]) -> np.ndarray:
    """Return the insight (sufficiency) of coalitions: the mean probability of the tokens when only S is shown.

    Parameters
    ----------
    shown : ndarray, (..., T)
        Token probabilities with only S shown.
    tokens : sequence of int
        Indices of the selected tokens.

    Returns
    -------
    ndarray of float64, (...)
        In [0, 1], higher is better.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.

    Examples
    --------
    >>> float(insight(np.array([0.25, 0.75, 0.0]), [0, 1]))
    0.5
    """
    mean: np.ndarray = np.mean(np.asarray(shown, dtype=np.float64)[..., list(tokens)], axis=-1)
    return mean


def necessity(hidden: np.ndarray, tokens: Sequence[int]) -> np.ndarray:
    """Return the necessity (indispensability) of coalitions: one minus the mean probability of the tokens when S is hidden.

    Parameters
    ----------
    hidden : ndarray, (..., T)
        Token probabilities with only S hidden.
    tokens : sequence of int
        Indices of the selected tokens.

    Returns
    -------
    ndarray of float64, (...)
        In [0, 1], higher is better.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.

    Examples
    --------
    >>> float(necessity(np.array([0.25, 0.75]), [0]))
    0.75
    """
    return 1.0 - insight(hidden, tokens)


def objective_values(
    shown: np.ndarray, hidden: np.ndarray, tokens: Sequence[int], weights: Weights = (1.0, 1.0)
) -> np.ndarray:
    """Return the objective F(S) = λ1 · insight(S) + λ2 · necessity(S) of coalitions.

    Parameters
    ----------
    shown, hidden : ndarray, (..., T)
        Token probabilities with only S shown, and with only S hidden.
    tokens : sequence of int
        Indices of the selected tokens.
    weights : (float, float)
        λ1 and λ2.

    Returns
    -------
    ndarray of float64, (...)
        F, higher is better.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.

    Examples
    --------
    >>> float(objective_values(np.array([0.5]), np.array([0.25]), [0]))
    1.25
    """
    return weights[0] * insight(shown, tokens) + weights[1] * necessity(hidden, tokens)


def check_weights(weights: Weights) -> Weights:
    """Validate the weights of the objective.

    Parameters
    ----------
    weights : (float, float)
        λ1 and λ2.

    Returns
    -------
    (float, float)
        The weights as floats.

    Raises
    ------
    ValueError
        If they are not two finite numbers, one is negative, or both are zero.
    """
    try:
        first, second = (float(w) for w in weights)
    except (TypeError, ValueError):
        raise ValueError(f"weights must be two numbers (insight, necessity), got {weights!r}") from None
    if not (np.isfinite([first, second]).all() and min(first, second) >= 0 and max(first, second) > 0):
        raise ValueError(f"weights must be finite, not negative and not both zero, got {weights!r}")
    return first, second
