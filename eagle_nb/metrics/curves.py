"""Areas under insertion and deletion curves, over all selected tokens or the sensitive ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SENSITIVE = 0.2
"""A token is sensitive to the image if p(full) - p(blank) exceeds this."""


class CurveScores(NamedTuple):
    """Scores of the mean curves of some tokens.

    Attributes
    ----------
    insertion_auc : float
        In [0, 1], higher is better.
    deletion_auc : float
        In [0, 1], lower is better.
    highest_score : float
        In [0, 1], higher is better.
    """

    insertion_auc: float
    deletion_auc: float
    highest_score: float


def auc(curve: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return the area under a curve over the fraction of image area, by the trapezoidal rule with both end points.

    Parameters
    ----------
    curve : ndarray, (K,) or (K, T)
        Values.
    area : ndarray, (K,)
        From 0 to 1, increasing.

    Returns
    -------
    ndarray of float64, () or (T,)
        In [0, 1]. Higher is better for an insertion curve, lower for a deletion curve.

    Raises
    ------
    ValueError
        If curve and area have different numbers of points.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.

    Examples
    --------
    >>> float(auc([0.0, 1.0, 1.0], [0.0, 0.5, 1.0]))
    0.75
    """
    values, x = np.asarray(curve, dtype=np.float64), np.asarray(area, dtype=np.float64)
    if len(values) != len(x) or x.ndim != 1:
        raise ValueError(f"the curve has {len(values)} points, the area {x.shape}; they must agree")
    return np.asarray(np.trapezoid(values, x, axis=0))


def highest_score(curve: np.ndarray) -> float:
    """Return the maximum of an insertion curve.

    The paper's "average highest confidence" is its mean over samples.

    Parameters
    ----------
    curve : ndarray, (K,)
        Values.

    Returns
    -------
    float
        Higher is better.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.

    Examples
    --------
    >>> highest_score([0.1, 0.9, 0.8])
    0.9
    """
    return float(np.max(curve))


def sufficient_step(insertion: np.ndarray) -> int:
    """Return the first step of an insertion curve that reaches 90 % of its maximum.

    Parameters
    ----------
    insertion : ndarray, (K,)
        Probability of the target as regions are shown.

    Returns
    -------
    int
        0 … K - 1.

    Examples
    --------
    >>> sufficient_step(np.array([0.1, 0.5, 0.95, 1.0]))
    2
    """
    curve = np.asarray(insertion)
    return int(np.argmax(curve >= 0.9 * curve.max()))


def necessary_step(deletion: np.ndarray) -> int:
    """Return the first step of a deletion curve that falls to half of its first value.

    Parameters
    ----------
    deletion : ndarray, (K,)
        Probability of the target as regions are hidden.

    Returns
    -------
    int
        1 … K - 1, and K - 1 also if no step does.

    Examples
    --------
    >>> necessary_step(np.array([1.0, 0.8, 0.3, 0.2]))
    2
    """
    curve = np.asarray(deletion)
    lost = curve[1:] <= 0.5 * curve[0]
    return 1 + int(np.argmax(lost)) if lost.any() else len(curve) - 1


def sensitive_tokens(insertion: np.ndarray, threshold: float = SENSITIVE) -> np.ndarray:
    """Return the tokens with p(full) - p(blank) above a threshold.

    Parameters
    ----------
    insertion : ndarray, (K, T)
        Insertion curves, from the blank to the full image.
    threshold : float
        The threshold.

    Returns
    -------
    ndarray of int
        Ascending indices.

    Examples
    --------
    >>> sensitive_tokens(np.array([[0.1, 0.8], [0.9, 0.9]]))
    array([0])
    """
    insertion = np.asarray(insertion)
    return np.flatnonzero(insertion[-1] - insertion[0] > threshold)


def curve_scores(insertion: np.ndarray, deletion: np.ndarray, area: np.ndarray, tokens: Sequence[int]) -> CurveScores:
    """Return both areas and the highest score of the mean curves of some tokens.

    Parameters
    ----------
    insertion, deletion : ndarray, (K, T)
        Curves of all tokens.
    area : ndarray, (K,)
        Fraction of the image area at each step.
    tokens : sequence of int
        The tokens to average over.

    Returns
    -------
    CurveScores
        The scores.

    Raises
    ------
    ValueError
        If there are no tokens, or one is out of range.

    Examples
    --------
    >>> curve_scores(np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]]), np.array([0.0, 1.0]), [0])
    CurveScores(insertion_auc=0.5, deletion_auc=0.5, highest_score=1.0)
    """
    insertion, deletion = np.asarray(insertion), np.asarray(deletion)
    chosen, count = [int(t) for t in tokens], insertion.shape[1]
    if not chosen or not set(chosen) <= set(range(count)):
        raise ValueError(f"tokens must be indices 0 … {count - 1} of the answer, at least one, got {chosen}")
    shown, hidden = (curve[:, chosen].mean(1) for curve in (insertion, deletion))
    return CurveScores(float(auc(shown, area)), float(auc(hidden, area)), highest_score(shown))


def sensitive_scores(
    insertion: np.ndarray,
    deletion: np.ndarray,
    area: np.ndarray,
    tokens: Sequence[int],
    threshold: float = SENSITIVE,
) -> CurveScores | None:
    """Return the scores over those of some tokens that are sensitive to the image.

    Curves are averaged over the sensitive tokens, then the areas are taken.

    Parameters
    ----------
    insertion, deletion : ndarray, (K, T)
        Curves of all tokens.
    area : ndarray, (K,)
        Fraction of the image area at each step.
    tokens : sequence of int
        The selected tokens.
    threshold : float
        See `sensitive_tokens`.

    Returns
    -------
    CurveScores or None
        None if no selected token is sensitive: such a sample is skipped.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.
    """
    sensitive = [t for t in sensitive_tokens(insertion, threshold).tolist() if t in tokens]
    return curve_scores(insertion, deletion, area, sensitive) if sensitive else None
