"""The searches of other authors, against their definitions written out on small functions."""

import pytest

from eagle_nb.search import BidirectionalSearch, GreedySearch, PhaseWindowSearch, order

from .functions import AdditiveScorer, TableScorer


def objective_of(scorer):
    """F of a set of regions, from the table."""
    n = scorer.n_regions

    def value(regions):
        bits = sum(1 << int(v) for v in regions)
        return float(scorer.table[bits, 0]) + 1 - float(scorer.table[2**n - 1 - bits, 0])

    return value


@pytest.mark.parametrize("seed", range(6))
def test_the_efficient_search_as_its_authors_define_it(seed):
    n, scope, pending, period = 10, 4, 3, 3
    scorer = TableScorer(n, seed=seed)
    value = objective_of(scorer)
    front, back, left = [], [], list(range(n))
    for turn in range(n):
        if len(left) == 1:
            front += left
            break
        if turn % period == 0:
            left.sort(key=lambda v: -value([*front, v]))
        best = max(left if turn % period == 0 else left[:scope], key=lambda v: value([*front, v]))
        front.append(best)
        left.remove(best)
        if turn == 0:
            back.append(left.pop())
        elif len(left) > pending:
            shown = set(range(n)) - set(back)
            region = max(left[-pending:], key=lambda v: value(shown - {v}))
            back.append(region)
            left.remove(region)
    trace = order(scorer, search=BidirectionalSearch(scope=scope, pending=pending, period=period))
    assert trace.order.tolist() == front + back[::-1]


@pytest.mark.parametrize("seed", range(6))
def test_phases_of_single_regions_are_greedy_search(seed):
    """Where no region reaches the threshold of the window, each phase places the best of its screening."""
    trace = order(TableScorer(8, seed=seed), search=PhaseWindowSearch(prune=1e-9, select=1.01))
    assert trace.order.tolist() == order(TableScorer(8, seed=seed), search=GreedySearch()).order.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_a_window_that_accepts_everything_follows_its_screening(seed):
    """The best of all, then all others as the screening with it ranks them: two screenings and one window."""
    scorer = TableScorer(8, seed=seed)
    value = objective_of(scorer)
    search = PhaseWindowSearch(window=8, prune=1e-9, select=1e-9, accept=1e-9, exit_slowdown=1e9)
    first = max(range(8), key=lambda v: value([v]))
    others = sorted(set(range(8)) - {first}, key=lambda v: -value([first, v]))
    trace = order(scorer, search=search)
    assert trace.order.tolist() == [first, *others]
    assert (trace.rounds == 0).sum() <= 2 + 2 * 8
    assert trace.forward_passes <= 2 + 2 * 8 + 2 * 7 + 2 * 6


def test_pruned_regions_come_last():
    scorer = AdditiveScorer(6)
    scorer.parts[:, 0] = [0.02, 0.5, 0.01, 0.3, 0.12, 0.05]
    trace = order(scorer, search=PhaseWindowSearch(prune=0.9, select=0.95))
    # F of a region besides the best: 1.5 + part of 1.8; nine tenths of it prune all but the second
    assert trace.order.tolist() == [1, 3, 4, 5, 0, 2]


def test_the_hard_exit_ends_a_phase():
    scorer = AdditiveScorer(12, seed=1)
    never, always = (
        order(scorer, search=PhaseWindowSearch(window=12, exit_slowdown=slowdown)) for slowdown in (1e9, -1e9)
    )
    assert always.forward_passes > never.forward_passes


def test_regions_that_are_put_back_depend_on_the_seed_alone():
    orders = [
        order(TableScorer(12, seed=3), search=PhaseWindowSearch(window=2, seed=s)).order.tolist() for s in (0, 0, 1)
    ]
    assert orders[0] == orders[1]
    found = {tuple(order(TableScorer(12, seed=3), search=PhaseWindowSearch(window=2, seed=s)).order) for s in range(12)}
    assert len(found) > 1
