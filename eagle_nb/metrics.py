"""How good an explanation is: areas under the curves, sensitive tokens, the pointing game.

Definitions: EAGLE (arXiv 2509.22496), section 4. Each says which direction is better.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

SENSITIVE = 0.2
"""A token is sensitive to the image if p(full) - p(blank) exceeds this."""


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


def pointing_game(saliency: np.ndarray, target: np.ndarray | Sequence[float]) -> bool:
    """Whether the maximum of a saliency map lies inside the target; of several maxima one suffices.

    Parameters
    ----------
    saliency : ndarray, (H, W)
    target : bool ndarray (H, W), or (left, top, right, bottom) in pixels

    Raises
    ------
    ValueError
        If a mask has another shape, or is empty.
    """
    saliency, mask = np.asarray(saliency), np.asarray(target)
    if mask.shape == (4,):
        left, top, right, bottom = (float(v) for v in mask)
        y, x = np.mgrid[: saliency.shape[0], : saliency.shape[1]]
        mask = (x >= left) & (x < right) & (y >= top) & (y < bottom)
    if mask.shape != saliency.shape:
        raise ValueError(f"the target mask has shape {mask.shape}, the saliency map {saliency.shape}")
    if not mask.any():
        raise ValueError("the target is empty")
    return bool(mask.astype(bool)[saliency == saliency.max()].any())
