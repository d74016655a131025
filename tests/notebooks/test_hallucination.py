"""The notebook 02_hallucination on the bundled model."""

from __future__ import annotations

import re

import papermill as pm
import pytest

from eagle_nb.hallucination import CAUSES

from .running import run, text_of

pytestmark = pytest.mark.notebooks


def test_hallucinations_of_the_bundled_model(tmp_path):
    small = {"regions": 12, "budget": 60, "samples": 6, "studied": 2, "controls": 1}
    text = text_of(run("02_hallucination", tmp_path, **small))
    assert "6 samples" in text
    assert re.search(rf"Diagnosis: \*\*({'|'.join(CAUSES)})\*\*", text)
    assert "statements are wrong" in text
    assert re.search(r"AMCR [01]\.\d{3}; CSR@10%", text)
    assert "The true cause, from repainting the scene" in text


def test_an_unknown_sample_stops_with_the_reason(tmp_path):
    with pytest.raises(pm.PapermillExecutionError, match="there is no sample 'zebra'"):
        run("02_hallucination", tmp_path, sample="zebra", samples=1)
