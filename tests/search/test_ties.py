"""Near-ties: rounding decides nothing, real differences decide everything."""

import numpy as np
import pytest

from eagle_nb.scoring import CachedScorer
from eagle_nb.search import order
from eagle_nb.search.ties import RESOLUTION, best, ranked, scorer_resolution, snapped, tie_tolerance

from .functions import TableScorer
from .test_greedy import brute_force_greedy


class NoisyScorer(TableScorer):
    """A table with few different values, so that many candidates tie, and with noise in every call."""

    def __init__(self, n, seed, noise, noise_seed, levels=4, resolution=None):
        super().__init__(n, tokens=2, seed=seed)
        self.table = np.ceil(self.table * levels).astype(np.float32) / levels
        self.noise, self.rng = noise, np.random.default_rng(noise_seed)
        if resolution is not None:
            self.resolution = resolution

    def __call__(self, shown):
        exact = super().__call__(shown)
        return (exact * (1 + self.noise * self.rng.uniform(-1, 1, exact.shape))).astype(np.float32)


@pytest.mark.parametrize("search", ["greedy", "lazy", "single", "bidirectional", "phasewin"])
@pytest.mark.parametrize(("noise", "resolution"), [(2e-7, None), (1e-3, 8e-3)])
def test_noise_below_the_resolution_changes_no_order(search, noise, resolution):
    for seed in range(6):
        orders = {
            tuple(order(NoisyScorer(6, seed, noise, k, resolution=resolution), search=search).order.tolist())
            for k in range(12)
        }
        exact = order(NoisyScorer(6, seed, 0.0, 0, resolution=resolution), search=search).order
        assert orders == {tuple(exact.tolist())}


@pytest.mark.parametrize("seed", range(6))
def test_noise_changes_no_order_of_the_fast_search(seed):
    orders = {tuple(order(NoisyScorer(9, seed, 2e-7, k), search="fast").order.tolist()) for k in range(4)}
    assert len(orders) == 1


def test_without_a_tolerance_the_same_noise_decides():
    orders = {
        tuple(order(NoisyScorer(6, 0, 2e-7, k, resolution=0.0), search="greedy").order.tolist()) for k in range(12)
    }
    assert len(orders) > 1


@pytest.mark.parametrize("seed", range(6))
def test_ties_go_to_the_smallest_region_as_in_brute_force(seed):
    exact = NoisyScorer(6, seed, 0.0, 0)
    wanted, _ = brute_force_greedy(exact, [0, 1], (1.0, 1.0))
    assert order(NoisyScorer(6, seed, 2e-7, 1), search="greedy").order.tolist() == wanted


def test_differences_above_the_tolerance_are_kept():
    class Steps:
        n_regions = 5

        def __call__(self, shown):
            return (0.5 + shown @ (4e-6 * np.arange(5)))[:, None]

    assert order(Steps(), search="greedy").order.tolist() == [4, 3, 2, 1, 0]


def test_the_tolerance_follows_the_probability_of_the_target():
    class Tiny:
        n_regions = 4

        def __call__(self, shown):
            return (1e-9 * (1 + shown @ np.array([1.0, 2.0, 3.0, 4.0])))[:, None]

    assert order(Tiny(), search="greedy").order.tolist() == [3, 2, 1, 0]
    assert tie_tolerance(1e-3, (1.0, 2.0), 0.25, 0.5) == pytest.approx(1.5e-3)


def test_values_in_one_group_keep_their_order():
    values = np.array([0.5, 0.9, 0.9005, 0.1, 0.5004, 0.1])
    assert ranked(values, 0.001).tolist() == [1, 2, 0, 4, 3, 5]
    assert ranked(values, 0.0).tolist() == [2, 1, 4, 0, 3, 5]
    assert snapped(values, 0.001).tolist() == [0.5004, 0.9005, 0.9005, 0.1, 0.5004, 0.1]
    assert [best(values, t) for t in (0.0, 0.001, 0.41)] == [2, 1, 0]


def test_a_scorer_may_state_its_resolution():
    table = TableScorer(3)
    assert scorer_resolution(table) == scorer_resolution(CachedScorer(table)) == RESOLUTION
    table.resolution = 0.004
    assert scorer_resolution(CachedScorer(CachedScorer(table))) == 0.004
    for wrong in (-1e-6, 1, float("nan"), "small", True):
        table.resolution = wrong
        with pytest.raises(ValueError, match="resolution"):
            scorer_resolution(table)
