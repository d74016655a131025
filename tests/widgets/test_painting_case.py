"""The arguments that a painter refuses before anything is scored."""

from __future__ import annotations

import pytest

import eagle_nb as eagle
from eagle_nb.widgets import MaskPainter

from ..conftest import ToyModel
from .answers import Model
from .painters import CountingScorer


def test_wrong_arguments_name_the_remedy_before_anything_is_scored(response, quarters, explanation):
    scorer = CountingScorer(4)
    model = Model()
    with pytest.raises(TypeError, match="either a model or scorer="):
        MaskPainter(None, response)
    with pytest.raises(TypeError, match="either a model or scorer="):
        MaskPainter(model, response, scorer=scorer)
    with pytest.raises(TypeError, match="CountingScorer has none; pass a Scorer as scorer="):
        MaskPainter(scorer, response)
    with pytest.raises(TypeError, match="needs the Regions that it scores"):
        MaskPainter(None, response, scorer=scorer)
    with pytest.raises(ValueError, match="the scorer has 5 regions, regions= has 4"):
        MaskPainter(None, response, scorer=CountingScorer(5), regions=quarters)
    with pytest.raises(TypeError, match=r"a Response from model\.generate"):
        MaskPainter(model, "a red circle")
    with pytest.raises(ValueError, match="unknown fill 'grey'"):
        MaskPainter(model, response, fill="grey")
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer, got 0"):
        MaskPainter(model, response, max_new_tokens=0)
    with pytest.raises(TypeError, match="needs an Explanation, got Response"):
        MaskPainter(model, response, explanation=response)
    with pytest.raises(ValueError, match="belongs to another response"):
        MaskPainter(model, response, explanation=explanation)
    with pytest.raises(ValueError, match="has its own regions, fill and target_ids; leave out regions"):
        MaskPainter(model, explanation.response, explanation=explanation, regions=9)
    with pytest.raises(TypeError, match="colour"):
        MaskPainter(model, response, colour="red")
    assert scorer.batches == []


def test_counterfactual_targets_are_followed_and_named(response, quarters):
    class Recording(Model):
        def scorer(self, response, regions, fill, target_ids=None):
            self.targets = target_ids
            return CountingScorer(regions.n)

    model = Recording()
    painter = MaskPainter(model, response, regions=quarters, target_ids={1: 7})
    assert model.targets == {1: 7}
    assert painter.selected == [1]
    assert painter.target_tokens == ["a", "<7>", " circle", "."]


def test_explanations_that_hide_differently_cannot_be_painted_together(words):
    grey = eagle.explain(ToyModel(), words.response, [4], words.regions, fill="mean", progress=False)
    mixed = eagle.ExplanationSet(words.words[:2], [words["a"], grey])
    with pytest.raises(ValueError, match="differ in fill or target_ids"):
        MaskPainter(ToyModel(), words.response, explanation=mixed)
