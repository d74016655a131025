"""MaskPainter: its traits, what it compares, and what it reports."""

from __future__ import annotations

import threading

import numpy as np
import pytest
import traitlets

from eagle_nb.widgets import MaskPainter, TokenPicker

from ..conftest import ToyModel
from .answers import Model, sent
from .painters import CountingScorer, SeeingModel


def test_what_is_painted_is_hidden_or_shown_alone(painter):
    assert painter.selected == [1, 2]
    assert painter.probabilities == [0.5, 0.25]
    painter.painted = [3, 0, 3]
    assert painter.painted == [0, 3]
    assert painter.probabilities == [0.25, 0.125]
    painter.painted = [3]
    assert painter.probabilities == [0.375, 0.1875]
    painter.mode = "show"
    assert painter.probabilities == [0.125, 0.0625]
    painter.selected = [0]
    assert painter.probabilities == [0.25]
    painter.painted = []
    assert painter.probabilities == [0.0]
    assert painter.answer == ""  # nothing here generates


def test_traits_link_both_ways_and_results_are_read_only(painter, response):
    picker = TokenPicker(response)
    traitlets.link((painter, "selected"), (picker, "selected"))
    picker.selected = [3]
    assert painter.probabilities == [0.125]
    other = MaskPainter(None, response, scorer=CountingScorer(4), regions=painter.regions)
    traitlets.link((painter, "painted"), (other, "painted"))
    other.painted = [1, 2]
    assert painter.painted == [1, 2]
    assert painter.probabilities == [0.0625]
    for name, value in (("probabilities", [1.0]), ("answer", "no")):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(painter, name, value)


def test_regions_and_tokens_out_of_range_are_refused(painter, scorer):
    with pytest.raises(ValueError, match="region 4 is out of range 0 … 3"):
        painter.painted = [1, 4]
    with pytest.raises(ValueError, match="token index 4 is out of range 0 … 3"):
        painter.selected = [4]
    with pytest.raises(traitlets.TraitError, match="mode"):
        painter.mode = "blur"
    assert scorer.batches == [2]


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
    assert sent(painter, "_now") == {
        "painted": [0, 2], "mode": "show", "asked": 1, "done": True, "p": [0.5, 0.25, 0.125, 0.0625], "answer": None,
    }  # fmt: skip
    painter.set_state({"painted": [0, 2], "mode": "show", "_asked": 2})  # nothing new, but it waits for an answer
    assert sent(painter, "_now")["asked"] == 2
    assert scorer.batches == [2, 1]


def test_a_failure_is_reported_and_does_not_stop_the_next(painter, scorer):
    def fail():
        raise RuntimeError("out of memory")

    scorer.during = fail
    with pytest.raises(RuntimeError, match="out of memory"):
        painter.painted = [2]
    assert sent(painter, "_now")["error"] == "RuntimeError: out of memory"
    assert sent(painter, "_now")["done"]
    scorer.during = lambda: None
    painter.painted = [2, 3]
    assert painter.probabilities == [0.25, 0.125]
    assert "error" not in sent(painter, "_now")
    assert (2,) not in {t.painted for t in painter.tried}


def test_comparison_takes_the_first_regions_of_at_most_the_same_area(explanation):
    order, area = explanation.order.tolist(), explanation.area
    painter = MaskPainter(Model(), explanation.response, explanation=explanation)
    assert painter.comparison is None  # nothing painted
    painter.mode = "show"
    for regions in ([order[-1]], order[2:6], order[:5], order[1:]):
        painter.painted = regions
        own = float(explanation.regions.area[regions].sum())
        count = max(k for k in range(17) if area[k] <= own + 1e-9)
        compared = painter.comparison
        assert compared.regions == count
        assert compared.eagle == pytest.approx(explanation.insertion[count, [1, 2, 3, 4]].mean())
        assert compared.own == pytest.approx(np.mean(painter.probabilities))
        assert compared.eagle_area <= compared.area + 1e-9
    painter.painted = order[:5]
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)
    painter.mode = "hide"
    assert painter.comparison.eagle == pytest.approx(explanation.deletion[5, [1, 2, 3, 4]].mean())
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)


def test_the_painter_compares_with_one_word_at_a_time(words):
    painter = MaskPainter(ToyModel(), words.response, explanation=words)
    assert painter.selected == [0]
    painter.painted = [0, 5]
    for k, explanation in enumerate(words.values()):
        painter.word = k
        assert painter.explanation is explanation
        assert painter.selected == explanation.tokens
        compared = painter.comparison
        first = explanation.deletion[compared.regions, explanation.tokens].mean()
        assert compared.eagle == pytest.approx(first)
        one = sent(painter)["each"][k]
        assert one["search"]["explained"] == one["painting"]["eagle"]["explained"] == explanation.tokens
        assert one["painting"]["eagle"]["order"] == explanation.order.tolist()
        curve = np.frombuffer(one["painting"]["eagle"]["deletion"], "<f4").reshape(explanation.deletion.shape)
        np.testing.assert_array_equal(curve, explanation.deletion)
    assert sent(painter)["painting"]["eagle"]["order"] == words["a"].order.tolist()
    assert "each" not in sent(MaskPainter(ToyModel(), words.response, explanation=words["on"]))
    assert MaskPainter(ToyModel(), words.response).explanation is None


def test_the_frame_has_a_row_for_each_state(explanation):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = explanation.order[:3].tolist()
    frame = painter.to_frame()
    assert frame["mode"].tolist() == ["hide", "show", "hide"]
    assert frame["painted"].tolist() == [(), (), tuple(sorted(explanation.order[:3].tolist()))]
    assert frame["area"].iloc[2] == pytest.approx(explanation.area[3])
    assert frame["probability"].iloc[2] == pytest.approx(frame["eagle"].iloc[2], abs=1e-6)
    assert frame["eagle"].iloc[:2].isna().all()
