"""Plotly figures of explanations. Text that comes from a model is escaped wherever it is shown."""

from __future__ import annotations

import base64
import html
import io
import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np
import plotly.graph_objects as go
from PIL import Image
from plotly.colors import sample_colorscale
from plotly.subplots import make_subplots

if TYPE_CHECKING:
    from ..attribution.explanation import Explanation
    from ..evaluation.robustness import Trust

RELIANCE_SCALE = [[0.0, "#3b6fb6"], [0.5, "#e8e4e1"], [1.0, "#c0392b"]]
"""From language (blue) to vision (red), as in the paper; told apart by colour-blind readers."""

INSERTION, DELETION = "#1b7f79", "#b5541c"
_SALIENCY = [[0.0, "rgba(0, 0, 30, 0.55)"], [0.5, "rgba(180, 60, 60, 0.25)"], [1.0, "rgba(255, 220, 60, 0.45)"]]
_UNSTABLE = [[0.0, "rgba(120, 40, 140, 0)"], [1.0, "rgba(120, 40, 140, 0.85)"]]
_VARIED = {"regions": "#1b7f79", "segmentation": "#b5541c", "fill": "#3b6fb6", "seed": "#7a6a58"}
_MOST_CELLS = 220


def figure(explanation: Explanation) -> go.Figure:
    """The image with its saliency, the curves, and the sentence coloured by reliance.

    Parameters
    ----------
    explanation : Explanation

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region tells its rank and score, over a token its reliance.
    """
    lines = _lines(explanation)
    fig = make_subplots(
        rows=2,
        cols=2,
        row_heights=[0.74, 0.26],
        column_widths=[0.45, 0.55],
        specs=[[{}, {}], [{"colspan": 2}, None]],
        vertical_spacing=0.16,
        horizontal_spacing=0.09,
        subplot_titles=("Where", "Insertion and deletion", "How much each word owes to the image"),
    )
    for trace in _picture(explanation):
        fig.add_trace(trace, 1, 1)
    for trace in _curves(explanation):
        fig.add_trace(trace, 1, 2)
    _sentence(fig, explanation, lines)
    image = explanation.response.image
    fig.update_xaxes(visible=False, range=[0, image.width], constrain="domain", row=1, col=1)
    fig.update_yaxes(visible=False, range=[image.height, 0], scaleanchor="x", constrain="domain", row=1, col=1)
    fig.update_xaxes(title_text="fraction of image area", range=[0, 1], row=1, col=2)
    fig.update_yaxes(title_text="probability", range=[-0.02, 1.02], row=1, col=2)
    fig.update_layout(
        title={"text": f"What carried “{html.escape(explanation.selected_text)}”?", "x": 0.02},
        height=520 + 26 * max(0, len(lines) - 2),
        margin={"l": 30, "r": 20, "t": 80, "b": 20},
        legend={"x": 0.98, "y": 0.42, "xanchor": "right", "yanchor": "bottom", "bgcolor": "rgba(255,255,255,0.6)"},
        template="plotly_white",
    )
    return fig


def saliency_figure(explanation: Explanation) -> go.Figure:
    """The image with its saliency alone."""
    fig = go.Figure(_picture(explanation))
    image = explanation.response.image
    fig.update_xaxes(visible=False, range=[0, image.width], constrain="domain")
    fig.update_yaxes(visible=False, range=[image.height, 0], scaleanchor="x", constrain="domain")
    fig.update_layout(height=420, margin={"l": 10, "r": 10, "t": 10, "b": 10}, template="plotly_white")
    return fig


def curves_figure(explanation: Explanation) -> go.Figure:
    """Insertion and deletion curves of the selected tokens, their mean and each of them."""
    fig = go.Figure(_curves(explanation, each=True))
    fig.update_xaxes(title_text="fraction of image area", range=[0, 1])
    fig.update_yaxes(title_text="probability", range=[-0.02, 1.02])
    fig.update_layout(height=360, margin={"l": 50, "r": 20, "t": 20, "b": 40}, template="plotly_white")
    return fig


