"""The widgets over several explanations of one answer."""

import json

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.widgets import Explorer, MaskPainter, RelianceSlider, SearchStepper, TokenPicker

from ..conftest import ToyModel, make_response


@pytest.fixture(scope="module")
def words():
    response = make_response(["a", " red", " tri", "angle", " on", " red", " grass", "."])
    return eagle.explain_each(ToyModel(), response, regions=8, progress=False)


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
    data = Explorer(words)._data
    assert [one["name"] for one in data["each"]] == ["a", "red", "triangle", "on", "red#2", "grass"]
    for one, explanation in zip(data["each"], words.values(), strict=True):
        assert one["search"]["order"] == explanation.order.tolist()
        assert one["search"]["explained"] == explanation.tokens
        assert not {"image", "fill", "labels"} & set(one["search"])
        curve = explanation.insertion[:, explanation.tokens].mean(1)
        assert curve[one["telling"]] >= 0.95 * curve.max()
    assert data["search"]["image"]
    assert "each" not in Explorer(words["red"])._data


@pytest.mark.parametrize("widget", [SearchStepper, RelianceSlider])
def test_the_other_widgets_take_several_words_too(words, widget):
    shown = widget(words)
    shown.word = 3
    assert shown.explanation is words["on"]


def test_a_page_of_several_words_holds_them_all(words, tmp_path):
    text = words.to_html(tmp_path / "words.html").read_text()
    start = text.index('<script type="application/json">') + len('<script type="application/json">')
    state = json.loads(text[start : text.index("</script>", start)])
    assert len(state["_data"]["each"]) == 6
    assert state["word"] == 0


@pytest.mark.parametrize("given", [lambda words: (words,), lambda words: (words.response, words)])
def test_the_picker_shows_each_word_with_its_own_reliance(words, given):
    picker = TokenPicker(*given(words))
    assert (picker.tint, picker.selected) == ("reliance", [0])
    for one, (name, explanation) in zip(picker._data["each"], words.items(), strict=True):
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
    assert TokenPicker(*given(words), selected=[]).selected == []
    assert TokenPicker(words.response, words["on"])._data.get("each") is None
    assert TokenPicker(words.response).explanation is None
    with pytest.raises(ValueError, match="another response"):
        TokenPicker(make_response(["other"]), words)
    with pytest.raises(TypeError, match=r"got ExplanationSet; pass explanation\.response"):
        TokenPicker(words, words)


def test_the_painter_compares_with_one_word_at_a_time(words):
    painter = MaskPainter(ToyModel(), words.response, explanation=words)
    assert painter.selected == [0]
    assert "triangle" in painter._title()  # though the first word, "a", is selected
    painter.painted = [0, 5]
    for k, explanation in enumerate(words.values()):
        painter.word = k
        assert painter.explanation is explanation
        assert painter.selected == explanation.tokens
        compared = painter.comparison
        first = explanation.deletion[compared.regions, explanation.tokens].mean()
        assert compared.eagle == pytest.approx(first)
        one = painter._data["each"][k]
        assert one["search"]["explained"] == one["painting"]["eagle"]["explained"] == explanation.tokens
        assert one["painting"]["eagle"]["order"] == explanation.order.tolist()
        curve = np.frombuffer(one["painting"]["eagle"]["deletion"], "<f4").reshape(explanation.deletion.shape)
        np.testing.assert_array_equal(curve, explanation.deletion)
    assert painter._data["painting"]["eagle"]["order"] == words["a"].order.tolist()
    assert "each" not in MaskPainter(ToyModel(), words.response, explanation=words["on"])._data
    assert MaskPainter(ToyModel(), words.response).explanation is None


def test_explanations_that_hide_differently_cannot_be_painted_together(words):
    grey = eagle.explain(ToyModel(), words.response, [4], words.regions, fill="mean", progress=False)
    mixed = eagle.ExplanationSet(words.words[:2], [words["a"], grey])
    with pytest.raises(ValueError, match="differ in fill or target_ids"):
        MaskPainter(ToyModel(), words.response, explanation=mixed)


def test_a_page_of_a_painter_holds_every_order(words, tmp_path):
    painter = MaskPainter(ToyModel(), words.response, explanation=words)
    painter.word = 3
    text = painter.to_html(tmp_path / "painter.html").read_text()
    start = text.index('<script type="application/json">') + len('<script type="application/json">')
    state = json.loads(text[start : text.index("</script>", start)])
    assert (state["word"], state["selected"], len(state["_data"]["each"])) == (3, [4], 6)
