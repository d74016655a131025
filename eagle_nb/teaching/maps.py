"""A picture with its regions' borders and numbers, to answer from."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from ..inputs.regions import Regions

SIDE = 336
"""Longer side of a numbered picture, in pixels."""


def numbered(image: Image.Image, regions: Regions) -> Image.Image:
    """The image with the borders and the numbers of its regions.

    Parameters
    ----------
    image : PIL.Image.Image
    regions : Regions
        A partition of it.

    Returns
    -------
    PIL.Image.Image
        RGB, 336 pixels on its longer side.

    Raises
    ------
    ValueError
        If the regions are of another size.
    """
    if regions.shape != (image.height, image.width):
        raise ValueError(f"the regions are {regions.shape[::-1]} pixels, the image {image.size}; give its own")
    factor = SIDE / max(image.size)
    size = (round(image.width * factor), round(image.height * factor))
    picture = np.asarray(image.convert("RGB").resize(size)).copy()
    large = Regions(np.asarray(Image.fromarray(regions.labels).resize(size, Image.Resampling.NEAREST)))
    picture[large.boundaries()] = (255, 255, 255)
    drawn = Image.fromarray(picture)
    pen = ImageDraw.Draw(drawn)
    for k in range(regions.n):
        y, x = (float(np.mean(v)) for v in np.nonzero(large.labels == k))
        pen.text((x, y), str(k), "white", anchor="mm", font_size=18, stroke_width=2, stroke_fill="black")
    return drawn