def trust_figure(trust: Trust) -> go.Figure:
    """The image, shaded where an explanation's ranks are unstable, and the rank correlation of each variation.

    Parameters
    ----------
    trust : Trust

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region tells how stable it is; variations that were left out have no bar.
    """
    explanation, run = trust.explanation, trust.run
    image = explanation.response.image
    step, labels, x, y = _cells(explanation)
    stable = trust.pixel_stability[step // 2 :: step, step // 2 :: step]
    fig = make_subplots(
        rows=1,
        cols=2,
        column_widths=[0.45, 0.55],
        horizontal_spacing=0.2,
        subplot_titles=("Shaded where ranks are unstable", "Rank correlation with the explanation"),
    )
    fig.add_trace(go.Image(source=_data_uri(image), hoverinfo="skip"), 1, 1)
    fig.add_trace(
        go.Heatmap(
            z=1 - stable, x=x, y=y, zmin=0, zmax=1, colorscale=_UNSTABLE, showscale=False,
            customdata=np.stack([stable, trust.region_stability[labels], labels], -1),
            hovertemplate="stability of the pixel %{customdata[0]:.2f}<br>of region %{customdata[2]}: %{customdata[1]:.2f}<extra></extra>",
        ),
        1,
        1,
    )  # fmt: skip
    for kind, part in run.groupby("varied", sort=False):
        names = [html.escape(f"{kind}: {to}") for to in part["to"]]
        fig.add_trace(
            go.Bar(
                x=part["correlation"], y=names, orientation="h", marker_color=_VARIED[str(kind)], name=str(kind),
                customdata=part[["regions", "passes"]].to_numpy(), showlegend=False,
                hovertemplate="%{y}<br>rank correlation %{x:.2f}<br>%{customdata[0]} regions, %{customdata[1]} passes<extra></extra>",
            ),
            1,
            2,
        )  # fmt: skip
    fig.update_xaxes(visible=False, range=[0, image.width], constrain="domain", row=1, col=1)
    fig.update_yaxes(visible=False, range=[image.height, 0], scaleanchor="x", constrain="domain", row=1, col=1)
    fig.update_xaxes(range=[min(0.0, float(run["correlation"].min())), 1], row=1, col=2)
    fig.update_yaxes(autorange="reversed", row=1, col=2)
    fig.update_layout(
        title={
            "text": "<br>".join(html.escape(line) for line in textwrap.wrap(trust.verdict, 110)),
            "x": 0.02,
            "font": {"size": 14},
        },
        height=max(400, 160 + 22 * len(run)),
        margin={"l": 30, "r": 20, "t": 110, "b": 30},
        template="plotly_white",
    )
    return fig


def _data_uri(image: Image.Image) -> str:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def _picture(explanation: Explanation) -> list[Any]:
    image, regions = explanation.response.image, explanation.regions
    rank = np.empty(regions.n, dtype=int)
    rank[explanation.order] = np.arange(1, regions.n + 1)
    _, labels, x, y = _cells(explanation)
    heat = explanation.region_scores()[labels]
    told = np.stack([rank[labels], labels, 100 * regions.area[labels]], -1)
    return [
        go.Image(source=_data_uri(image), hoverinfo="skip"),
        go.Heatmap(
            z=heat,
            x=x,
            y=y,
            customdata=told,
            zmin=0,
            zmax=1,
            colorscale=_SALIENCY,
            showscale=False,
            hovertemplate="rank %{customdata[0]} · score %{z:.2f}<br>region %{customdata[1]}, %{customdata[2]:.1f} % of the image<extra></extra>",
        ),
    ]


def _cells(explanation: Explanation) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """The cells of a heat map over the image: pixels per cell, their regions, and their centres."""
    step = max(1, -(-max(explanation.response.image.size) // _MOST_CELLS))
    labels = explanation.regions.labels[step // 2 :: step, step // 2 :: step]
    x, y = (step * np.arange(count) + step / 2 for count in labels.shape[::-1])
    return step, labels, x, y


def _curves(explanation: Explanation, each: bool = False) -> list[Any]:
    area, tokens = explanation.area, explanation.tokens
    traces: list[Any] = []
    for name, curve, color, value in (
        ("insertion", explanation.insertion, INSERTION, explanation.insertion_auc),
        ("deletion", explanation.deletion, DELETION, explanation.deletion_auc),
    ):
        if each and len(tokens) > 1:
            for k in tokens:
                label = html.escape(explanation.target_tokens[k])
                traces.append(
                    go.Scatter(
                        x=area, y=curve[:, k], mode="lines", line={"color": color, "width": 1}, opacity=0.4,
                        name=f"{name} {label}", showlegend=False,
                    )
                )  # fmt: skip
        mean = curve[:, tokens].mean(1)
        traces.append(
            go.Scatter(x=area, y=mean, mode="lines", line={"color": color, "width": 3}, name=f"{name}, AUC {value:.3f}")
        )
    return traces


def _lines(explanation: Explanation, width: int = 78) -> list[list[tuple[int, int, str]]]:
    """Tokens laid out in lines of about `width` characters: (token, column, text)."""
    lines: list[list[tuple[int, int, str]]] = [[]]
    column = 0
    for k, token in enumerate(explanation.target_tokens):
        text = token.replace("\n", "↵") or "·"
        if column + len(text) > width and text[:1] in " ↵" and lines[-1]:
            lines.append([])
            column = 0
        lines[-1].append((k, column, text))
        column += max(1, len(text))
    return lines


def _sentence(fig: go.Figure, explanation: Explanation, lines: list[list[tuple[int, int, str]]]) -> None:
    reliance = explanation.reliance
    top = max(0.05, float(reliance.score.max()))
    x, y, text, told = [], [], [], []
    for row, line in enumerate(lines):
        for k, column, token in line:
            color = sample_colorscale(RELIANCE_SCALE, [float(reliance.score[k]) / top])[0]
            selected = k in explanation.tokens
            fig.add_shape(
                type="rect", x0=column, x1=column + len(token), y0=-row - 0.42, y1=-row + 0.42, fillcolor=color,
                line={"width": 2 if selected else 0, "color": "#222"}, layer="below", row=2, col=1,
            )  # fmt: skip
            x.append(column + len(token) / 2)
            y.append(-row)
            text.append(html.escape(token.strip() or token))
            told.append([html.escape(repr(token)), *reliance[k][1:]])
    fig.add_trace(
        go.Scatter(
            x=x, y=y, mode="text", text=text, customdata=told, showlegend=False,
            textfont={"family": "monospace", "size": 13, "color": "#111"},
            hovertemplate="%{customdata[0]}<br>reliance %{customdata[1]:.3f} (by area %{customdata[2]:.3f})<br>"
            "p(full) %{customdata[3]:.3f}, p(blank) %{customdata[4]:.3f}<extra></extra>",
        ),
        row=2,
        col=1,
    )  # fmt: skip
    longest = max((line[-1][1] + len(line[-1][2]) for line in lines if line), default=1)
    fig.update_xaxes(visible=False, range=[-1, max(40, longest + 1)], row=2, col=1)
    fig.update_yaxes(visible=False, range=[-len(lines) + 0.3, 0.7], row=2, col=1)
