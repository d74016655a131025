"""What a hidden region shows."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageFilter

from .images import open_image
from .regions import Regions

FILLS = ("black", "mean", "blur", "noise", "inpaint")
Fill = str | Image.Image | np.ndarray


def fill_image(image: Image.Image, fill: Fill, regions: Regions | None = None, seed: int = 0) -> Image.Image:
    """The picture that hidden regions are cut from.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image of the same size
        - "black": zeros, as in the paper;
        - "mean": the image's mean colour;
        - "blur": a Gaussian blur whose σ is a tenth of the longer side;
        - "noise": independent uniform noise per pixel and channel, from `seed`;
        - "inpaint": each region as its surroundings would continue it (biharmonic, at reduced resolution).
    regions : Regions, optional
        Needed by "inpaint".
    seed : int

    Returns
    -------
    PIL.Image.Image
        RGB, of the image's size.

    Raises
    ------
    ValueError
        If the fill is unknown, a given picture has another size, or "inpaint" lacks its regions.
    """
    if not isinstance(fill, str):
        picture = open_image(fill)
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
        return Image.fromarray(np.random.default_rng(seed).integers(0, 256, shape, dtype=np.uint8))
    if fill == "inpaint":
        if regions is None:
            raise ValueError("the fill 'inpaint' needs the regions; call fill_image(image, 'inpaint', regions)")
        return _inpaint(image, regions)
    raise ValueError(f"unknown fill {fill!r}; known fills: {', '.join(FILLS)}")


def masked(image: Image.Image, regions: Regions, fill: Image.Image, shown: np.ndarray) -> Image.Image:
    """The image with only the regions of a coalition, bool (N,), shown, and the fill picture elsewhere."""
    pixels = regions.pixels(shown)[..., None]
    return Image.fromarray(np.where(pixels, np.asarray(image), np.asarray(fill)))


def check_fill(fill: Fill) -> str:
    """The fill's name for the record; raises before any work is done."""
    if isinstance(fill, str):
        if fill not in FILLS:
            raise ValueError(f"unknown fill {fill!r}; known fills: {', '.join(FILLS)}")
        return fill
    return "picture"


def _inpaint(image: Image.Image, regions: Regions, most: int = 96) -> Image.Image:
    from scipy.ndimage import binary_dilation
    from skimage.restoration import inpaint_biharmonic

    scale = min(1.0, most / max(image.size))
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    small = np.asarray(image.resize(size, Image.Resampling.BOX), dtype=np.float64) / 255
    labels = np.asarray(
        Image.fromarray(regions.labels.astype(np.int32)).resize(size, Image.Resampling.NEAREST), dtype=np.int64
    )
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
