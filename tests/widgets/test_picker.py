"""TokenPicker: what is selected, and the words that it colours."""

from __future__ import annotations

import pytest

import eagle_nb as eagle
from eagle_nb.widgets import TokenPicker

from .answers import Model, make_response, sent


def test_picker_selects_words_and_indices(explanation):
    response = explanation.response
    assert TokenPicker(response).selected == []
    assert TokenPicker(response, selected="red circle").selected == [2, 3, 4]
    picker = TokenPicker(response, selected=[4, 1])
    assert picker.selected == [1, 4]
    picker.selected = [9, 2, 9]
    assert picker.selected == [2, 9]
    again = eagle.explain(Model(), response, tokens=picker, regions=3, progress=False)
    assert again.tokens == [2, 9]


@pytest.mark.parametrize("value", [[13], [-1], [0, 99]])
def test_picker_refuses_tokens_out_of_range(explanation, value):
    picker = TokenPicker(explanation.response)
    with pytest.raises(ValueError, match="out of range 0 … 12"):
        picker.selected = value
    assert picker.selected == []


def test_picker_wrong_types(explanation):
    with pytest.raises(TypeError, match=r"needs a Response, got Explanation; pass explanation\.response"):
        TokenPicker(explanation)
    with pytest.raises(TypeError, match="generate"):
        TokenPicker("a red circle")
    with pytest.raises(TypeError, match="colour"):
        TokenPicker(explanation.response, colour="red")
    with pytest.raises(ValueError, match="another response"):
        TokenPicker(make_response(["other"]), explanation)


@pytest.mark.parametrize("arguments", [lambda words: (words,), lambda words: (words.response, words)])
def test_the_picker_colours_each_word_by_its_own_reliance(words, arguments):
    picker = TokenPicker(*arguments(words))
    first = words[words.most_reliant]
    assert (picker.tint, picker.selected) == ("reliance", first.tokens)
    assert picker.explanation is first
    data = sent(picker)
    assert [one["name"] for one in data["each"]] == list(words)
    for one, explanation in zip(data["each"], words.values(), strict=True):
        assert one["search"] == {"explained": explanation.tokens, "sufficient": explanation.sufficient_step}
    assert data["wordReliance"]["paper"] == [e.target_reliance.score for e in words.values()]
    assert data["reliance"]["paper"][7] is None


def test_the_selection_of_a_picker_and_its_word_follow_each_other(words):
    picker = TokenPicker(words)
    picker.word = 2
    assert picker.explanation is words["triangle"]
    assert picker.selected == [2, 3]
    picker.selected = [5]
    assert picker.explanation is words["red#2"]
    picker.selected = [0, 7]
    assert picker.explanation is words["red#2"]
    with pytest.raises(ValueError, match="word must be 0 … 5"):
        picker.word = 6
    assert TokenPicker(words, selected=[]).selected == []
    assert TokenPicker(words, selected=[3]).explanation is words["triangle"]


def test_a_picker_needs_no_explanation(words):
    assert "each" not in sent(TokenPicker(words.response, words["on"]))
    picker = TokenPicker(words.response)
    assert picker.explanation is None
    picker.selected = [1]
    assert picker.selected == [1]
    with pytest.raises(ValueError, match="another response"):
        TokenPicker(make_response(["other"]), words)
    with pytest.raises(TypeError, match=r"got ExplanationSet; pass explanation\.response"):
        TokenPicker(words, words)
