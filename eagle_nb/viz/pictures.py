"""Pictures and maps: what is drawn of them, and how plotly draws it."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from ..inputs.regions import Regions
from .palette import HIDDEN_LIGHTNESS, OUTLINES
from .theme import color_bar

MAX_CELLS = 120
"""Maximum number of cells of a heat map along a side of the image."""

MAX_SIDE = 800
"""Maximum number of pixels of a picture in a plotly figure along a side."""

_GREY_STEPS = 9  # of the colour bar of a map
_BAR_GREY = 235  # grey value that the colour bar shows at 1


def data_uri(image: Image.Image) -> str:
    """Return an image as a data URI.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.

    Returns
    -------
    str
        A PNG, or a JPEG where that is less than half as large.
    """
    png, jpeg = io.BytesIO(), io.BytesIO()
    image.save(png, "PNG")
    image.convert("RGB").save(jpeg, "JPEG", quality=90)
    kind, buffer = ("jpeg", jpeg) if 2 * jpeg.tell() < png.tell() else ("png", png)
    return f"data:image/{kind};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def drawn_size(image: Image.Image, side: int = MAX_SIDE) -> tuple[int, int]:
    """Return the size at which an image is drawn.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    side : int
        Maximum of width and height.

    Returns
    -------
    (int, int)
        Width and height, in pixels; smaller images keep theirs.
    """
    factor = min(1.0, side / max(image.size))
    return max(1, round(image.width * factor)), max(1, round(image.height * factor))


def at_size(values: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Return a map of an image at another size, by the nearest pixel.

    Parameters
    ----------
    values : ndarray, (H, W)
        A value per pixel, such as the region.
    size : (int, int)
        Width and height wanted.

    Returns
    -------
    ndarray, (height, width)
        The values.
    """
    y, x = (((np.arange(n) + 0.5) * m / n).astype(int) for n, m in zip(size[::-1], values.shape, strict=True))
    return np.asarray(values[y][:, x])


def lit_picture(image: Image.Image, weight: np.ndarray) -> Image.Image:
    """Return an image in its own colours where a map is 1, and in dark grey where it is 0.

    No colour is mixed in, so a thing that is green stays green. Pixels are mixed on the gamma-encoded scale, on which equal steps of the
    map are about equal steps of lightness.

    Parameters
    ----------
    image : PIL.Image.Image
        The image, of any size.
    weight : ndarray, (height, width)
        In [0, 1]; its size is that of the result. Values that are not finite count as 0.

    Returns
    -------
    PIL.Image.Image
        RGB.

    Examples
    --------
    >>> lit_picture(Image.new("RGB", (2, 1), (0, 255, 0)), np.array([[0.0, 1.0]])).getpixel((1, 0))
    (0, 255, 0)
    """
    size = weight.shape[::-1]
    pixels = np.asarray(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), dtype=np.float32)
    share = np.clip(np.nan_to_num(np.asarray(weight, dtype=np.float32)), 0, 1)[..., None]
    luma = pixels @ np.array([0.299, 0.587, 0.114], dtype=np.float32)
    mixed = pixels * share + HIDDEN_LIGHTNESS * luma[..., None] * (1 - share)
    return Image.fromarray(np.rint(mixed).astype(np.uint8))


def map_greys() -> list[tuple[float, int]]:
    """Return what a map does to a light grey, for its colour bar.

    Returns
    -------
    list of (float, int)
        Value of the map and the grey value, 0 … 255, that is drawn for it.
    """
    shares = np.linspace(0, 1, _GREY_STEPS)
    return [(float(s), round(_BAR_GREY * (s + HIDDEN_LIGHTNESS * (1 - s)))) for s in shares]


def image_trace(image: Image.Image, size: tuple[int, int] | None = None) -> go.Image:
    """Return an image as a trace without hover text.

    Parameters
    ----------
    image : PIL.Image.Image
        The image; a large one is drawn smaller.
    size : (int, int), optional
        Width and height that it covers, in units of the axes; by default its own.

    Returns
    -------
    plotly.graph_objects.Image
        The trace.
    """
    width, height = size or image.size
    small = drawn_size(image)
    shown = image if small == image.size else image.convert("RGB").resize(small, Image.Resampling.LANCZOS)
    dx, dy = width / small[0], height / small[1]
    return go.Image(source=data_uri(shown), x0=dx / 2, y0=dy / 2, dx=dx, dy=dy, hoverinfo="skip")


