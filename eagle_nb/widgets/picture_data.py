"""The pictures that the browser needs: one or several, stored once, with the map of their regions."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
from PIL import Image

from ..attribution.places import explained_subject, picture_labels, video_frames
from ..inputs.layout import Layout
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..inputs.text import printable
from ..viz.contact import scaled_layout
from ..viz.pictures import at_size
from .measured import numbers

LONGEST_SIDE = 1024
"""Maximum pixels of an image on screen along a side."""

MAX_PIXELS = 2_000_000
"""Maximum number of pixels of several pictures together."""

NO_REGION = 65535
"""Label, in the browser, of pixels that belong to no region: between pictures, and in pictures that are not explained."""

MAX_BYTES = 500_000
"""Size above which several pictures are compressed further: noise, as a fill, hardly compresses."""

_QUALITIES = (90, 75, 60, 40, 25)  # of a JPEG, best first
_LONGEST_RUN = 65535


def picture_payload(response: Response, regions: Regions, fill: Image.Image, pictures: bool = True) -> dict[str, Any]:
    """Return the picture of a response, its fill and its region map at the size of the screen.

    Several pictures are sent once, side by side, with the place of each.

    Parameters
    ----------
    response : Response
        The response.
    regions : Regions
        Its regions.
    fill : PIL.Image.Image
        What hidden regions show.
    pictures : bool
        Whether the view draws images; otherwise their bytes are empty.

    Returns
    -------
    dict
        Size, labels as run lengths, and encoded images.
    """
    layout = screen_layout(regions.layout)
    none = (b"", "image/png")
    picture, picture_type = sheet_bytes(response.canvas, regions.layout, layout) if pictures else none
    hidden, hidden_type = sheet_bytes(fill, regions.layout, layout) if pictures else none
    return {
        "regionArea": regions.area.tolist(),
        "width": layout.size[0],
        "height": layout.size[1],
        "labels": run_lengths(regions, layout),
        "image": picture,
        "imageType": picture_type,
        "fill": hidden,
        "fillType": hidden_type,
        **_several(response, regions, layout),
    }


def _several(response: Response, regions: Regions, layout: Layout) -> dict[str, Any]:
    """Return what the browser needs of several pictures; nothing for a single one."""
    if len(layout) == 1:
        return {}
    explained, frames = set(regions.explained_pictures), set(video_frames(response))
    labels, times = picture_labels(response), numbers(response.timestamps)
    return {
        "subject": explained_subject(response, regions).name,
        "regionPicture": regions.pictures.tolist(),
        "pictures": [
            {
                "box": list(box),
                "label": printable(labels[k]),
                "seconds": times[k],
                "frame": k in frames,
                "explained": k in explained,
            }
            for k, box in enumerate(layout.boxes)
        ],
    }


def screen_layout(layout: Layout) -> Layout:
    """Return the layout of pictures at the size of the screen.

    Parameters
    ----------
    layout : Layout
        Of the pictures.

    Returns
    -------
    Layout
        No picture has a side above `LONGEST_SIDE`, and several have no more than `MAX_PIXELS` together.
    """
    factor = min(1.0, LONGEST_SIDE / max(map(max, layout.sizes)))
    if len(layout) > 1:
        factor = min(factor, (MAX_PIXELS / sum(width * height for width, height in layout.sizes)) ** 0.5)
    return layout if factor == 1 else scaled_layout(layout, factor)


def run_lengths(regions: Regions, layout: Layout) -> bytes:
    """Return a region map as run lengths.

    Parameters
    ----------
    regions : Regions
        The regions.
    layout : Layout
        The sizes to which the maps of the pictures are scaled.

    Returns
    -------
    bytes
        Pairs (label, run length) row by row, uint16 little-endian; the label is `NO_REGION` outside all regions.
    """
    maps = [at_size(part, size) for part, size in zip(regions.maps, layout.sizes, strict=True)]
    flat = layout.join(maps, -1).ravel()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1])
    starts = np.union1d(starts, np.arange(0, flat.size, _LONGEST_RUN))
    lengths = np.diff(np.append(starts, flat.size))
    return np.stack([np.where(flat < 0, NO_REGION, flat)[starts], lengths], 1).astype("<u2").tobytes()


def sheet_bytes(canvas: Image.Image, layout: Layout, screen: Layout) -> tuple[bytes, str]:
    """Encode one or several pictures at the size of the screen.

    Parameters
    ----------
    canvas : PIL.Image.Image
        The picture, or several side by side.
    layout : Layout
        Their layout.
    screen : Layout
        Their layout on the screen.

    Returns
    -------
    (bytes, str)
        The encoded canvas and its media type.
    """
    if len(layout) > 1 and screen != layout:
        parts = zip(layout.split(canvas), screen.sizes, strict=True)
        canvas = screen.compose([part.convert("RGB").resize(size, Image.Resampling.LANCZOS) for part, size in parts])
    return picture_bytes(canvas, screen.size, math.inf if len(layout) == 1 else MAX_BYTES)


def picture_bytes(image: Image.Image, size: tuple[int, int], most: float = math.inf) -> tuple[bytes, str]:
    """Encode an image at a size, as PNG where that is small, otherwise as JPEG.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    size : (int, int)
        Width and height.
    most : float
        Number of bytes above which a JPEG is compressed further, as far as that is sensible.

    Returns
    -------
    (bytes, str)
        The encoded image and its media type.
    """
    if image.size != size:
        image = image.resize(size, Image.Resampling.LANCZOS)
    image = image.convert("RGB")
    exact = io.BytesIO()
    image.save(exact, "PNG")
    if exact.tell() <= 256 * 1024:
        return exact.getvalue(), "image/png"
    for quality in _QUALITIES:
        lossy = io.BytesIO()
        image.save(lossy, "JPEG", quality=quality)
        if lossy.tell() <= most:
            break
    return lossy.getvalue(), "image/jpeg"
