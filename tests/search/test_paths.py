"""Paths through coalitions, plans through scored and proposed ones, and several words together."""

from itertools import permutations, product

import numpy as np
import pytest

from eagle_nb.scoring import CachedScorer, prefixes
from eagle_nb.search import FastSearch, order, order_each
from eagle_nb.search.paths import PathGraph, coalition_hashes
from eagle_nb.search.planning import Planner
from eagle_nb.search.state import SearchState
from eagle_nb.search.surrogate import Surrogate

from .functions import ConjunctionScorer, TableScorer, mean_objective


def scored(scorer, orders):
    """A cached scorer that has scored both curves of some orders."""
    scores = CachedScorer(scorer)
    for regions in orders:
        scores(np.concatenate([prefixes(regions), ~prefixes(regions)]))
    return scores


def planner_of(scores, groups=((0,),), weights=(1.0, 1.0)):
    states = [SearchState(scores, list(group), weights) for group in groups]
    return Planner(states, Surrogate(scores.n_regions), width=16, repeats=3, at_once=1)


@pytest.mark.parametrize("price", [0.0, 0.1, 0.4, 100.0])
def test_the_best_path_is_the_best_of_all_permutations(price):
    rng = np.random.default_rng(1)
    shown = np.array(list(product([False, True], repeat=5)))
    values, costs = rng.random(32), 2.0 * (rng.random(32) < 0.5)
    graph = PathGraph(shown, values, costs)
    row = {tuple(coalition): k for k, coalition in enumerate(shown)}

    def worth(regions):
        nodes = [row[tuple(coalition)] for coalition in prefixes(regions)[1:]]
        return values[nodes].sum() - price * costs[nodes].sum()

    best = max(permutations(range(5)), key=worth)
    assert graph.regions(graph.best([price])[0]) == list(best)
    assert graph.regions(graph.best([0.0, price, 7.0])[1]) == list(best)


@pytest.mark.parametrize("n", [3, 64, 65, 130])
def test_edges_add_one_region_however_many_there_are(n):
    order = np.random.default_rng(n).permutation(n)
    shown = np.concatenate([prefixes(order), ~prefixes(order)[1:-1]])[::-1]
    along = (shown == prefixes(order)[shown.sum(1)]).all(1)
    graph = PathGraph(shown, along.astype(float), np.zeros(len(shown)))
    assert graph.regions(graph.best([0.0])[0]) == order.tolist()
    assert len(np.unique(coalition_hashes(shown))) == len(shown)


@pytest.mark.parametrize("seed", range(5))
def test_the_best_order_is_the_best_of_all_scored_ones(seed):
    """Against every permutation; crossing paths, and reversed ones, contain orders that were not scored as such."""
    rng = np.random.default_rng(seed)
    scorer, groups, weights = TableScorer(5, seed=seed, tokens=3), [[0], [1, 2]], (1.0, 0.7)
    asked = [rng.permutation(5).tolist() for _ in range(6)]
    scores = scored(scorer, asked)
    scores(np.eye(5, dtype=bool)[[1, 3]])  # without their complements, these are not nodes
    nodes = {tuple(row) for regions in asked for curve in (prefixes(regions), ~prefixes(regions)) for row in curve}
    complete = [list(p) for p in permutations(range(5)) if all(tuple(row) in nodes for row in prefixes(p))]
    assert len(complete) > 2 * len(asked)
    for tokens, found in zip(groups, planner_of(scores, groups, weights).best_orders(), strict=True):
        best = max(mean_objective(scorer, p, tokens, weights) for p in complete)
        assert mean_objective(scorer, found, tokens, weights) == pytest.approx(best, abs=1e-6)
        assert found in complete


@pytest.mark.parametrize("left", [0, 6, 14, 22])
def test_a_plan_takes_no_more_passes_than_are_left(left):
    scorer = ConjunctionScorer(12, (3, 7, 10))
    scores = scored(scorer, [list(range(12))])
    planner = planner_of(scores)
    planner.plan(left)
    before = len(scores)
    shown = planner.open_places(left, 1, 1.0)
    scores(np.concatenate([shown, ~shown]))
    assert len(scores) - before <= left
    assert all(key in scores for key in map(bytes, np.packbits(prefixes(planner.orders[0]), axis=1)))
    if left:
        found = mean_objective(scorer, planner.best_orders()[0])
        assert found > mean_objective(scorer, range(12)) + 0.01


