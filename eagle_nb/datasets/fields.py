"""What the loaders share: texts, image files, boxes and masks out of rows, each checked."""

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
from .sample import Box, Mask, SampleObject

_REACH = 3  # how many widths or heights of the image a coordinate may lie beyond its edges
_ORIENTATION = 0x0112  # the EXIF tag; values from 5 on swap width and height


def text_of(row: Mapping[str, Any], key: str) -> str | None:
    """A row's text, stripped; None where it is missing or empty. Whole numbers become text."""
    value = row.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | np.integer):
        raise ValueError(f"{key!r} must be a text, got {value!r}")
    return str(value).strip() or None


def image_size(source: ImageLike) -> tuple[int, int]:
    """Width and height in pixels as `open_image` would give them; of a file only the header is read.

    Raises
    ------
    ImageError
        (a ValueError) If the file is missing or no image. A broken body is found when the image is opened.
    """
    if isinstance(source, np.ndarray | Image.Image):
        return open_image(source).size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(source) if isinstance(source, bytes) else source) as image:
                width, height = image.size
                turned = image.getexif().get(_ORIENTATION, 1) >= 5
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return open_image(source).size  # it says what is wrong
    return (height, width) if turned else (width, height)


def encode_mask(segmentation: Any, width: int, height: int) -> dict[str, Any]:
    """Polygons or a run-length code, as one compressed run-length code of the COCO kind.

    Parameters
    ----------
    segmentation : list of list of float, or mapping
        Polygons ``[[x0, y0, x1, y1, …], …]`` in pixels, which are joined and cut off at the image's edges; a point more
        than three image sizes beyond an edge is an error, since pycocotools does not survive very distant ones. Or
        ``{"size": [height, width], "counts": …}`` with counts as a list of run lengths or compressed, as COCO has them.
    width, height : int
        Of the image, in pixels.

    Raises
    ------
    ValueError
        If it is malformed or of another size.
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
            raise ValueError(f"the run-length code is for size {size}, the image has [{height}, {width}]")
        if isinstance(counts, str | bytes):
            code = {"size": [height, width], "counts": counts.encode() if isinstance(counts, str) else counts}
            whole = coco.encode(np.asfortranarray(coco.decode(code)))["counts"]
            if whole != code["counts"]:  # pycocotools itself leaves the pixels behind the last run undefined
                raise ValueError(f"the run lengths do not add up to {width} × {height} pixels")
            return code
        runs = np.asarray(counts)
        if runs.ndim != 1 or runs.dtype.kind not in "iu" or not _adds_up(runs, width * height):
            raise ValueError(f"the run lengths do not add up to {width} × {height} pixels")
        return dict(coco.frPyObjects({"size": [height, width], "counts": runs.tolist()}, height, width))
    if not isinstance(segmentation, list) or not segmentation:
        raise ValueError(f"a mask is given as polygons or a run-length code, got {segmentation!r}")
    for polygon in segmentation:
        numbers = np.asarray(polygon, dtype=object)
        if numbers.ndim != 1 or len(numbers) < 6 or len(numbers) % 2 or not all(map(is_number, polygon)):
            raise ValueError("a polygon is a list [x0, y0, x1, y1, …] of at least three points in pixels")
        _check_reach(numbers, (width, height))
    return dict(coco.merge(coco.frPyObjects(segmentation, height, width)))


def decode_mask(code: Mapping[str, Any]) -> np.ndarray:
    """A compressed run-length code as pixels: bool (H, W)."""
    from pycocotools import mask as coco

    return np.asarray(coco.decode(code)).astype(bool)


def mask_file(path: Path) -> np.ndarray:
    """A mask from an image file, whatever is not black: bool (H, W)."""
    return np.asarray(np.asarray(open_image(path)).any(axis=2))


def mask_box(mask: np.ndarray) -> Box:
    """The smallest box around a mask (H, W) that covers a pixel."""
    y, x = np.nonzero(mask)
    return float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1)


def read_mask(mask: Any, size: tuple[int, int], folder: Path) -> Mask | None:
    """A mask as rows give it: a file, pixels, polygons or a run-length code. None where polygons cover no pixel.

    Parameters
    ----------
    mask : path, ndarray or PIL.Image.Image (H, W), list of polygons, or mapping
    size : (int, int)
        Width and height of the image.
    folder : Path
        Where a file's path starts.
    """
    if isinstance(mask, str | Path):
        _check_size(image_size(folder / mask), size)
        return partial(mask_file, folder / mask)
    if isinstance(mask, np.ndarray | Image.Image):
        pixels = np.asarray(mask)
        _check_size(pixels.shape[::-1], size)
        return np.asarray(pixels != 0)
    code = encode_mask(mask, *size)
    from pycocotools import mask as coco

    return partial(decode_mask, code) if coco.area(code) else None


def read_box(box: Any, size: tuple[int, int], corners: bool = True) -> Box:
    """A box as rows give it, as (left, top, right, bottom) in pixels, at most three image sizes beyond an edge.

    Parameters
    ----------
    box : sequence of four numbers
    size : (int, int)
        Width and height of the image.
    corners : bool
        Whether it is (left, top, right, bottom); else (left, top, width, height), as in COCO.
    """
    numbers = list(box) if isinstance(box, list | tuple | np.ndarray) else []
    if len(numbers) != 4 or not all(map(is_number, numbers)):
        raise ValueError(f"a box is four numbers in pixels, got {box!r}")
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
    """One object of a row.

    Parameters
    ----------
    entry : mapping
        "name" (or "category", "label"), "box" (or "bbox") and "mask" (or "segmentation"), of which one must be there.
    size : (int, int)
        Width and height of the image.
    folder : Path
        Where the path of a mask file starts.
    corners : bool
        See `read_box`.
    names : list of str, optional
        What whole numbers stand for as names.

    Raises
    ------
    ValueError
        If something is missing or malformed.
    """
    if not isinstance(entry, Mapping):
        raise ValueError(f"an object is a mapping with name, box and mask, got {entry!r}")
    name = _first(entry, "name", "category", "label")
    if names is not None and isinstance(name, int | np.integer):
        if not 0 <= name < len(names):
            raise ValueError(f"an object's category {name} is not among the {len(names)} known ones")
        name = names[int(name)]
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"an object needs a name, got {dict(entry)!r}")
    box, mask = _first(entry, "box", "bbox"), _first(entry, "mask", "segmentation")
    if box is None and mask is None:
        raise ValueError(f"the object {name!r} has neither box nor mask")
    try:
        made = None if mask is None else read_mask(mask, size, folder)
        if made is None and box is None:
            raise ValueError("its mask covers no pixel")
        return SampleObject(name.strip(), None if box is None else read_box(box, size, corners), made)
    except ValueError as error:
        raise ValueError(f"object {name!r}: {error}") from error


def _adds_up(runs: np.ndarray, whole: int) -> bool:
    return bool(0 <= runs.min() <= runs.max() <= whole == runs.sum())  # a single run beyond it could overflow the sum


def _check_size(found: tuple[int, ...], size: tuple[int, int]) -> None:
    if found != size:
        raise ValueError(f"the mask is {' × '.join(map(str, found))} pixels, the image {size[0]} × {size[1]}")


def _check_reach(numbers: Iterable[float], size: tuple[int, int]) -> None:
    """Of coordinates x0, y0, x1, y1, …"""
    for k, value in enumerate(numbers):
        if not -_REACH * size[k % 2] <= value <= (_REACH + 1) * size[k % 2]:
            raise ValueError(f"the coordinate {value:g} lies far outside the image of {size[0]} × {size[1]} pixels")


def _first(entry: Mapping[str, Any], *keys: str) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def is_number(value: object) -> bool:
    """Whether it is a finite real number."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int beyond the floating-point numbers
        return False
