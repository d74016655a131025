"""Masks of an image: their bounding box, and how masks that overlap become one map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .layout import Layout


def mask_box(mask: np.ndarray) -> tuple[float, float, float, float] | None:
    """Return the bounding box of a mask.

    Parameters
    ----------
    mask : ndarray of bool, (H, W)
        The mask.

    Returns
    -------
    (left, top, right, bottom) or None
        In pixels; pixel k lies between k and k + 1. None if the mask is empty.

    Examples
    --------
    >>> mask_box(np.array([[False, True], [False, True]]))
    (1.0, 0.0, 2.0, 2.0)
    """
    y, x = np.nonzero(mask)
    if len(x) == 0:
        return None
    return float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1)


def joined_masks(masks: Any) -> tuple[Any, Layout | None]:
    """Return masks of the frames of a video as masks of their canvas.

    Parameters
    ----------
    masks : sequence of ndarray, (H, W) or (F, H, W), or of mapping
        Masks.

    Returns
    -------
    masks : sequence
        Masks of one picture as they are; those of F > 1 frames as arrays (H, W) of the canvas.
    layout : Layout or None
        Where the frames lie on the canvas; None for masks of one picture.

    Raises
    ------
    ValueError
        If the shapes of the masks differ.
    """
    if isinstance(masks, Mapping | str | bytes):
        return masks, None
    masks = list(masks)
    if not masks or not all(np.ndim(mask) == 3 and len(mask) > 1 for mask in masks):
        return masks, None
    volumes = [np.asarray(mask) for mask in masks]
    shapes = {volume.shape for volume in volumes}
    if len(shapes) != 1:
        raise ValueError(f"masks must be (F, H, W) and of one shape, got {sorted(shapes)}")
    count, height, width = volumes[0].shape
    layout = Layout(((width, height),) * count)
    return [layout.join(list(volume), 0) for volume in volumes], layout


def stack_masks(
    masks: Sequence[np.ndarray | Mapping[str, Any]] | np.ndarray, threshold: float | None = None
) -> tuple[np.ndarray, list[int], bool]:
    """Stack masks into one map, smaller ones over larger ones.

    Parameters
    ----------
    masks : sequence of ndarray, (H, W), or of mapping
        See `eagle_nb.inputs.regions.Regions.from_masks`.
    threshold : float, optional
        A floating-point value above it is in the mask.

    Returns
    -------
    labels : ndarray of int, (H, W)
        0 for the first mask that is visible, and so on; the largest for pixels that no mask covers.
    covered : list of int
        Masks that smaller ones cover completely, so that they have no label.
    rest : bool
        Whether there are pixels that no mask covers.

    Raises
    ------
    ValueError
        If there are no masks, their shapes differ, one is empty, or they hold numbers whose meaning is unclear.
    TypeError
        If a mask is neither an array nor a mapping that contains one.

    Examples
    --------
    >>> stack_masks([np.array([[True, True, False]]), np.array([[True, False, False]])])
    (array([[1, 0, 2]]), [], True)
    """
    if isinstance(masks, Mapping | str | bytes):
        raise TypeError(f"from_masks takes a list of masks, got {type(masks).__name__}")
    planes = [_as_mask(mask, k, threshold) for k, mask in enumerate(masks)]
    if not planes:
        raise ValueError("from_masks needs at least one mask")
    shapes = {plane.shape for plane in planes}
    if len(shapes) > 1 or planes[0].ndim != 2:
        raise ValueError(f"masks must be (H, W) and of one shape, got {sorted(shapes)}")
    empty = [k for k, plane in enumerate(planes) if not plane.any()]
    if empty:
        raise ValueError(f"mask {empty[0]} covers no pixel; leave it out")
    labels = np.full(planes[0].shape, len(planes))
    # Of equal size, the mask that has the first pixel in reading order that the other lacks wins, whatever the order given.
    for k in sorted(range(len(planes)), key=lambda k: (-int(planes[k].sum()), planes[k].tobytes())):
        labels[planes[k]] = k
    covered = [k for k in range(len(planes)) if not (labels == k).any()]
    rest = bool((labels == len(planes)).any())
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape), covered, rest


def _as_mask(mask: Any, k: int, threshold: float | None) -> np.ndarray:
    """Return one mask of `Regions.from_masks` as bool (H, W)."""
    if isinstance(mask, Mapping):
        if not isinstance(mask.get("segmentation"), np.ndarray):
            raise TypeError(
                f"mask {k} is a mapping without an array under 'segmentation'; decode run-length codes first "
                "(pycocotools.mask.decode)"
            )
        mask = mask["segmentation"]
    values = np.asarray(mask)
    if values.ndim == 3 and len(values) == 1:
        values = values[0]  # as SAM's predictor returns them: (N, 1, H, W)
    if values.dtype == bool:
        return values
    if np.issubdtype(values.dtype, np.floating):
        if threshold is None:
            raise ValueError(
                f"mask {k} holds floating-point numbers; give threshold=0.0 for logits or threshold=0.5 for probabilities"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"mask {k} holds NaN or infinity")
        return np.asarray(values > threshold)
    if not np.issubdtype(values.dtype, np.integer):
        raise TypeError(f"mask {k} is an array of {values.dtype}; masks are boolean, integers of two values, or floats")
    levels = np.unique(values)
    if len(levels) > 2 or (len(levels) == 2 and levels[0] != 0):
        raise ValueError(
            f"mask {k} holds {len(levels)} different integers; a map of labels goes into Regions.from_labels"
        )
    return np.asarray(values != 0)
