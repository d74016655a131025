"""Near-ties: values of F that differ by no more than rounding count as equal, and the region with the smallest number wins.

Floating-point arithmetic gives the same coalition slightly different probabilities in another batch, with another number of threads or on
another device. Without a tolerance, this noise would decide between regions that contribute the same, such as two of a plain background,
and a search would find another order each time. The tolerance follows from the precision of the scorer: the optional attribute
``resolution`` is the largest difference, relative to the probability, that only rounding explains. Probabilities of two coalitions enter
F with the weights λ1 and λ2, so differences of F up to (λ1 + λ2) · resolution · p are ties, where p is the probability of the target
under the blank or the full image, whichever is larger. It is relative to p rather than to the difference between the two images, because
rounding is, too: for a token that the image hardly changes, F differs by rounding only.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from ..scoring.objective import Weights

RESOLUTION = 1e-6
"""Resolution of scorers that do not state theirs: about eight units of rounding of float32.

It also serves networks in half precision. They differ from float32 by more, but give a coalition the same score again, and a tolerance as wide
as their rounding would ignore real differences (measured by ``benchmarks/precision.py``).
"""


def scorer_resolution(scorer: Any) -> float:
    """Return the relative difference of a scorer's probabilities that only rounding explains.

    Parameters
    ----------
    scorer : Scorer
        Its optional attribute ``resolution`` states it; 0 for exact tables.

    Returns
    -------
    float
        The attribute, or `RESOLUTION`.

    Raises
    ------
    ValueError
        If it is not a number from 0 to less than 1.

    Examples
    --------
    >>> scorer_resolution(object())
    1e-06
    """
    value = getattr(scorer, "resolution", None)
    if value is None:
        return RESOLUTION
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not (number and 0 <= value < 1):
        raise ValueError(f"the scorer's resolution is a number from 0 to less than 1, such as 1e-6, got {value!r}")
    return float(value)


def tie_tolerance(resolution: float, weights: Weights, blank: float, full: float) -> float:
    """Return the largest difference of F that counts as none.

    Parameters
    ----------
    resolution : float
        Resolution of the scorer.
    weights : (float, float)
        λ1 and λ2.
    blank, full : float
        Probability of the target under the blank and the full image.

    Returns
    -------
    float
        The tolerance.

    Examples
    --------
    >>> round(tie_tolerance(1e-6, (1.0, 1.0), 0.25, 0.5), 9)
    1e-06
    """
    return resolution * (weights[0] + weights[1]) * max(blank, full)


def ranked(values: np.ndarray, tolerance: float) -> np.ndarray:
    """Sort values from the largest to the smallest; those within the tolerance of the largest of them keep their order.

    Parameters
    ----------
    values : ndarray of float, (M,)
        Values, such as F of candidates in the order of their region numbers.
    tolerance : float
        The largest difference that counts as none.

    Returns
    -------
    ndarray of int, (M,)
        Indices.

    Examples
    --------
    >>> ranked(np.array([0.3, 0.7, 0.70001, 0.1]), 0.001)
    array([1, 2, 0, 3])
    """
    order = np.argsort(-values, kind="stable")
    start = 0
    for end in range(1, len(order) + 1):
        if end == len(order) or values[order[start]] - values[order[end]] > tolerance:
            order[start:end] = np.sort(order[start:end])
            start = end
    return order


def snapped(values: np.ndarray, tolerance: float) -> np.ndarray:
    """Give values that count as equal the same value: the largest of them.

    Parameters
    ----------
    values : ndarray of float, (M,)
        Values.
    tolerance : float
        The largest difference that counts as none.

    Returns
    -------
    ndarray of float, (M,)
        Values, none changed by more than the tolerance.

    Examples
    --------
    >>> snapped(np.array([0.3, 0.7, 0.70001]), 0.001)
    array([0.3    , 0.70001, 0.70001])
    """
    order, equal = np.argsort(-values, kind="stable"), np.array(values, dtype=float)
    for before, k in pairwise(order):
        if equal[before] - values[k] <= tolerance:
            equal[k] = equal[before]
    return equal


def best(values: np.ndarray, tolerance: float) -> int:
    """Return the first of the values that lie within a tolerance of the maximum.

    Parameters
    ----------
    values : ndarray of float, (M,)
        Values, such as F of candidates in the order of their region numbers.
    tolerance : float
        The largest difference that counts as none.

    Returns
    -------
    int
        Its index.

    Examples
    --------
    >>> best(np.array([0.3, 0.7, 0.70001]), 0.001)
    1
    """
    return int(np.argmax(values >= np.max(values) - tolerance))
