"""The formulas of the white-box methods, on arrays solved by hand."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.methods.attention_rollout import roll_out
from eagle_nb.methods.igos import _variation_slope, optimise_masks
from eagle_nb.methods.llava_cam import weigh
from eagle_nb.methods.tam import interference, rank_filter, remove_interference

# -- attention rollout ------------------------------------------------------------------------------


def test_rollout_of_one_layer_is_half_attention_half_itself():
    np.testing.assert_allclose(roll_out([np.array([[1.0, 0.0], [0.5, 0.5]])]), [[1, 0], [0.25, 0.75]])


def test_rollout_multiplies_later_layers_from_the_left():
    first = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])  # each position looks at the one before it
    second = np.array([[1.0, 0, 0], [0, 1, 0], [0, 1, 0]])  # the last one looks at the middle, the middle at itself
    expected = [[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.5, 0.25]]
    # last row: half the middle's (0.5, 0.5, 0), half its own after the first layer (0, 0.5, 0.5)
    np.testing.assert_allclose(roll_out([first, second]), expected)
    assert not np.allclose(roll_out([second, first]), expected)


# -- LLaVA-CAM --------------------------------------------------------------------------------------


def test_cam_weighs_channels_by_the_mean_positive_gradient():
    activations = np.array([[1.0, 2.0], [3.0, -4.0], [0.0, 1.0]])
    gradients = np.array([[3.0, -9.0], [0.0, 6.0], [-5.0, 0.0]])
    # weights: (3 + 0 + 0) / 3 = 1 and (0 + 6 + 0) / 3 = 2; maps (1 + 4) / 2, (3 - 8) / 2, (0 + 2) / 2
    np.testing.assert_allclose(weigh(activations, gradients), [2.5, 0.0, 1.0])


# -- TAM --------------------------------------------------------------------------------------------


def test_interference_weighs_earlier_maps():
    maps = np.array([[4.0, 0.0], [0.0, 8.0]])
    np.testing.assert_allclose(interference(maps, np.array([1.0, 3.0])), [1.0, 6.0])
    np.testing.assert_allclose(interference(maps, np.zeros(2)), [0.0, 0.0])
    np.testing.assert_allclose(interference(np.zeros((0, 2)), np.zeros(0)), [0.0, 0.0])


def test_interference_is_scaled_by_least_squares_and_taken_away():
    raw, noise = np.array([2.0, 1.0, 0.0]), np.array([1.0, 1.0, 2.0])
    # s = (2 + 1 + 0) / (1 + 1 + 4) = 1/2
    np.testing.assert_allclose(remove_interference(raw, noise), [1.5, 0.5, 0.0])
    np.testing.assert_allclose(remove_interference(3 * noise, noise), 0, atol=1e-12)
    np.testing.assert_allclose(remove_interference(raw, np.zeros(3)), raw)


def test_rank_filter_by_hand():
    grid = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 36]])
    found = rank_filter(grid)
    values = np.sort(grid.ravel())  # the window of the middle
    sigma = values.std() / values.mean()
    weights = np.exp(-0.5 * (np.arange(-4, 5) / sigma) ** 2)
    assert found[1, 1] == pytest.approx((values * weights).sum() / weights.sum())
    corner = np.sort([1, 1, 2, 1, 1, 2, 4, 4, 5])  # the border repeats itself
    sigma = corner.std() / corner.mean()
    weights = np.exp(-0.5 * (np.arange(-4, 5) / sigma) ** 2)
    assert found[0, 0] == pytest.approx((corner * weights).sum() / weights.sum())


def test_rank_filter_removes_a_speck_and_keeps_even_ground():
    grid = np.ones((5, 5))
    np.testing.assert_allclose(rank_filter(grid), 1.0)
    grid[2, 2] = 1.5
    np.testing.assert_allclose(rank_filter(grid), 1.0, atol=1e-6)
    np.testing.assert_array_equal(rank_filter(np.zeros((3, 4))), np.zeros((3, 4)))


# -- IGOS++ -----------------------------------------------------------------------------------------

SQUARE = np.zeros((8, 8), dtype=bool)
SQUARE[2:5, 3:6] = True
STEPS = 5


def square_slope(mask: np.ndarray, swapped: bool) -> np.ndarray:
    """Integrated gradient of ``log(0.01 + mean intensity inside the square)``, image white, baseline black, by hand."""
    total = np.zeros((8, 8))
    for share in np.arange(1, STEPS + 1) / STEPS:
        part = share * mask[SQUARE].mean()
        seen, sign = (1 - part, -1) if swapped else (part, 1)
        total[SQUARE] += sign * share / SQUARE.sum() / (0.01 + seen) / STEPS
    return total


def test_both_masks_are_the_square_that_the_network_looks_at():
    deletion, insertion = optimise_masks(square_slope, SQUARE.astype(float), iterations=30, rate=1.0, l1=1.0)
    np.testing.assert_allclose(deletion, ~SQUARE, atol=1e-6)
    np.testing.assert_allclose(insertion, ~SQUARE, atol=1e-6)


def test_without_swapping_image_and_baseline_the_insertion_mask_finds_nothing():
    _, insertion = optimise_masks(lambda mask, swapped: square_slope(mask, False), SQUARE.astype(float), 30, 1.0, 1.0)
    np.testing.assert_array_equal(insertion, 1.0)


def test_without_anything_to_find_masks_stay_open():
    masks = optimise_masks(lambda mask, swapped: np.zeros_like(mask), SQUARE.astype(float))
    np.testing.assert_array_equal(masks, 1.0)


def test_a_strong_penalty_keeps_what_is_weak_out_of_the_masks():
    """A slope of a thousandth per cell is below the penalty's 1 / 64 per cell and above none."""
    weak = np.where(SQUARE, 1e-3, 0.0)

    def slope(mask: np.ndarray, swapped: bool) -> np.ndarray:
        return -weak if swapped else weak

    kept = optimise_masks(slope, SQUARE.astype(float), rate=10.0, l1=1.0)
    np.testing.assert_array_equal(kept, 1.0)
    freed = optimise_masks(slope, SQUARE.astype(float), rate=10.0, l1=0.0, variation=0.0, l2=0.0)
    assert (freed[:, SQUARE] < 0.5).all() and (freed[:, ~SQUARE] == 1.0).all()


def test_variation_slope_is_the_gradient_of_weighted_squared_differences():
    rng = np.random.default_rng(0)
    mask, across, down = rng.random((4, 5)), rng.random((4, 4)), rng.random((3, 5))

    def value(m: np.ndarray) -> float:
        return float(((across * np.diff(m, axis=1) ** 2).sum() + (down * np.diff(m, axis=0) ** 2).sum()) / m.size)

    found = _variation_slope(mask, across, down)
    for at in np.ndindex(4, 5):
        step = np.zeros((4, 5))
        step[at] = 1e-6
        assert found[at] == pytest.approx((value(mask + step) - value(mask - step)) / 2e-6, abs=1e-6)
