"""What a painter scores and generates, and how often."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.widgets import MaskPainter

from .answers import Model, sent
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


def test_the_answer_is_generated_again_once_for_each_coalition(explanation):
    model = SeeingModel()
    painter = MaskPainter(model, explanation.response, explanation=explanation)
    assert painter.answer == explanation.response.text
    assert model.asked == 0
    red = [int(k) for k in np.unique(explanation.regions.labels[30:66, 30:66])]
    painter.painted = red
    assert painter.answer == "a blue square."
    assert sent(painter, "_now")["answer"] == [
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
    painter.painted = [3]
    seen, image = np.asarray(painter.trials.seen(painter.tried[-1])), np.asarray(explanation.response.image)
    hidden = explanation.regions.labels == 3
    assert (seen[hidden] == 0).all()
    assert (seen[~hidden] == image[~hidden]).all()


def test_scores_that_are_no_probabilities_and_other_models_are_refused(response, quarters, explanation):
    class Logits(CountingScorer):
        def __call__(self, shown):
            return super().__call__(shown) - 3

    with pytest.raises(ValueError, match=r"must return probabilities of shape \(2, 4\)"):
        MaskPainter(None, response, scorer=Logits(4), regions=quarters)
    with pytest.raises(ValueError, match=r"shape \(2, 4\).* got shape \(2, 3\)"):
        MaskPainter(None, response, scorer=CountingScorer(4, tokens=3), regions=quarters)
    with pytest.raises(ValueError, match="the explanation was made with another model"):
        MaskPainter(
            None,
            explanation.response,
            scorer=CountingScorer(16, tokens=13),
            regions=explanation.regions,
            explanation=explanation,
        )
