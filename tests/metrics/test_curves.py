"""Areas and scores of curves."""

import numpy as np
import pytest

from eagle_nb import metrics

from .curves import AREA, DELETION, INSERTION


def test_auc_matches_a_hand_calculation():
    area = [0.0, 0.25, 1.0]
    assert metrics.auc([0.0, 1.0, 0.5], area) == pytest.approx(0.125 + 0.5625)
    np.testing.assert_allclose(metrics.auc(np.array([[0.0, 1], [1, 1], [0.5, 1]]), area), [0.6875, 1.0])


def test_auc_refuses_different_lengths():
    with pytest.raises(ValueError, match="agree"):
        metrics.auc([0.0, 1.0], [0.0, 0.5, 1.0])


def test_sensitive_tokens():
    curve = np.array([[0.1, 0.5, 0.0], [0.9, 0.9, 0.9], [0.31, 0.65, 0.2]])
    assert metrics.sensitive_tokens(curve).tolist() == [0]
    assert metrics.sensitive_tokens(curve, 0.1).tolist() == [0, 1, 2]


def test_curve_scores_match_a_hand_calculation():
    # Four equal steps; token 1: 0.25 * (0.05 + 0.9 + 0.9 + 0.7 + 0.25), token 2: 1 - 0.25 * 0.05.
    first, second = 0.7, 0.9875
    assert metrics.curve_scores(INSERTION, DELETION, AREA, [1]).insertion_auc == pytest.approx(first)
    both = metrics.curve_scores(INSERTION, DELETION, AREA, [1, 2])
    assert both.insertion_auc == pytest.approx((first + second) / 2)
    assert both.deletion_auc == pytest.approx((0.125 + second) / 2)
    assert both.highest_score == pytest.approx(0.95)
    with pytest.raises(ValueError, match=r"indices 0 … 2 .*got \[3\]"):
        metrics.curve_scores(INSERTION, DELETION, AREA, [3])
    with pytest.raises(ValueError, match="at least one"):
        metrics.curve_scores(INSERTION, DELETION, AREA, [])


def test_sensitive_scores_exclude_other_tokens():
    scores = metrics.sensitive_scores(INSERTION, DELETION, AREA, [0, 1, 2])  # only token 1 gains more than 0.2
    assert scores == pytest.approx((0.7, 0.125, 0.9))
    assert scores == metrics.curve_scores(INSERTION, DELETION, AREA, [1])
    assert metrics.sensitive_scores(INSERTION, DELETION, AREA, [0, 2]) is None
    lower = metrics.sensitive_scores(INSERTION, DELETION, AREA, [0, 1, 2], 0.05)
    assert lower == metrics.curve_scores(INSERTION, DELETION, AREA, [1, 2])
