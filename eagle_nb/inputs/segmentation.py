"""Segmentation: cut an image into a number of segments.

A segmenter is a function ``segmenter(picture, n)`` of an RGB picture, uint8 (H, W, 3), and a number of regions, and returns a
label map, int (H, W). Those of this module return exactly n labels, 0 … n - 1. `register_segmenter` gives one of your own a name; it
can also be passed as it is wherever ``segmentation=`` is accepted.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image

from .exact_number import exactly as exactly
from .progress import progress_bar

Segmenter = Callable[[np.ndarray, int], np.ndarray]
"""Picture (H, W, 3) and number of regions → labels (H, W)."""

MAX_PIXELS = 2**20
"""Larger images are segmented on a copy reduced to this many pixels; the labels are enlarged again."""


def slic_labels(picture: np.ndarray, n: int) -> np.ndarray:
    """Cut an image into superpixels by zero-parameter SLIC (SLICO).

    SLIC itself returns approximately the requested number. Here the smallest superpixels are merged into the neighbour of the
    most similar colour, or the largest are cut in two, until there are exactly `n`.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The image.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, (H, W)
        Labels 0 … n - 1.

    References
    ----------
    Achanta et al. 2012, "SLIC superpixels compared to state-of-the-art superpixel methods".

    Examples
    --------
    >>> int(slic_labels(np.zeros((8, 8, 3), np.uint8), 4).max())
    3
    """
    from skimage.segmentation import slic

    reduced = _reduced(picture)
    labels = np.zeros(reduced.shape[:2], dtype=np.int64)
    if n > 1:
        for factor in (1.0, 1.1, 1.25, 1.5):
            labels = slic(reduced, n_segments=int(np.ceil(n * factor)), slic_zero=True, start_label=0, channel_axis=-1)
            if labels.max() + 1 >= n:
                break
    return _enlarged(exactly(labels, reduced, n), picture)


def grid_labels(picture: np.ndarray, n: int) -> np.ndarray:
    """Cut an image into `n` rectangles of nearly equal size, as close to squares as possible.

    Where `n` has no suitable divisors, rows hold different numbers of rectangles.

    Parameters
    ----------
    picture : ndarray, (H, W, 3)
        The image; only its size matters.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, (H, W)
        Labels 0 … n - 1, row by row.

    Examples
    --------
    >>> grid_labels(np.zeros((2, 4, 3)), 2)
    array([[0, 0, 1, 1],
           [0, 0, 1, 1]])
    """
    height, width = picture.shape[:2]
    rows = int(np.clip(round(np.sqrt(n * height / width)), 1, min(n, height)))
    for candidate in sorted(range(1, min(n, height) + 1), key=lambda r: abs(np.log(r / rows))):
        if n % candidate == 0 and n // candidate <= width and abs(np.log(candidate / rows)) < 0.4:
            rows = candidate
            break
    rows = max(rows, -(-n // width))
    per_row = [n // rows + (r < n % rows) for r in range(rows)]
    labels = np.zeros((height, width), dtype=np.int64)
    row_of = np.arange(height) * rows // height
    first = np.concatenate([[0], np.cumsum(per_row)])
    for r, count in enumerate(per_row):
        labels[row_of == r] = first[r] + np.arange(width) * count // width
    return labels


def felzenszwalb_labels(picture: np.ndarray, n: int) -> np.ndarray:
    """Cut an image into `n` graph-based segments, merged or cut in two to the exact number.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The image.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, (H, W)
        Labels 0 … n - 1.

    References
    ----------
    Felzenszwalb and Huttenlocher 2004, "Efficient graph-based image segmentation".
    """
    from skimage.segmentation import felzenszwalb

    reduced = _reduced(picture)
    scale, labels = 400.0, np.zeros(reduced.shape[:2], dtype=np.int64)
    for _ in range(8):
        labels = felzenszwalb(reduced, scale=scale, sigma=0.8, min_size=max(4, reduced[..., 0].size // (8 * n)))
        if labels.max() + 1 >= n:
            break
        scale /= 3
    return _enlarged(exactly(labels, reduced, n), picture)


def watershed_labels(picture: np.ndarray, n: int) -> np.ndarray:
    """Cut an image by a compact watershed of its gradient, merged or cut in two to exactly `n` segments.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The image.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, (H, W)
        Labels 0 … n - 1.

    References
    ----------
    Neubert and Protzel 2014, "Compact watershed and preemptive SLIC".
    """
    from skimage.color import rgb2gray
    from skimage.filters import sobel
    from skimage.segmentation import watershed

    reduced = _reduced(picture)
    labels = watershed(sobel(rgb2gray(reduced)), markers=n, compactness=0.001) - 1
    return _enlarged(exactly(labels, reduced, n), picture)


SEGMENTERS: dict[str, Segmenter] = {
    "slic": slic_labels,
    "grid": grid_labels,
    "felzenszwalb": felzenszwalb_labels,
    "watershed": watershed_labels,
}
"""Segmenters by name."""


def register_segmenter(name: str, segmenter: Segmenter) -> None:
    """Give a segmenter a name, under which every ``segmentation=`` finds it.

    Parameters
    ----------
    name : str
        A new name.
    segmenter : callable
        ``segmenter(picture, n)``, uint8 (H, W, 3) and int → int (H, W).

    Raises
    ------
    ValueError
        If the name is taken.
    TypeError
        If the segmenter cannot be called.

    Examples
    --------
    >>> register_segmenter("halves", lambda picture, n: np.arange(picture.shape[1]) * 2 // picture.shape[1] + 0 * picture[..., 0])
    >>> SEGMENTERS.pop("halves")(np.zeros((1, 4, 3), int), 2)
    array([[0, 0, 1, 1]])
    """
    if name in SEGMENTERS:
        raise ValueError(f"there is a segmenter {name!r} already; choose another name")
    if not callable(segmenter):
        raise TypeError(f"a segmenter is a function (picture, n) → labels, got {type(segmenter).__name__}")
    SEGMENTERS[name] = segmenter


def resolve_segmenter(segmentation: str | Segmenter) -> tuple[str, Segmenter]:
    """Return the name and the function of a segmenter.

    Parameters
    ----------
    segmentation : str or callable
        A name of `SEGMENTERS`, or a segmenter.

    Returns
    -------
    (str, callable)
        Its name (of a function without a registered name, ``__name__``) and the function.

    Raises
    ------
    ValueError
        If the name is unknown.
    TypeError
        If it is neither.
    """
    if isinstance(segmentation, str):
        if segmentation not in SEGMENTERS:
            raise ValueError(f"unknown segmentation {segmentation!r}; known ones: {', '.join(SEGMENTERS)}")
        return segmentation, SEGMENTERS[segmentation]
    if callable(segmentation):
        return str(getattr(segmentation, "__name__", type(segmentation).__name__)), segmentation
    raise TypeError(f"segmentation is a name or a function (picture, n) → labels, got {segmentation!r}")


def cut_picture(
    picture: np.ndarray, n: int, segmentation: str | Segmenter, progress: bool = False
) -> tuple[np.ndarray, str]:
    """Cut an image by a segmenter, and check what it returns.

    Parameters
    ----------
    picture : ndarray of uint8, (H, W, 3)
        The image.
    n : int
        Number of regions.
    segmentation : str or callable
        A name of `SEGMENTERS`, or a segmenter.
    progress : bool
        Whether an image of more than `MAX_PIXELS` shows that it is being cut.

    Returns
    -------
    labels : ndarray of int, (H, W)
        The segments, numbered in the order of the segmenter's labels without gaps.
    name : str
        The name of the segmenter.

    Raises
    ------
    ValueError
        If the segmentation is unknown, or the segmenter returns a map of another size.
    TypeError
        If it is neither a name nor a function.

    Examples
    --------
    >>> cut_picture(np.zeros((1, 4, 3), np.uint8), 2, "grid")
    (array([[0, 0, 1, 1]]), 'grid')
    """
    name, segmenter = resolve_segmenter(segmentation)
    height, width = picture.shape[:2]
    with progress_bar(
        desc=f"segmenting {width} × {height} pixels by {name}",
        bar_format="{desc} …",
        leave=False,
        disable=not progress or height * width <= MAX_PIXELS,
    ):
        labels = np.asarray(segmenter(picture, n))
    if labels.shape != (height, width):
        raise ValueError(
            f"the segmenter {name!r} returned shape {labels.shape} for an image of {(height, width)} pixels"
        )
    return np.unique(labels, return_inverse=True)[1].reshape(labels.shape), name


def tube_labels(frames: np.ndarray, n: int, compactness: float = 10.0) -> np.ndarray:
    """Cut a video into `n` tubes: superpixels of space and time, by SLIC on the volume of its frames.

    A step from one frame to the next counts as much as the distance that makes a tube as long as it is wide.

    Parameters
    ----------
    frames : ndarray of uint8, (F, H, W, 3)
        The frames.
    n : int
        Number of regions.
    compactness : float
        Weight of distance against colour; larger values give more regular tubes.

    Returns
    -------
    ndarray of int, (F, H, W)
        Labels 0 … n - 1.

    References
    ----------
    Achanta et al. 2012, "SLIC superpixels compared to state-of-the-art superpixel methods", section 4.4 (supervoxels).

    Examples
    --------
    >>> int(tube_labels(np.zeros((2, 8, 8, 3), np.uint8), 4).max())
    3
    """
    from skimage.segmentation import slic

    count = len(frames)
    reduced = np.stack([_reduced(frame, count) for frame in frames])
    labels = np.zeros(reduced.shape[:3], dtype=np.int64)
    if n > 1:
        side = max(1.0, (reduced.shape[1] * reduced.shape[2] * count / n) ** (1 / 3))
        spacing = (max(1.0, side / min(count, 4)), 1.0, 1.0)
        for factor in (1.0, 1.25, 1.5, 2.0):
            labels = slic(
                reduced, n_segments=int(np.ceil(n * factor)), compactness=compactness, spacing=spacing,
                start_label=0, channel_axis=-1, enforce_connectivity=True,
            )  # fmt: skip
            if labels.max() + 1 >= n:
                break
    return np.stack([_enlarged(frame, frames[0]) for frame in exactly(labels, reduced, n)])


def _reduced(picture: np.ndarray, share: int = 1) -> np.ndarray:
    """Return a copy of a large image that is quick to segment, one of `share` that are segmented together."""
    height, width = picture.shape[:2]
    factor = (MAX_PIXELS / share / (height * width)) ** 0.5
    if factor >= 1:
        return picture
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(Image.fromarray(picture).resize(size, Image.Resampling.BOX))


def _enlarged(labels: np.ndarray, picture: np.ndarray) -> np.ndarray:
    """Return the labels of a reduced image at the size of the image, by the nearest pixel."""
    if labels.shape == picture.shape[:2]:
        return labels
    rows, columns = (
        ((np.arange(size) + 0.5) * small / size).astype(int)
        for size, small in zip(picture.shape[:2], labels.shape, strict=True)
    )
    return labels[np.ix_(rows, columns)]
