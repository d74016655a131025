"""Diagnoses by hand: each threshold decides."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eagle_nb.hallucination import diagnose

from .models import case_of, one_region_model


@pytest.fixture
def correction():
    return case_of(one_region_model()).correction


@pytest.fixture
def flat(correction):
    """A curve that stays high, and an answer that is never corrected."""
    return replace(correction, answers=["yes."] * 5, p_wrong=np.array([0.5, 0.4, 0.5, 0.6, 0.9], np.float32))


def test_a_compact_region_is_misperceived(correction):
    diagnosis = diagnose(correction)
    assert diagnosis.cause == "misperceived region"
    assert (diagnosis.p_full, diagnosis.p_blank, diagnosis.p_lowest) == pytest.approx((0.9, 0.1, 0.1))
    assert diagnosis.reliance == pytest.approx(np.mean([0, 0, 0.1, 0.3, 0.8]), abs=1e-6)
    assert diagnose(correction, compact_area=0.1).cause == "unclear"


def test_a_probability_that_is_retained_is_prior_driven(flat):
    assert diagnose(flat, retained=0.44).cause == "prior-driven"
    assert diagnose(flat, retained=0.5).cause == "unclear"  # 0.5 on the blank image, but 0.4 along the curve
    assert diagnose(flat, retained=0.44, low_reliance=0.1).cause == "unclear"  # (0.1 + 0 + 0.1 + 0.2 + 0.5) / 5 = 0.18


def test_the_prior_takes_precedence_over_the_region(flat, correction):
    corrected = replace(flat, answers=correction.answers)
    assert diagnose(corrected, retained=0.44).cause == "prior-driven"
    assert diagnose(corrected, retained=0.5).cause == "misperceived region"


def test_thresholds_are_shares(correction):
    with pytest.raises(ValueError, match=r"compact_area must be in \[0, 1\], got 25"):
        diagnose(correction, compact_area=25)
