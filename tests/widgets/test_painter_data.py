"""What a page of a painter holds."""

from __future__ import annotations

import pytest

from eagle_nb.widgets import MaskPainter

from ..conftest import ToyModel
from .answers import HOSTILE, make_response, page_data
from .painters import SeeingModel


def test_a_page_holds_every_state_and_eagle_s_steps(explanation, tmp_path):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = [1, 2]
    painter.mode = "show"
    text, state = page_data(painter.to_html(tmp_path / "p.html"))
    assert (state["_panel"], state["painted"], state["mode"]) == ("painter", [1, 2], "show")
    record = state["_record"]
    assert [(r["mode"], r["painted"]) for r in record] == [
        ("hide", []),
        ("show", []),
        ("hide", [1, 2]),
        ("show", [1, 2]),
    ]
    assert "".join(t for k, t in record[3]["answer"] if k != "gone") == painter.answer
    assert record[3]["p"] == pytest.approx(painter.tried[3].probabilities.tolist(), abs=1e-6)
    assert state["_data"]["painting"]["eagle"]["order"] == explanation.order.tolist()
    still = text[text.index("eagle-nb-static") :].split("<script")[0]
    assert "2 of 16 regions shown" in still
    assert "Yours: " in still
    assert f"<td>{painter.probabilities[0]:.2f}</td>" in still
    data, _ = painter._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "MaskPainter(2 of 16 regions shown, 4 states tried)"


def test_a_page_without_a_stroke_or_an_explanation_is_not_empty(painter, tmp_path):
    _, state = page_data(painter.to_html(tmp_path / "p.html"))
    assert [r["p"][0] for r in state["_record"]] == [1.0, 0.0]


def test_hostile_answers_are_escaped(quarters, tmp_path):
    class Hostile(SeeingModel):
        def generate(self, image, prompt, max_new_tokens=128):
            return make_response([f"{HOSTILE}</script>"])

    response = make_response(["a", f" {HOSTILE}", " \ud83d"])
    painter = MaskPainter(Hostile(), response, regions=quarters)
    painter.painted = [0]
    text, state = page_data(painter.to_html(tmp_path / "p.html"))
    assert HOSTILE not in text
    assert text.count("</script>") == 2
    assert HOSTILE in "".join(t for _, t in state["_record"][2]["answer"])


def test_a_page_of_a_painter_holds_every_order(words, tmp_path):
    painter = MaskPainter(ToyModel(), words.response, explanation=words)
    painter.word = 3
    text, state = page_data(painter.to_html(tmp_path / "painter.html"))
    assert (state["word"], state["selected"], len(state["_data"]["each"])) == (3, [4], 6)
    assert "<h1>What becomes of “a red triangle on red grass.” when parts of the image are hidden</h1>" in text
