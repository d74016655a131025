"""Plotly figure of a robustness report. Text that comes from a model is escaped."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..evaluation.robustness import RobustnessReport
from .palette import VARIED_COLORS
from .pictures import frame_image, heat_cells, map_traces
from .text import plotly_text
from .theme import TEMPLATE, set_title


def robustness_figure(report: RobustnessReport) -> go.Figure:
    """Plot the image, lit where the ranks of an explanation are stable, and the rank correlation of each variation.

    Parameters
    ----------
    report : RobustnessReport
        The report.

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region shows its stability; skipped variations have no bar.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> report = eagle.check_robustness(model, explanation, vary="segmentation", progress=False)
    >>> {trace.type for trace in robustness_figure(report).data} == {"image", "heatmap", "scatter", "bar"}
    True
    """
    explanation, completed = report.explanation, report.completed
    image = explanation.response.canvas
    step, labels, x, y = heat_cells(image, explanation.regions)
    stable = report.pixel_stability[step // 2 :: step, step // 2 :: step]
    rows = max(1, len(completed))
    panel = max(260, 30 * rows)
    fig = make_subplots(
        rows=2,
        cols=1,
        row_heights=[280, panel],
        vertical_spacing=110 / (390 + panel),
        subplot_titles=("Stability of the ranks", "Rank correlation"),
    )
    fig.update_annotations(font_size=13)
    bar = {
        "orientation": "h",
        "x": 0.5,
        "y": 1 - 288 / (390 + panel),
        "yanchor": "top",
        "len": 220,
        "lenmode": "pixels",
    }
    hover = (
        "stability of the pixel %{customdata[0]:.2f}<br>of region %{customdata[2]}: %{customdata[1]:.2f}<extra></extra>"
    )
    for trace in map_traces(
        image,
        report.pixel_stability,
        "stability: 1 keeps its rank",
        z=stable,
        x=x,
        y=y,
        customdata=np.stack([stable, report.region_stability[labels], labels], -1, dtype=np.float32),
        hovertemplate=hover,
        colorbar=bar,
    ):
        fig.add_trace(trace, 1, 1)
    for kind, part in completed.groupby("varied", sort=False):
        names = [plotly_text(f"{kind}: {to}", 30) for to in part["to"]]
        fig.add_trace(
            go.Bar(
                x=part["correlation"], y=names, orientation="h", marker_color=VARIED_COLORS[str(kind)], name=str(kind),
                textangle=0, customdata=part[["regions", "forward_passes"]].to_numpy(), showlegend=False,
                text=["not defined" if np.isnan(value) else f"{value:.2f}" for value in part["correlation"]],
                hovertemplate="%{y}<br>rank correlation %{x:.2f}<br>%{customdata[0]} regions, %{customdata[1]} forward passes<extra></extra>",
            ),
            2,
            1,
        )  # fmt: skip
    frame_image(fig, image, row=1, col=1)
    lowest = float(np.nanmin([0.0, *completed["correlation"]]))
    fig.update_xaxes(range=[lowest, 1], row=2, col=1)
    fig.update_yaxes(autorange="reversed", type="category", row=2, col=1)
    fig.update_layout(margin={"l": 12, "r": 16, "b": 40}, template=TEMPLATE)
    set_title(fig, report.summary, 430 + panel)
    return fig
