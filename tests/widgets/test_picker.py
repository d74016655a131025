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
def test_the_picker_shows_each_word_with_its_own_reliance(words, arguments):
    picker = TokenPicker(*arguments(words))
    assert (picker.tint, picker.selected) == ("reliance", [0])
    for one, (name, explanation) in zip(sent(picker)["each"], words.items(), strict=True):
        assert one["name"] == name
        assert one["reliance"]["paper"] == pytest.approx(explanation.reliance.score)
        assert one["search"]["explained"] == explanation.tokens
        assert "tokens" not in one
    picker.word = 2
    assert picker.explanation is words["triangle"]
    assert picker.selected == [2, 3]
    picker.selected = [5]
    assert picker.word == 2
    with pytest.raises(ValueError, match="word must be 0 … 5"):
        picker.word = 6
    assert TokenPicker(*arguments(words), selected=[]).selected == []
    assert "each" not in sent(TokenPicker(words.response, words["on"]))
    assert TokenPicker(words.response).explanation is None
    with pytest.raises(ValueError, match="another response"):
        TokenPicker(make_response(["other"]), words)
    with pytest.raises(TypeError, match=r"got ExplanationSet; pass explanation\.response"):
        TokenPicker(words, words)
