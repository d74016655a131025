"""The widgets over several explanations of one answer."""

import json

import pytest

import eagle_nb as eagle
from eagle_nb.widgets import Explorer, RelianceSlider, SearchStepper

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
