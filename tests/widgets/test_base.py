"""What all widgets share: outputs with and without a front end, and the arguments that they refuse."""

from __future__ import annotations

import pytest

from eagle_nb.widgets import Explorer, RelianceSlider, SearchStepper
from eagle_nb.widgets.bundle import VIEW

from .answers import page_data


@pytest.mark.parametrize("widget", [SearchStepper, RelianceSlider, Explorer])
def test_wrong_types_name_the_remedy(widget, explanation):
    with pytest.raises(TypeError, match=r"needs an Explanation, got Response; make one with eagle_nb\.explain"):
        widget(explanation.response)
    with pytest.raises(TypeError, match="colour"):
        widget(explanation, colour="red")


def test_outputs_without_a_front_end_are_html_only(explanation, monkeypatch):
    data, _ = SearchStepper(explanation)._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "SearchStepper(step 0 of 16)"
    monkeypatch.setattr("eagle_nb.widgets.base.live_front_end", lambda: True)
    stepper = SearchStepper(explanation)
    data, _ = stepper._repr_mimebundle_()
    assert data[VIEW]["model_id"] == stepper.model_id
    assert "text/html" in data


@pytest.mark.parametrize("widget", [SearchStepper, RelianceSlider, Explorer])
def test_the_word_is_one_of_those_explained(widget, words, explanation):
    shown = widget(words)
    shown.word = 5
    with pytest.raises(ValueError, match=r"word must be 0 … 5 \(one per explained word\), got 6"):
        shown.word = 6
    assert shown.explanation is words["grass"]
    with pytest.raises(ValueError, match="word must be 0 … 0"):
        widget(explanation).word = 1


def test_the_heading_names_what_is_explained(explanation, words, tmp_path):
    text, _ = page_data(SearchStepper(explanation).to_html(tmp_path / "one.html"))
    assert "<h1>What carried “large red circle”</h1>" in text
    text, _ = page_data(SearchStepper(words).to_html(tmp_path / "each.html"))
    assert "<h1>What carried each word of this answer?</h1>" in text
