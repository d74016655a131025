"""Images: open any supported source as a checked RGB image."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from ..errors import ImageError, MissingImageError

ImageLike = str | os.PathLike[str] | Image.Image | np.ndarray | bytes
"""What ``image=`` accepts."""

Images = ImageLike | Sequence[ImageLike]
"""What ``images=`` accepts: one picture or several."""

NO_DATA_TAG = 42113
"""The TIFF tag that names the value of pixels without data (GDAL_NODATA)."""

_ORIENTATION = 0x0112  # EXIF tag
_LARGEST = 3.39e38  # numbers near the limits of float32 often stand for a missing value
_DARK = 32  # of 256 levels


def open_image(source: ImageLike) -> Image.Image:
    """Open an image as RGB.

    EXIF rotation is applied, transparency is laid on white, a CMYK image is converted by its colour profile, and of an animation the
    first frame is used, with a warning. Grey images of more than 8 bits and of floating-point numbers are stretched from their lowest to
    their highest value; pixels that are not finite or have no data are black, with a warning. Pillow's guard against decompression bombs
    stays on, and its warning is an error here.

    Parameters
    ----------
    source : path, PIL.Image.Image, ndarray or bytes
        Arrays are (H, W), (H, W, 1), (H, W, 3) or (H, W, 4); integers in 0 … 255, uint16, or floating-point numbers in 0 … 1. A grey
        uint16 array is stretched; a colour array has as many bits as its largest value needs. Bytes are those of an image file.

    Returns
    -------
    PIL.Image.Image
        Mode "RGB".

    Raises
    ------
    ImageError
        (a ValueError) If the file is missing, broken, not an image, empty, without contrast, or too large, or the array has another
        shape.
    TypeError
        If `source` is of another type.

    Examples
    --------
    >>> open_image(np.array([[0, 255]], np.uint8)).getpixel((1, 0))
    (255, 255, 255)
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image = _load(source)
            missing = dict(getattr(image, "tag_v2", {})).get(NO_DATA_TAG)
            return _to_rgb(ImageOps.exif_transpose(image), missing, _name(source))
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise ImageError(
                f"{_name(source)} is too large: {error} Scale it down first, or raise PIL.Image.MAX_IMAGE_PIXELS "
                "if you trust its origin."
            ) from error


def open_images(sources: Images) -> list[Image.Image]:
    """Open one picture or several as RGB.

    Parameters
    ----------
    sources : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
        The pictures; an array (F, H, W, 3) holds F of them.

    Returns
    -------
    list of PIL.Image.Image
        Mode "RGB".

    Raises
    ------
    ImageError, TypeError
        As `open_image`; also if there is no picture.
    """
    if isinstance(sources, np.ndarray) and sources.ndim == 4:
        sources = list(sources)
    if not isinstance(sources, list | tuple):
        return [open_image(sources)]  # type: ignore[arg-type]
    if len(sources) == 0:
        raise ImageError("there is no picture; give at least one")
    return [open_image(source) for source in sources]


def _name(source: Any) -> str:
    """Return what an image is called in messages."""
    return repr(str(source)) if isinstance(source, str | os.PathLike) else f"the {type(source).__name__} image"


def _load(source: Any) -> Image.Image:
    """Open an image in its own mode, all pixels loaded."""
    if isinstance(source, Image.Image):
        image = source
    elif isinstance(source, np.ndarray):
        return _from_array(source)
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
    file = str(getattr(image, "filename", ""))
    if file and dict(getattr(image, "tag_v2", {})).get(_ORIENTATION, 1) in (5, 6, 7, 8):
        # Pillow 13 maps such a TIFF file into memory with width and height exchanged; it reads bytes correctly.
        image = _decode(io.BytesIO(Path(file).read_bytes()), source)
    if image.width == 0 or image.height == 0:
        raise ImageError(f"{_name(source)} has no pixels: its size is {image.width} × {image.height}")
    deep = any(";16" in str(tile[3]) for tile in getattr(image, "tile", []))
    try:
        frames = getattr(image, "n_frames", 1)
        if frames > 1:
            warnings.warn(f"{_name(source)} has {frames} frames; the first is used", stacklevel=3)
            image.seek(0)
        image.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{_name(source)} is broken or truncated: {error}") from error
    if deep and image.mode in ("RGB", "RGBA", "LA") and (brightest := _brightest(image)) < _DARK:
        warnings.warn(
            f"{_name(source)} has 16 bits per channel, of which the upper 8 are read, and its brightest value is then {brightest} of "
            "255; if it uses fewer bits, pass it as a uint16 array",
            stacklevel=3,
        )
    return image


