"""Explore a hallucination board: a click on a mark shows its case."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
from IPython.display import display
from ipywidgets import Output, VBox

from ..hallucination.board import Board
from ..inputs.frontend import live_front_end
from ..viz.board import board_figure
from .correction import CorrectionStepper


def explore_board(board: Board) -> VBox | go.Figure:
    """Show a board; with a live kernel, a click on a mark shows its case below the figure.

    Parameters
    ----------
    board : Board
        The board.

    Returns
    -------
    ipywidgets.VBox or plotly.graph_objects.Figure
        Without a live kernel, the figure alone.
    """
    if not live_front_end():
        return board_figure(board)
    figure, output = go.FigureWidget(board_figure(board)), Output()

    def show(trace: Any, points: Any, state: Any) -> None:
        """Show the case of the mark that was clicked."""
        if points.point_inds:
            case = board.cases[int(trace.customdata[points.point_inds[0]][0])]
            output.clear_output(wait=True)
            with output:
                print(case)
                display(CorrectionStepper(case.correction))

    for trace in figure.data:
        trace.on_click(show)
    return VBox([figure, output])
