"""The figure of a hallucination board. Text that comes from a model is escaped."""

from __future__ import annotations

import plotly.graph_objects as go

from ..hallucination.board import Board
from ..hallucination.case_study import CaseStudy
from ..hallucination.correction import CSR_AREA
from ..hallucination.diagnosis import CAUSES
from .palette import CAUSE_COLORS
from .text import plotly_text
from .theme import TEMPLATE

_SYMBOLS = {"prior-driven": "circle", "misperceived region": "square", "unclear": "x"}
_MAX_LENGTH = 90  # characters of a prompt or an answer that a mark shows


def board_figure(board: Board) -> go.Figure:
    """Plot the reliance of each wrong statement against its minimal correction region.

    Parameters
    ----------
    board : Board
        The board.

    Returns
    -------
    plotly.graph_objects.Figure
        One mark per case, in the colour and symbol of its diagnosis; hovering shows prompt, answer and corrected answer. The first
        entry of a mark's ``customdata`` is the index of its case.
    """
    fig = go.Figure()
    for cause in CAUSES:
        cases = [(k, case) for k, case in enumerate(board.cases) if case.diagnosis.cause == cause]
        fig.add_trace(
            go.Scatter(
                x=[case.diagnosis.area for _, case in cases],
                y=[case.diagnosis.reliance for _, case in cases],
                mode="markers",
                name=f"{cause} ({len(cases)})",
                marker={"size": 12, "color": CAUSE_COLORS[cause], "symbol": _SYMBOLS[cause], "opacity": 0.8},
                customdata=[[k, *_texts(case)] for k, case in cases],
                hovertemplate="case %{customdata[0]}: %{customdata[1]}<br>answer: %{customdata[2]}<br>"
                "corrected: %{customdata[3]}<br>removed %{x:.1%}, reliance %{y:.2f}<extra></extra>",
            )
        )
    fig.add_vline(x=CSR_AREA, line={"dash": "dot", "color": CAUSE_COLORS["unclear"]}, annotation_text=f"{CSR_AREA:.0%}")
    fig.update_xaxes(title_text="share of the image removed to correct it<br>(1: never corrected)", range=[-0.02, 1.04])
    fig.update_yaxes(title_text="reliance of the wrong word on the image", rangemode="tozero")
    fig.update_layout(
        height=430,
        margin={"l": 12, "r": 16, "t": 16, "b": 12},
        legend={"orientation": "h", "x": 0, "y": -0.3, "yanchor": "top"},
        template=TEMPLATE,
    )
    return fig


def _texts(case: CaseStudy) -> list[str]:
    """Return the prompt, the answer and the corrected answer, shortened and escaped."""
    texts = (case.sample.prompt, case.response.text, case.correction.answer or "never")
    return [plotly_text(text, _MAX_LENGTH) for text in texts]
