"""Images and heat maps as plotly draws them."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from ..inputs.regions import Regions

MAX_CELLS = 220
"""Maximum number of cells of a heat map along a side of the image."""


def data_uri(image: Image.Image) -> str:
    """Return an image as a data URI.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.

    Returns
    -------
    str
        A PNG.
    """
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def image_trace(image: Image.Image) -> go.Image:
    """Return an image as a trace without hover text.

    Parameters
    ----------
    image : PIL.Image.Image
        The image.

    Returns
    -------
    plotly.graph_objects.Image
        The trace.
    """
    return go.Image(source=data_uri(image), hoverinfo="skip")


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
    figure.update_yaxes(visible=False, range=[image.height, 0], scaleanchor=axis, constrain="domain", **place)
