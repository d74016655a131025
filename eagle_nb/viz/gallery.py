"""Plotly figure of several methods' maps of one image."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.subplots import make_subplots

from .pictures import frame_image, image_trace, map_traces, outline_traces
from .text import plotly_text
from .theme import TEMPLATE, set_title

_MAX_CELLS = 120  # of a map, along a side


def gallery_figure(
    image: Image.Image, maps: Mapping[str, np.ndarray], mask: np.ndarray | None = None, columns: int = 4
) -> go.Figure:
    """Plot an image and the maps of several methods side by side.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB.
    maps : mapping of str to ndarray (H, W)
        Maps by method; each is drawn from its own minimum (dark grey) to its own maximum (the image's own colours).
    mask : ndarray of bool, (H, W), optional
        An object whose outline is drawn into every panel.
    columns : int
        Number of panels in a row.

    Returns
    -------
    plotly.graph_objects.Figure
        The figure.

    Raises
    ------
    ValueError
        If there is no map, or one does not fit the image.

    Examples
    --------
    >>> figure = gallery_figure(Image.new("RGB", (8, 6)), {"RISE": np.eye(6, 8), "TAM": np.ones((6, 8))})
    >>> [annotation.text for annotation in figure.layout.annotations]
    ['the image', 'RISE', 'TAM']
    """
    size = (image.height, image.width)
    wrong = [name for name, values in maps.items() if np.shape(values) != size]
    if wrong or not maps:
        raise ValueError(f"maps are (H, W) = {size}, at least one; {wrong[:1]} is not")
    names = ["the image", *maps]
    rows = -(-len(names) // columns)
    fig = make_subplots(
        rows=rows, cols=columns, subplot_titles=[plotly_text(n, 24) for n in names], horizontal_spacing=0.02,
        vertical_spacing=0.24 / rows,
    )  # fmt: skip
    step = max(1, -(-max(size) // _MAX_CELLS))
    x, y = (step * np.arange(-(-count // step)) + step / 2 for count in size[::-1])
    for k, name in enumerate(names):
        at = {"row": k // columns + 1, "col": k % columns + 1}
        if k == 0:
            fig.add_trace(image_trace(image), **at)
        else:
            values = np.nan_to_num(np.asarray(maps[name], dtype=np.float64))
            spread = float(np.ptp(values)) or 1.0
            lit = np.asarray((values - values.min()) / spread, dtype=np.float32)
            hover = f"{plotly_text(name)}: %{{z:.2f}}<extra></extra>"
            bar = {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 0,
                "yanchor": "top",
                "len": 200,
                "lenmode": "pixels",
            }
            label = "lowest to highest of each map" if k == 1 else ""
            for trace in map_traces(
                image, lit, label, z=lit[::step, ::step], x=x, y=y, hovertemplate=hover, colorbar=bar
            ):
                fig.add_trace(trace, **at)
        if mask is not None:
            for line in outline_traces(image, np.asarray(mask, dtype=bool)):
                fig.add_trace(line, **at)
        frame_image(fig, image, f"x{k + 1 if k else ''}", **at)
    fig.update_annotations(font_size=12)
    fig.update_layout(margin={"l": 12, "r": 16, "b": 60}, template=TEMPLATE)
    set_title(fig, "", 80 + 250 * rows)
    return fig
