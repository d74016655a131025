"""Figures that look at ranks alone: separation of two groups, agreement of two maps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats


def separation(perceived: Sequence[float] | np.ndarray, linguistic: Sequence[float] | np.ndarray) -> float:
    """How well a reliance score tells words that the image carries from words that language decides.

    The area under the ROC curve: the chance that a word of the first group scores above one of the second, ties counting
    half. 1 is perfect, 0.5 is chance, higher is better. Give either convention of reliance (`Reliance.score`, the
    paper's, or `Reliance.score_area`, its code's) or the naive `Reliance.difference`.

    Parameters
    ----------
    perceived, linguistic : sequence of float
        Scores of the two groups.

    Raises
    ------
    ValueError
        If a group is empty or holds NaN.

    References
    ----------
    Hanley and McNeil 1982, 10.1148/radiology.143.1.7063747: the Mann-Whitney statistic over the number of pairs.

    Examples
    --------
    >>> separation([0.9, 0.4], [0.1, 0.4])
    0.875
    """
    groups = [np.asarray(group, dtype=np.float64).ravel() for group in (perceived, linguistic)]
    for name, group in zip(("perceived", "linguistic"), groups, strict=True):
        if len(group) == 0 or np.isnan(group).any():
            raise ValueError(f"{name} must hold at least one score and no NaN, got {group.tolist()}")
    ranks = stats.rankdata(np.concatenate(groups))
    first, second = (len(group) for group in groups)
    return float((ranks[:first].sum() - first * (first + 1) / 2) / (first * second))


def rank_correlation(a: np.ndarray, b: np.ndarray) -> float:
    """Spearman's rank correlation of two maps of one shape; in [-1, 1], 1 if they order all pixels alike.

    Equal values share their mean rank. A map of one value orders nothing: 0, or 1 where both are such maps.

    Raises
    ------
    ValueError
        If shapes differ, there is nothing in them, or one holds NaN.
    """
    first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if first.shape != second.shape or first.size == 0:
        raise ValueError(f"maps of one shape that are not empty are compared, got {first.shape} and {second.shape}")
    if np.isnan(first).any() or np.isnan(second).any():
        raise ValueError("a map holds NaN, which has no rank")
    flat = [bool(np.ptp(values) == 0) for values in (first, second)]
    if any(flat):
        return float(all(flat))
    return float(np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1])
