"""Insight, necessity and their sum: how well a set of regions explains the selected tokens.

Source: EAGLE (arXiv 2509.22496), section 3. The paper sums over tokens, its code takes the mean;
the order found is the same, and so is ours: means, so that values do not grow with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Weights = tuple[float, float]


def insight(shown: np.ndarray, tokens: Sequence[int]) -> np.ndarray:
    """Sufficiency: mean probability of the tokens when only S is shown. (…, T) → (…), higher is better."""
    mean: np.ndarray = np.mean(np.asarray(shown, dtype=np.float64)[..., list(tokens)], axis=-1)
    return mean


def necessity(hidden: np.ndarray, tokens: Sequence[int]) -> np.ndarray:
    """Indispensability: one minus the mean probability of the tokens when S is hidden. (…, T) → (…), higher is better."""
    return 1.0 - insight(hidden, tokens)


def objective(
    shown: np.ndarray, hidden: np.ndarray, tokens: Sequence[int], weights: Weights = (1.0, 1.0)
) -> np.ndarray:
    """F(S) = λ1 · insight(S) + λ2 · necessity(S).

    Parameters
    ----------
    shown, hidden : ndarray, (…, T)
        Token probabilities with only S shown, and with only S hidden.
    tokens : sequence of int
        Indices of the selected tokens.
    weights : (float, float)
        λ1 and λ2.

    Returns
    -------
    ndarray of float64, (…)
    """
    return weights[0] * insight(shown, tokens) + weights[1] * necessity(hidden, tokens)


def check_weights(weights: Weights) -> Weights:
    """Two finite numbers, none negative, not both zero."""
    try:
        first, second = (float(w) for w in weights)
    except (TypeError, ValueError):
        raise ValueError(f"weights must be two numbers (insight, necessity), got {weights!r}") from None
    if not (np.isfinite([first, second]).all() and min(first, second) >= 0 and max(first, second) > 0):
        raise ValueError(f"weights must be finite, not negative and not both zero, got {weights!r}")
    return first, second
