"""What a painter scores and generates, how often, and in which order."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from eagle_nb.inputs.fills import masked_image
from eagle_nb.widgets import MaskPainter

from .answers import Model
from .painters import CountingScorer, SeeingModel


def test_each_coalition_is_scored_once(painter, scorer):
    assert scorer.batches == [2]  # the whole and the blank image
    painter.painted = [1]
    painter.painted = []
    painter.painted = [1]
    painter.selected = [3]
    assert scorer.batches == [2, 1]
    painter.mode = "show"
    painter.painted = [0, 2, 3]  # the same coalition as hiding 1
    assert scorer.batches == [2, 1, 1]
    assert [(t.mode, t.painted) for t in painter.tried] == [
        ("hide", ()),
        ("show", ()),
        ("hide", (1,)),
        ("show", (1,)),
        ("show", (0, 2, 3)),
    ]


def test_of_the_strokes_made_while_one_is_scored_the_latest_wins(painter, scorer):
    strokes = iter([[1], [1, 2], [0, 1, 2]])

    def meanwhile():
        for stroke in strokes:
            painter.painted = stroke

    scorer.during = meanwhile
    painter.painted = [0]
    assert scorer.batches == [2, 1, 1]
    assert painter.probabilities == [0.125, 0.0625]
    assert [t.painted for t in painter.tried] == [(), (), (0,), (0, 1, 2)]


def test_the_latest_wins_across_threads_too(painter, scorer):
    began, go_on = threading.Event(), threading.Event()

    def slow():
        began.set()
        assert go_on.wait(20)

    scorer.during = slow
    worker = threading.Thread(target=lambda: setattr(painter, "painted", [0]))
    worker.start()
    assert began.wait(20)
    for stroke in ([1], [2], [3, 1]):
        painter.painted = stroke
    assert scorer.batches == [2, 1]
    scorer.during = lambda: None
    go_on.set()
    worker.join(20)
    assert scorer.batches == [2, 1, 1]
    assert painter.tried[-1].painted == (1, 3)
    assert painter.probabilities == [0.25, 0.125]


def test_a_request_of_the_browser_is_answered_by_its_number(painter, scorer):
    painter.set_state({"painted": [2, 0], "mode": "show", "_asked": 1})
    assert scorer.batches == [2, 1]
    assert painter._now == {
        "painted": [0, 2], "mode": "show", "asked": 1, "done": True, "p": [0.5, 0.25, 0.125, 0.0625], "answer": None,
    }  # fmt: skip
    painter.set_state({"painted": [0, 2], "mode": "show", "_asked": 2})  # nothing new, but it waits for an answer
    assert painter._now["asked"] == 2
    assert scorer.batches == [2, 1]


def test_a_failure_is_told_and_does_not_stop_the_next(painter, scorer):
    def fail():
        raise RuntimeError("out of memory")

    scorer.during = fail
    with pytest.raises(RuntimeError, match="out of memory"):
        painter.painted = [2]
    assert painter._now["error"] == "RuntimeError: out of memory"
    assert painter._now["done"]
    scorer.during = lambda: None
    painter.painted = [2, 3]
    assert painter.probabilities == [0.25, 0.125]
    assert "error" not in painter._now
    assert (2,) not in {t.painted for t in painter.tried}


def test_the_answer_is_generated_anew_once_for_each_coalition(explanation):
    model = SeeingModel()
    painter = MaskPainter(model, explanation.response, explanation=explanation)
    assert painter.answer == explanation.response.text
    assert model.asked == 0
    red = [int(k) for k in np.unique(explanation.regions.labels[30:66, 30:66])]
    painter.painted = red
    assert painter.answer == "a blue square."
    assert painter._now["answer"] == [
        ("same", "a"), ("gone", " large red circle left of a small"), ("same", " blue square."),
    ]  # fmt: skip
    painter.painted = []
    painter.painted = red
    assert model.asked == 1
    painter.mode = "show"
    assert painter.answer == "a red circle."
    assert painter.tried[-1].answer == "a red circle."


def test_a_scorer_that_generates_answers_in_token_ids(response, quarters):
    class Writing(CountingScorer):
        def generate(self, shown, max_new_tokens):
            assert shown.shape == (1, 4)
            return [[int(shown.sum()), max_new_tokens]]

    class Both(Model):
        def scorer(self, response, regions, fill, target_ids=None):
            return Writing(regions.n)

        def decode(self, ids):
            return f"{ids[0]} regions, up to {ids[1]} tokens"

    painter = MaskPainter(Both(), response, regions=quarters)
    painter.painted = [1]
    assert painter.answer == "3 regions, up to 12 tokens"
    painter = MaskPainter(Both(), response, regions=quarters, max_new_tokens=5)
    painter.mode = "show"
    assert painter.answer == "0 regions, up to 5 tokens"


def test_the_picture_that_is_shown_is_the_one_that_was_scored(explanation):
    painter = MaskPainter(Model(), explanation.response, explanation=explanation)
    seen = masked_image(
        explanation.response.image, painter.regions, painter.fill_picture, painter.trials.coalition([3], "hide")
    )
    hidden = explanation.regions.labels == 3
    assert (np.asarray(seen)[hidden] == 0).all()
    assert (np.asarray(seen)[~hidden] == np.asarray(explanation.response.image)[~hidden]).all()
