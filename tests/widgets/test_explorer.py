"""Explorer: the linked state of three widgets."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.widgets import Explorer

from .answers import make_explanation, sent


def test_explorer_has_the_state_of_all_three(explanation):
    explorer = Explorer(explanation)
    assert explorer.selected == explanation.tokens
    curve = explanation.insertion[:, explanation.tokens].mean(1)
    assert curve[explorer.step] >= 0.95 * curve.max()
    assert (curve[: explorer.step] < 0.95 * curve.max()).all()
    assert explorer.grounded == np.flatnonzero(explanation.reliance.score > 0.2).tolist()
    assert "\n" not in repr(explorer)


def test_tokens_are_coloured_by_probability_where_it_is_known(explanation, words):
    assert Explorer(explanation).tint == "probability"
    assert words.response.probabilities is None
    assert Explorer(words).tint == "none"


def test_selected_tokens_are_among_those_of_the_answer():
    explorer = Explorer(make_explanation(["yes"], 2, selected=[0]), step=1)
    assert explorer.step == 1
    with pytest.raises(ValueError, match="token index 1 is out of range 0 … 0"):
        explorer.selected = [1]


def test_the_explorer_shows_one_word_at_a_time(words):
    explorer = Explorer(words)
    assert explorer.word == 0
    assert explorer.explanation is words["a"]
    explorer.threshold = 0.45
    explorer.word = 2
    assert explorer.explanation is words["triangle"]
    assert explorer.selected == [2, 3]
    scores = words["triangle"].reliance.score
    assert explorer.grounded == [k for k in range(8) if scores[k] > 0.45]
    with pytest.raises(ValueError, match="word must be 0 … 5"):
        explorer.word = 6


def test_each_word_brings_its_own_search_and_shares_the_pictures(words):
    data = sent(Explorer(words))
    assert [one["name"] for one in data["each"]] == ["a", "red", "triangle", "on", "red#2", "grass"]
    for one, explanation in zip(data["each"], words.values(), strict=True):
        assert one["search"]["order"] == explanation.order.tolist()
        assert one["search"]["explained"] == explanation.tokens
        assert not {"image", "fill", "labels"} & set(one["search"])
        curve = explanation.insertion[:, explanation.tokens].mean(1)
        assert curve[one["telling"]] >= 0.95 * curve.max()
    assert data["search"]["image"]
    assert "each" not in sent(Explorer(words["red"]))
