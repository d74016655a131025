"""The stepper of a correction: its payload, and where it begins."""

from __future__ import annotations

import json

import pytest

from eagle_nb.widgets.correction import CorrectionStepper, correction_payload

from ..hallucination.models import case_of, constant_model, one_region_model


def test_the_payload_holds_the_answers():
    correction = case_of(one_region_model()).correction
    payload = correction_payload(correction)["correction"]
    assert payload["answers"] == correction.answers
    assert payload["turned"] == [True, True, True, True, False]
    assert (payload["step"], payload["said"], payload["counter"], payload["wrongToken"]) == (3, "yes", "no", "yes")
    json.dumps(payload)


def test_it_begins_with_the_minimal_correction_region_removed():
    assert CorrectionStepper(case_of(one_region_model()).correction).removed == 1
    assert CorrectionStepper(case_of(constant_model()).correction).removed == 0


@pytest.mark.parametrize("value", [-1, 5])
def test_only_existing_steps_can_be_shown(value):
    stepper = CorrectionStepper(case_of(one_region_model()).correction)
    with pytest.raises(ValueError, match="removed must be 0 … 4"):
        stepper.removed = value
    assert stepper.removed == 1


def test_a_correction_is_required():
    with pytest.raises(TypeError, match="needs a Correction, got Explanation"):
        CorrectionStepper(case_of(one_region_model()).correction.explanation)
