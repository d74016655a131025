"""The display hook: the only place where data reaches up to what shows it.

Explanations, case studies, boards and robustness reports are plain data in lower layers. Their display methods call this module,
which imports figures and widgets when they are needed. No other module of a lower layer may import an upper one; import-linter
checks that.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.figure import Figure as PaperFigure
    from plotly.graph_objects import Figure

Bundle = tuple[dict[str, Any], dict[str, Any]]
"""Data and metadata by media type, as `_repr_mimebundle_` returns them."""


PlotKind = Literal["map", "filmstrip", "curves", "summary"]
"""Kinds of figures for papers."""


def explanation_figure(explanation: Any) -> Figure:
    """Make the plotly figure of an explanation.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    plotly.graph_objects.Figure
        See `eagle_nb.viz.explanations.explanation_figure`.
    """
    from ..viz.explanations import explanation_figure as figure

    return figure(explanation)


def explanation_plot(
    explanation: Any, kind: PlotKind, columns: int, path: str | os.PathLike[str] | None
) -> PaperFigure:
    """Make the matplotlib figure of an explanation.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    kind : {"map", "filmstrip", "curves", "summary"}
        See `eagle_nb.viz.paper.explanation_plot`.
    columns : {1, 2}
        Width: 85 or 175 mm.
    path : path or None
        Also write a file there.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.
    """
    from ..viz.paper import explanation_plot as plot

    return plot(explanation, kind, columns, path)


def words_plot(words: Any, columns: int, path: str | os.PathLike[str] | None) -> PaperFigure:
    """Make the matplotlib figure of the words of an answer.

    Parameters
    ----------
    words : ExplanationSet
        The explanations.
    columns : {1, 2}
        Width: 85 or 175 mm.
    path : path or None
        Also write a file there.

    Returns
    -------
    matplotlib.figure.Figure
        The figure.
    """
    from ..viz.paper import words_plot as plot

    return plot(words, columns, path)


def explorer_bundle(explanation: Any) -> Bundle:
    """Show an explanation, or several, as the Explorer: HTML that stays interactive when saved, reopened or exported.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show.

    Returns
    -------
    (dict, dict)
        Data and metadata by media type.
    """
    from ..widgets.explorer import Explorer

    return {"text/html": Explorer(explanation).fragment(), "text/plain": repr(explanation)}, {}


def write_html(explanation: Any, path: str | os.PathLike[str]) -> Path:
    """Write an explanation, or several, to one interactive HTML file that needs neither kernel nor network.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show.
    path : path
        The file.

    Returns
    -------
    pathlib.Path
        The file.
    """
    from ..widgets.explorer import Explorer

    return Explorer(explanation).to_html(path)


def correction_bundle(correction: Any, text: str) -> Bundle:
    """Show a correction as the CorrectionStepper.

    Parameters
    ----------
    correction : Correction
        What to show.
    text : str
        The plain text.

    Returns
    -------
    (dict, dict)
        Data and metadata by media type.
    """
    from ..widgets.correction import CorrectionStepper

    data, metadata = CorrectionStepper(correction)._repr_mimebundle_()
    return {**data, "text/plain": text}, metadata


def board_figure(board: Any) -> Figure:
    """Make the plotly figure of a hallucination board.

    Parameters
    ----------
    board : Board
        The board.

    Returns
    -------
    plotly.graph_objects.Figure
        See `eagle_nb.viz.board.board_figure`.
    """
    from ..viz.board import board_figure as figure

    return figure(board)


def explore_board(board: Any) -> Any:
    """Show a hallucination board; with a live kernel, a click on a mark shows its case.

    Parameters
    ----------
    board : Board
        The board.

    Returns
    -------
    ipywidgets.VBox or plotly.graph_objects.Figure
        The figure alone without a live kernel.
    """
    from ..widgets.board import explore_board as explore

    return explore(board)


def robustness_figure(report: Any) -> Figure:
    """Make the plotly figure of a robustness report.

    Parameters
    ----------
    report : RobustnessReport
        The report.

    Returns
    -------
    plotly.graph_objects.Figure
        See `eagle_nb.viz.robustness.robustness_figure`.
    """
    from ..viz.robustness import robustness_figure as figure

    return figure(report)
