"""RelianceSlider: the tokens above a threshold."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets

from eagle_nb.widgets import RelianceSlider


def test_grounded_follows_threshold_and_definition(explanation):
    reliance = explanation.reliance
    slider = RelianceSlider(explanation, threshold=0.9)
    assert slider.grounded == np.flatnonzero(reliance.score > 0.9).tolist()
    seen = []
    slider.observe(lambda change: seen.append(change["new"]), "grounded")
    slider.threshold = float(np.nanmedian(reliance.score))
    assert seen == [slider.grounded]
    assert len(slider.grounded) == 2  # of four tokens that were measured
    slider.definition = "difference"
    assert slider.grounded == np.flatnonzero(reliance.difference > slider.threshold).tolist()
    with pytest.raises(traitlets.TraitError, match="read-only"):
        slider.grounded = []
    with pytest.raises(ValueError, match="threshold must be within"):
        slider.threshold = float("nan")


def test_the_token_is_one_of_the_answer(explanation):
    slider = RelianceSlider(explanation)
    slider.token = 12
    with pytest.raises(ValueError, match="token must be None or 0 … 12"):
        slider.token = 13
    assert slider.token == 12


def test_tokens_of_no_explanation_are_not_grounded(explanation):
    slider = RelianceSlider(explanation, threshold=-1.0)
    assert slider.grounded == explanation.tokens
    slider.definition = "difference"  # both probabilities are known of every token
    assert slider.grounded == list(range(13))


def test_of_several_words_each_is_measured_by_its_own_explanation(words):
    slider = RelianceSlider(words, threshold=0.45)
    assert slider.explanation is words[words.most_reliant]
    assert slider.grounded == np.flatnonzero(words.reliance.score > 0.45).tolist()
    grounded = slider.grounded
    slider.word = 3
    assert slider.explanation is words["on"]
    assert slider.grounded == grounded
