"""What a page or a table of a painter holds."""

from __future__ import annotations

import pytest

from eagle_nb.widgets import MaskPainter

from .answers import HOSTILE, make_response
from .painters import SeeingModel, page_state


def test_a_page_holds_every_state_and_eagle_s_steps(explanation, tmp_path):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = [1, 2]
    painter.mode = "show"
    text, state = page_state(painter.to_html(tmp_path / "p.html"))
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
    _, state = page_state(painter.to_html(tmp_path / "p.html"))
    assert [r["p"][0] for r in state["_record"]] == [1.0, 0.0]


def test_hostile_answers_are_escaped(quarters, tmp_path):
    class Hostile(SeeingModel):
        def generate(self, image, prompt, max_new_tokens=128):
            return make_response([f"{HOSTILE}</script>"])

    response = make_response(["a", f" {HOSTILE}", " \ud83d"])
    painter = MaskPainter(Hostile(), response, regions=quarters)
    painter.painted = [0]
    text, state = page_state(painter.to_html(tmp_path / "p.html"))
    assert HOSTILE not in text
    assert text.count("</script>") == 2
    assert HOSTILE in "".join(t for _, t in state["_record"][2]["answer"])


def test_the_frame_has_a_row_for_each_state(explanation):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = explanation.order[:3].tolist()
    frame = painter.to_frame()
    assert frame["mode"].tolist() == ["hide", "show", "hide"]
    assert frame["painted"].tolist() == [(), (), tuple(sorted(explanation.order[:3].tolist()))]
    assert frame["area"].iloc[2] == pytest.approx(explanation.area[3])
    assert frame["probability"].iloc[2] == pytest.approx(frame["eagle"].iloc[2], abs=1e-6)
    assert frame["eagle"].iloc[:2].isna().all()
