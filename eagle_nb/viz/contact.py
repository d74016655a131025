"""Several pictures lit by a map: each for itself, or as a contact sheet with nothing drawn between them."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from PIL import Image

from ..attribution.explanation import Explanation
from ..attribution.places import picture_labels
from ..inputs.layout import BACKGROUND, Layout
from .pictures import MAX_SIDE, at_size, drawn_size, image_trace, lit_picture
from .text import plotly_text


def scaled_layout(layout: Layout, factor: float) -> Layout:
    """Return the layout of the same pictures at another size.

    Parameters
    ----------
    layout : Layout
        The layout.
    factor : float
        Of width and height.

    Returns
    -------
    Layout
        Each picture has at least one pixel.
    """
    return Layout(tuple((max(1, round(w * factor)), max(1, round(h * factor))) for w, h in layout.sizes))


def lit_part(picture: Image.Image, weight: np.ndarray, size: tuple[int, int]) -> Image.Image:
    """Return one of several pictures, lit by its map; as it is where it was not explained.

    Parameters
    ----------
    picture : PIL.Image.Image
        The picture.
    weight : ndarray, (H, W)
        In [0, 1]; NaN where the picture was not explained.
    size : (int, int)
        Width and height wanted.

    Returns
    -------
    PIL.Image.Image
        RGB.
    """
    if np.isnan(weight).all():
        return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    return lit_picture(picture, at_size(weight, size))


def lit_sheet(explanation: Explanation, side: int) -> Image.Image:
    """Return all pictures of an explanation side by side, lit by the evidence, white between them.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    side : int
        Maximum of width and height, in pixels.

    Returns
    -------
    PIL.Image.Image
        RGB; a single picture alone.
    """
    canvas, layout = explanation.response.canvas, explanation.regions.layout
    saliency = explanation.canvas_saliency("evidence")
    size = drawn_size(canvas, side)
    if len(layout) == 1:
        return lit_picture(canvas, at_size(saliency, size))
    small = scaled_layout(layout, size[0] / canvas.width)
    parts = zip(layout.split(canvas), layout.split(saliency), small.sizes, strict=True)
    sheet = small.compose([lit_part(picture, weight, extent) for picture, weight, extent in parts])
    if sheet.size != size:  # sizes of pictures are rounded one by one
        framed = Image.new("RGB", size, BACKGROUND)
        framed.paste(sheet, (0, 0))
        return framed
    return sheet


def sheet_traces(explanation: Explanation) -> list[go.Image]:
    """Return the pictures of an explanation, lit by the evidence, as traces; the page is seen between them.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    list of plotly.graph_objects.Image
        One per picture, at its place on the canvas.
    """
    canvas, layout = explanation.response.canvas, explanation.regions.layout
    factor = min(1.0, MAX_SIDE / max(canvas.size))
    parts = zip(
        layout.split(canvas),
        layout.split(explanation.canvas_saliency("evidence")),
        scaled_layout(layout, factor).sizes,
        layout.boxes,
        strict=True,
    )
    traces = []
    for picture, weight, size, (left, top, right, bottom) in parts:
        trace = image_trace(lit_part(picture, weight, size), (right - left, bottom - top))
        traces.append(trace.update(x0=trace.x0 + left, y0=trace.y0 + top))
    return traces


def add_titles(fig: go.Figure, explanation: Explanation) -> None:
    """Write the number or time of each of several pictures into its corner, in the first panel of a figure.

    Parameters
    ----------
    fig : plotly.graph_objects.Figure
        The figure.
    explanation : Explanation
        The explanation.
    """
    for (left, top, _, _), title in zip(explanation.regions.layout.boxes, sheet_titles(explanation), strict=False):
        fig.add_annotation(
            x=left, y=top, xref="x", yref="y", xanchor="left", yanchor="top", showarrow=False, borderpad=1,
            text=plotly_text(title).replace(": ", "<br>"), font={"size": 10, "color": "white"}, bgcolor="rgba(0,0,0,.6)",
        )  # fmt: skip


def sheet_titles(explanation: Explanation) -> list[str]:
    """Return the title of each picture on a contact sheet.

    Parameters
    ----------
    explanation : Explanation
        The explanation, P pictures.

    Returns
    -------
    list of str, (P,)
        The number or time, and whether it was not explained; empty for a single picture.
    """
    if len(explanation.regions.layout) == 1:
        return []
    explained = set(explanation.regions.explained_pictures)
    labels = picture_labels(explanation.response)
    return [label if k in explained else f"{label}: not explained" for k, label in enumerate(labels)]
