"""A picture with the borders and the numbers of its regions."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ..inputs.regions import Regions

SIDE = 336
"""Longer side of a numbered picture, in pixels."""


def numbered_image(image: Image.Image, regions: Regions) -> Image.Image:
    """Draw the borders and the numbers of regions on an image.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    regions : Regions
        A partition of it.

    Returns
    -------
    PIL.Image.Image
        RGB, 336 pixels on its longer side.

    Raises
    ------
    ValueError
        If the regions have another size than the image.

    Examples
    --------
    >>> image = Image.new("RGB", (60, 30))
    >>> numbered_image(image, Regions.grid(image, 8)).size
    (336, 168)
    """
    if regions.shape != (image.height, image.width):
        raise ValueError(
            f"the regions are {regions.shape[::-1]} pixels, the image {image.size}; give the regions of this image"
        )
    scale = SIDE / max(image.size)
    size = (round(image.width * scale), round(image.height * scale))
    pixels = np.asarray(image.convert("RGB").resize(size)).copy()
    large = Regions(np.asarray(Image.fromarray(regions.labels).resize(size, Image.Resampling.NEAREST)))
    pixels[large.boundaries()] = (255, 255, 255)
    picture = Image.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    for k in range(regions.n):
        y, x = (float(np.mean(v)) for v in np.nonzero(large.labels == k))
        pen.text((x, y), str(k), "white", anchor="mm", font_size=18, stroke_width=2, stroke_fill="black")
    return picture
