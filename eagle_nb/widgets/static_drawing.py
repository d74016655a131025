"""Drawings of a still picture: the curves, and a map with its colour bar, as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from ..attribution.explanation import Explanation
from ..attribution.places import explained_subject
from ..inputs.text import percent, shortened
from ..viz.palette import DELETION, INSERTION, INTERFACE, NEUTRAL
from ..viz.pictures import map_greys

WIDTH, HEIGHT = 360, 288
"""Size of the drawing of the curves, in pixels."""

LEFT, RIGHT, TOP, BOTTOM = 34, 350, 66, 246
"""Edges of the plot in it."""

_PAGE = INTERFACE["fallback"]


def curves_drawing(explanation: Explanation) -> str:
    """Draw the insertion and deletion curves of the target.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    str
        SVG.
    """
    e = explanation
    k = e.sufficient_step
    x, y = plot_point(float(e.area[k]), float(e.target_insertion[k]))
    legend = (
        _line([(LEFT, 34), (LEFT + 26, 34)], INSERTION)
        + _text(LEFT + 34, 38, f"insertion: regions shown, area {e.insertion_auc:.2f}", NEUTRAL["label"])
        + _line([(LEFT, 52), (LEFT + 26, 52)], DELETION, "6 4")
        + _text(LEFT + 34, 56, f"deletion: regions hidden, area {e.deletion_auc:.2f}", NEUTRAL["label"])
    )
    title = _text(LEFT, 16, f"Probability of “{shortened(e.selected_text, 26)}”", _PAGE["ink"], weight="bold")
    mark = (
        f"<circle cx='{x:.1f}' cy='{y:.1f}' r='5' fill='{_PAGE['paper']}' stroke='{INSERTION}' stroke-width='2'/>"
        if k
        else ""
    )
    return _svg(
        WIDTH,
        HEIGHT,
        title
        + legend
        + _axes(explained_subject(e.response, e.regions).name)
        + _line(_curve(e.area, e.target_insertion), INSERTION)
        + _line(_curve(e.area, e.target_deletion), DELETION, "6 4")
        + mark,
    )


def map_drawing(
    source: str, size: tuple[int, int], scale: float, labels: Sequence[tuple[float, float, str]] = ()
) -> str:
    """Draw a map with its colour bar below.

    Parameters
    ----------
    source : str
        The map, as a data URI.
    size : (int, int)
        Width and height at which it is drawn, in pixels.
    scale : float
        The evidence that is drawn at full strength.
    labels : sequence of (float, float, str)
        x and y, in pixels, of the upper left corner of each of several pictures, and its title.

    Returns
    -------
    str
        SVG.
    """
    width, height = size
    stops = "".join(f"<stop offset='{share:.3f}' stop-color='rgb({g},{g},{g})'/>" for share, g in map_greys())
    wide, color = max(width, 120), NEUTRAL["label"]
    parts = [
        f"<defs><linearGradient id='g'>{stops}</linearGradient></defs>",
        f"<image href='{source}' width='{width}' height='{height}' preserveAspectRatio='none'/>",
        f"<rect x='.5' y='{height + 8}' width='{wide - 1}' height='10' fill='url(#g)' stroke='{NEUTRAL['reference']}'/>",
        *(_label(x, y, text) for x, y, text in labels),
        _text(0, height + 34, "0", color),
        _text(wide / 2, height + 34, "evidence (probability)", color, anchor="middle"),
        _text(wide, height + 34, f"{scale:.2f}", color, anchor="end"),
    ]
    return _svg(wide, height + 40, "".join(parts))


def plot_point(area: float, probability: float) -> tuple[float, float]:
    """Return where a point of a curve is drawn.

    Parameters
    ----------
    area : float
        Share of the image, 0 … 1.
    probability : float
        0 … 1; values outside are clipped.

    Returns
    -------
    (float, float)
        x and y in pixels.
    """
    return LEFT + (RIGHT - LEFT) * area, BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, probability))


def _curve(area: np.ndarray, values: np.ndarray) -> list[tuple[float, float]]:
    """Return the points of a curve."""
    return [plot_point(float(a), float(v)) for a, v in zip(area, values, strict=True)]


def _axes(subject: str) -> str:
    """Return axes with ticks and labels."""
    parts = [f"<path d='M{LEFT} {TOP}V{BOTTOM}H{RIGHT}' fill='none' stroke='{NEUTRAL['reference']}'/>"]
    for share in (0.0, 0.5, 1.0):
        x, y = plot_point(share, share)
        parts.append(_text(LEFT - 6, y + 4, f"{share:g}", NEUTRAL["label"], anchor="end"))
        parts.append(
            _text(x, BOTTOM + 16, percent(share), NEUTRAL["label"], anchor=("start", "middle", "end")[round(2 * share)])
        )
        parts.append(f"<path d='M{LEFT} {y:.1f}H{RIGHT}' stroke='{NEUTRAL['reference']}' stroke-opacity='.25'/>")
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 34, f"share of {subject}", NEUTRAL["label"], anchor="middle"))
    return "".join(parts)


def _line(points: list[tuple[float, float]], color: str, dash: str = "") -> str:
    """Return a line."""
    at = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f"<polyline points='{at}' fill='none' stroke='{color}' stroke-width='2.5' stroke-dasharray='{dash}'/>"


def _text(x: float, y: float, text: str, color: str, anchor: str = "start", weight: str = "normal") -> str:
    """Return a line of text; characters that XML does not allow are replaced."""
    plain = "".join(
        c if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff" else "\ufffd" for c in text
    )
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' font-size='13' font-weight='{weight}' fill='{color}'>{escape(plain)}</text>"


def _label(x: float, y: float, text: str) -> str:
    """Return a title in the corner of a picture, legible over every picture."""
    at = f"x='{x + 4:.1f}' y='{y + 15:.1f}' font-size='12' font-weight='bold'"
    ink, paper = _PAGE["ink"], _PAGE["paper"]
    return f"<text {at} fill='{paper}' stroke='{ink}' stroke-width='3' paint-order='stroke'>{escape(text)}</text>"


def _svg(width: int, height: int, body: str) -> str:
    """Return a drawing on the paper of still pictures."""
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' "
        f"font-family='system-ui,sans-serif'><rect width='100%' height='100%' fill='{_PAGE['paper']}'/>{body}</svg>"
    )
