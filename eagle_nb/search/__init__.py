"""Search for the order of regions: one strategy per file, all with one signature.

A strategy is a function ``strategy(evaluation)`` that asks `Evaluation` for the objective of candidates
and places one region after another.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..objective import Weights, check_weights
from .bidirectional import bidirectional
from .budget import Budget, parse_budget
from .checkpoint import Checkpoint
from .evaluation import BudgetSpent, Callback, Evaluation, check_tokens
from .fast import default_passes, fast, finish, spend_rest
from .greedy import greedy
from .lazy import lazy
from .optimum import Optimum, gap, optimum
from .phasewin import phasewin
from .scores import Scorer, Scores, number_of_regions
from .single import single
from .together import shared_passes, together
from .trace import SearchTrace, build_trace

__all__ = [
    "STRATEGIES",
    "Budget",
    "Checkpoint",
    "Optimum",
    "Scorer",
    "Scores",
    "SearchTrace",
    "check_search",
    "gap",
    "optimum",
    "order",
    "order_each",
    "replay",
]

STRATEGIES: dict[str, Callable[[Evaluation], None]] = {
    "greedy": greedy,
    "lazy": lazy,
    "phasewin": phasewin,
    "bidirectional": bidirectional,
    "single": single,
    "fast": fast,
}


def check_search(search: str, budget: int | str | None = None, n: int | None = None, searches: int = 1) -> Budget:
    """Refuse an unknown strategy, a single region, and a budget that cannot pay for the curves of so many searches.

    Raises
    ------
    ValueError
    TypeError
    """
    if search not in STRATEGIES:
        raise ValueError(f"unknown search {search!r}; known searches: {', '.join(STRATEGIES)}")
    if n is not None and n < 2:
        raise ValueError(f"an order needs at least two regions, there is {n}; cut the image into more")
    return parse_budget(budget, n, searches)


def order(
    scorer: Scorer,
    tokens: Sequence[int] | None = None,
    search: str = "greedy",
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    callback: Callback | None = None,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
    partial: bool = True,
) -> SearchTrace:
    """Order the regions of a scorer by how well they explain the tokens.

    Parameters
    ----------
    scorer : Scorer
        Any object with ``n_regions`` that turns coalitions, bool (M, N), into probabilities (M, T).
    tokens : sequence of int, optional
        Indices of the tokens to explain together; all by default.
    search : {"greedy", "lazy", "phasewin", "bidirectional", "single", "fast"}
        The strategy: exhaustive greedy, CELF, PhaseWin, the paper's efficient variant, one-shot, or ours.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.
    budget : int or str, optional
        Forward passes that may be spent, at least 2 N + 2; or a time, ``"30 s"`` or ``"2 min"``. Where it does not pay for
        the strategy's next round, the rest of the order is found as "fast" finds it, with the passes left. Both curves are
        always scored exactly, so that a time too short for them is exceeded.
    callback : callable, optional
        Called after each batch of passes with a dict: "passes", "planned" and "seconds_left" (both at most), "seconds",
        "placed", "objective".
    checkpoint : path, optional
        Scored coalitions are kept in this file as they come; the same call after a crash goes on from there and gives the
        identical result (unless the budget is a time). A file made with another image, model, prompt, answer, fill
        or region map is refused, as far as the scorer tells what it scores (``scorer.identity``).
    partial : bool
        Whether an interrupt (Ctrl-C) returns what was found, the rest proposed; else it is raised.

    Returns
    -------
    SearchTrace

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, the checkpoint belongs to something else, or the scorer returns another
        shape, NaN or infinity.
    """
    spend = check_search(search, budget, number_of_regions(scorer))
    weights = check_weights(weights)
    evaluation = Evaluation(Scores(scorer, _opened(checkpoint, scorer)), tokens, weights, spend, callback)
    return _search(evaluation, search)[0] if partial else _whole(evaluation, search)


def order_each(
    scorer: Scorer,
    groups: Sequence[Sequence[int]],
    search: str = "fast",
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    callback: Callback | None = None,
    checkpoint: str | os.PathLike[str] | Checkpoint | None = None,
) -> list[SearchTrace]:
    """Order the regions for several groups of tokens, each by itself, sharing every pass.

    Parameters
    ----------
    scorer : Scorer
    groups : sequence of sequence of int
        Token indices of each group.
    search, weights, checkpoint
        See `order`.
    callback : callable, optional
        See `order`; passes and seconds are those of all groups together, "search" counts the groups from 1 to "searches".
    budget : int or str, optional
        For all groups together: at least 2 N + 2 passes each. "fast" takes `eagle_nb.search.together.SHARED` times what one
        group gets, however many there are. Where it is given less than each group's own search would take, it finds their
        orders together (see `eagle_nb.search.together`); given more, one after the other, from the same passes.

    Returns
    -------
    list of SearchTrace
        One per group; after an interrupt (Ctrl-C) only as many as have an order.
    """
    n = number_of_regions(scorer)
    groups = [list(group) for group in groups]
    spend = check_search(search, budget, n, len(groups))
    weights = check_weights(weights)
    if search == "fast" and budget is None:
        spend = Budget(passes=shared_passes(n, len(groups)))
    scores, traces = Scores(scorer, _opened(checkpoint, scorer)), []
    groups = [check_tokens(group, scores.n_tokens) for group in groups]
    began = time.perf_counter() - scores.seconds
    told = [_told(callback, scores, began, spend, k, len(groups)) for k in range(len(groups))]
    every = Evaluation(scores, sorted({token for group in groups for token in group}), weights, spend)
    if search == "fast" and len(groups) > 1 and every.spare + 2 * n < len(groups) * default_passes(n):
        evaluations = [Evaluation(scores, g, weights, callback=tell) for g, tell in zip(groups, told, strict=True)]
        try:
            together(every, evaluations)
        except KeyboardInterrupt:
            if not evaluations[0].first:
                finish(evaluations[0])
                del evaluations[1:]
        traces = [build_trace(evaluation, search) for evaluation in evaluations]
        return [replace(trace, seconds=(time.perf_counter() - began) / len(traces)) for trace in traces]
    for k, tokens in enumerate(groups):
        part = spend.less(len(scores) if len(scores) > 2 else 0, time.perf_counter() - began).divided(len(groups) - k)
        trace, whole = _search(Evaluation(scores, tokens, weights, part, told[k]), search)
        traces.append(trace)
        if not whole:
            break
    return traces


def _opened(checkpoint: str | os.PathLike[str] | Checkpoint | None, scorer: Scorer) -> Checkpoint | None:
    if checkpoint is None or isinstance(checkpoint, Checkpoint):
        return checkpoint
    return Checkpoint.of(scorer, checkpoint)


def _told(
    callback: Callback | None, scores: Scores, began: float, spend: Budget, k: int, searches: int
) -> Callback | None:
    """A callback that hears of one of several searches what holds for all of them together."""
    if callback is None:
        return None

    def told(state: dict[str, Any]) -> None:
        passes, seconds = len(scores), time.perf_counter() - began
        planned = spend.passes or min(searches * scores.n * (scores.n + 1), 2**scores.n)
        left = max(0, planned - passes) * seconds / max(passes, 1)
        if spend.seconds is not None:
            left = min(left, max(0.0, spend.seconds - seconds))
        whole = {"passes": passes, "planned": planned, "seconds": seconds, "seconds_left": left}
        callback({"placed": 0, "objective": float("nan"), **state, **whole, "search": k + 1, "searches": searches})

    return told


def _search(evaluation: Evaluation, search: str) -> tuple[SearchTrace, bool]:
    """Run a strategy; what it leaves open, because it ran out of passes or was interrupted, is proposed.

    One interrupt is taken as the wish to see what there is; a second one ends everything.
    """
    try:
        return _whole(evaluation, search), True
    except KeyboardInterrupt:
        finish(evaluation)
        return build_trace(evaluation, search), False


def _whole(evaluation: Evaluation, search: str) -> SearchTrace:
    try:
        STRATEGIES[search](evaluation)
    except BudgetSpent:
        spend_rest(evaluation)
    return build_trace(evaluation, search)


def replay(
    scorer: Scorer,
    found: Sequence[int] | np.ndarray,
    tokens: Sequence[int] | None = None,
    weights: Weights = (1.0, 1.0),
    search: str = "replay",
) -> SearchTrace:
    """The trace of an order found elsewhere: both its curves through the scorer, 2 N passes.

    Parameters
    ----------
    scorer : Scorer
    found : sequence of int, (N,)
        A permutation of the regions, most important first.
    tokens, weights
        See `order`.
    search : str
        What the trace says it comes from.

    Raises
    ------
    ValueError
        If `found` is no permutation of the scorer's regions.
    """
    n, regions = number_of_regions(scorer), np.asarray(found)
    if regions.shape != (n,) or not np.array_equal(np.sort(regions), np.arange(n)):
        raise ValueError(f"an order of {n} regions must be a permutation of 0 … {n - 1}, got {regions.tolist()}")
    evaluation = Evaluation(Scores(scorer), tokens, check_weights(weights))
    for region in regions:
        evaluation.place(int(region))
    return build_trace(evaluation, search)
