import numpy as np
import pytest

from eagle_nb.methods.shapley_sampling import shapley_sampling_scores
from eagle_nb.scoring.cached import CachedScorer

from ..conftest import TableScorer
from .games import WEIGHTS, AdditiveScorer, shapley_values


def test_it_is_exact_for_an_additive_function():
    scorer = CachedScorer(AdditiveScorer(WEIGHTS))
    np.testing.assert_allclose(shapley_sampling_scores(scorer, [0], permutations=1), WEIGHTS, atol=1e-6)


def test_it_approaches_the_mean_over_all_orders_and_sums_to_the_difference_of_the_ends():
    scorer = TableScorer(5, seed=3)
    values = shapley_sampling_scores(CachedScorer(scorer), [0], permutations=600)
    p = scorer.table[:, 0].astype(np.float64)
    np.testing.assert_allclose(values, shapley_values(p, 5), atol=0.05)
    assert values.sum() == pytest.approx(p[31] - p[0], abs=1e-6)


def test_permutations_must_be_a_whole_number():
    with pytest.raises(ValueError, match=r"permutations must be a whole number of at least 1, got 2\.5"):
        shapley_sampling_scores(CachedScorer(AdditiveScorer(WEIGHTS)), [0], permutations=2.5)
