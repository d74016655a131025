"""The pointing game: whether the maximum of a saliency map lies on the object."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Place = np.ndarray | Sequence[float]
"""A mask, bool (H, W), or a box (left, top, right, bottom) in pixels."""


def pointing_game(saliency: np.ndarray, target: Place) -> bool:
    """Return whether the maximum of a saliency map lies inside the target; of several maxima one suffices.

    A map over regions has a whole region of maxima, and a hit takes one pixel of it: see `pointing_share` for the strict metric.

    Parameters
    ----------
    saliency : ndarray, (H, W)
        The map.
    target : ndarray of bool, (H, W), or (left, top, right, bottom)
        A mask, or a box in pixels; every pixel that a box touches counts.

    Returns
    -------
    bool
        A hit or a miss; the share of hits over samples is better the higher.

    Raises
    ------
    ValueError
        If a mask has another shape, no pixel of the image is in the target, or the map is NaN everywhere.

    References
    ----------
    Zhang et al. 2016, arXiv 1608.00507; ties as in EAGLE's code.

    Examples
    --------
    >>> pointing_game(np.array([[0.0, 1.0]]), (1, 0, 2, 1))
    True
    """
    return pointing_share(saliency, target) > 0


def pointing_share(saliency: np.ndarray, target: Place) -> float:
    """Return the share of the map's maxima that lie inside the target: the chance of a hit if ties are broken at random.

    Parameters
    ----------
    saliency : ndarray, (H, W)
        The map; NaN where it was not measured.
    target : ndarray of bool, (H, W), or (left, top, right, bottom)
        As of `pointing_game`.

    Returns
    -------
    float
        In [0, 1], higher is better.

    Raises
    ------
    ValueError
        As `pointing_game`.

    Examples
    --------
    >>> pointing_share(np.array([[1.0, 1.0]]), np.array([[True, False]]))
    0.5
    """
    saliency = np.asarray(saliency)
    mask = _pixels(target, saliency.shape)
    if not mask.any():
        raise ValueError("the target is empty: no pixel of the image lies in it")
    measured = ~np.isnan(saliency)
    if not measured.any():
        raise ValueError("the saliency map is NaN everywhere, so it has no maximum")
    return float(mask[measured & (saliency == saliency[measured].max())].mean())


def pointing_any(saliency: np.ndarray, targets: Sequence[Place]) -> bool | None:
    """Return whether the pointing game hits one of several targets.

    Parameters
    ----------
    saliency : ndarray, (H, W)
        The map.
    targets : sequence of masks or boxes
        As of `pointing_game`.

    Returns
    -------
    bool or None
        None if no target has a pixel in the image.
    """
    masks = [_pixels(target, np.shape(saliency)) for target in targets]
    inside = [mask for mask in masks if mask.any()]
    return any(pointing_game(saliency, mask) for mask in inside) if inside else None


def pointing_union(saliency: np.ndarray, targets: Sequence[Place]) -> float | None:
    """Return `pointing_share` of the union of several targets.

    Parameters
    ----------
    saliency : ndarray, (H, W)
        The map.
    targets : sequence of masks or boxes
        As of `pointing_game`.

    Returns
    -------
    float or None
        None if no target has a pixel in the image.
    """
    masks = [_pixels(target, np.shape(saliency)) for target in targets]
    return pointing_share(saliency, np.any(masks, axis=0)) if np.any(masks) else None


def _pixels(target: Place, shape: tuple[int, ...]) -> np.ndarray:
    """Return the pixels of a mask, or those that a box touches: bool (H, W). Pixel k lies between k and k + 1."""
    mask = np.asarray(target)
    if mask.shape == (4,):
        left, top, right, bottom = (float(v) for v in mask)
        y, x = np.mgrid[: shape[0], : shape[1]]
        mask = (x + 1 > left) & (x < right) & (y + 1 > top) & (y < bottom) & (left < right) & (top < bottom)
    if mask.shape != shape:
        raise ValueError(f"the target mask has shape {mask.shape}, the saliency map {shape}")
    return mask.astype(bool)
