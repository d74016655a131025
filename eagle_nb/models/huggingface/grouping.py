"""Groups of regions that one picture can show at once, because no pixel value of the network's input depends on two of them.

A processor that resamples spreads a pixel over its surroundings. Regions whose bounding boxes are further apart than that share one pass
through the processor, which turns N passes into about eight.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import find_objects

from ...inputs.regions import Regions

MARGIN = 2
"""Pixels that are added to the measured reach."""


def bounding_boxes(regions: Regions) -> np.ndarray:
    """Return the bounding boxes of regions.

    Parameters
    ----------
    regions : Regions
        The regions.

    Returns
    -------
    ndarray of int, (N, 4)
        First and last row plus one, first and last column plus one.
    """
    found = find_objects(np.asarray(regions.labels) + 1)
    return np.array([[rows.start, rows.stop, columns.start, columns.stop] for rows, columns in found])


def disjoint_groups(boxes: np.ndarray, reach: int) -> list[np.ndarray]:
    """Divide regions into groups whose bounding boxes stay apart when each grows by a reach.

    Parameters
    ----------
    boxes : ndarray of int, (N, 4)
        Bounding boxes.
    reach : int
        Number of pixels by which each box grows.

    Returns
    -------
    list of ndarray of int
        Region numbers, each in exactly one group.
    """
    grown = boxes + np.array([-reach, reach, -reach, reach])
    groups: list[list[int]] = []
    for k, (top, bottom, left, right) in enumerate(grown):
        for group in groups:
            other = grown[group]
            apart = (other[:, 0] >= bottom) | (other[:, 1] <= top) | (other[:, 2] >= right) | (other[:, 3] <= left)
            if apart.all():
                group.append(k)
                break
        else:
            groups.append([k])
    return [np.array(group) for group in groups]


def owner_map(boxes: np.ndarray, group: np.ndarray, reach: int, size: tuple[int, int]) -> np.ndarray:
    """Return the region of a group in whose grown bounding box each pixel lies.

    Parameters
    ----------
    boxes : ndarray of int, (N, 4)
        Bounding boxes.
    group : ndarray of int
        Region numbers.
    reach : int
        Number of pixels by which each box grows.
    size : (int, int)
        Height and width of the image.

    Returns
    -------
    ndarray of int, (H, W)
        Region numbers, -1 outside all boxes.
    """
    owners = np.full(size, -1, dtype=np.int32)
    for k in group:
        top, bottom, left, right = boxes[k]
        owners[max(0, top - reach) : bottom + reach, max(0, left - reach) : right + reach] = k
    return owners
