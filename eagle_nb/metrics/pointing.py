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
        Of a box every pixel counts that it touches.

    Raises
    ------
    ValueError
        If a mask has another shape, or no pixel of the image is in the target.

    References
    ----------
    Zhang et al. 2016, arXiv 1608.00507; ties as in EAGLE's code.
    """
    return pointing_share(saliency, target) > 0


def pointing_share(saliency: np.ndarray, target: np.ndarray | Sequence[float]) -> float:
    """Share of the map's maxima that lie inside the target: the chance of a hit if ties are broken at random.

    In [0, 1], higher is better; parameters and errors as `pointing_game`.
    """
    saliency = np.asarray(saliency)
    mask = _pixels(target, saliency.shape)
    if not mask.any():
        raise ValueError("the target is empty")
    return float(mask[saliency == saliency.max()].mean())


def pointing_any(saliency: np.ndarray, targets: Sequence[np.ndarray | Sequence[float]]) -> bool | None:
    """Whether the pointing game hits one of several targets; None where none of them has a pixel of the image."""
    masks = [_pixels(target, np.shape(saliency)) for target in targets]
    aims = [mask for mask in masks if mask.any()]
    return any(pointing_game(saliency, mask) for mask in aims) if aims else None


def pointing_union(saliency: np.ndarray, targets: Sequence[np.ndarray | Sequence[float]]) -> float | None:
    """`pointing_share` of all targets together; None where none of them has a pixel of the image."""
    masks = [_pixels(target, np.shape(saliency)) for target in targets]
    return pointing_share(saliency, np.any(masks, axis=0)) if np.any(masks) else None


def _pixels(target: np.ndarray | Sequence[float], shape: tuple[int, ...]) -> np.ndarray:
    """The pixels of a mask, or those that a box touches: bool (H, W). Pixel k lies between k and k + 1."""
    mask = np.asarray(target)
    if mask.shape == (4,):
        left, top, right, bottom = (float(v) for v in mask)
        y, x = np.mgrid[: shape[0], : shape[1]]
        mask = (x + 1 > left) & (x < right) & (y + 1 > top) & (y < bottom) & (left < right) & (top < bottom)
    if mask.shape != shape:
        raise ValueError(f"the target mask has shape {mask.shape}, the saliency map {shape}")
    return mask.astype(bool)