def _brightest(image: Image.Image) -> int:
    """Return the largest value of the colour channels."""
    channels = image.getbands()[:-1] if image.mode in ("RGBA", "LA") else image.getbands()
    return max(int(image.getchannel(channel).getextrema()[1]) for channel in channels)  # type: ignore[arg-type]


def _decode(file: Any, source: Any) -> Image.Image:
    """Open an encoded image."""
    try:
        return Image.open(file)
    except UnidentifiedImageError as error:
        raise ImageError(f"{_name(source)} is not an image that Pillow can read, or it is broken") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise ImageError(f"{_name(source)} cannot be read: {error}") from error


def _from_array(array: np.ndarray) -> Image.Image:
    """Return an array as an image."""
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.size == 0:
        raise ImageError(f"the image array has no pixels: its shape is {array.shape}")
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise ImageError(f"an image array must be (H, W), (H, W, 3) or (H, W, 4), got shape {array.shape}")
    if array.dtype == bool:
        return Image.fromarray(array.astype(np.uint8) * 255)
    if np.issubdtype(array.dtype, np.floating):
        if not np.isfinite(array).all():
            raise ImageError(
                "a floating-point image must lie in 0 … 1, this one holds NaN or infinity; replace these pixels first"
            )
        if array.min() < 0 or array.max() > 1:
            raise ImageError(
                f"a floating-point image must lie in 0 … 1, got {array.min():g} … {array.max():g}; divide by 255 or pass uint8"
            )
        return Image.fromarray(np.round(array * 255).astype(np.uint8))
    if array.dtype == np.uint16 and array.max() > 255:
        if array.ndim == 2:
            return Image.fromarray(array)
        bits = int(array.max()).bit_length()
        return Image.fromarray(np.round(array / (2**bits - 1) * 255).astype(np.uint8))
    if not np.issubdtype(array.dtype, np.integer):
        raise ImageError(f"an image array holds integers or floating-point numbers, got {array.dtype}")
    if array.min() < 0 or array.max() > 255:
        raise ImageError(f"an integer image must lie in 0 … 255, got {array.min()} … {array.max()}; scale it first")
    return Image.fromarray(array.astype(np.uint8))


def _to_rgb(image: Image.Image, missing: Any, name: str) -> Image.Image:
    """Convert an image of any mode to RGB."""
    if image.mode.startswith("I") or image.mode == "F":
        return _stretched(image, missing, name)
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or image.has_transparency_data:
        image = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    if image.mode == "CMYK" and image.info.get("icc_profile"):
        try:
            profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
            converted = ImageCms.profileToProfile(image, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError) as error:
            warnings.warn(f"the colour profile of {name} cannot be used: {error}", stacklevel=4)
    return image.convert("RGB") if image.mode != "RGB" else image.copy()


def _stretched(image: Image.Image, missing: Any, name: str) -> Image.Image:
    """Convert a grey image of many levels to RGB, stretched from its lowest to its highest value."""
    grey = np.asarray(image, dtype=np.float64)
    valid = np.isfinite(grey) & (np.abs(grey) < _LARGEST)
    if missing is not None:
        try:
            valid &= grey != float(str(missing).strip(" \0"))
        except ValueError:
            warnings.warn(f"the no-data value {missing!r} of {name} cannot be read", stacklevel=5)
    if not valid.any():
        raise ImageError(f"{name} has no pixel with a valid value")
    low, high = float(grey[valid].min()), float(grey[valid].max())
    if high <= low:
        raise ImageError(f"{name} has no contrast: every pixel has the value {low:g}")
    if not valid.all():
        warnings.warn(
            f"{int((~valid).sum())} pixels of {name} have no finite value or are marked as no data; they are black",
            stacklevel=5,
        )
    levels = np.where(valid, (np.where(valid, grey, low) - low) / (high - low), 0.0)
    return Image.fromarray(np.round(levels * 255).astype(np.uint8)).convert("RGB")
