"""Budgets, interrupts and progress: every search returns a complete order with exact curves."""

import time

import numpy as np
import pytest

from eagle_nb.scoring import Store, digest
from eagle_nb.scoring.cached import CHUNK
from eagle_nb.scoring.coalitions import coalition_keys
from eagle_nb.search import STRATEGIES, Budget, order, order_each
from eagle_nb.search.budget import parse_budget

from .functions import AdditiveScorer, ConjunctionScorer, TableScorer, mean_objective


@pytest.mark.parametrize("search", list(STRATEGIES))
@pytest.mark.parametrize("budget", [18, 19, 25, 32, 46, 60, 71])
def test_a_budget_is_kept_and_still_gives_a_whole_order(search, budget):
    scorer = TableScorer(8, seed=4)
    trace = order(scorer, search=search, budget=budget)
    assert trace.forward_passes <= budget
    assert sorted(trace.order) == list(range(8))
    for k in range(9):
        shown = sum(1 << int(v) for v in trace.order[:k])
        np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])


@pytest.mark.parametrize("budget", range(30, 72, 7))
def test_what_greedy_could_pay_for_is_what_greedy_decides(budget):
    trace, whole = (
        order(TableScorer(8, seed=4), budget=budget, search="greedy"),
        order(TableScorer(8, seed=4), search="greedy"),
    )
    rounds = 0  # that were scored completely
    while rounds < 7 and np.isfinite(trace.candidates[rounds]).sum() == 8 - rounds:
        rounds += 1
    assert rounds >= 1
    assert trace.decided[:rounds].all()
    assert trace.order[:rounds].tolist() == whole.order[:rounds].tolist()


def test_more_passes_find_better_orders():
    scorers = [ConjunctionScorer(30, (2, 11, 17, 28), seed=s) for s in range(6)]
    mean = {
        budget: np.mean([order(s, search="fast", budget=budget).objective.mean() for s in scorers])
        for budget in (62, 150, 300)
    }
    shuffled = np.mean([mean_objective(s, np.random.default_rng(k).permutation(30)) for s in scorers for k in range(9)])
    assert shuffled < mean[150] - 0.3
    assert mean[62] < mean[150] <= mean[300] + 0.01


class Slow(ConjunctionScorer):
    """A scorer that takes a second per pass of a clock of its own."""

    n_tokens = 1

    def __init__(self, monkeypatch, *args, tokens=1):
        super().__init__(*args)
        self.seconds, self.tokens = 0.0, tokens
        monkeypatch.setattr(time, "perf_counter", lambda: self.seconds)

    def __call__(self, shown):
        self.seconds += len(shown)
        return np.repeat(super().__call__(shown)[:, :1], self.tokens, axis=1)


@pytest.mark.parametrize("search", list(STRATEGIES))
@pytest.mark.parametrize("seconds", [70, 90, 200, 400])
def test_a_time_is_kept_from_the_first_pass_on(search, seconds, monkeypatch):
    scorer = Slow(monkeypatch, 32, (2, 11, 17, 28))
    trace = order(scorer, search=search, budget=f"{seconds} s")
    assert scorer.seconds <= seconds
    assert trace.seconds == scorer.seconds == trace.forward_passes
    assert sorted(trace.order) == list(range(32))


def test_passes_that_warm_the_model_up_do_not_count_for_a_time(monkeypatch):
    """The first two take three seconds each; at that pace 300 seconds would hardly pay for more than the curves."""

    class Cold(Slow):
        def __call__(self, shown):
            self.seconds += 4.0 if self.seconds == 0 else 0.0
            return super().__call__(shown)

    scorer = Cold(monkeypatch, 32, (2, 11, 17, 28))
    trace = order(scorer, search="fast", budget="300 s")
    assert scorer.seconds <= 300
    assert (trace.rounds == 0).sum() >= 90  # asked for before the first region was placed


def test_a_time_too_short_for_the_curves_pays_for_them_alone(monkeypatch):
    scorer = Slow(monkeypatch, 32, (2, 11, 17, 28))
    assert order(scorer, search="fast", budget="10 s").forward_passes == scorer.seconds == 64


@pytest.mark.parametrize("search", ["fast", "greedy", "lazy"])
def test_several_searches_keep_one_time(search, monkeypatch):
    scorer = Slow(monkeypatch, 32, (2, 11, 17, 28), tokens=3)
    traces = order_each(scorer, [[0], [1], [2]], search=search, budget="600 s")
    assert 64 < scorer.seconds <= 600
    assert sum(trace.seconds for trace in traces) == pytest.approx(scorer.seconds)


@pytest.mark.parametrize(("text", "seconds"), [("30 s", 30.0), ("2min", 120.0), (" 1.5 h ", 5400.0), (".5s", 0.5)])
def test_times_are_read(text, seconds):
    assert parse_budget(text) == Budget(seconds=seconds)


@pytest.mark.parametrize("budget", ["30", "soon", "-3 s", "0 s", ""])
def test_what_is_no_time_is_refused(budget):
    with pytest.raises(ValueError, match="cannot read the budget"):
        order(TableScorer(4), budget=budget, search="greedy")


def test_too_small_a_budget_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="at least 18"):
        order(TableScorer(8), budget=17, search="greedy")
    with pytest.raises(TypeError, match="number of forward passes or a time"):
        order(TableScorer(8), budget=30.5, search="greedy")
    with pytest.raises(TypeError, match="number of forward passes or a time"):
        order(TableScorer(8), budget=True, search="greedy")


