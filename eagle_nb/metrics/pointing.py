"""The pointing game: does the maximum of a map lie on the object?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def pointing_game(saliency: np.ndarray, target: np.ndarray | Sequence[float]) -> bool:
    """Whether the maximum of a saliency map lies inside the target; of several maxima one suffices.

    The share of hits over samples is better the higher. A map over regions has a whole region of maxima, so that a hit
    takes one pixel of it: see `pointing_share` for the strict figure.

    Parameters
    ----------
    saliency : ndarray, (H, W)
    target : bool ndarray (H, W), or (left, top, right, bottom) in pixels

    Raises
    ------
    ValueError
        If a mask has another shape, or is empty.

    References
    ----------
    Zhang et al. 2016, arXiv 1608.00507; ties as in EAGLE's code.
    """
    return pointing_share(saliency, target) > 0


def pointing_share(saliency: np.ndarray, target: np.ndarray | Sequence[float]) -> float:
    """Share of the map's maxima that lie inside the target: the chance of a hit if ties are broken at random.

    In [0, 1], higher is better; parameters and errors as `pointing_game`.
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
    return float(mask.astype(bool)[saliency == saliency.max()].mean())
