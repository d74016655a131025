"""The traits of MaskPainter, and the arguments that it refuses."""

from __future__ import annotations

import pytest
import traitlets

from eagle_nb.widgets import MaskPainter, TokenPicker

from .answers import Model
from .painters import CountingScorer


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


def test_counterfactual_targets_are_followed_and_named(response, quarters):
    class Told(Model):
        def scorer(self, response, regions, fill, target_ids=None):
            self.targets = target_ids
            return CountingScorer(regions.n)

    model = Told()
    painter = MaskPainter(model, response, regions=quarters, target_ids={1: 7})
    assert model.targets == {1: 7}
    assert painter.selected == [1]
    assert painter.targets == ["a", "<7>", " circle", "."]


def test_regions_and_tokens_out_of_range_are_refused(painter, scorer):
    with pytest.raises(ValueError, match="region 4 is out of range 0 … 3"):
        painter.painted = [1, 4]
    with pytest.raises(ValueError, match="token index 4 is out of range 0 … 3"):
        painter.selected = [4]
    with pytest.raises(traitlets.TraitError, match="mode"):
        painter.mode = "blur"
    assert scorer.batches == [2]


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


def test_scores_that_are_no_probabilities_and_other_models_are_refused(response, quarters, explanation):
    class Logits(CountingScorer):
        def __call__(self, shown):
            return super().__call__(shown) - 3

    with pytest.raises(ValueError, match="must return probabilities of the 4 tokens"):
        MaskPainter(None, response, scorer=Logits(4), regions=quarters)
    with pytest.raises(ValueError, match=r"4 tokens .* got shape \(2, 3\)"):
        MaskPainter(None, response, scorer=CountingScorer(4, tokens=3), regions=quarters)
    with pytest.raises(ValueError, match="the explanation was made with another model"):
        MaskPainter(
            None,
            explanation.response,
            scorer=CountingScorer(16, tokens=13),
            regions=explanation.regions,
            explanation=explanation,
        )
