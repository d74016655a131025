"""The Python half of the widgets, without a browser."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
import traitlets
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.regions import Regions
from eagle_nb.widgets import CorrectionStepper, Explorer, RelianceSlider, SearchStepper, TokenPicker, payload
from eagle_nb.widgets.bundle import VIEW

from .answers import HOSTILE, Model, make_correction, make_explanation, make_response


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


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


def test_stepper_refuses_steps_out_of_range(explanation):
    stepper = SearchStepper(explanation, step=16)
    for value in (-1, 17):
        with pytest.raises(ValueError, match="step must be 0 … 16"):
            stepper.step = value
    assert stepper.step == 16
    with pytest.raises(ValueError, match="token must be None or 0 … 12"):
        stepper.token = 13
    with pytest.raises(ValueError, match="step must be 0 … 16"):
        SearchStepper(explanation, step=17)


def test_grounded_follows_threshold_and_definition(explanation):
    reliance = explanation.reliance
    slider = RelianceSlider(explanation, threshold=0.6)
    assert slider.grounded == np.flatnonzero(reliance.score > 0.6).tolist()
    seen = []
    slider.observe(lambda change: seen.append(change["new"]), "grounded")
    slider.threshold = float(np.median(reliance.score))
    assert seen == [slider.grounded]
    assert len(slider.grounded) == 6
    slider.definition = "difference"
    assert slider.grounded == np.flatnonzero(reliance.difference > slider.threshold).tolist()
    with pytest.raises(traitlets.TraitError, match="read-only"):
        slider.grounded = []
    with pytest.raises(ValueError, match="threshold must be within"):
        slider.threshold = float("nan")


def test_explorer_has_the_state_of_all_three(explanation):
    explorer = Explorer(explanation)
    assert explorer.selected == explanation.tokens
    curve = explanation.insertion[:, explanation.tokens].mean(1)
    assert curve[explorer.step] >= 0.95 * curve.max()
    assert (curve[: explorer.step] < 0.95 * curve.max()).all()
    assert explorer.grounded == np.flatnonzero(explanation.reliance.score > 0.2).tolist()
    assert "\n" not in repr(explorer)


@pytest.mark.parametrize("widget", [SearchStepper, RelianceSlider, Explorer])
def test_wrong_types_name_the_remedy(widget, explanation):
    with pytest.raises(TypeError, match=r"needs an Explanation, got Response; make one with eagle_nb\.explain"):
        widget(explanation.response)
    with pytest.raises(TypeError, match="colour"):
        widget(explanation, colour="red")


def test_picker_wrong_types(explanation):
    with pytest.raises(TypeError, match=r"needs a Response, got Explanation; pass explanation\.response"):
        TokenPicker(explanation)
    with pytest.raises(TypeError, match="generate"):
        TokenPicker("a red circle")
    with pytest.raises(TypeError, match="colour"):
        TokenPicker(explanation.response, colour="red")
    with pytest.raises(ValueError, match="another response"):
        TokenPicker(make_response(["other"]), explanation)


@pytest.mark.parametrize("size", [(7, 5), (300, 260)])
def test_run_lengths_hold_the_map(size):
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 400, (size[1], size[0]))
    regions = Regions.from_labels(labels)
    pairs = np.frombuffer(payload.run_lengths(regions, size), "<u2").reshape(-1, 2)
    assert np.array_equal(np.repeat(pairs[:, 0], pairs[:, 1]).reshape(regions.shape), regions.labels)
    one = Regions.from_labels(np.zeros((300, 300), int))
    pairs = np.frombuffer(payload.run_lengths(one, (300, 300)), "<u2").reshape(-1, 2)
    assert pairs[:, 1].sum() == 90000


def test_a_large_photograph_is_sent_at_the_screen_s_size():
    labels = np.arange(3000)[:, None] // 1500 * 2 + np.arange(4000) // 2000
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (3000, 4000, 3), dtype=np.uint8))
    e = make_explanation(["a", " cat"], Regions.from_labels(labels), image, selected=[1])
    search = payload.explanation_payload(e)["search"]
    assert (search["width"], search["height"]) == (1024, 768)
    assert search["imageType"] == "image/jpeg"
    pairs = np.frombuffer(search["labels"], "<u2").reshape(-1, 2)
    sent = np.repeat(pairs[:, 0], pairs[:, 1]).reshape(768, 1024)
    assert np.bincount(sent.ravel()).tolist() == [768 * 1024 // 4] * 4


def test_many_regions_and_tokens_stay_small(tmp_path):
    tokens = [f" word{k}" for k in range(300)]
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (200, 200, 3), dtype=np.uint8))
    e = make_explanation(tokens, 400, image, selected=[7])
    assert e.to_html(tmp_path / "big.html").stat().st_size < 8e6


def page_data(path):
    text = path.read_text(encoding="utf-8")
    return text, json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[1])


def test_page_is_one_file_without_addresses(explanation, tmp_path):
    path = explanation.to_html(tmp_path / "new folder" / "e.html")
    text, data = page_data(path)
    assert data["_panel"] == "explorer"
    assert data["selected"] == explanation.tokens
    assert data["_data"]["search"]["order"] == explanation.order.tolist()
    addresses = set(re.findall(r"https?://[^\s\"'<>]+", text))
    assert addresses <= {"http://www.w3.org/2000/svg"}  # a namespace
    assert re.search(r"src='data:image/(png|jpeg);base64", text)
    assert "<noscript>" in text
    assert "default-src 'none'" in text
    assert not list(path.parent.glob("*.part"))


def test_text_is_escaped_in_the_page(tmp_path):
    e = make_explanation(["a", f" {HOSTILE}", " </script><!--", " \ud83d", "\u2028"], 3, selected=[1, 2])
    text, data = page_data(e.to_html(tmp_path / "h.html"))
    assert data["_data"]["tokens"][1] == f" {HOSTILE}"
    assert data["_data"]["tokens"][2] == " </script><!--"
    assert HOSTILE not in text
    assert "<!--" not in text.split("</head>")[1]
    assert text.count("</script>") == 2


def test_to_html_refuses_what_is_no_file(explanation, tmp_path):
    with pytest.raises(TypeError, match="needs the path of a file"):
        explanation.to_html(3)
    with pytest.raises(ValueError, match="is a folder"):
        explanation.to_html(tmp_path)


def test_same_state_gives_the_same_file(explanation, tmp_path):
    first = SearchStepper(explanation, step=3).to_html(tmp_path / "a.html").read_bytes()
    second = SearchStepper(explanation, step=3).to_html(tmp_path / "b.html").read_bytes()
    assert first == second


def test_outputs_without_a_front_end_are_html_only(explanation, monkeypatch):
    data, _ = SearchStepper(explanation)._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "SearchStepper(step 0 of 16)"
    monkeypatch.setattr("eagle_nb.widgets.base.interactive", lambda: True)
    stepper = SearchStepper(explanation)
    data, _ = stepper._repr_mimebundle_()
    assert data[VIEW]["model_id"] == stepper.model_id
    assert "text/html" in data


def test_correction_stepper_starts_at_the_minimal_region_and_stands_in_a_page(tmp_path):
    correction = make_correction()
    stepper = CorrectionStepper(correction)
    assert stepper.removed == 4
    assert repr(stepper) == "CorrectionStepper(4 of 9 regions removed)"
    with pytest.raises(ValueError, match=r"removed must be 0 … 9 \(regions\), got 10"):
        stepper.removed = 10
    text, data = page_data(stepper.to_html(tmp_path / "c.html"))
    assert (data["_panel"], data["removed"]) == ("correction", 4)
    assert data["_data"]["correction"]["answers"][5:] == ["no.", f"yes {HOSTILE}", "yes.", "yes.", "yes."]
    assert HOSTILE not in text
    with pytest.raises(TypeError, match="colour"):
        CorrectionStepper(correction, colour="red")
