"""Paths through scored coalitions, and the local search from them."""

from itertools import permutations

import numpy as np
import pytest

from eagle_nb.scoring import CachedScorer, prefixes
from eagle_nb.search import FastSearch, order, order_each
from eagle_nb.search.paths import LocalSearch, Paths
from eagle_nb.search.state import SearchState
from eagle_nb.search.surrogate import Surrogate

from .functions import ConjunctionScorer, TableScorer, mean_objective


def scored(scorer, orders):
    """A cached scorer that has scored both curves of some orders."""
    scores = CachedScorer(scorer)
    for regions in orders:
        scores(np.concatenate([prefixes(regions), ~prefixes(regions)]))
    return scores


@pytest.mark.parametrize("seed", range(5))
def test_the_best_path_is_the_best_of_all_scored_orders(seed):
    """Against every permutation; crossing paths, and reversed ones, contain orders that were not scored as such."""
    rng = np.random.default_rng(seed)
    scorer, groups, weights = TableScorer(5, seed=seed, tokens=3), [[0], [1, 2]], (1.0, 0.7)
    asked = [rng.permutation(5).tolist() for _ in range(6)]
    scores = scored(scorer, asked)
    scores(np.eye(5, dtype=bool)[[1, 3]])  # without their complements, these are not nodes
    paths = Paths(scores, groups, weights)
    nodes = {tuple(row) for regions in asked for curve in (prefixes(regions), ~prefixes(regions)) for row in curve}
    open_ = [list(p) for p in permutations(range(5)) if all(tuple(row) in nodes for row in prefixes(p))]
    assert len(open_) > 2 * len(asked)
    for word, tokens in enumerate(groups):
        best = max(mean_objective(scorer, p, tokens, weights) for p in open_)
        assert paths.means[word] == pytest.approx(best, abs=1e-6)
        assert mean_objective(scorer, paths.orders[word], tokens, weights) == pytest.approx(best, abs=1e-6)
        assert paths.orders[word] in open_
    values = paths.values(np.array([[True, *[False] * 4], [False] * 5]), 0)
    assert np.isnan(values[0]) == ((True, False, False, False, False) not in nodes)
    assert values[1] == pytest.approx(scorer.table[0, 0] + 0.7 * (1 - scorer.table[31, 0]))


@pytest.mark.parametrize("passes", [0, 10, 40])
def test_moves_respect_their_passes_and_make_no_order_worse(passes):
    scorer = ConjunctionScorer(12, (3, 7, 10), tokens=2)
    start = list(range(12))
    scores = scored(scorer, [start])
    states = [SearchState(scores, [token], (1.0, 1.0)) for token in (0, 1)]
    for state in states:
        state.first = start
    most = len(scores) + passes
    LocalSearch()(states, Surrogate(12), lambda: most - len(scores))
    assert len(scores) <= most
    before, after = (
        [mean_objective(scorer, o, (t,)) for t, o in enumerate(orders)]
        for orders in ([start, start], [state.first for state in states])
    )
    assert np.all(np.array(after) >= before)
    if passes == 0:
        assert all(state.first in (start, start[::-1]) for state in states)
    else:
        assert sum(after) > sum(before) + 0.01


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
