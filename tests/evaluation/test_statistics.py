"""Confidence intervals and summaries."""

import math
import warnings

import numpy as np
import pytest

from eagle_nb.evaluation import confidence_interval, summarize


def test_the_interval_of_a_mean_has_its_coverage():
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(300):
        low, high = confidence_interval(rng.normal(3, 2, 40), resamples=600)
        covered.append(low <= 3 <= high)
    assert 0.91 <= np.mean(covered) <= 0.98


def test_the_interval_is_the_bootstrap_of_scipy():
    from scipy.stats import bootstrap

    values = np.random.default_rng(1).exponential(size=30)
    expected = bootstrap((values,), np.mean, random_state=np.random.default_rng(5)).confidence_interval
    assert confidence_interval(values, rng=5) == (expected.low, expected.high)
    assert confidence_interval(values, rng=5) != confidence_interval(values, rng=6)


def test_intervals_of_degenerate_data():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert confidence_interval([0.3, 0.3, 0.3]) == (0.3, 0.3)
        assert np.isnan(confidence_interval([0.3])).all() and np.isnan(confidence_interval([])).all()
        assert confidence_interval([0.0, 1.0]) == (0.0, 1.0)
        low, high = confidence_interval([True] * 5)
    z = 1.959963984540054
    assert (low, high) == (pytest.approx(5 / (5 + z**2)), pytest.approx(1.0))  # Wilson's
    with pytest.raises(ValueError, match="finite values, got inf"):
        confidence_interval([1.0, np.inf])


def test_a_summary_counts_what_it_skips():
    summary = summarize([0.2, None, 0.4, float("nan"), 0.6], "deletion_auc")
    assert (summary.value, summary.n, summary.skipped) == (pytest.approx(0.4), 3, 2)
    assert 0.2 <= summary.low < 0.4 < summary.high <= 0.6
    assert summary.better == "lower" and "EAGLE" in summary.source
    assert "n = 3, 2 skipped; lower is better; mean over samples; trapezoid over image area; EAGLE" in str(summary)
    nothing = summarize([None])
    assert np.isnan(nothing.value) and (nothing.n, nothing.skipped, nothing.better) == (0, 1, None)


def test_a_generator_draws_the_resamples():
    values = np.random.default_rng(1).exponential(size=30)
    assert confidence_interval(values, rng=np.random.default_rng(5)) == confidence_interval(values, rng=5)


def test_a_single_value_has_no_interval():
    summary = summarize([0.25])
    assert math.isnan(summary.low)
    assert summary.cell == "0.250"
    assert summarize([0.0, 1.0]).cell.startswith("0.500 [")
