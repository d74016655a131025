"""Annotations of pictures that an EXIF orientation turns.

A camera may store a picture turned or mirrored, with an orientation 1 … 8 that says how to show it. `eagle_nb.open_image` turns the
picture; annotations that refer to the pixels as stored must be turned with it.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from .sample import Box, SampleObject


def shown_size(size: tuple[int, int], orientation: int) -> tuple[int, int]:
    """Return the size of a picture as it is shown.

    Parameters
    ----------
    size : (int, int)
        Width and height as stored.
    orientation : int
        1 … 8.

    Returns
    -------
    (int, int)
        Width and height; exchanged from orientation 5 on.

    Examples
    --------
    >>> shown_size((6, 4), 3), shown_size((6, 4), 6)
    ((6, 4), (4, 6))
    """
    return size[::-1] if orientation >= 5 else size  # type: ignore[return-value]


def turn_mask(mask: np.ndarray, orientation: int) -> np.ndarray:
    """Turn the pixels of a picture as stored to the picture as shown.

    Parameters
    ----------
    mask : ndarray, (H, W)
        A mask or a map of the picture as stored.
    orientation : int
        1 … 8.

    Returns
    -------
    ndarray, (H, W) or (W, H)
        The same of the picture as shown.

    Examples
    --------
    >>> turn_mask(np.array([[1, 2], [3, 4]]), 6)
    array([[3, 1],
           [4, 2]])
    """
    turned = {
        2: mask[:, ::-1],
        3: mask[::-1, ::-1],
        4: mask[::-1],
        5: mask.T,
        6: mask[::-1].T,
        7: mask[::-1, ::-1].T,
        8: mask[:, ::-1].T,
    }
    return np.ascontiguousarray(turned.get(orientation, mask))


def turn_box(box: Box, size: tuple[int, int], orientation: int) -> Box:
    """Turn a box of a picture as stored to the picture as shown.

    Parameters
    ----------
    box : (float, float, float, float)
        Left, top, right and bottom, in pixels.
    size : (int, int)
        Width and height as stored.
    orientation : int
        1 … 8.

    Returns
    -------
    (float, float, float, float)
        Left, top, right and bottom in the picture as shown.

    Examples
    --------
    >>> turn_box((1, 0, 3, 1), (6, 4), 6)
    (3, 1, 4, 3)
    """
    left, top, right, bottom = box
    width, height = size
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return (top, left, bottom, right) if orientation >= 5 else (left, top, right, bottom)


def turn_object(instance: SampleObject, size: tuple[int, int], orientation: int) -> SampleObject:
    """Turn the box and the mask of an object to the picture as shown.

    Parameters
    ----------
    instance : SampleObject
        An object of the picture as stored.
    size : (int, int)
        Width and height as stored.
    orientation : int
        1 … 8.

    Returns
    -------
    SampleObject
        The object of the picture as shown; its mask is still decoded at every access.
    """
    box = None if instance.box is None else turn_box(instance.box, size, orientation)
    mask = None if not instance.has_mask else partial(_turned, instance, orientation)
    return SampleObject(instance.name, box, mask)


def _turned(instance: SampleObject, orientation: int) -> np.ndarray:
    """Decode and turn the mask of an object that has one."""
    return turn_mask(np.asarray(instance.mask), orientation)
