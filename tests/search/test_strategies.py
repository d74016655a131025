"""What all strategies guarantee, and what each one does."""

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.search import (
    STRATEGIES,
    BidirectionalSearch,
    FastSearch,
    GreedySearch,
    PhaseWindowSearch,
    order,
    register_strategy,
)
from eagle_nb.search.strategies import strategy_name

from .functions import AdditiveScorer, ConjunctionScorer, CoverageScorer, TableScorer, mean_objective

every_strategy = pytest.mark.parametrize("search", list(STRATEGIES))


@every_strategy
@pytest.mark.parametrize("n", [2, 3, 8])
def test_a_trace_holds_what_the_scorer_says(search, n):
    scorer = TableScorer(n, tokens=3, seed=n)
    trace = order(scorer, tokens=[0, 2], search=search, weights=(0.5, 2.0))
    assert sorted(trace.order) == list(range(n))
    everything = 2**n - 1
    for k in range(n + 1):
        shown = sum(1 << int(v) for v in trace.order[:k])
        np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])
        np.testing.assert_array_equal(trace.deletion[k], scorer.table[everything - shown])
        expected = 0.5 * scorer.table[shown, [0, 2]].mean() + 2 * (1 - scorer.table[everything - shown, [0, 2]].mean())
        assert trace.objective[k] == pytest.approx(expected, abs=1e-6)
    asked = np.concatenate(scorer.calls)
    assert len(np.unique(asked, axis=0)) == len(asked) == trace.forward_passes == len(trace.coalitions)
    assert {r.tobytes() for r in asked} == {r.tobytes() for r in trace.coalitions}
    assert len(trace.rounds) == trace.forward_passes


@every_strategy
def test_candidates_are_the_objectives_that_were_scored(search):
    scorer = TableScorer(7, seed=2)
    trace = order(scorer, search=search)
    known = {r.tobytes() for r in trace.coalitions}
    for k in range(7):
        for region in range(7):
            shown = np.zeros(7, dtype=bool)
            shown[[*trace.order[:k], region]] = True
            value = trace.candidates[k, region]
            if region in trace.order[:k] or not {shown.tobytes(), (~shown).tobytes()} <= known:
                assert np.isnan(value)
                continue
            bits = int(shown @ (1 << np.arange(7)))
            assert value == pytest.approx(scorer.table[bits, 0] + 1 - scorer.table[127 - bits, 0], abs=1e-6)
        assert trace.candidates[k, trace.order[k]] == pytest.approx(trace.objective[k + 1])


@every_strategy
def test_an_additive_function_is_ordered_by_its_parts(search):
    scorer = AdditiveScorer(24, seed=3)
    trace = order(scorer, search=search)
    best = np.argsort(-scorer.parts[:, 0], kind="stable")
    assert trace.order.tolist() == best.tolist()


@every_strategy
def test_equal_regions_keep_their_numbers(search):
    scorer = TableScorer(6)
    scorer.table[:] = 0.5
    found = order(scorer, search=search).order
    assert found[0] == 0


@pytest.mark.parametrize("seed", range(6))
def test_lazy_equals_greedy_on_submodular_functions_for_fewer_passes(seed):
    whole = order(CoverageScorer(18, seed=seed), search="greedy", weights=(1.0, 0.0))
    lazy = order(CoverageScorer(18, seed=seed), search="lazy", weights=(1.0, 0.0))
    np.testing.assert_allclose(lazy.objective, whole.objective, atol=1e-6)
    assert lazy.forward_passes < 0.6 * whole.forward_passes
    assert whole.stale_underestimates[0] == 0
    assert whole.submodularity_ratio().min() >= 1 - 1e-5


def test_single_is_the_order_of_the_regions_alone():
    scorer = TableScorer(8, seed=9)
    trace = order(scorer, search="single")
    alone = scorer.table[1 << np.arange(8), 0] - scorer.table[255 - (1 << np.arange(8)), 0]
    assert trace.order.tolist() == np.argsort(-alone, kind="stable").tolist()
    assert trace.forward_passes <= 4 * 8
    assert trace.decided[0]
    assert not trace.decided[1:6].any()


def test_bidirectional_places_the_least_important_last():
    scorer = ConjunctionScorer(20, core=(3, 8, 9), seed=1)
    trace = order(scorer, search="bidirectional")
    whole = order(scorer, search="greedy")
    assert set(trace.order[:3]) == {3, 8, 9}
    assert trace.forward_passes < 0.75 * whole.forward_passes
    alone = np.nanargmin(trace.candidates[0])
    assert trace.order[-1] == alone


