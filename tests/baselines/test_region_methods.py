"""Region methods on games small enough to solve by hand or by enumeration."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from eagle_nb.methods import REGION_METHODS
from eagle_nb.methods.kernel_shap import kernel_shap
from eagle_nb.methods.occlusion import occlusion
from eagle_nb.methods.rise import rise
from eagle_nb.methods.shapley_sampling import shapley_sampling
from eagle_nb.scoring.cached import Scores

from ..conftest import TableScorer


class AdditiveScorer:
    """0.1 plus the weights of the shown regions; a second token knows nothing of the image."""

    def __init__(self, weights: list[float]) -> None:
        self.weights, self.n_regions = np.array(weights), len(weights)

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        return np.stack([0.1 + shown @ self.weights, np.full(len(shown), 0.5)], 1)


WEIGHTS = [0.05, 0.3, 0.0, 0.2, 0.1]


def shapley(table: np.ndarray, n: int) -> np.ndarray:
    """From the definition: the mean of what a region adds over all orders."""
    values = np.zeros(n)
    for order in itertools.permutations(range(n)):
        subset = 0
        for region in order:
            values[region] += table[subset | 1 << region] - table[subset]
            subset |= 1 << region
    return values / math.factorial(n)


@pytest.mark.parametrize("tokens", [[0], [2], [0, 2]])
def test_occlusion_is_what_hiding_one_region_costs(tokens):
    scorer = TableScorer(6, tokens=3, seed=1)
    scores = Scores(scorer)
    p = scorer.table.astype(np.float64)[:, tokens].mean(1)
    expected = [p[63] - p[63 - (1 << v)] for v in range(6)]
    np.testing.assert_allclose(occlusion(scores, tokens), expected, atol=1e-7)
    assert len(scores) == 6 + 2


def test_shapley_sampling_is_exact_where_regions_add_up():
    np.testing.assert_allclose(
        shapley_sampling(Scores(AdditiveScorer(WEIGHTS)), [0], permutations=1), WEIGHTS, atol=1e-6
    )


def test_shapley_sampling_nears_the_mean_over_all_orders_and_sums_to_the_difference_of_the_ends():
    scorer = TableScorer(5, seed=3)
    found = shapley_sampling(Scores(scorer), [0], permutations=600)
    p = scorer.table[:, 0].astype(np.float64)
    np.testing.assert_allclose(found, shapley(p, 5), atol=0.05)
    assert found.sum() == pytest.approx(p[31] - p[0], abs=1e-6)


@pytest.mark.parametrize("n", [2, 4, 6])
def test_kernel_shap_nears_the_mean_over_all_orders(n):
    scorer = TableScorer(n, seed=n)
    p = scorer.table[:, 0].astype(np.float64)
    scores = Scores(scorer)
    found = kernel_shap(scores, [0], samples=4000)
    np.testing.assert_allclose(found, shapley(p, n), atol=0.03)
    assert found.sum() == pytest.approx(p[-1] - p[0], abs=1e-3)
    assert len(scores) <= 2**n  # coalitions that come up again are not scored again


def test_kernel_shap_is_exact_where_regions_add_up_and_with_one_region():
    np.testing.assert_allclose(kernel_shap(Scores(AdditiveScorer(WEIGHTS)), [0], samples=60), WEIGHTS, atol=1e-4)
    np.testing.assert_allclose(kernel_shap(Scores(AdditiveScorer([0.7])), [0], samples=3), [0.7], atol=1e-6)


def test_rise_is_the_mean_score_of_the_masks_that_show_a_region():
    found = rise(Scores(AdditiveScorer(WEIGHTS)), [0], masks=4000, probability=0.3)
    expected = [0.1 + w + 0.3 * (sum(WEIGHTS) - w) for w in WEIGHTS]
    np.testing.assert_allclose(found, expected, atol=0.02)
    assert np.argsort(-found).tolist() == np.argsort(-np.array(WEIGHTS)).tolist()


def test_rise_gives_regions_that_no_mask_shows_the_mean():
    found = rise(Scores(AdditiveScorer(WEIGHTS)), [0], masks=1, probability=1e-9)
    np.testing.assert_allclose(found, 0.1, atol=1e-7)


@pytest.mark.parametrize("method", ["random", "rise", "kernel_shap", "shapley_sampling"])
def test_equal_seeds_give_equal_values_and_others_do_not(method):
    options = {"rise": {"masks": 40}, "kernel_shap": {"samples": 40}, "shapley_sampling": {"permutations": 2}}
    first, again, other = (
        REGION_METHODS[method](Scores(TableScorer(7, seed=2)), [0], seed=seed, **options.get(method, {}))
        for seed in (4, 4, 5)
    )
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize(
    ("method", "options", "says"),
    [
        ("rise", {"masks": 0}, "masks must be a whole number of at least 1, got 0"),
        ("rise", {"probability": 1.0}, "probability must lie between 0 and 1, got 1.0"),
        ("shapley_sampling", {"permutations": 2.5}, "permutations must be a whole number"),
        ("kernel_shap", {"samples": 6}, "samples is 6; 5 regions need at least 7"),
    ],
)
def test_options_out_of_range_are_refused(method, options, says):
    with pytest.raises(ValueError, match=says):
        REGION_METHODS[method](Scores(AdditiveScorer(WEIGHTS)), [0], **options)
