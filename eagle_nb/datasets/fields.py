"""Fields of rows that several loaders read: texts, image sizes, boxes, masks and objects."""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.images import ImageLike, open_image
from .orientation import shown_size
from .sample import Box, Mask, SampleObject

_REACH = 3  # distance from the image, in image sizes, beyond which a coordinate is an error
_ORIENTATION = 0x0112  # EXIF tag


def read_text(row: Mapping[str, Any], key: str) -> str | None:
    """Read a text of a row.

    Parameters
    ----------
    row : mapping
        The row.
    key : str
        Name of the entry.

    Returns
    -------
    str or None
        The text without white space around it, an integer as text; None if it is missing or empty.

    Raises
    ------
    ValueError
        If the entry is of another type.

    Examples
    --------
    >>> read_text({"id": 7, "prompt": " what? "}, "prompt")
    'what?'
    """
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | np.integer):
        raise ValueError(f"{key!r} must be a text, got {value!r}")
    return str(value).strip() or None


def image_size(source: ImageLike) -> tuple[int, int]:
    """Read the size of an image, only from the header if it is a file.

    Parameters
    ----------
    source : path, PIL.Image.Image, ndarray or bytes
        The image.

    Returns
    -------
    (int, int)
        Width and height in pixels, as of `eagle_nb.open_image`.

    Raises
    ------
    ImageError
        (a ValueError) If the file is missing or not an image. Damage after the header shows only when the image is
        opened.

    Examples
    --------
    >>> image_size(np.zeros((2, 3), np.uint8))
    (3, 2)
    """
    return shown_size(*stored_size(source))


def stored_size(source: ImageLike) -> tuple[tuple[int, int], int]:
    """Read the size of an image as it is stored, and its EXIF orientation.

    Parameters
    ----------
    source : path, PIL.Image.Image, ndarray or bytes
        The image.

    Returns
    -------
    size : (int, int)
        Width and height in pixels, before the orientation is applied.
    orientation : int
        1 … 8; 1 if the image is not turned.

    Raises
    ------
    ImageError
        (a ValueError) As `image_size`.

    Examples
    --------
    >>> stored_size(np.zeros((2, 3), np.uint8))
    ((3, 2), 1)
    """
    if isinstance(source, np.ndarray | Image.Image):
        return open_image(source).size, 1
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                orientation = image.getexif().get(_ORIENTATION, 1)
                if orientation not in range(1, 9):
                    orientation = 1  # Pillow ignores it as well
                size = image.size
                if image.format == "TIFF" and orientation >= 5:
                    size = size[::-1]  # Pillow has turned it already
                return size, int(orientation)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return open_image(source).size, 1  # its error says what is wrong


