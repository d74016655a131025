"""The words of an answer with their own numbers, and the sentence of plotly figures."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from ..attribution.explanation import Explanation
from ..attribution.measuring import measured_units
from .palette import NEUTRAL, RELIANCE_FLOOR, RELIANCE_STOPS, UNMEASURED, ink_color, reliance_color
from .text import plotly_text
from .theme import color_bar

LINE_COLUMNS = 46
"""Columns of a line of the sentence: what a page 390 pixels wide shows in 12 pixels."""

LINE_PIXELS = 26
"""Height of a line of the sentence."""

_COLUMN_PIXELS = 8.4


@dataclass(frozen=True)
class PlacedToken:
    """A token in the lines of a sentence.

    Attributes
    ----------
    index : int
        Of the token.
    column, width : int
        Where it starts, and how many columns it takes.
    text : str
        What is drawn.
    """

    index: int
    column: int
    width: int
    text: str


def own_reliance(explanation: Explanation) -> np.ndarray:
    """Return the reliance by which each token is coloured.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    ndarray of float64, (T,)
        The tokens of a word share the reliance of the word; NaN where nothing was measured.
    """
    scores = np.full(len(explanation.response), np.nan)
    for tokens, reliance in measured_units([explanation]):
        scores[tokens] = reliance.score
    return scores


def reliance_end(scores: np.ndarray) -> float:
    """Return the upper end of the reliance scale.

    Parameters
    ----------
    scores : ndarray
        Reliance of the tokens or words; NaN where it is not measured.

    Returns
    -------
    float
        The largest value, at least `eagle_nb.viz.palette.RELIANCE_FLOOR`.

    Examples
    --------
    >>> reliance_end(np.array([0.5, np.nan])), reliance_end(np.array([np.nan]))
    (0.5, 0.25)
    """
    measured = np.asarray(scores)[np.isfinite(scores)]
    return max(RELIANCE_FLOOR, float(measured.max(initial=0.0)))


def score_color(score: float, end: float) -> tuple[int, int, int]:
    """Return the colour of a reliance on light paper, grey where it is not measured.

    Parameters
    ----------
    score : float
        The reliance, or NaN.
    end : float
        Upper end of the scale.

    Returns
    -------
    (int, int, int)
        RGB, 0 … 255.

    Examples
    --------
    >>> score_color(float("nan"), 1.0)
    (198, 198, 202)
    """
    return reliance_color(score / end) if np.isfinite(score) else UNMEASURED["light"]


def sentence_lines(tokens: list[str], width: int = LINE_COLUMNS) -> list[list[PlacedToken]]:
    """Lay out tokens in lines; a line breaks before a space where there is one, and a longer token is cut.

    Parameters
    ----------
    tokens : list of str
        Texts of the tokens.
    width : int
        Columns of a line; wide characters take two.

    Returns
    -------
    list of list of PlacedToken
        The lines.
    """
    lines: list[list[PlacedToken]] = [[]]
    column = 0
    for k, token in enumerate(tokens):
        text = token.replace("\n", "↵") or "·"
        columns = max(1, sum(_columns(c) for c in text))
        if columns > width:
            fits = np.cumsum([_columns(c) for c in text]) < width
            text, columns = text[: int(fits.sum())] + "…", width
        rest = _rest_of_word(tokens, k)
        full = column + columns > width or (text[:1] in " ↵" and column + columns + min(rest, width // 3) > width)
        if full and lines[-1]:
            lines.append([])
            column = 0
        lines[-1].append(PlacedToken(k, column, columns, text))
        column += columns
    return lines


def add_sentence(fig: go.Figure, explanation: Explanation, lines: list[list[PlacedToken]], **place: Any) -> None:
    """Add the sentence to a panel of a figure, coloured by reliance, with a colour bar.

    Parameters
    ----------
    fig : plotly.graph_objects.Figure
        The figure.
    explanation : Explanation
        The explanation.
    lines : list of list of PlacedToken
        From `sentence_lines`.
    **place
        ``row`` and ``col`` of the panel, and ``bar``, the position of the colour bar.
    """
    bar = place.pop("bar", {})
    reliance, scores = explanation.reliance, own_reliance(explanation)
    end = reliance_end(scores)
    x, y, text, hover, inks = [], [], [], [], []
    for row, line in enumerate(lines):
        for token in line:
            score, selected = float(scores[token.index]), token.index in explanation.tokens
            rgb = score_color(score, end)
            fig.add_shape(
                type="rect", x0=token.column, x1=token.column + token.width, y0=-row - 0.42, y1=-row + 0.42,
                fillcolor="rgb({},{},{})".format(*rgb), layer="below",
                line={"width": 3 if selected else 0, "color": NEUTRAL["reference"]}, **place,
            )  # fmt: skip
            x.append(token.column + token.width / 2)
            y.append(-row)
            shown = plotly_text(token.text.strip() or token.text)
            text.append(f"<b>{shown}</b>" if selected else shown)
            inks.append(ink_color(rgb))
            area, full, blank = (
                float(v[token.index]) for v in (reliance.score_area, reliance.p_full, reliance.p_blank)
            )
            by_area = f" (this token by area {area:.3f})" if np.isfinite(area) else ""
            number = f"{score:.3f}{by_area}" if np.isfinite(score) else "not measured: the token was not explained"
            hover.append([plotly_text(repr(explanation.target_tokens[token.index])), number, full, blank])
    fig.add_trace(
        go.Scatter(
            x=x, y=y, mode="text", text=text, customdata=hover, showlegend=False, name="sentence",
            textfont={"family": "monospace", "size": 12, "color": inks},
            hovertemplate="%{customdata[0]}<br>reliance %{customdata[1]}<br>"
            "p(full) %{customdata[2]:.3f}, p(blank) %{customdata[3]:.3f}<extra></extra>",
        ),
        **place,
    )  # fmt: skip
    stops = [[k / (len(RELIANCE_STOPS) - 1), "rgb({},{},{})".format(*rgb)] for k, rgb in enumerate(RELIANCE_STOPS)]
    scale = color_bar("reliance (grey: not measured)", **bar)
    scale.update(tickvals=[0, end / 2, end], ticktext=["0", f"{end / 2:.2f}", f"{end:.2f}"])
    fig.add_trace(
        go.Scatter(
            x=[None], y=[None], mode="markers", showlegend=False, hoverinfo="skip",
            marker={"color": [0], "cmin": 0, "cmax": end, "colorscale": stops, "showscale": True, "colorbar": scale},
        ),
        **place,
    )  # fmt: skip
    longest = max((line[-1].column + line[-1].width for line in lines if line), default=1)
    limits = [-0.5, max(LINE_COLUMNS, longest) + 0.5]
    # One line stands to one column as their pixels do: lines keep their width on wide pages and shrink on narrow ones
    axis = next(fig.select_yaxes(**place)).anchor
    fig.update_xaxes(
        visible=False, range=limits[::-1] if _right_to_left(explanation.response.text) else limits, constrain="domain",
        constraintoward="left", **place,
    )  # fmt: skip
    fig.update_yaxes(
        visible=False, range=[-len(lines) + 0.5, 0.5], scaleanchor=axis, scaleratio=LINE_PIXELS / _COLUMN_PIXELS,
        constrain="domain", constraintoward="top", **place,
    )  # fmt: skip


def _rest_of_word(tokens: list[str], k: int) -> int:
    """Return the columns of the tokens that continue a word."""
    rest = 0
    for token in tokens[k + 1 :]:
        if token[:1].isspace() or not token:
            break
        rest += sum(_columns(c) for c in token)
    return rest


def _columns(character: str) -> int:
    """Return how many columns of a monospaced font a character takes."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _right_to_left(text: str) -> bool:
    """Whether the first letter of a text is of a right-to-left script."""
    return next((d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), "L") != "L"