def test_phasewin_spends_less_than_greedy_and_finds_the_core():
    scorer = AdditiveScorer(30, seed=5)
    trace, whole = order(scorer, search="phasewin"), order(scorer, search="greedy")
    assert trace.forward_passes < 0.75 * whole.forward_passes
    assert trace.order[:5].tolist() == whole.order[:5].tolist()


@pytest.mark.parametrize("seed", range(5))
def test_fast_finds_regions_that_only_tell_something_together(seed):
    core = tuple(np.random.default_rng(seed).choice(40, 4, replace=False).tolist())
    scorer = ConjunctionScorer(40, core, seed=seed)
    whole, trace = order(scorer, search="greedy"), order(scorer, search="fast")
    assert trace.forward_passes <= FastSearch().default_budget(40) < 0.2 * whole.forward_passes
    assert set(trace.order[:6]) >= set(core)
    random = np.mean([mean_objective(scorer, np.random.default_rng(k).permutation(40)) for k in range(5)])
    share = (trace.objective.mean() - random) / (whole.objective.mean() - random)
    assert share > 0.9


def test_fast_is_greedy_where_its_budget_pays_for_greedy():
    whole = order(TableScorer(5, seed=1), search="greedy")
    assert order(TableScorer(5, seed=1), search="fast").order.tolist() == whole.order.tolist()
    assert (
        order(TableScorer(8, seed=1), search="fast", budget=72).order.tolist()
        == order(TableScorer(8, seed=1), search="greedy").order.tolist()
    )


def test_replay_gives_the_curves_of_any_order():
    scorer = TableScorer(6, tokens=2, seed=5)
    found = [4, 0, 5, 1, 3, 2]
    trace = eagle.search.replay(scorer, found, tokens=[1])
    assert trace.order.tolist() == found
    assert trace.forward_passes == 2 * 7 - 2
    assert trace.objective.mean() == pytest.approx(mean_objective(scorer, found, tokens=[1]), abs=1e-6)
    with pytest.raises(ValueError, match="permutation"):
        eagle.search.replay(scorer, [0, 1, 2, 3, 4, 4])


def test_a_strategy_of_ones_own_is_a_function_of_the_state():
    def by_number(state):
        for region in state.remaining:
            state.place(region)

    trace = order(TableScorer(5), search=by_number)
    assert trace.order.tolist() == [0, 1, 2, 3, 4]
    assert trace.search == "by_number"
    register_strategy("by number", by_number)
    try:
        named = order(TableScorer(5), search="by number")
        assert (named.search, named.order.tolist()) == ("by number", [0, 1, 2, 3, 4])
        with pytest.raises(ValueError, match="'by number' already"):
            register_strategy("by number", by_number)
    finally:
        del STRATEGIES["by number"]


def test_a_strategy_of_ones_own_is_completed_when_its_budget_ends():
    def wasteful(state):
        while len(remaining := state.remaining):
            values = state.candidates(remaining)
            state.place(remaining[np.argmax(values)], values.max())

    trace = order(TableScorer(8, seed=4), search=wasteful, budget=40)
    assert sorted(trace.order) == list(range(8))
    assert trace.forward_passes <= 40
    assert trace.order.tolist() == order(TableScorer(8, seed=4), search="greedy", budget=40).order.tolist()


def test_options_steer_a_strategy_and_stand_in_its_name():
    scorer = ConjunctionScorer(30, core=(3, 8, 9), seed=1)
    few, many = (order(scorer, search=PhaseWindowSearch(window=w)) for w in (1, 12))
    assert few.forward_passes < many.forward_passes
    assert many.search == "phasewin(window=12)"
    rare, often = (order(scorer, search=BidirectionalSearch(period=p)) for p in (10, 2))
    assert rare.forward_passes < often.forward_passes
    assert order(scorer, search=FastSearch(share=0.05, minimum=3)).forward_passes <= 90
    assert strategy_name(FastSearch()) == "fast"


@pytest.mark.parametrize(("search", "error"), [("magic", ValueError), (3, TypeError), (GreedySearch, TypeError)])
def test_what_is_not_a_strategy_is_refused(search, error):
    scorer = TableScorer(4)
    with pytest.raises(error, match="search"):
        order(scorer, search=search)
    assert scorer.calls == []
