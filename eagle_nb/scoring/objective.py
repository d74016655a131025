"""Insight, necessity and their weighted sum: how well a set of regions explains the selected tokens.

Source: EAGLE (arXiv 2509.22496), section 3. The paper sums over tokens, its code takes the mean. Both give the same order; means
are used here, so values do not grow with the length of the answer. For a word of several tokens the joint probability can be the
target instead: the mean of its tokens stays high when the word is gone, because the second half is nearly certain given the first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

Weights = tuple[float, float]
"""λ1 (insight) and λ2 (necessity)."""

Aggregate = Literal["mean", "joint"]
"""How the probabilities of several tokens become one target: their mean (the paper), or their product."""


def target_columns(scores: np.ndarray, tokens: Sequence[int], aggregate: Aggregate = "mean") -> np.ndarray:
    """Return the columns whose mean is the target of some tokens.

    Parameters
    ----------
    scores : ndarray, (..., T)
        Token probabilities.
    tokens : sequence of int, (K,)
        Indices of the selected tokens.
    aggregate : {"mean", "joint"}
        "mean" gives the column of every token, "joint" a single column, their product.

    Returns
    -------
    ndarray of float64, (..., K) or (..., 1)
        Probabilities.

    Examples
    --------
    >>> target_columns(np.array([[0.5, 0.25, 1.0]]), [0, 1], "joint")
    array([[0.125]])
    """
    columns = np.asarray(scores, dtype=np.float64)[..., list(tokens)]
    return columns if aggregate == "mean" else columns.prod(-1, keepdims=True)


def target_probability(scores: np.ndarray, tokens: Sequence[int], aggregate: Aggregate = "mean") -> np.ndarray:
    """Return the probability of the target of some tokens.

    Parameters
    ----------
    scores : ndarray, (..., T)
        Token probabilities.
    tokens : sequence of int
        Indices of the selected tokens.
    aggregate : {"mean", "joint"}
        The mean of the tokens' probabilities, or their product: the probability of the whole word.

    Returns
    -------
    ndarray of float64, (...)
        In [0, 1].

    Examples
    --------
    >>> target_probability(np.array([[0.5, 0.25, 1.0]]), [0, 1])
    array([0.375])
    """
    mean: np.ndarray = np.mean(target_columns(scores, tokens, aggregate), axis=-1)
    return mean


def check_aggregate(aggregate: str) -> Aggregate:
    """Validate the name of an aggregate.

    Parameters
    ----------
    aggregate : str
        The name.

    Returns
    -------
    {"mean", "joint"}
        The same.

    Raises
    ------
    ValueError
        If it is unknown.
    """
    if aggregate not in ("mean", "joint"):
        raise ValueError(
            f"aggregate is 'mean' (mean probability of the tokens, as in the paper) or 'joint' (their product), got {aggregate!r}"
        )
    return "mean" if aggregate == "mean" else "joint"


def insight(shown: np.ndarray, tokens: Sequence[int], aggregate: Aggregate = "mean") -> np.ndarray:
    """Return the insight (sufficiency) of coalitions: the probability of the target when only S is shown.

    Parameters
    ----------
    shown : ndarray, (..., T)
        Token probabilities with only S shown.
    tokens : sequence of int
        Indices of the selected tokens.
    aggregate : {"mean", "joint"}
        See `target_probability`.

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
    return target_probability(shown, tokens, aggregate)


def necessity(hidden: np.ndarray, tokens: Sequence[int], aggregate: Aggregate = "mean") -> np.ndarray:
    """Return the necessity (indispensability) of coalitions: one minus the probability of the target when S is hidden.

    Parameters
    ----------
    hidden : ndarray, (..., T)
        Token probabilities with only S hidden.
    tokens : sequence of int
        Indices of the selected tokens.
    aggregate : {"mean", "joint"}
        See `target_probability`.

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
    return 1.0 - insight(hidden, tokens, aggregate)


def objective_values(
    shown: np.ndarray,
    hidden: np.ndarray,
    tokens: Sequence[int],
    weights: Weights = (1.0, 1.0),
    aggregate: Aggregate = "mean",
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
    aggregate : {"mean", "joint"}
        See `target_probability`.

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
    return weights[0] * insight(shown, tokens, aggregate) + weights[1] * necessity(hidden, tokens, aggregate)


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
