from itertools import combinations

import numpy as np
import pytest

from eagle_nb import search
from eagle_nb.search import find_optimum, optimality_gap

from .functions import AdditiveScorer, ConjunctionScorer, CoverageScorer, TableScorer


class HandMade:
    """p of one token: 0.4 with region 0 alone, 0.9 with regions 1 and 2 together; hiding changes nothing.

    Greedy takes region 0 first and cannot reach the best pair.
    """

    n_regions = 3

    def __call__(self, shown):
        return np.maximum(0.4 * shown[:, 0], 0.9 * (shown[:, 1] & shown[:, 2]))[:, None].astype(np.float32)


def brute_force(scorer, tokens, weights):
    """The best F of each size, straight from the definition."""
    n, best = scorer.n_regions, []
    for k in range(n + 1):
        values = []
        for chosen in combinations(range(n), k):
            shown = np.zeros((1, n), dtype=bool)
            shown[0, list(chosen)] = True
            p, q = scorer(shown)[0, tokens].mean(), scorer(~shown)[0, tokens].mean()
            values.append(weights[0] * p + weights[1] * (1 - q))
        best.append(max(values))
    return best


@pytest.mark.parametrize("weights", [(1.0, 1.0), (1.0, 0.0), (0.5, 2.0)])
def test_the_best_of_each_size_is_the_brute_forces(weights):
    scorer = TableScorer(6, tokens=3, seed=4)
    found = find_optimum(scorer, [0, 2], weights)
    np.testing.assert_allclose(found.objective, brute_force(scorer, [0, 2], weights), rtol=1e-6)
    assert found.sets.sum(1).tolist() == list(range(7))
    rows, others = scorer(found.sets)[:, [0, 2]].mean(1), scorer(~found.sets)[:, [0, 2]].mean(1)
    np.testing.assert_allclose(found.objective, weights[0] * rows + weights[1] * (1 - others), rtol=1e-6)


def test_every_coalition_is_scored_once():
    scorer = TableScorer(5)
    find_optimum(scorer)
    rows = np.concatenate(scorer.calls)
    assert len(rows) == 32 == len({row.tobytes() for row in rows})


def test_a_case_that_greedy_misses():
    found = find_optimum(HandMade(), weights=(1.0, 0.0))
    np.testing.assert_allclose(found.objective, [0, 0.4, 0.9, 0.9], atol=1e-7)
    assert found.sets.tolist() == [[False] * 3, [True, False, False], [False, True, True], [True] * 3]
    assert not found.nested
    trace = search.order(HandMade(), search="greedy", weights=(1.0, 0.0))
    assert trace.order[0] == 0
    np.testing.assert_allclose(optimality_gap(trace, found), [0, 0, 0.5, 0], atol=1e-7)
    # Showing 1 and 2 together adds 0.9 to nothing, each alone adds 0; beside region 0 they add 0.5.
    assert found.submodularity_ratios().min() == 0.0


def test_searches_reach_the_optimum_of_an_additive_function():
    scorer = AdditiveScorer(8, seed=3)
    found = find_optimum(scorer)
    assert found.nested
    assert found.submodularity_ratios() == pytest.approx(1.0, abs=1e-3)
    for name in search.STRATEGIES:
        assert optimality_gap(search.order(scorer, search=name), found).max() < 1e-6, name


def test_no_search_is_above_the_optimum():
    scorer = ConjunctionScorer(9, core=(1, 4, 6), tokens=2, seed=1)
    found = find_optimum(scorer, [1])
    for name in search.STRATEGIES:
        trace = search.order(scorer, [1], search=name)
        assert (found.objective - trace.objective > -1e-9).all(), name
        np.testing.assert_allclose(optimality_gap(trace, found)[[0, -1]], 0, atol=1e-9)


def test_submodularity_ratios_by_brute_force():
    found = find_optimum(TableScorer(4, seed=7))
    expected = []
    for base in range(16):
        for added in range(16):
            regions = [v for v in range(4) if added >> v & 1]
            together = found.values[base | added] - found.values[base]
            if base & added == 0 and len(regions) > 1 and together > 1e-6:
                expected.append(sum(found.values[base | 1 << v] - found.values[base] for v in regions) / together)
    np.testing.assert_allclose(np.sort(found.submodularity_ratios()), np.sort(expected), rtol=1e-9)


def test_submodular_functions_have_ratios_of_at_least_one():
    ratios = find_optimum(CoverageScorer(8, seed=2), weights=(1.0, 0.0)).submodularity_ratios()
    assert len(ratios) > 1000 and ratios.min() > 1 - 1e-3


def test_the_ratios_along_a_trace_are_among_all():
    scorer = TableScorer(5, seed=9)
    every = np.sort(find_optimum(scorer).submodularity_ratios())
    along = search.order(scorer, search="greedy").submodularity_ratio()
    assert len(along) > 0
    nearest = np.abs(every[:, None] - along).min(0)
    assert nearest.max() < 1e-6


def test_refusals():
    class Large:
        n_regions = 13

        def __call__(self, shown):
            raise AssertionError("scored")

    with pytest.raises(ValueError, match=r"1 … 12 regions, got 13 regions"):
        find_optimum(Large())
    with pytest.raises(ValueError, match="out of range"):
        find_optimum(TableScorer(3), [4])
    found = find_optimum(TableScorer(4, tokens=2), [0])
    for other, says in (
        (search.order(TableScorer(5, tokens=2), [0]), "regions are 5, the optimum's 4"),
        (search.order(TableScorer(4, tokens=2), [1]), r"tokens are \[1\]"),
        (search.order(TableScorer(4, tokens=2), [0], weights=(1.0, 0.0)), r"weights are \(1.0, 0.0\)"),
    ):
        with pytest.raises(ValueError, match=says):
            optimality_gap(other, found)
