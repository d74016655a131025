"""Areas under insertion and deletion curves, over all selected tokens or the sensitive ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from ..explanation import Explanation

SENSITIVE = 0.2
"""A token is sensitive to the image if p(full) - p(blank) exceeds this."""


class CurveScores(NamedTuple):
    """What the mean curves of some tokens come to: insertion higher, deletion lower, highest score higher is better."""

    insertion_auc: float
    deletion_auc: float
    highest_score: float


def auc(curve: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Area under a curve over the fraction of image area, trapezoid, both end points included.

    Parameters
    ----------
    curve : ndarray, (K,) or (K, T)
    area : ndarray, (K,)
        From 0 to 1, increasing.

    Returns
    -------
    ndarray of float64, () or (T,)
        In [0, 1]. Of an insertion curve higher is better, of a deletion curve lower.

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
    """The maximum of an insertion curve; the paper's "average highest confidence" is its mean over samples. Higher is better."""
    return float(np.max(curve))


def sensitive_tokens(insertion: np.ndarray, threshold: float = SENSITIVE) -> np.ndarray:
    """Tokens with p(full) - p(blank) > `threshold`: indices, from an insertion curve (K, T)."""
    insertion = np.asarray(insertion)
    return np.flatnonzero(insertion[-1] - insertion[0] > threshold)


def curve_scores(explanation: Explanation, tokens: Sequence[int] | None = None) -> CurveScores:
    """Both areas and the highest score of the mean curves of some tokens.

    Parameters
    ----------
    explanation : Explanation
    tokens : sequence of int, optional
        Indices into the answer; the selected tokens by default.

    Raises
    ------
    ValueError
        If there are no tokens, or one is out of range.
    """
    chosen = explanation.tokens if tokens is None else [int(t) for t in tokens]
    count = explanation.insertion.shape[1]
    if not chosen or not set(chosen) <= set(range(count)):
        raise ValueError(f"tokens must be indices 0 … {count - 1} of the answer, at least one, got {chosen}")
    insertion, deletion = (c[:, chosen].mean(1) for c in (explanation.insertion, explanation.deletion))
    area = explanation.area
    return CurveScores(float(auc(insertion, area)), float(auc(deletion, area)), highest_score(insertion))


def sensitive_scores(explanation: Explanation, threshold: float = SENSITIVE) -> CurveScores | None:
    """The same over the selected tokens that are sensitive; None where none is, a sample that is to be skipped.

    Curves are averaged over the sensitive tokens, then the areas taken (EAGLE, section 4).
    """
    sensitive = [t for t in sensitive_tokens(explanation.insertion, threshold).tolist() if t in explanation.tokens]
    return curve_scores(explanation, sensitive) if sensitive else None
