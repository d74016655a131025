"""The figure of a hallucination board."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from eagle_nb.hallucination import build_board
from eagle_nb.viz import board_figure
from eagle_nb.viz.palette import CAUSE_COLORS

from ..hallucination.models import REGIONS, one_region_model, question
from .escaping import HOSTILE_NAME, assert_escaped


@pytest.fixture(scope="module")
def board():
    samples = [question(name="a"), question("yes", "b"), question(name="c")]
    return build_board(one_region_model(), samples, regions=REGIONS, search="greedy", progress=False)


def test_each_mark_is_a_case_in_the_colour_of_its_diagnosis(board):
    figure = board_figure(board)
    assert [trace.name for trace in figure.data] == ["prior-driven (0)", "misperceived region (2)", "unclear (0)"]
    assert [trace.marker.color for trace in figure.data] == list(CAUSE_COLORS.values())
    marks = figure.data[1]
    for area, reliance, (index, prompt, answer, corrected) in zip(marks.x, marks.y, marks.customdata, strict=True):
        case = board.cases[int(index)]
        assert (area, reliance) == (case.diagnosis.area, case.diagnosis.reliance)
        assert (prompt, answer, corrected) == (case.sample.prompt, "yes.", "no.")
    assert [int(row[0]) for row in marks.customdata] == [0, 1]
    np.testing.assert_allclose(marks.x, 0.2)


def test_the_limit_of_the_correction_rate_is_marked(board):
    (line,) = board_figure(board).layout.shapes
    assert (line.x0, line.x1) == (0.1, 0.1)


def test_texts_of_a_case_are_escaped(board):
    case = board.cases[0]
    sample = dataclasses.replace(case.sample, prompt=HOSTILE_NAME)
    statement = dataclasses.replace(case.statement, sample=sample)
    hostile = dataclasses.replace(board, cases=[dataclasses.replace(case, statement=statement)])
    assert_escaped(board_figure(hostile))
