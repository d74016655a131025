"""Plotly figures of explanations. Text that comes from a model is escaped."""

from __future__ import annotations

import html
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..attribution.explanation import Explanation
from .palette import DELETION, INSERTION, NEUTRAL, RELIANCE_FLOOR, SALIENCY_SCALE, ink_color, reliance_color
from .pictures import frame_image, heat_cells, image_trace


def explanation_figure(explanation: Explanation) -> go.Figure:
    """Plot the image with its saliency, the curves, and the sentence coloured by reliance.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region shows its rank and score, over a token its reliance.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> [annotation.text for annotation in explanation_figure(explanation).layout.annotations]
    ['Where', 'Insertion and deletion', 'How much each word relies on the image']
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
        subplot_titles=("Where", "Insertion and deletion", "How much each word relies on the image"),
    )
    for trace in _picture(explanation):
        fig.add_trace(trace, 1, 1)
    for trace in _curves(explanation):
        fig.add_trace(trace, 1, 2)
    _sentence(fig, explanation, lines)
    image = explanation.response.image
    frame_image(fig, image, row=1, col=1)
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
    """Plot the image with its saliency.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region shows its rank and score.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> [trace.type for trace in saliency_figure(explanation).data]
    ['image', 'heatmap']
    """
    fig = go.Figure(_picture(explanation))
    image = explanation.response.image
    frame_image(fig, image)
    fig.update_layout(height=420, margin={"l": 10, "r": 10, "t": 10, "b": 10}, template="plotly_white")
    return fig


def curves_figure(explanation: Explanation) -> go.Figure:
    """Plot the insertion and deletion curves of the selected tokens, their mean and each of them.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        Probability over the fraction of image area.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> insertion, deletion = curves_figure(explanation).data
    >>> insertion.x.shape, insertion.y.shape  # from none to all of the four regions
    ((5,), (5,))
    """
    fig = go.Figure(_curves(explanation, each=True))
    fig.update_xaxes(title_text="fraction of image area", range=[0, 1])
    fig.update_yaxes(title_text="probability", range=[-0.02, 1.02])
    fig.update_layout(height=360, margin={"l": 50, "r": 20, "t": 20, "b": 40}, template="plotly_white")
    return fig


def _picture(explanation: Explanation) -> list[Any]:
    """Return the image and its saliency as traces."""
    image, regions = explanation.response.image, explanation.regions
    rank = np.empty(regions.n, dtype=int)
    rank[explanation.order] = np.arange(1, regions.n + 1)
    _, labels, x, y = heat_cells(image, regions)
    heat = explanation.region_scores()[labels]
    texts = np.stack([rank[labels], labels, 100 * regions.area[labels]], -1)
    return [
        image_trace(image),
        go.Heatmap(
            z=heat,
            x=x,
            y=y,
            customdata=texts,
            zmin=0,
            zmax=1,
            colorscale=SALIENCY_SCALE,
            showscale=False,
            hovertemplate="rank %{customdata[0]} · score %{z:.2f}<br>region %{customdata[1]}, %{customdata[2]:.1f} % of the image<extra></extra>",
        ),
    ]


def _curves(explanation: Explanation, each: bool = False) -> list[Any]:
    """Return the mean curves, and each token's if asked for, as traces."""
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
    """Lay out tokens in lines of about `width` characters: (token, column, text)."""
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
    """Add the sentence, coloured by reliance."""
    reliance = explanation.reliance
    top = max(RELIANCE_FLOOR, float(reliance.score.max()))
    x, y, text, hover, inks = [], [], [], [], []
    for row, line in enumerate(lines):
        for k, column, token in line:
            red, green, blue = reliance_color(float(reliance.score[k]) / top)
            selected = k in explanation.tokens
            fig.add_shape(
                type="rect", x0=column, x1=column + len(token), y0=-row - 0.42, y1=-row + 0.42, fillcolor=f"rgb({red},{green},{blue})",
                line={"width": 2 if selected else 0, "color": NEUTRAL["frame"]}, layer="below", row=2, col=1,
            )  # fmt: skip
            x.append(column + len(token) / 2)
            y.append(-row)
            text.append(html.escape(token.strip() or token))
            inks.append(ink_color((red, green, blue)))
            hover.append([html.escape(repr(token)), *reliance[k][1:]])
    fig.add_trace(
        go.Scatter(
            x=x, y=y, mode="text", text=text, customdata=hover, showlegend=False,
            textfont={"family": "monospace", "size": 13, "color": inks},
            hovertemplate="%{customdata[0]}<br>reliance %{customdata[1]:.3f} (by area %{customdata[2]:.3f})<br>"
            "p(full) %{customdata[3]:.3f}, p(blank) %{customdata[4]:.3f}<extra></extra>",
        ),
        row=2,
        col=1,
    )  # fmt: skip
    longest = max((line[-1][1] + len(line[-1][2]) for line in lines if line), default=1)
    fig.update_xaxes(visible=False, range=[-1, max(40, longest + 1)], row=2, col=1)
    fig.update_yaxes(visible=False, range=[-len(lines) + 0.3, 0.7], row=2, col=1)
