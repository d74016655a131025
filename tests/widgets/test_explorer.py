"""Explorer: the linked state of three widgets."""

from __future__ import annotations

import numpy as np
import pytest
import traitlets

from eagle_nb.widgets import Explorer

from .answers import make_explanation, sent


def test_explorer_has_the_state_of_all_three(explanation):
    explorer = Explorer(explanation)
    assert explorer.selected == explanation.tokens
    assert explorer.step == explanation.sufficient_step
    measured = np.flatnonzero(explanation.reliance.score > 0.2)
    assert explorer.grounded == measured.tolist()
    assert set(explorer.grounded) <= set(explanation.tokens)
    assert (explorer.tint, explorer.opened) == ("reliance", [])
    assert "\n" not in repr(explorer)


def test_the_parts_that_are_unfolded_are_state(explanation):
    explorer = Explorer(explanation)
    explorer.opened = ["numbers", "search"]
    assert sent(explorer, "opened") == ["numbers", "search"]
    with pytest.raises(traitlets.TraitError, match="opened"):
        explorer.opened = ["picture"]


def test_selected_tokens_are_among_those_of_the_answer():
    explorer = Explorer(make_explanation(["yes"], 2, selected=[0]), step=1)
    assert explorer.step == 1
    with pytest.raises(ValueError, match="token index 1 is out of range 0 … 0"):
        explorer.selected = [1]


def test_the_explorer_opens_on_the_word_that_owes_most_to_the_image(words):
    explorer = Explorer(words)
    assert explorer.explanation is words[words.most_reliant]
    assert explorer.selected == words[words.most_reliant].tokens
    assert explorer.step == words[words.most_reliant].sufficient_step


def test_selection_and_word_follow_each_other(words):
    explorer = Explorer(words)
    explorer.word = 2
    assert explorer.explanation is words["triangle"]
    assert (explorer.selected, explorer.step) == ([2, 3], words["triangle"].sufficient_step)
    explorer.selected = [4]
    assert (explorer.word, explorer.step, explorer.token) == (3, words["on"].sufficient_step, None)
    explorer.selected = [3]  # a part of "triangle"
    assert (explorer.word, explorer.selected) == (2, [3])
    explorer.selected = [1, 4]  # not explained as one
    assert (explorer.word, explorer.selected) == (2, [1, 4])
    explorer.selected = []
    assert explorer.word == 2
    explorer.word = 0
    assert explorer.selected == [0]
    with pytest.raises(ValueError, match="word must be 0 … 5"):
        explorer.word = 6


def test_a_front_end_may_set_selection_word_and_step_at_once(words):
    explorer = Explorer(words)
    step = words["triangle"].sufficient_step
    explorer.set_state({"word": 2, "step": step, "token": None, "selected": [3]})
    assert (explorer.word, explorer.selected, explorer.step) == (2, [3], step)


def test_tokens_above_the_threshold_are_measured_by_their_own_words(words):
    explorer = Explorer(words)
    explorer.threshold = 0.1
    score = words.reliance.score
    assert explorer.grounded == [k for k in range(8) if score[k] > 0.1]
    grounded = explorer.grounded
    explorer.word = 0
    assert explorer.grounded == grounded
    assert np.isnan(score[7])
    assert 7 not in grounded


def test_each_word_brings_its_own_search_and_shares_the_pictures(words):
    data = sent(Explorer(words))
    assert [one["name"] for one in data["each"]] == ["a", "red", "triangle", "on", "red#2", "grass"]
    for one, explanation in zip(data["each"], words.values(), strict=True):
        search = one["search"]
        assert search["order"] == explanation.order.tolist()
        assert search["explained"] == explanation.tokens
        assert search["headline"] == explanation.headline
        assert search["scores"] == explanation.region_scores().tolist()
        assert search["sufficient"] == explanation.sufficient_step
        assert not {"image", "fill", "labels"} & set(search)
    assert data["search"]["image"]
    assert "each" not in sent(Explorer(words["red"]))
