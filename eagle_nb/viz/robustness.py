"""Plotly figure of a robustness report. Text that comes from a model is escaped."""

from __future__ import annotations

import html
import textwrap

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..evaluation.robustness import RobustnessReport
from .palette import UNSTABLE_SCALE, VARIED_COLORS
from .pictures import frame_image, heat_cells, image_trace


def robustness_figure(report: RobustnessReport) -> go.Figure:
    """Plot the image, shaded where the ranks of an explanation are unstable, and the rank correlation of each variation.

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
    >>> {trace.type for trace in robustness_figure(report).data} == {"image", "heatmap", "bar"}
    True
    """
    explanation, completed = report.explanation, report.completed
    image = explanation.response.image
    step, labels, x, y = heat_cells(image, explanation.regions)
    stable = report.pixel_stability[step // 2 :: step, step // 2 :: step]
    fig = make_subplots(
        rows=1,
        cols=2,
        column_widths=[0.45, 0.55],
        horizontal_spacing=0.2,
        subplot_titles=("Unstable ranks (shaded)", "Rank correlation with the explanation"),
    )
    fig.add_trace(image_trace(image), 1, 1)
    fig.add_trace(
        go.Heatmap(
            z=1 - stable, x=x, y=y, zmin=0, zmax=1, colorscale=UNSTABLE_SCALE, showscale=False,
            customdata=np.stack([stable, report.region_stability[labels], labels], -1),
            hovertemplate="stability of the pixel %{customdata[0]:.2f}<br>of region %{customdata[2]}: %{customdata[1]:.2f}<extra></extra>",
        ),
        1,
        1,
    )  # fmt: skip
    for kind, part in completed.groupby("varied", sort=False):
        names = [html.escape(f"{kind}: {to}") for to in part["to"]]
        fig.add_trace(
            go.Bar(
                x=part["correlation"], y=names, orientation="h", marker_color=VARIED_COLORS[str(kind)], name=str(kind),
                customdata=part[["regions", "forward_passes"]].to_numpy(), showlegend=False,
                hovertemplate="%{y}<br>rank correlation %{x:.2f}<br>%{customdata[0]} regions, %{customdata[1]} forward passes<extra></extra>",
            ),
            1,
            2,
        )  # fmt: skip
    frame_image(fig, image, row=1, col=1)
    fig.update_xaxes(range=[min(0.0, float(completed["correlation"].min())), 1], row=1, col=2)
    fig.update_yaxes(autorange="reversed", row=1, col=2)
    fig.update_layout(
        title={
            "text": "<br>".join(html.escape(line) for line in textwrap.wrap(report.summary, 110)),
            "x": 0.02,
            "font": {"size": 14},
        },
        height=max(400, 160 + 22 * len(completed)),
        margin={"l": 30, "r": 20, "t": 110, "b": 30},
        template="plotly_white",
    )
    return fig