class Interrupted(TableScorer):
    """A scorer that is interrupted when it is asked for the n-th time."""

    def __init__(self, n, at, seed=4, **options):
        super().__init__(n, seed=seed, **options)
        self.at, self.asked = at, 0

    def __call__(self, shown):
        self.asked += 1
        if self.asked == self.at:
            raise KeyboardInterrupt
        return super().__call__(shown)


@pytest.mark.parametrize("search", list(STRATEGIES))
@pytest.mark.parametrize("at", [2, 3, 4, 6])
def test_an_interrupt_returns_what_was_found(search, at):
    scorer = Interrupted(9, at)
    trace = order(scorer, search=search)
    assert scorer.asked >= at or search == "single"  # which asks three times only
    assert sorted(trace.order) == list(range(9))
    for k in range(10):
        shown = sum(1 << int(v) for v in trace.order[:k])
        np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])
    if search == "greedy":
        whole = order(TableScorer(9, seed=4), search="greedy")
        assert trace.decided[: at - 2].all()
        assert not trace.decided[at - 2 : 7].any()  # of the last two, the first round has scored what is left out
        assert trace.order[: at - 2].tolist() == whole.order[: at - 2].tolist()


@pytest.mark.parametrize("joint", [False, True])
def test_an_interrupt_of_a_late_round_keeps_what_the_earlier_ones_have_found(joint):
    def run(at):
        scorer = Late(48, (1, 5, 9, 22, 30, 31, 40, 44), tokens=3, seed=2)
        scorer.at = at
        traces = order_each(scorer, [[0], [1], [2]], "fast") if joint else [order(scorer, search="fast")]
        scorer.at = None
        for trace in traces:
            assert trace.objective.mean() == pytest.approx(mean_objective(scorer, trace.order, trace.tokens), abs=1e-6)
        return np.array([trace.objective.mean() for trace in traces])

    class Late(ConjunctionScorer):
        asked, at = 0, None

        def __call__(self, shown):
            self.asked += 1
            if self.asked == self.at:
                raise KeyboardInterrupt
            return super().__call__(shown)

    early, late, whole = run(6), run(9 if joint else 13), run(None)
    assert early.shape == late.shape == whole.shape == ((3,) if joint else (1,))
    assert early.sum() < late.sum() <= whole.sum() + 1e-6


def test_callback_sees_progress():
    seen = []
    trace = order(TableScorer(6), callback=lambda state: seen.append(dict(state)), search="greedy")
    assert [s["forward_passes"] for s in seen] == sorted(s["forward_passes"] for s in seen)
    assert seen[-1]["forward_passes"] == trace.forward_passes
    assert seen[1]["planned"] == 42
    assert np.isfinite([s["objective"] for s in seen]).all()
    assert seen[-1]["placed"] >= 3  # the last rounds ask for nothing new
    assert all(s["seconds_left"] >= 0 for s in seen[1:])
    assert seen[-1]["objective"] == pytest.approx(trace.objective[seen[-1]["placed"]])


@pytest.mark.parametrize("at", [2, 3, 4, 7])
def test_an_interrupt_of_several_searches_returns_those_begun(at):
    scorer = Interrupted(9, at, tokens=3)
    traces = order_each(scorer, [[0], [1], [2]], search="fast")
    assert 1 <= len(traces) <= 3
    for trace, token in zip(traces, range(3), strict=False):
        assert trace.tokens == (token,)
        assert sorted(trace.order) == list(range(9))
        for k in range(10):
            shown = sum(1 << int(v) for v in trace.order[:k])
            np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])


@pytest.mark.parametrize("search", ["fast", "greedy"])
def test_progress_of_several_searches_runs_forward(search):
    seen, scorer = [], TableScorer(9, tokens=3)
    traces = order_each(scorer, [[0], [1], [2]], search=search, callback=lambda state: seen.append(dict(state)))
    passes = [s["forward_passes"] for s in seen]
    assert passes == sorted(passes)
    assert passes[-1] == len({row.tobytes() for trace in traces for row in trace.coalitions})
    assert len({s["planned"] for s in seen}) == 1
    assert passes[-1] <= seen[0]["planned"]
    assert (seen[0]["search"], seen[-1]["searches"]) == (1, 3)
    assert {s["search"] for s in seen} == {1, 2, 3}
    last = traces[seen[-1]["search"] - 1]
    assert seen[-1]["objective"] == pytest.approx(last.objective[seen[-1]["placed"]])


def test_a_crash_loses_at_most_a_chunk(tmp_path):
    class Fails(AdditiveScorer):
        identity = {"model": "fails"}  # noqa: RUF012

        def __call__(self, shown):
            if shown[shown.sum(1) == 1, -1].any():  # the last region alone
                raise MemoryError
            return super().__call__(shown)

    n = 3 * CHUNK + 5
    with pytest.raises(MemoryError):
        order(Fails(n), search="greedy", store=tmp_path / "scores.db")
    every = np.concatenate([np.eye(n, dtype=bool), ~np.eye(n, dtype=bool), [[False] * n, [True] * n]])
    stored = Store(tmp_path / "scores.db").get_scores(
        digest(regions=n, scorer={"model": "fails"}), coalition_keys(every)
    )
    assert len(stored) == 2 + 3 * CHUNK
