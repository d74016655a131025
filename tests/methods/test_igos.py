import numpy as np
import pytest

from eagle_nb.methods.igos import optimise_masks, variation_gradient

SQUARE = np.zeros((8, 8), dtype=bool)
SQUARE[2:5, 3:6] = True
STEPS = 5


def square_gradient(mask: np.ndarray, swapped: bool) -> np.ndarray:
    """Integrated gradient of ``log(0.01 + mean intensity inside the square)``, image white, baseline black, by hand."""
    total = np.zeros((8, 8))
    for share in np.arange(1, STEPS + 1) / STEPS:
        part = share * mask[SQUARE].mean()
        seen, sign = (1 - part, -1) if swapped else (part, 1)
        total[SQUARE] += sign * share / SQUARE.sum() / (0.01 + seen) / STEPS
    return total


def test_both_masks_are_the_square_that_the_network_uses():
    deletion, insertion = optimise_masks(square_gradient, SQUARE.astype(float), iterations=30, rate=1.0, l1=1.0)
    np.testing.assert_allclose(deletion, ~SQUARE, atol=1e-6)
    np.testing.assert_allclose(insertion, ~SQUARE, atol=1e-6)


def test_without_swapping_image_and_baseline_the_insertion_mask_finds_nothing():
    _, insertion = optimise_masks(
        lambda mask, swapped: square_gradient(mask, False), SQUARE.astype(float), 30, 1.0, 1.0
    )
    np.testing.assert_array_equal(insertion, 1.0)


def test_without_a_gradient_the_masks_stay_at_one():
    masks = optimise_masks(lambda mask, swapped: np.zeros_like(mask), SQUARE.astype(float))
    np.testing.assert_array_equal(masks, 1.0)


def test_a_strong_penalty_excludes_weak_pixels_from_the_masks():
    """A gradient of 0.001 per cell is below the penalty of 1 / 64 per cell."""
    weak = np.where(SQUARE, 1e-3, 0.0)

    def gradient(mask: np.ndarray, swapped: bool) -> np.ndarray:
        return -weak if swapped else weak

    penalised = optimise_masks(gradient, SQUARE.astype(float), rate=10.0, l1=1.0)
    np.testing.assert_array_equal(penalised, 1.0)
    free = optimise_masks(gradient, SQUARE.astype(float), rate=10.0, l1=0.0, variation=0.0, l2=0.0)
    assert (free[:, SQUARE] < 0.5).all() and (free[:, ~SQUARE] == 1.0).all()


def test_variation_gradient_is_the_gradient_of_weighted_squared_differences():
    rng = np.random.default_rng(0)
    mask, across, down = rng.random((4, 5)), rng.random((4, 4)), rng.random((3, 5))

    def value(m: np.ndarray) -> float:
        return float(((across * np.diff(m, axis=1) ** 2).sum() + (down * np.diff(m, axis=0) ** 2).sum()) / m.size)

    gradient = variation_gradient(mask, across, down)
    for at in np.ndindex(4, 5):
        step = np.zeros((4, 5))
        step[at] = 1e-6
        assert gradient[at] == pytest.approx((value(mask + step) - value(mask - step)) / 2e-6, abs=1e-6)