def encode_mask(segmentation: Any, width: int, height: int) -> dict[str, Any]:
    """Encode polygons or run lengths as one compressed run-length code, as COCO defines it.

    Parameters
    ----------
    segmentation : list of list of float, or mapping
        Polygons ``[[x0, y0, x1, y1, …], …]`` in pixels, which are joined and clipped to the image. A point more than
        three image sizes beyond an edge is an error, because pycocotools crashes on very distant points. Or run
        lengths, ``{"size": [height, width], "counts": …}`` with counts as a list or compressed.
    width, height : int
        Size of the image, in pixels.

    Returns
    -------
    dict
        "size" and "counts", for `decode_mask`.

    Raises
    ------
    ValueError
        If the segmentation is malformed or of another size.
    ImportError
        If pycocotools is not installed.
    """
    try:
        from pycocotools import mask as coco
    except ImportError as error:
        raise ImportError(
            'polygons and run-length codes need pycocotools; install it with pip install "eagle_nb[data]"'
        ) from error
    if isinstance(segmentation, Mapping):
        counts, size = segmentation.get("counts"), segmentation.get("size")
        if list(np.ravel(size)) != [height, width]:  # type: ignore[arg-type]
            raise ValueError(f"the run-length code has size {size}, the image has [{height}, {width}]")
        if isinstance(counts, str | bytes):
            code = {"size": [height, width], "counts": counts.encode() if isinstance(counts, str) else counts}
            complete = coco.encode(np.asfortranarray(coco.decode(code)))["counts"]
            if complete != code["counts"]:  # pycocotools leaves the pixels after the last run undefined
                raise ValueError(f"the run lengths do not add up to {width} × {height} pixels")
            return code
        runs = np.asarray(counts)
        if runs.ndim != 1 or runs.dtype.kind not in "iu" or not _adds_up(runs, width * height):
            raise ValueError(f"the run lengths do not add up to {width} × {height} pixels")
        return dict(coco.frPyObjects({"size": [height, width], "counts": runs.tolist()}, height, width))
    if not isinstance(segmentation, list) or not segmentation:
        raise ValueError(f"a mask must be polygons or a run-length code, got {segmentation!r}")
    for polygon in segmentation:
        numbers = np.asarray(polygon, dtype=object)
        if numbers.ndim != 1 or len(numbers) < 6 or len(numbers) % 2 or not all(map(is_number, polygon)):
            raise ValueError("a polygon must be a list [x0, y0, x1, y1, …] of at least three points in pixels")
        _check_reach(numbers, (width, height))
    return dict(coco.merge(coco.frPyObjects(segmentation, height, width)))


def decode_mask(code: Mapping[str, Any]) -> np.ndarray:
    """Decode a compressed run-length code.

    Parameters
    ----------
    code : mapping
        "size" and "counts", as of `encode_mask`.

    Returns
    -------
    ndarray of bool, (H, W)
        The mask.
    """
    from pycocotools import mask as coco

    return np.asarray(coco.decode(code)).astype(bool)


def read_mask_file(path: Path) -> np.ndarray:
    """Read a mask from an image file.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    ndarray of bool, (H, W)
        True where the image is not black.
    """
    return np.asarray(np.asarray(open_image(path)).any(axis=2))


def read_mask(mask: Any, size: tuple[int, int], folder: Path) -> Mask | None:
    """Read a mask of a row.

    Parameters
    ----------
    mask : path, ndarray or PIL.Image.Image (H, W), list of polygons, or mapping
        A file, pixels, polygons, or a run-length code.
    size : (int, int)
        Width and height of the image.
    folder : path
        Folder that the path of a file is relative to.

    Returns
    -------
    ndarray of bool (H, W), callable or None
        The pixels, or a function that returns them; None if polygons cover no pixel.

    Raises
    ------
    ValueError
        If the mask is malformed or of another size than the image.
    """
    if isinstance(mask, str | Path):
        _check_size(image_size(folder / mask), size)
        return partial(read_mask_file, folder / mask)
    if isinstance(mask, np.ndarray | Image.Image):
        pixels = np.asarray(mask)
        _check_size(pixels.shape[::-1], size)
        return np.asarray(pixels != 0)
    code = encode_mask(mask, *size)
    from pycocotools import mask as coco

    return partial(decode_mask, code) if coco.area(code) else None


def read_box(box: Any, size: tuple[int, int], corners: bool = True) -> Box:
    """Read a box of a row.

    Parameters
    ----------
    box : sequence of float
        Four numbers in pixels, at most three image sizes beyond an edge.
    size : (int, int)
        Width and height of the image.
    corners : bool
        Whether the numbers are (left, top, right, bottom); else (left, top, width, height), as in COCO.

    Returns
    -------
    (float, float, float, float)
        Left, top, right and bottom, in pixels.

    Raises
    ------
    ValueError
        If the box is malformed or outside the image.

    Examples
    --------
    >>> read_box([1, 2, 3, 4], (10, 10), corners=False)
    (1.0, 2.0, 4.0, 6.0)
    """
    numbers = list(box) if isinstance(box, list | tuple | np.ndarray) else []
    if len(numbers) != 4 or not all(map(is_number, numbers)):
        raise ValueError(f"a box must be four numbers in pixels, got {box!r}")
    left, top, right, bottom = (float(v) for v in numbers)
    if not corners:
        right, bottom = left + right, top + bottom
    if left >= size[0] or top >= size[1] or right <= 0 or bottom <= 0:
        raise ValueError(f"the box {box!r} lies outside the image of {size[0]} × {size[1]} pixels")
    _check_reach((left, top, right, bottom), size)
    return left, top, right, bottom