def test_a_plan_of_several_words_shares_its_passes():
    scores = scored(ConjunctionScorer(12, (3, 7, 10), tokens=2), [list(range(12))])
    planner = planner_of(scores, [[0], [1]])
    planner.plan(16)
    before, shown = len(scores), planner.open_places(16, 1, 1.0)
    scores(np.concatenate([shown, ~shown]))
    assert 0 < len(scores) - before <= 16
    planner.plan(0)
    assert len(planner.open_places(0, 1, 1.0)) == 0


def test_places_are_spread_over_the_plan_and_followed_by_its_alternatives():
    scores = CachedScorer(ConjunctionScorer(24, (3, 7, 10)))
    planner = planner_of(scores)
    planner.plan(1000)
    planned = prefixes(planner.orders[0])[1:-1]
    few = planner.open_places(120, 10, 2.0)
    sizes = few.sum(1)
    assert len(few) == len(np.unique(sizes)) == 6
    assert set(map(bytes, few)) <= set(map(bytes, planned))
    assert np.median(sizes) < 10  # a square spreads 24 steps so that half of them lie in the first quarter
    many = planner.open_places(1200, 10, 2.0)
    assert set(map(bytes, planned)) < set(map(bytes, many))
    pairs = {min(bytes(row), bytes(~row)) for row in many}
    assert len(many) == len(pairs) == 60


def test_placed_regions_stay_where_they_are():
    scorer = ConjunctionScorer(10, (3, 7))
    state = SearchState(CachedScorer(scorer), [0], (1.0, 1.0))
    state.first, state.last = [9, 0], [3]
    FastSearch(rounds=2).complete(state)
    assert (state.order[:2], state.order[-1]) == ([9, 0], 3)
    assert sorted(state.order) == list(range(10))
    assert state.order[2] == 7


@pytest.mark.parametrize(("n", "most"), [(49, 16), (64, 16), (100, 20)])
def test_the_number_of_calls_does_not_grow_with_the_regions(n, most):
    class Counts(ConjunctionScorer):
        calls = passes = 0

        def __call__(self, shown):
            self.calls, self.passes = self.calls + 1, self.passes + len(shown)
            return super().__call__(shown)

    scorer = Counts(n, (2, 11, 17, 28))
    trace = order(scorer, search="fast")
    assert scorer.calls <= most
    assert scorer.passes == trace.forward_passes <= FastSearch().default_budget(n)
    if n < 100:
        words = Counts(n, (2, 11, 17, 28), tokens=5)
        order_each(words, [[k] for k in range(5)], search="fast")
        assert words.calls <= 30


def test_a_joint_search_finds_what_separate_searches_find_with_fewer_passes():
    """Three words that different regions carry, and one whose probability is constant."""

    class Words:
        n_regions = 24

        def __init__(self):
            self.words = [ConjunctionScorer(24, core, seed=k) for k, core in enumerate([(2, 9), (5, 20), (11, 14, 17)])]

        def __call__(self, shown):
            said = [word(shown) for word in self.words]
            return np.concatenate([*said, np.full((len(shown), 1), 0.9, dtype=np.float32)], axis=1)

    groups = [[0], [1], [2], [3]]
    traces = order_each(Words(), groups, search="fast")
    every = {row.tobytes() for trace in traces for row in trace.coalitions}
    alone = [order(Words(), group, search="fast") for group in groups]
    assert len(every) <= FastSearch().joint_budget(24, 4) < sum(trace.forward_passes for trace in alone)
    rng = np.random.default_rng(0)
    for word in range(3):
        floor = np.mean([mean_objective(Words(), rng.permutation(24), (word,)) for _ in range(20)])
        share = (traces[word].objective.mean() - floor) / (alone[word].objective.mean() - floor)
        assert share > 0.95, word
        assert set(Words().words[word].core) <= set(traces[word].order[:8].tolist())
