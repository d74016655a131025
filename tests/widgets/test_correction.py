"""CorrectionStepper: its payload, and where it begins."""

from __future__ import annotations

import json

import pytest

from eagle_nb.widgets.correction import CorrectionStepper, correction_payload

from ..hallucination.models import case_of, constant_model, one_region_model
from .answers import HOSTILE, make_correction, page_data


def test_the_payload_holds_the_answers():
    correction = case_of(one_region_model()).correction
    payload = correction_payload(correction)["correction"]
    assert payload["answers"] == correction.answers
    assert payload["states"] == ["corrected"] * 4 + ["still says it"]
    assert (payload["step"], payload["said"], payload["counter"], payload["wrongToken"]) == (3, "yes", "no", "yes")
    json.dumps(payload)


def test_it_begins_with_the_minimal_correction_region_removed():
    assert CorrectionStepper(case_of(one_region_model()).correction).removed == 1
    assert CorrectionStepper(case_of(constant_model()).correction).removed == 0


def test_without_scripts_the_step_and_its_state_are_shown():
    still = CorrectionStepper(case_of(one_region_model()).correction).fragment()
    assert "1 of 4 regions removed, 20 % of the image: corrected" in still
    assert "Answers of the 5 steps to “yes”: 1 still says it, 4 corrected" in still


@pytest.mark.parametrize("value", [-1, 5])
def test_only_existing_steps_can_be_shown(value):
    stepper = CorrectionStepper(case_of(one_region_model()).correction)
    with pytest.raises(ValueError, match="removed must be 0 … 4"):
        stepper.removed = value
    assert stepper.removed == 1


def test_a_correction_is_required():
    with pytest.raises(TypeError, match="needs a Correction, got Explanation"):
        CorrectionStepper(case_of(one_region_model()).correction.explanation)


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
