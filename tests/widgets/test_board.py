"""A hallucination board in a notebook."""

from __future__ import annotations

import plotly.graph_objects as go
from ipywidgets import Output, VBox

from eagle_nb.hallucination import build_board
from eagle_nb.viz import board_figure
from eagle_nb.widgets.board import explore_board

from ..hallucination.models import REGIONS, one_region_model, question


def make_board():
    return build_board(one_region_model(), [question()], regions=REGIONS, progress=False)


def test_without_a_front_end_the_board_is_its_figure():
    board = make_board()
    assert explore_board(board).to_dict() == board_figure(board).to_dict()


def test_with_a_front_end_there_is_room_for_a_case(monkeypatch):
    monkeypatch.setattr("eagle_nb.widgets.board.live_front_end", lambda: True)
    box = explore_board(make_board())
    assert isinstance(box, VBox)
    figure, output = box.children
    assert isinstance(figure, go.FigureWidget)
    assert isinstance(output, Output)
