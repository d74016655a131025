"""Paths through what is scored, and detours from them."""

from itertools import permutations

import numpy as np
import pytest

from eagle_nb.search import order, order_each
from eagle_nb.search.state import Evaluation
from eagle_nb.search.paths import Paths, improve
from eagle_nb.scoring.cached import Scores
from eagle_nb.scoring.coalitions import prefixes
from eagle_nb.search.surrogate import Surrogate
from eagle_nb.search.joint import shared_passes

from .functions import ConjunctionScorer, TableScorer, mean_objective


def scored(scorer, orders):
    scores = Scores(scorer)
    for found in orders:
        scores(np.concatenate([prefixes(found), ~prefixes(found)]))
    return scores


@pytest.mark.parametrize("seed", range(5))
def test_the_best_path_is_the_best_of_all_orders_that_are_scored(seed):
    """Against every permutation; paths that cross, and paths backwards, make orders that nobody asked for."""
    rng = np.random.default_rng(seed)
    scorer, groups, weights = TableScorer(5, seed=seed, tokens=3), [[0], [1, 2]], (1.0, 0.7)
    asked = [rng.permutation(5).tolist() for _ in range(6)]
    scores = scored(scorer, asked)
    scores(np.eye(5, dtype=bool)[[1, 3]])  # without their complements: no places
    paths = Paths(scores, groups, weights)
    places = {tuple(row) for found in asked for curve in (prefixes(found), ~prefixes(found)) for row in curve}
    open_ = [list(p) for p in permutations(range(5)) if all(tuple(row) in places for row in prefixes(p))]
    assert len(open_) > 2 * len(asked)
    for word, tokens in enumerate(groups):
        best = max(mean_objective(scorer, p, tokens, weights) for p in open_)
        assert paths.means[word] == pytest.approx(best, abs=1e-6)
        assert mean_objective(scorer, paths.orders[word], tokens, weights) == pytest.approx(best, abs=1e-6)
        assert paths.orders[word] in open_
    known = paths.values(np.array([[True, *[False] * 4], [False] * 5]), 0)
    assert np.isnan(known[0]) == ((True, False, False, False, False) not in places)
    assert known[1] == pytest.approx(scorer.table[0, 0] + 0.7 * (1 - scorer.table[31, 0]))


@pytest.mark.parametrize("passes", [0, 10, 40])
def test_detours_keep_to_their_passes_and_make_no_order_worse(passes):
    scorer = ConjunctionScorer(12, (3, 7, 10), tokens=2)
    start = list(range(12))
    scores = scored(scorer, [start])
    evaluations = [Evaluation(scores, [token], (1.0, 1.0)) for token in (0, 1)]
    for evaluation in evaluations:
        evaluation.first = start
    most = len(scores) + passes
    improve(evaluations, Surrogate(12), lambda: most - len(scores))
    assert len(scores) <= most
    before, after = (
        [mean_objective(scorer, o, (t,)) for t, o in enumerate(orders)]
        for orders in ([start, start], [e.first for e in evaluations])
    )
    assert np.all(np.array(after) >= before)
    if passes == 0:
        assert all(e.first in (start, start[::-1]) for e in evaluations)
    else:
        assert sum(after) > sum(before) + 0.01


def test_words_together_find_what_each_finds_alone_for_a_part_of_the_passes():
    """Three words said by different regions, and one that is the same whatever is shown."""

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
    assert len(every) <= shared_passes(24, 4) < sum(trace.forward_passes for trace in alone)
    rng = np.random.default_rng(0)
    for word in range(3):
        floor = np.mean([mean_objective(Words(), rng.permutation(24), (word,)) for _ in range(20)])
        kept = (traces[word].objective.mean() - floor) / (alone[word].objective.mean() - floor)
        assert kept > 0.95, word
        assert set(Words().words[word].core) <= set(traces[word].order[:8].tolist())
