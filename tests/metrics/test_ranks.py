"""Separation of groups and agreement of maps."""

import numpy as np
import pytest

from eagle_nb import metrics


def test_separation_counts_pairs():
    assert metrics.separation([0.9, 0.8], [0.1, 0.2, 0.3]) == 1.0
    assert metrics.separation([0.1], [0.9, 0.2]) == 0.0
    rng = np.random.default_rng(0)
    high, low = rng.integers(0, 5, 7) + 1, rng.integers(0, 5, 9)
    pairs = np.sign(high[:, None] - low) / 2 + 0.5
    assert metrics.separation(high, low) == pytest.approx(pairs.mean())
    with pytest.raises(ValueError, match="linguistic must hold"):
        metrics.separation([1.0], [])
    with pytest.raises(ValueError, match=r"perceived .*nan"):
        metrics.separation([np.nan], [1.0])


def test_rank_correlation_matches_a_hand_calculation():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert metrics.rank_correlation(a, np.exp(a)) == pytest.approx(1.0)
    assert metrics.rank_correlation(a, -a) == pytest.approx(-1.0)
    assert metrics.rank_correlation(a, [[1, 2], [4, 3]]) == pytest.approx(1 - 6 * 2 / (4 * 15))
    # Ties share their mean rank: (1, 2, 3, 4) against (1, 2.5, 2.5, 4).
    assert metrics.rank_correlation(a, [[0, 1], [1, 2]]) == pytest.approx(4.5 / np.sqrt(5 * 4.5))
    flat = np.full((2, 2), 0.5)
    assert (metrics.rank_correlation(a, flat), metrics.rank_correlation(flat, flat)) == (0.0, 1.0)
    with pytest.raises(ValueError, match="one shape"):
        metrics.rank_correlation(a, np.ones(4))
    with pytest.raises(ValueError, match="NaN"):
        metrics.rank_correlation(a, a * np.nan)