def map_traces(image: Image.Image, values: np.ndarray, title: str = "", **heat: Any) -> list[Any]:
    """Return an image lit by a map, with the map's values on hover and a colour bar.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    values : ndarray, (H, W)
        In [0, 1], one per pixel.
    title : str
        Label of the colour bar; without one there is no bar.
    **heat
        The cells that hover texts come from, and further settings of the heat map.

    Returns
    -------
    list
        The image and the heat map, whose cells are transparent.
    """
    size = drawn_size(image)
    place = heat.pop("colorbar", {})
    greys = [[share, f"rgba({g},{g},{g},0)"] for share, g in map_greys()]
    traces: list[Any] = [
        image_trace(lit_picture(image, at_size(np.asarray(values), size)), image.size),
        go.Heatmap(zmin=0, zmax=1, colorscale=greys, showscale=False, **heat),
    ]
    if title:  # the bar of a transparent heat map would be transparent
        scale = [[share, f"rgb({g},{g},{g})"] for share, g in map_greys()]
        marker = {"color": [0], "cmin": 0, "cmax": 1, "colorscale": scale, "showscale": True}
        traces.append(
            go.Scatter(
                x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip",
                marker={**marker, "colorbar": color_bar(title, **place)},
            )
        )  # fmt: skip
    return traces


def outline_traces(image: Image.Image, mask: np.ndarray) -> list[go.Scatter]:
    """Return the outline of a mask over an image: a line and, below it, a halo.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    mask : ndarray of bool, (H, W)
        What to outline.

    Returns
    -------
    list of plotly.graph_objects.Scatter
        Two lines without hover texts.
    """
    x: list[float | None] = []
    y: list[float | None] = []
    for line in mask_outlines(mask, drawn_size(image)):
        x += [*np.round(line[:, 0], 1).tolist(), None]
        y += [*np.round(line[:, 1], 1).tolist(), None]
    style = OUTLINES["added"]
    return [
        go.Scatter(x=x, y=y, mode="lines", line={"color": color, "width": width}, hoverinfo="skip", showlegend=False)
        for color, width in ((style["halo"], 4), (style["line"], 2))
    ]


def mask_outlines(mask: np.ndarray, size: tuple[int, int]) -> list[np.ndarray]:
    """Return the outlines of a mask.

    Parameters
    ----------
    mask : ndarray of bool, (H, W)
        What to outline.
    size : (int, int)
        Width and height at which it is drawn, which bound the detail.

    Returns
    -------
    list of ndarray of float, (points, 2)
        Closed lines of x and y, in pixels of the mask.

    Examples
    --------
    >>> (line,) = mask_outlines(np.ones((30, 40), dtype=bool), (40, 30))
    >>> np.rint(line.min(0)).tolist(), np.rint(line.max(0)).tolist()
    ([0.0, 0.0], [40.0, 30.0])
    """
    from skimage.measure import approximate_polygon, find_contours

    small = at_size(np.asarray(mask, dtype=bool), size)
    scale = np.array([mask.shape[1] / size[0], mask.shape[0] / size[1]])
    lines = find_contours(np.pad(small, 1).astype(np.float32), 0.5)
    limits = np.array(size, dtype=float)
    return [np.clip(approximate_polygon(line, 0.6)[:, ::-1] - 0.5, 0, limits) * scale for line in lines]


def heat_cells(image: Image.Image, regions: Regions) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """Return the cells of a heat map over an image.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.
    regions : Regions
        Its regions.

    Returns
    -------
    step : int
        Pixels per cell along a side.
    labels : ndarray of int, (rows, columns)
        The region of each cell.
    x, y : ndarray of float
        Centres of the columns and rows, in pixels.
    """
    step = max(1, -(-max(image.size) // MAX_CELLS))
    labels = regions.labels[step // 2 :: step, step // 2 :: step]
    x, y = (step * np.arange(count) + step / 2 for count in labels.shape[::-1])
    return step, labels, x, y


def frame_image(figure: go.Figure, image: Image.Image, axis: str = "x", **place: Any) -> None:
    """Set the axes of a panel to the pixels of an image.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        The figure.
    image : PIL.Image.Image
        The image.
    axis : str
        Name of the panel's x axis.
    **place
        ``row`` and ``col`` of the panel, in a figure of several.
    """
    figure.update_xaxes(visible=False, range=[0, image.width], constrain="domain", **place)
    figure.update_yaxes(
        visible=False, range=[image.height, 0], scaleanchor=axis, constrain="domain", constraintoward="top", **place
    )
