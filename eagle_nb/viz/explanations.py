"""Plotly figures of explanations. Text that comes from a model is escaped."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..attribution.explanation import Explanation
from ..attribution.places import explained_subject
from .contact import add_titles, sheet_traces
from .outlined import outlined_mask
from .palette import DELETION, INSERTION
from .pictures import frame_image, heat_cells, map_traces, outline_traces
from .sentences import LINE_PIXELS, add_sentence, sentence_lines
from .text import plotly_text
from .theme import TEMPLATE, set_title

_PANEL = 300  # pixels: height of the map and of the curves
_BETWEEN = 130  # pixels: labels, legend and colour bar below them


def explanation_figure(explanation: Explanation) -> go.Figure:
    """Plot the image lit by the evidence, the curves, and the sentence coloured by reliance.

    The outlined regions are those of the headline: enough for the target, or, where fewer suffice to lose it, those without which it is lost.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region shows its evidence and rank, over a token its reliance.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> [annotation.text for annotation in explanation_figure(explanation).layout.annotations]
    ['Evidence', 'Probability', 'How much the words rely on the image']
    """
    lines = sentence_lines(explanation.target_tokens)
    sentence = LINE_PIXELS * len(lines)
    total = _PANEL + _BETWEEN + sentence
    fig = make_subplots(
        rows=2,
        cols=2,
        row_heights=[_PANEL, sentence],
        column_widths=[0.48, 0.52],
        specs=[[{}, {}], [{"colspan": 2}, None]],
        vertical_spacing=_BETWEEN / total,
        horizontal_spacing=0.12,
        subplot_titles=("Evidence", "Probability", "How much the words rely on the image"),
    )
    fig.update_annotations(font_size=13)
    below = 1 - (_PANEL + 8) / total
    bar = {"orientation": "h", "x": 0.0, "xanchor": "left", "y": below, "yanchor": "top", "len": 0.42}
    for trace in _picture(explanation, bar):
        fig.add_trace(trace, 1, 1)
    for trace in _curves(explanation):
        fig.add_trace(trace, 1, 2)
    bar = {
        "orientation": "h",
        "x": 0.0,
        "xanchor": "left",
        "y": -10 / total,
        "yanchor": "top",
        "len": 200,
        "lenmode": "pixels",
    }
    add_sentence(fig, explanation, lines, row=2, col=1, bar=bar)
    frame_image(fig, explanation.response.canvas, row=1, col=1)
    add_titles(fig, explanation)
    subject = explained_subject(explanation.response, explanation.regions).name
    fig.update_xaxes(
        title_text=f"share of {subject}", range=[0, 1], tickvals=[0, 0.5, 1], tickformat=".0%", row=1, col=2
    )
    fig.update_yaxes(range=[-0.02, 1.02], nticks=6, row=1, col=2)
    fig.update_layout(
        margin={"l": 12, "r": 26, "b": 70},
        legend={"x": 1, "xanchor": "right", "y": below - 42 / total, "yanchor": "top"},
        template=TEMPLATE,
    )
    set_title(fig, explanation.headline, total + 70)
    return fig


def saliency_figure(explanation: Explanation) -> go.Figure:
    """Plot the image lit by the evidence, with the regions of the headline outlined.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        Hovering over a region shows its evidence and rank.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> [trace.type for trace in saliency_figure(explanation).data]
    ['image', 'heatmap', 'scatter', 'scatter', 'scatter']
    """
    fig = go.Figure(_picture(explanation, {"len": 0.9}))
    frame_image(fig, explanation.response.canvas)
    add_titles(fig, explanation)
    fig.update_layout(height=420, margin={"l": 10, "r": 10, "t": 10, "b": 10}, template=TEMPLATE)
    return fig


def curves_figure(explanation: Explanation) -> go.Figure:
    """Plot the insertion and deletion curves of the target and, below them, of each of its tokens.

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
    subject = explained_subject(explanation.response, explanation.regions).name
    fig.update_xaxes(title_text=f"share of {subject}", range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    fig.update_yaxes(title_text="probability", range=[-0.02, 1.02])
    fig.update_layout(
        height=400,
        margin={"l": 12, "r": 26, "t": 16, "b": 12},
        legend={"orientation": "h", "x": 0, "y": -0.2, "yanchor": "top"},
        template=TEMPLATE,
    )
    return fig


def _picture(explanation: Explanation, bar: dict[str, Any]) -> list[Any]:
    """Return the image lit by the evidence, and the outline of the regions of the headline."""
    image, regions = explanation.response.canvas, explanation.regions
    rank = np.empty(regions.n, dtype=int)
    rank[explanation.order] = np.arange(1, regions.n + 1)
    _, labels, x, y = heat_cells(image, regions)
    subject = explained_subject(explanation.response, regions).name
    lit = explanation.region_scores("evidence")
    end = explanation.evidence_scale
    traces = map_traces(
        image,
        regions.paint(lit),
        "evidence (probability)",
        z=np.append(lit, np.nan)[labels].astype(np.float32),  # the label -1 lies between pictures
        x=x,
        y=y,
        customdata=np.stack(
            [
                np.append(values, np.nan)[labels]
                for values in (rank, np.arange(regions.n), 100 * regions.area, explanation.evidence)
            ],
            -1,
        ).astype(np.float32),
        hovertemplate="evidence %{customdata[3]:+.3f} · rank %{customdata[0]}<br>"
        f"region %{{customdata[1]}}, %{{customdata[2]:.1f}} % of {subject}<extra></extra>",
        colorbar=bar,
    )
    traces[-1].marker.colorbar.update(ticktext=["0", f"{end / 2:.2f}", f"{end:.2f}"])
    if len(regions.layout) > 1:
        traces[:1] = sheet_traces(explanation)
    return traces + outline_traces(image, outlined_mask(explanation))


def _curves(explanation: Explanation, each: bool = False) -> list[Any]:
    """Return the curves of the target, and each token's if asked for, as traces."""
    area, tokens = explanation.area, explanation.tokens
    subject = explained_subject(explanation.response, explanation.regions).name
    traces: list[Any] = []
    for name, curves, target, color, dash, value in (
        (
            "insertion",
            explanation.insertion,
            explanation.target_insertion,
            INSERTION,
            "solid",
            explanation.insertion_auc,
        ),
        ("deletion", explanation.deletion, explanation.target_deletion, DELETION, "dash", explanation.deletion_auc),
    ):
        template = f"{name}: %{{y:.3f}} at %{{x:.1%}} of {subject}<extra></extra>"
        if each and len(tokens) > 1:
            for k in tokens:
                label = plotly_text(explanation.target_tokens[k], 30)
                traces.append(
                    go.Scatter(
                        x=area, y=curves[:, k], mode="lines", line={"color": color, "width": 1, "dash": dash}, opacity=0.5,
                        name=f"{name} {label}", showlegend=False, hovertemplate=f"{label}, {template}",
                    )
                )  # fmt: skip
        traces.append(
            go.Scatter(
                x=area, y=target, mode="lines", line={"color": color, "width": 3, "dash": dash},
                name=f"{name}, AUC {value:.3f}", hovertemplate=template,
            )
        )  # fmt: skip
    return traces
