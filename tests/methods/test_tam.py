import numpy as np
import pytest

from eagle_nb.methods.tam import interference, rank_filter, remove_interference


def test_interference_is_the_weighted_mean_of_earlier_maps():
    maps = np.array([[4.0, 0.0], [0.0, 8.0]])
    np.testing.assert_allclose(interference(maps, np.array([1.0, 3.0])), [1.0, 6.0])
    np.testing.assert_allclose(interference(maps, np.zeros(2)), [0.0, 0.0])
    np.testing.assert_allclose(interference(np.zeros((0, 2)), np.zeros(0)), [0.0, 0.0])


def test_interference_is_scaled_by_least_squares_and_subtracted():
    raw, noise = np.array([2.0, 1.0, 0.0]), np.array([1.0, 1.0, 2.0])
    # s = (2 + 1 + 0) / (1 + 1 + 4) = 1/2
    np.testing.assert_allclose(remove_interference(raw, noise), [1.5, 0.5, 0.0])
    np.testing.assert_allclose(remove_interference(3 * noise, noise), 0, atol=1e-12)
    np.testing.assert_allclose(remove_interference(raw, np.zeros(3)), raw)


def test_rank_filter_matches_a_hand_calculation():
    grid = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 36]])
    filtered = rank_filter(grid)
    values = np.sort(grid.ravel())  # the window at the centre
    sigma = values.std() / values.mean()
    weights = np.exp(-0.5 * (np.arange(-4, 5) / sigma) ** 2)
    assert filtered[1, 1] == pytest.approx((values * weights).sum() / weights.sum())
    corner = np.sort([1, 1, 2, 1, 1, 2, 4, 4, 5])  # the border repeats itself
    sigma = corner.std() / corner.mean()
    weights = np.exp(-0.5 * (np.arange(-4, 5) / sigma) ** 2)
    assert filtered[0, 0] == pytest.approx((corner * weights).sum() / weights.sum())


def test_rank_filter_removes_an_outlier_and_preserves_a_constant():
    grid = np.ones((5, 5))
    np.testing.assert_allclose(rank_filter(grid), 1.0)
    grid[2, 2] = 1.5
    np.testing.assert_allclose(rank_filter(grid), 1.0, atol=1e-6)
    np.testing.assert_array_equal(rank_filter(np.zeros((3, 4))), np.zeros((3, 4)))
