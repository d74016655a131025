"""Cutting several pictures: one numbering of regions over all of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from .layout import Layout
from .segmentation import Segmenter, cut_picture, tube_labels

MAX_REGIONS = 65535
"""Maximum number of regions."""


def shared_numbers(n: int | Sequence[int], layout: Layout, chosen: Sequence[int]) -> list[int]:
    """Return the number of regions of each picture.

    Parameters
    ----------
    n : int or sequence of int
        Number of regions of all chosen pictures together, shared by area, at least one each; or the number of each.
    layout : Layout
        The pictures.
    chosen : sequence of int
        The pictures that are cut.

    Returns
    -------
    list of int
        One number per chosen picture.

    Raises
    ------
    TypeError
        If a number is not an integer.
    ValueError
        If a number is out of range, or there is not one per chosen picture.

    Examples
    --------
    >>> shared_numbers(6, Layout(((4, 4), (8, 4))), [0, 1])
    [2, 4]
    """
    sizes = [layout.sizes[k] for k in chosen]
    if isinstance(n, Sequence | np.ndarray) and not isinstance(n, str):
        if len(n) != len(chosen):
            raise ValueError(f"there are {len(n)} numbers of regions and {len(chosen)} pictures; give one per picture")
        return [check_number(number, size) for number, size in zip(n, sizes, strict=True)]
    if len(sizes) == 1:
        return [check_number(n, sizes[0])]
    areas = np.array([width * height for width, height in sizes], dtype=float)
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"the number of regions must be an integer, got {n!r}")
    if not len(sizes) <= n <= min(MAX_REGIONS, int(areas.sum())):
        raise ValueError(
            f"the number of regions must be at least that of the pictures, {len(sizes)}, and at most "
            f"{min(MAX_REGIONS, int(areas.sum()))}, got {n}"
        )
    wanted = (int(n) - len(sizes)) * areas / areas.sum()
    numbers = np.floor(wanted).astype(int)
    order = np.argsort(-(wanted - numbers), kind="stable")
    numbers[order[: int(n) - len(sizes) - int(numbers.sum())]] += 1
    return [check_number(int(number) + 1, size) for number, size in zip(numbers, sizes, strict=True)]


def cut_each(
    pictures: Sequence[Image.Image],
    layout: Layout,
    n: int | Sequence[int],
    segmentation: str | Segmenter,
    chosen: Sequence[int],
    progress: bool = False,
) -> tuple[np.ndarray, str]:
    """Cut each chosen picture for itself.

    Parameters
    ----------
    pictures : sequence of PIL.Image.Image
        RGB.
    layout : Layout
        Their layout.
    n : int or sequence of int
        See `shared_numbers`.
    segmentation : str or callable
        A segmenter.
    chosen : sequence of int
        The pictures that are cut.
    progress : bool
        Whether a large picture shows that it is being cut.

    Returns
    -------
    labels : ndarray of int, (H, W)
        The map of the canvas; -1 outside the chosen pictures.
    name : str
        The name of the segmenter.

    Raises
    ------
    TypeError, ValueError
        As `shared_numbers` and `eagle_nb.inputs.segmentation.cut_picture`.
    """
    numbers = dict(zip(chosen, shared_numbers(n, layout, chosen), strict=True))
    maps, first, name = [], 0, ""
    for k, picture in enumerate(pictures):
        if k not in numbers:
            maps.append(np.full((picture.height, picture.width), -1))
            continue
        labels, name = cut_picture(np.asarray(picture), numbers[k], segmentation, progress)
        maps.append(labels + first)
        first += int(labels.max()) + 1
    return layout.join(maps, -1), name


def cut_tubes(pictures: Sequence[Image.Image], layout: Layout, n: int) -> np.ndarray:
    """Cut frames of one size into tubes through space and time.

    Parameters
    ----------
    pictures : sequence of PIL.Image.Image
        The frames.
    layout : Layout
        Their layout.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of int, (H, W)
        The map of the canvas.

    Raises
    ------
    ValueError
        If the frames differ in size, or the number is out of range.
    TypeError
        If the number is not an integer.
    """
    sizes = sorted(set(layout.sizes))
    if len(sizes) > 1:
        raise ValueError(f"tubes need frames of one size, got {sizes}; cut each picture for itself (Regions.slic)")
    width, height = sizes[0]
    number = check_number(n, (width, height * len(pictures)))
    labels = tube_labels(np.stack([np.asarray(picture) for picture in pictures]), number)
    return layout.join(list(labels), -1)


def check_number(n: int, size: tuple[int, int]) -> int:
    """Validate a number of regions.

    Parameters
    ----------
    n : int
        The number.
    size : (int, int)
        Width and height of what is cut.

    Returns
    -------
    int
        The number.

    Raises
    ------
    TypeError
        If it is not an integer.
    ValueError
        If it is below 1, or above the number of pixels or `MAX_REGIONS`.
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"the number of regions must be an integer, got {n!r}")
    most = min(size[0] * size[1], MAX_REGIONS)
    if not 1 <= n <= most:
        raise ValueError(f"the number of regions must be 1 … {most} for a {size[0]} × {size[1]} image, got {n}")
    return int(n)


def check_pictures(images: int | Sequence[int] | None, count: int) -> list[int]:
    """Return the pictures that ``images=`` selects.

    Parameters
    ----------
    images : int, sequence of int or None
        Numbers of pictures from 0; None selects all.
    count : int
        Number of pictures.

    Returns
    -------
    list of int
        Ascending numbers.

    Raises
    ------
    TypeError
        If it is of another type.
    ValueError
        If it is empty, repeats a picture, or a number is out of range.

    Examples
    --------
    >>> check_pictures([2, 0], 3)
    [0, 2]
    """
    if images is None:
        return list(range(count))
    listed = [images] if isinstance(images, int | np.integer) else images
    if isinstance(listed, str) or not isinstance(listed, Sequence | np.ndarray):
        raise TypeError(f"images is a number of a picture or a list of numbers, got {images!r}")
    if len(listed) == 0:
        raise ValueError("images is empty; give at least one picture, or None for all")
    for k in listed:
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 0 <= k < count:
            raise ValueError(f"images names picture {k!r}; the pictures are 0 … {count - 1}")
    if len({int(k) for k in listed}) < len(listed):
        raise ValueError(f"images repeats a picture: {list(listed)}")
    return sorted(int(k) for k in listed)
