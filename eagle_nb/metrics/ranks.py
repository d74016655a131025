"""Metrics of ranks: separation of two groups, agreement of two maps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def separation(perceived: Sequence[float] | np.ndarray, linguistic: Sequence[float] | np.ndarray) -> float:
    """Return how well a reliance score separates words that the image carries from words that language determines.

    The area under the ROC curve: the probability that a word of the first group scores above one of the second, ties counting
    half.

    Parameters
    ----------
    perceived, linguistic : sequence of float
        Scores of the two groups, in any convention of reliance.

    Returns
    -------
    float
        1 is perfect, 0.5 is chance; higher is better.

    Raises
    ------
    ValueError
        If a group is empty or holds NaN.

    References
    ----------
    Hanley and McNeil 1982, doi 10.1148/radiology.143.1.7063747; computed by `sklearn.metrics.roc_auc_score`.

    Examples
    --------
    >>> separation([0.9, 0.4], [0.1, 0.4])
    0.875
    """
    from sklearn.metrics import roc_auc_score

    groups = [np.asarray(group, dtype=np.float64).ravel() for group in (perceived, linguistic)]
    for name, group in zip(("perceived", "linguistic"), groups, strict=True):
        if len(group) == 0 or np.isnan(group).any():
            raise ValueError(f"{name} must hold at least one score and no NaN, got {group.tolist()}")
    truth = np.repeat([1, 0], [len(group) for group in groups])
    return float(roc_auc_score(truth, np.concatenate(groups)))


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Return Spearman's rank correlation of two maps.

    Parameters
    ----------
    a, b : ndarray
        Maps of one shape.

    Returns
    -------
    float
        In [-1, 1]; 1 if both order all pixels in the same way. A constant map orders nothing: 0, or 1 if both are constant.

    Raises
    ------
    ValueError
        If the shapes differ, the maps are empty, or one holds NaN.

    References
    ----------
    Spearman 1904; computed by `scipy.stats.spearmanr`.

    Examples
    --------
    >>> round(rank_correlation(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0])), 3)
    0.5
    """
    from scipy.stats import spearmanr

    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.size == 0:
        raise ValueError(f"give maps of one shape that are not empty, got {first.shape} and {second.shape}")
    if np.isnan(first).any() or np.isnan(second).any():
        raise ValueError("a map holds NaN, which has no rank")
    flat = [bool(np.ptp(values) == 0) for values in (first, second)]
    if any(flat):
        return float(all(flat))
    return float(spearmanr(first.ravel(), second.ravel()).statistic)