def read_object(
    entry: Any, size: tuple[int, int], folder: Path = Path(), corners: bool = True, names: list[str] | None = None
) -> SampleObject:
    """Read an object of a row.

    Parameters
    ----------
    entry : mapping
        "name" (or "category", "label"), and "box" (or "bbox") or "mask" (or "segmentation") or both.
    size : (int, int)
        Width and height of the image.
    folder : path
        Folder that the path of a mask file is relative to.
    corners : bool
        Whether boxes are given by their corners; see `read_box`.
    names : list of str, optional
        Names of the classes, for names that are integers.

    Returns
    -------
    SampleObject
        The object.

    Raises
    ------
    ValueError
        If an entry is missing or malformed.

    Examples
    --------
    >>> read_object({"category": 1, "bbox": [0, 0, 2, 2]}, (8, 8), names=["cup", "book"])
    SampleObject('book', box=(0.0, 0.0, 2.0, 2.0), no mask)
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"an object must be a mapping with name, box and mask, got {entry!r}")
    name = _first(entry, "name", "category", "label")
    if names is not None and isinstance(name, int | np.integer):
        if not 0 <= name < len(names):
            raise ValueError(f"the object's category {name} is not among the {len(names)} classes")
        name = names[int(name)]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"an object needs a name, got {dict(entry)!r}")
    box, mask = _first(entry, "box", "bbox"), _first(entry, "mask", "segmentation")
    if box is None and mask is None:
        raise ValueError(f"the object {name!r} has neither box nor mask")
    try:
        pixels = None if mask is None else read_mask(mask, size, folder)
        if pixels is None and box is None:
            raise ValueError("its mask covers no pixel")
        return SampleObject(name.strip(), None if box is None else read_box(box, size, corners), pixels)
    except ValueError as error:
        raise ValueError(f"object {name!r}: {error}") from error


def is_number(value: object) -> bool:
    """Return whether a value is a finite real number.

    Parameters
    ----------
    value : object
        Any value.

    Returns
    -------
    bool
        False for booleans, complex numbers, NaN and infinities.

    Examples
    --------
    >>> is_number(1.5), is_number("1.5"), is_number(float("inf"))
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer above the largest float
        return False


def _adds_up(runs: np.ndarray, total: int) -> bool:
    """Return whether run lengths add up to a number of pixels."""
    return bool(0 <= runs.min() <= runs.max() <= total == runs.sum())  # a run above the total could overflow the sum


def _check_size(mask_size: tuple[int, ...], size: tuple[int, int]) -> None:
    """Raise unless a mask has the size of its image."""
    if mask_size != size:
        raise ValueError(f"the mask is {' × '.join(map(str, mask_size))} pixels, the image {size[0]} × {size[1]}")


def _check_reach(numbers: Iterable[float], size: tuple[int, int]) -> None:
    """Raise if one of the coordinates x0, y0, x1, y1, … is far outside the image."""
    for k, value in enumerate(numbers):
        if not -_REACH * size[k % 2] <= value <= (_REACH + 1) * size[k % 2]:
            raise ValueError(f"the coordinate {value:g} lies far outside the image of {size[0]} × {size[1]} pixels")


def _first(entry: Mapping[str, Any], *keys: str) -> Any:
    """Return the first of some entries that is not None."""
    return next((entry[key] for key in keys if entry.get(key) is not None), None)
