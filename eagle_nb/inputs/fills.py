"""Fills: the reference pixels that a hidden region shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageFilter

from .images import open_image
from .regions import Regions

FILLS = ("black", "mean", "blur", "noise", "inpaint")
"""Names of the fills."""

Fill = str | Image.Image | np.ndarray | Sequence[Image.Image]
"""What ``fill=`` accepts: a name of `FILLS`, or an image; of several pictures also an image of each."""


def fill_image(
    image: Image.Image,
    fill: Fill,
    regions: Regions | None = None,
    rng: int | np.integer | np.random.Generator | None = 0,
) -> Image.Image:
    """Make the picture whose pixels hidden regions show.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image of the same size
        - "black": zeros, as in the paper;
        - "mean": the image's mean colour;
        - "blur": a Gaussian blur whose σ is a tenth of the longer side;
        - "noise": independent uniform noise per pixel and channel;
        - "inpaint": each region as its surroundings would continue it (biharmonic, at reduced resolution).
    regions : Regions, optional
        Required by "inpaint".
    rng : int, numpy.random.Generator or None
        Of "noise".

    Returns
    -------
    PIL.Image.Image
        RGB, of the image's size.

    Raises
    ------
    ValueError
        If the fill is unknown, an image has another size, or "inpaint" lacks its regions.

    Examples
    --------
    >>> picture = Image.new("RGB", (2, 1), (10, 20, 30))
    >>> fill_image(picture, "mean").getpixel((0, 0))
    (10, 20, 30)
    """
    if isinstance(fill, list | tuple):
        raise ValueError(f"fill has {len(fill)} pictures, there is one image; give one picture")
    if not isinstance(fill, str):
        picture = open_image(fill)  # type: ignore[arg-type]
        if picture.size != image.size:
            raise ValueError(f"the fill picture is {picture.size}, the image {image.size}; sizes must agree")
        return picture
    if fill == "black":
        return Image.new("RGB", image.size)
    if fill == "mean":
        mean = np.asarray(image, dtype=np.float64).mean((0, 1))
        return Image.new("RGB", image.size, tuple(round(v) for v in mean))
    if fill == "blur":
        return image.filter(ImageFilter.GaussianBlur(max(image.size) / 10))
    if fill == "noise":
        shape = (image.height, image.width, 3)
        return Image.fromarray(np.random.default_rng(rng).integers(0, 256, shape, dtype=np.uint8))
    if fill == "inpaint":
        if regions is None:
            raise ValueError("the fill 'inpaint' needs the regions; call fill_image(image, 'inpaint', regions)")
        return _inpaint(image, regions.labels)
    raise ValueError(f"unknown fill {fill!r}; known fills: {', '.join(FILLS)}")


def fill_pictures(
    pictures: Sequence[Image.Image],
    fill: Fill,
    regions: Regions,
    rng: int | np.integer | np.random.Generator | None = 0,
) -> Image.Image:
    """Make the canvas whose pixels hidden regions of several pictures show.

    Parameters
    ----------
    pictures : sequence of PIL.Image.Image
        RGB.
    fill : str, image, or sequence of images
        See `fill_image`; each picture has its own mean, blur and surroundings. One image per picture, or one for all.
    regions : Regions
        The regions.
    rng : int, numpy.random.Generator or None
        Of "noise".

    Returns
    -------
    PIL.Image.Image
        RGB, of the size of the canvas.

    Raises
    ------
    ValueError
        If the fill is unknown, or pictures have another size or number.
    """
    if isinstance(fill, list | tuple):
        if len(fill) != len(pictures):
            raise ValueError(f"fill has {len(fill)} pictures, the response {len(pictures)}; give one per picture")
        return regions.layout.compose([fill_image(p, own) for p, own in zip(pictures, fill, strict=True)])
    if not isinstance(fill, str) and len(pictures) > 1 and (canvas := open_image(fill)).size == regions.layout.size:  # type: ignore[arg-type]
        return canvas
    if len(pictures) == 1:
        return fill_image(pictures[0], fill, regions, rng)
    generator = np.random.default_rng(rng)
    made = []
    for picture, labels in zip(pictures, regions.maps, strict=True):
        inpainted = fill == "inpaint" if isinstance(fill, str) else False
        made.append(_inpaint(picture, labels) if inpainted else fill_image(picture, fill, rng=generator))
    return regions.layout.compose(made)


def masked_image(image: Image.Image, regions: Regions, fill: Image.Image, shown: np.ndarray) -> Image.Image:
    """Return the image under a coalition: shown regions as they are, the fill elsewhere.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    regions : Regions
        N regions.
    fill : PIL.Image.Image
        What hidden regions show.
    shown : ndarray of bool, (N,)
        The coalition.

    Returns
    -------
    PIL.Image.Image
        RGB, of the image's size.
    """
    pixels = regions.pixels(shown)[..., None]
    return Image.fromarray(np.where(pixels, np.asarray(image), np.asarray(fill)))


def check_fill(fill: Fill) -> str:
    """Validate a fill before any work is done.

    Parameters
    ----------
    fill : str or image
        The fill.

    Returns
    -------
    str
        Its name; "picture" for an image.

    Raises
    ------
    ValueError
        If the name is unknown.
    """
    if isinstance(fill, str):
        if fill not in FILLS:
            raise ValueError(f"unknown fill {fill!r}; known fills: {', '.join(FILLS)}")
        return fill
    return "picture"


def _inpaint(image: Image.Image, labels: np.ndarray, most: int = 96) -> Image.Image:
    """Continue the surroundings of each region into it."""
    from scipy.ndimage import binary_dilation
    from skimage.restoration import inpaint_biharmonic

    scale = min(1.0, most / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.float64) / 255
    labels = np.asarray(Image.fromarray(labels.astype(np.int32)).resize(size, Image.Resampling.NEAREST), dtype=np.int64)
    result = np.empty_like(small)
    for k in np.unique(labels):
        own = labels == k
        hole = binary_dilation(own, iterations=2)
        y, x = np.nonzero(hole)
        box = np.s_[max(y.min() - 6, 0) : y.max() + 7, max(x.min() - 6, 0) : x.max() + 7]
        if hole[box].all():
            result[own] = small.mean((0, 1))
            continue
        result[box][own[box]] = inpaint_biharmonic(small[box], hole[box], channel_axis=-1)[own[box]]
    filled = Image.fromarray(np.round(np.clip(result, 0, 1) * 255).astype(np.uint8))
    return filled.resize(image.size, Image.Resampling.BICUBIC) if size != image.size else filled
