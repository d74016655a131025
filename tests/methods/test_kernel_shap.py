import numpy as np
import pytest

from eagle_nb.methods.kernel_shap import kernel_shap_scores
from eagle_nb.scoring.cached import CachedScorer

from ..conftest import TableScorer
from .games import WEIGHTS, AdditiveScorer, shapley_values


@pytest.mark.parametrize("n", [2, 4, 6])
def test_it_approaches_the_mean_over_all_orders(n):
    table = TableScorer(n, seed=n)
    p = table.table[:, 0].astype(np.float64)
    scorer = CachedScorer(table)
    values = kernel_shap_scores(scorer, [0], samples=4000)
    np.testing.assert_allclose(values, shapley_values(p, n), atol=0.03)
    assert values.sum() == pytest.approx(p[-1] - p[0], abs=1e-3)
    assert len(scorer) <= 2**n  # equal coalitions are scored once


@pytest.mark.parametrize(("weights", "samples", "atol"), [(WEIGHTS, 60, 1e-4), ([0.7], 3, 1e-6)])
def test_it_is_exact_for_an_additive_function_and_for_one_region(weights, samples, atol):
    scorer = CachedScorer(AdditiveScorer(weights))
    np.testing.assert_allclose(kernel_shap_scores(scorer, [0], samples=samples), weights, atol=atol)


def test_too_few_samples_do_not_determine_the_coefficients():
    with pytest.raises(ValueError, match="samples is 6; 5 regions need at least 7"):
        kernel_shap_scores(CachedScorer(AdditiveScorer(WEIGHTS)), [0], samples=6)
