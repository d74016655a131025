"""Open any image as one checked RGB picture."""

from __future__ import annotations

import io
import os
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ..errors import ImageError, MissingImageError

ImageLike = str | os.PathLike[str] | Image.Image | np.ndarray | bytes


def open_image(source: ImageLike) -> Image.Image:
    """Open `source` as an RGB image.

    EXIF rotation is applied, transparency is laid on white, 16-bit and floating-point greys are
    stretched to 8 bits. Pillow's decompression-bomb guard stays on, its warning is an error here.

    Parameters
    ----------
    source : path, PIL.Image.Image, ndarray or bytes
        Arrays are (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); integers in 0 … 255, uint16 in 0 … 65535, or floating
        point in 0 … 1.
        Bytes are those of an image file.

    Returns
    -------
    PIL.Image.Image
        Mode "RGB".

    Raises
    ------
    ImageError
        (a ValueError) If the file is missing, broken, no image, empty, or too large, or the array has another shape.
    TypeError
        If `source` is of another type.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = _load(source)
            image = ImageOps.exif_transpose(image)
            return _to_rgb(image)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ImageError(
                f"{_name(source)} is too large: {error} Scale it down first, or raise PIL.Image.MAX_IMAGE_PIXELS "
                "if you trust where it comes from."
            ) from error


def _name(source: Any) -> str:
    return repr(str(source)) if isinstance(source, str | os.PathLike) else f"the {type(source).__name__} image"


def _load(source: Any) -> Image.Image:
    if isinstance(source, Image.Image):
        image = source
    elif isinstance(source, np.ndarray):
        return Image.fromarray(_checked_array(source))
    elif isinstance(source, bytes | bytearray | memoryview):
        image = _decode(io.BytesIO(bytes(source)), source)
    elif isinstance(source, str | os.PathLike):
        path = Path(source).expanduser()
        if not path.exists():
            raise MissingImageError(
                f"there is no image file {str(source)!r}; check the path (working folder: {Path.cwd()})"
            )
        if path.is_dir():
            raise ImageError(f"{str(source)!r} is a folder, not an image file")
        image = _decode(path, source)
    else:
        raise TypeError(f"an image must be a path, PIL image, array or bytes, got {type(source).__name__}")
    if image.width == 0 or image.height == 0:
        raise ImageError(f"{_name(source)} has no pixels: its size is {image.width} × {image.height}")
    try:
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{_name(source)} is broken or cut short: {error}") from error
    return image


def _decode(file: Any, source: Any) -> Image.Image:
    try:
        return Image.open(file)
    except UnidentifiedImageError as error:
        raise ImageError(f"{_name(source)} is not an image that Pillow can read, or it is broken") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{_name(source)} cannot be read: {error}") from error


def _checked_array(array: np.ndarray) -> np.ndarray:
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0:
        raise ImageError(f"the image array has no pixels: its shape is {array.shape}")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ImageError(f"an image array must be (H, W), (H, W, 3) or (H, W, 4), got shape {array.shape}")
    if array.dtype == bool:
        return array.astype(np.uint8) * 255
    if np.issubdtype(array.dtype, np.floating):
        if not np.isfinite(array).all() or array.min() < 0 or array.max() > 1:
            raise ImageError(
                f"a floating-point image must lie in 0 … 1, got {np.nanmin(array):g} … {np.nanmax(array):g}; "
                "divide by 255 or pass uint8"
            )
        return np.round(array * 255).astype(np.uint8)
    if array.dtype == np.uint16 and array.max() > 255:
        return np.round(array / 65535 * 255).astype(np.uint8)
    if not np.issubdtype(array.dtype, np.integer):
        raise ImageError(f"an image array holds integers or floating-point numbers, got {array.dtype}")
    if array.min() < 0 or array.max() > 255:
        raise ImageError(f"an integer image must lie in 0 … 255, got {array.min()} … {array.max()}")
    return array.astype(np.uint8)


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        grey = np.asarray(image, dtype=np.float64)
        top = 65535.0 if image.mode.startswith("I;16") else max(float(grey.max()), 1e-12)
        if image.mode == "I":  # Pillow opens 16-bit PNG files as 32-bit integers
            top = 65535.0 if grey.max() > 255 else 255.0
        grey = np.clip(grey / top, 0, 1)
        return Image.fromarray(np.round(grey * 255).astype(np.uint8)).convert("RGB")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        image = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return image.convert("RGB") if image.mode != "RGB" else image.copy()
