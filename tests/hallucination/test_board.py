"""The board: what it counts, and what it skips."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.errors import StoreError
from eagle_nb.hallucination import Board, build_board

from .models import IMAGE, REGIONS, RegionModel, one_region_model, question

OPTIONS = {"regions": REGIONS, "search": "greedy", "progress": False}


@pytest.fixture
def board():
    """Two wrong answers, a right one, a wrong "no", and a sample without truth."""
    black = Sample("s", Image.fromarray(np.zeros((1, 10, 3), np.uint8)), "is there a cup?", "yes")
    unknown = Sample("u", IMAGE, "describe the image.")
    samples = [question(name="a"), question("yes", "b"), black, unknown, question(name="c")]
    return build_board(one_region_model(), samples, **OPTIONS)


def test_every_wrong_statement_is_studied(board):
    assert [case.sample.id for case in board.cases] == ["a", "s", "c"]
    assert (len(board.statements), len(board.wrong)) == (4, 3)
    assert board.amcr == pytest.approx(np.mean([case.correction.area for case in board.cases]))
    assert board.csr(max_area=0.2) == pytest.approx(
        np.mean([case.correction.area <= 0.2 + 1e-9 for case in board.cases])
    )
    assert repr(board) == "Board: 3 wrong of 4 statements, 3 studied"


def test_what_cannot_be_checked_is_skipped_with_its_reason(board):
    assert [name for name, _ in board.skipped] == ["u"]
    assert "does not say which objects" in board.skipped[0][1]
    assert "Skipped: 1 (1 × sample 'u' does not say" in board.summary()


def test_the_table_has_one_row_per_case(board):
    frame = board.to_frame()
    assert frame["sample"].tolist() == ["a", "s", "c"]
    assert frame["removed"].iloc[0] == pytest.approx(0.2)
    assert frame["diagnosis"].iloc[0] == "misperceived region"
    assert frame["steps"].iloc[0] == "1 still says it, 4 corrected"
    assert frame["forward_passes"].tolist() == [case.forward_passes for case in board.cases]
    assert "3 of 4 statements are wrong" in board.summary()


def test_it_stops_when_enough_is_studied():
    samples = [question(name="a"), question(name="c")]
    assert len(build_board(one_region_model(), samples, max_cases=1, **OPTIONS).cases) == 1


def test_right_statements_are_controls():
    board = build_board(one_region_model(), [question("yes", "a"), question("yes", "b")], max_controls=1, **OPTIONS)
    assert ([case.sample.id for case in board.controls], board.cases) == (["a"], [])
    table = board.mitigations(one_region_model()).set_index("mitigation")
    assert table.loc["remove the region", ["wrong", "broken", "right"]].tolist() == [0, 1, 1]


def test_undecided_answers_are_counted():
    board = build_board(RegionModel([9], [0] * 4, otherwise="maybe."), [question()], **OPTIONS)
    assert (len(board.undecided), board.cases) == (1, [])
    assert "Answers that are neither yes nor no: 1." in board.summary()


def test_an_empty_board_still_has_its_columns():
    frame = build_board(one_region_model(), [], **OPTIONS).to_frame()
    assert len(frame) == 0
    assert "diagnosis" in frame.columns


def test_arguments_are_checked_before_a_model_runs():
    model = one_region_model()
    for options, message in (
        ({"max_cases": 0}, "max_cases must be 1 or more"),
        ({"max_controls": -1}, "max_controls must be 0 or more"),
        ({"search": "quick"}, "unknown search 'quick'"),
    ):
        with pytest.raises(ValueError, match=message):
            build_board(model, [question()], **{**OPTIONS, **options})
    assert model.generated == 0


def test_a_store_that_cannot_be_used_stops_the_board(tmp_path):
    class Anonymous(RegionModel):
        """A model whose weights cannot be identified."""

        fingerprint = ""

    with pytest.raises(StoreError, match="fingerprint"):
        build_board(Anonymous([1], [0, 5, 1, 2]), [question()], store=tmp_path / "scores.db", **OPTIONS)


def test_the_figure_is_coloured_by_diagnosis_and_escaped():
    hostile = Sample("h", IMAGE, "<img src=x> is there a cup?", "no")
    figure = build_board(one_region_model(), [question(), hostile], **OPTIONS).figure()
    by_name = {trace.name: trace for trace in figure.data}
    assert set(by_name) == {"prior-driven (0)", "misperceived region (2)", "unclear (0)"}
    trace = by_name["misperceived region (2)"]
    np.testing.assert_allclose(trace.x, [0.2, 0.2])
    assert trace.customdata[1][1] == "&lt;img src=x&gt; is there a cup?"


def test_without_a_kernel_the_board_is_its_figure(board):
    assert board.explore().to_dict() == board.figure().to_dict()


def test_a_board_is_saved_and_loaded(board, tmp_path):
    loaded = Board.load(board.save(tmp_path / "board"))
    pd.testing.assert_frame_equal(loaded.to_frame(), board.to_frame())
    assert (repr(loaded), loaded.summary(), loaded.skipped) == (repr(board), board.summary(), board.skipped)
    assert loaded.figure().to_json() == board.figure().to_json()
    for again, case in zip(loaded.cases, board.cases, strict=True):
        assert again.statement in loaded.statements and again.explanation.response is again.response
        assert (again.counter, again.diagnosis) == (case.counter, case.diagnosis)
        assert again.correction.answers == case.correction.answers
        np.testing.assert_array_equal(again.correction.p_wrong, case.correction.p_wrong)
        np.testing.assert_array_equal(np.asarray(again.sample.image), np.asarray(case.sample.image))


def test_samples_of_a_board_keep_masks_controls_and_other_entries(tmp_path):
    mask = np.zeros((IMAGE.height, IMAGE.width), bool)
    mask[0, :3] = True
    objects = (SampleObject("cup", (0, 0, 3, 1), mask), SampleObject("book", (1, 0, 2, 1)))
    extra = {
        "number": np.int64(3),
        "share": np.float32(0.5),
        "mask": np.array([1, 2]),
        "path": Path("a"),
        "other": object,
    }
    sample = replace(question("yes", "a"), objects=objects, extra=extra)
    board = build_board(one_region_model(), [sample, question(name="b")], max_controls=1, **OPTIONS)
    loaded = Board.load(board.save(tmp_path / "board"))
    assert [case.sample.id for case in loaded.controls] == ["a"] and len(loaded.cases) == 1
    again = loaded.controls[0].sample
    assert [(o.name, o.box) for o in again.objects] == [("cup", (0, 0, 3, 1)), ("book", (1, 0, 2, 1))]
    np.testing.assert_array_equal(again.objects[0].mask, mask)
    assert again.objects[1].mask is None
    assert again.extra == {"number": 3, "share": 0.5, "mask": [1, 2], "path": "a", "other": "<class 'object'>"}
    assert type(again.extra["number"]) is int
    table = loaded.mitigations(one_region_model())
    pd.testing.assert_frame_equal(table, board.mitigations(one_region_model()))


def test_an_empty_board_is_saved_and_loaded(tmp_path):
    board = build_board(RegionModel([9], [0] * 4, otherwise="maybe."), [question()], **OPTIONS)
    loaded = Board.load(board.save(tmp_path / "board"))
    assert (len(loaded.undecided), loaded.cases, loaded.statements) == (1, [], [])
    assert loaded.undecided[0].correct is None
