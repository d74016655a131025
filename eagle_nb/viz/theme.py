"""Themes of plotly figures: templates registered as "eagle_nb", "eagle_nb_light" and "eagle_nb_dark".

Figures use "eagle_nb", which is legible on light and on dark pages: its paper is transparent, and text and axes are mid-grey. For a
known page or for print, ``figure.update_layout(template="eagle_nb_light")`` or ``"eagle_nb_dark"`` gives full contrast.
"""

from __future__ import annotations

import textwrap
from typing import Any

import plotly.graph_objects as go
import plotly.io

from .palette import COLORS, FIGURE_THEMES, HOVER, NEUTRAL
from .text import plotly_text

TEMPLATE = "eagle_nb"
"""The template of all figures."""

TITLE_CHARACTERS = 46
"""Width at which titles are wrapped: a page 390 pixels wide has room for it."""


def figure_template(theme: str) -> go.layout.Template:
    """Return the plotly template of a theme.

    Parameters
    ----------
    theme : str
        "both", "light" or "dark".

    Returns
    -------
    plotly.graph_objects.layout.Template
        Inks, backgrounds and the colours of series.

    Examples
    --------
    >>> figure_template("dark").layout.paper_bgcolor
    '#161618'
    """
    colors = FIGURE_THEMES[theme]
    axis = {
        "gridcolor": colors["grid"], "linecolor": colors["axis"], "zerolinecolor": colors["axis"], "tickcolor": colors["axis"],
        "automargin": True, "title": {"standoff": 8, "font": {"size": 13}}, "tickfont": {"size": 12},
    }  # fmt: skip
    return go.layout.Template(
        layout={
            "font": {"color": colors["ink"], "size": 13},
            "title": {"x": 0.01, "xanchor": "left", "font": {"size": 14}},
            "paper_bgcolor": colors["paper"],
            "plot_bgcolor": colors["paper"],
            "colorway": list(COLORS),
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"bgcolor": "rgba(0,0,0,0)", "font": {"size": 12}},
            "hoverlabel": {
                "bgcolor": HOVER["paper"],
                "font": {"color": HOVER["ink"]},
                "align": "left",
                "namelength": -1,
            },
            "shapedefaults": {"line": {"color": NEUTRAL["reference"]}},
        }
    )


def wrapped_title(text: str, width: int = TITLE_CHARACTERS) -> str:
    """Return a title in lines, escaped.

    Parameters
    ----------
    text : str
        Any text.
    width : int
        Maximum number of characters of a line.

    Returns
    -------
    str
        Lines joined by ``<br>``.

    Examples
    --------
    >>> wrapped_title("one <two> three", 9)
    'one &lt;two&gt;<br>three'
    """
    return "<br>".join(plotly_text(line) for line in textwrap.wrap(text.replace(" %", "\u00a0%"), width))


def set_title(figure: go.Figure, text: str, height: int) -> int:
    """Write a title in lines and set the height and the upper margin of a figure.

    Parameters
    ----------
    figure : plotly.graph_objects.Figure
        The figure.
    text : str
        The title; it is wrapped and escaped.
    height : int
        Height of the figure below the title, in pixels.

    Returns
    -------
    int
        The upper margin in pixels.
    """
    lines = wrapped_title(text)
    top = 30 + (18 * (lines.count("<br>") + 1) + 16 if lines else 0)
    title = {"text": lines, "y": 1 - 16 / (top + height), "yref": "container", "yanchor": "top"}
    figure.update_layout(title=title, height=top + height, margin_t=top)
    return top


def color_bar(title: str, **place: Any) -> dict[str, Any]:
    """Return the settings of a colour bar from 0 to 1.

    Parameters
    ----------
    title : str
        What the colours mean, in words.
    **place
        Position and length.

    Returns
    -------
    dict
        For ``colorbar=`` of a trace.

    Examples
    --------
    >>> color_bar("evidence")["title"]["text"]
    'evidence'
    """
    return {
        "title": {"text": title, "side": "bottom" if place.get("orientation") == "h" else "right", "font": {"size": 12}},
        "thickness": 10, "tickvals": [0, 0.5, 1], "ticktext": ["0", "0.5", "1"], "tickfont": {"size": 12},
        "outlinewidth": 1, "outlinecolor": NEUTRAL["reference"], **place,
    }  # fmt: skip


for _theme, _name in (("both", TEMPLATE), ("light", f"{TEMPLATE}_light"), ("dark", f"{TEMPLATE}_dark")):
    plotly.io.templates[_name] = figure_template(_theme)
