"""Order regions: one group of tokens, several groups from shared forward passes, or an order that comes from elsewhere."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..protocols import Scorer
from ..scoring.cached import CachedScorer
from ..scoring.coalitions import number_of_regions
from ..scoring.objective import Aggregate, Weights, check_aggregate, check_weights
from ..scoring.store import Store, as_store
from .budget import Budget, parse_budget
from .state import BudgetSpent, Callback, SearchState, check_tokens
from .strategies.fast import FastSearch
from .strategies.registry import DEFAULT_SEARCH, JointStrategy, Strategy, resolve_strategy, strategy_name
from .trace import SearchTrace, build_trace

_REST = FastSearch()  # places what another strategy leaves open


def check_search(
    search: str | Strategy, budget: int | str | None = None, n: int | None = None, searches: int = 1
) -> Budget:
    """Validate a search before anything is scored.

    Parameters
    ----------
    search : str or Strategy
        The strategy.
    budget : int, str or None
        Its budget.
    n : int, optional
        Number of regions.
    searches : int
        Number of orders that the budget pays for.

    Returns
    -------
    Budget
        The budget.

    Raises
    ------
    ValueError
        If the strategy is unknown, there is a single region, or the budget does not pay for the curves.
    TypeError
        If an argument is of another type.
    """
    resolve_strategy(search)
    if n is not None and n < 2:
        raise ValueError(f"an order needs at least two regions, there is {n}; cut the image into more")
    return parse_budget(budget, n, searches)


def order(
    scorer: Scorer,
    tokens: Sequence[int] | None = None,
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    callback: Callback | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    partial: bool = True,
    aggregate: Aggregate = "mean",
) -> SearchTrace:
    """Order the regions of a scorer by how well they explain the tokens.

    Parameters
    ----------
    scorer : Scorer
        Any object with ``n_regions`` that turns coalitions, bool (M, N), into probabilities, float (M, T).
    tokens : sequence of int, optional
        Indices of the tokens to explain together; all by default.
    search : {"fast", "greedy", "lazy", "phasewin", "bidirectional", "single"} or Strategy
        The strategy: by name with its default options, or one with other options, or one of your own; see
        `eagle_nb.search.strategies`.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.
    budget : int or str, optional
        Forward passes that may be spent, at least 2 N + 2; or a time, ``"30 s"`` or ``"2 min"``. Where it does not pay for the next
        round of the strategy, the rest of the order is found as "fast" finds it, with the forward passes left. Both curves are
        always scored exactly, so a time too short for them is exceeded.
    callback : callable, optional
        Called after each batch of forward passes with a dict: "forward_passes", "planned" and "seconds_left" (upper bounds),
        "seconds", "placed" and "objective".
    store : Store or path, optional
        Scored coalitions are kept there as they come; the same call after a crash resumes and gives the identical result (unless the
        budget is a time). The scorer needs an ``identity``.
    partial : bool
        Whether an interrupt (Ctrl-C) returns what was found, the rest proposed; otherwise it is raised.
    aggregate : {"mean", "joint"}
        The target of several tokens: the mean of their probabilities (the paper), or their product, the probability of the whole word.

    Returns
    -------
    SearchTrace
        The order with its curves.

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, the store cannot be used, or the scorer returns another shape, NaN or
        infinity.

    Examples
    --------
    >>> class Sum:
    ...     n_regions = 3
    ...     def __call__(self, shown):
    ...         return (shown @ np.array([0.1, 0.6, 0.3]))[:, None]
    >>> order(Sum()).order
    array([1, 2, 0])
    """
    strategy = resolve_strategy(search)
    spend = check_search(search, budget, number_of_regions(scorer))
    check_aggregate(aggregate)
    state = SearchState(_cached(scorer, store), tokens, check_weights(weights), spend, callback, aggregate)
    return _run(state, strategy)[0] if partial else _run_whole(state, strategy)


def order_each(
    scorer: Scorer,
    groups: Sequence[Sequence[int]],
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    callback: Callback | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    aggregate: Aggregate = "mean",
) -> list[SearchTrace]:
    """Order the regions for several groups of tokens, each separately, sharing every forward pass.

    Parameters
    ----------
    scorer : Scorer
        See `order`.
    groups : sequence of sequence of int
        Token indices of each group.
    search : str or Strategy
        See `order`.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.
    budget : int or str, optional
        For all groups together: at least 2 N + 2 forward passes each. "fast" by default takes 2.8 times what one group gets, however
        many there are. Where the budget is smaller than what separate searches would take, it finds the orders jointly (see
        `eagle_nb.search.joint`); otherwise one after the other, from shared forward passes.
    callback : callable, optional
        See `order`; forward passes and seconds are those of all groups together, and "search" counts the groups from 1 to
        "searches".
    store : Store or path, optional
        See `order`.
    aggregate : {"mean", "joint"}
        See `order`.

    Returns
    -------
    list of SearchTrace
        One per group; after an interrupt (Ctrl-C) only those that have an order.

    Raises
    ------
    ValueError
        As `order`.
    """
    strategy = resolve_strategy(search)
    n = number_of_regions(scorer)
    groups = [list(group) for group in groups]
    spend = check_search(search, budget, n, len(groups))
    weights, aggregate = check_weights(weights), check_aggregate(aggregate)
    if isinstance(strategy, JointStrategy) and budget is None:
        spend = Budget(forward_passes=strategy.joint_budget(n, len(groups)))
    scores, traces = _cached(scorer, store), []
    groups = [check_tokens(group, scores.n_tokens) for group in groups]
    began = time.perf_counter() - scores.seconds
    callbacks = [_joint_callback(callback, scores, began, spend, k, len(groups)) for k in range(len(groups))]
    every = SearchState(scores, sorted({token for group in groups for token in group}), weights, spend)
    payable = every.spare + 2 * n
    if isinstance(strategy, JointStrategy) and len(groups) > 1 and payable < len(groups) * strategy.default_budget(n):
        states = [
            SearchState(scores, group, weights, callback=each, aggregate=aggregate)
            for group, each in zip(groups, callbacks, strict=True)
        ]
        try:
            strategy.order_jointly(every, states)
        except KeyboardInterrupt:
            if not states[0].first:
                _REST.finish(states[0])
                del states[1:]
        traces = [build_trace(state, strategy_name(strategy)) for state in states]
        return [replace(trace, seconds=(time.perf_counter() - began) / len(traces)) for trace in traces]
    for k, tokens in enumerate(groups):
        part = spend.minus(len(scores) if len(scores) > 2 else 0, time.perf_counter() - began).divided(len(groups) - k)
        trace, whole = _run(SearchState(scores, tokens, weights, part, callbacks[k], aggregate), strategy)
        traces.append(trace)
        if not whole:
            break
    return traces


def replay(
    scorer: Scorer,
    order: Sequence[int] | np.ndarray,
    tokens: Sequence[int] | None = None,
    weights: Weights = (1.0, 1.0),
    search: str = "replay",
    aggregate: Aggregate = "mean",
) -> SearchTrace:
    """Score both curves of an order that comes from elsewhere, with 2 N forward passes.

    Parameters
    ----------
    scorer : Scorer
        See `order`.
    order : sequence of int, (N,)
        A permutation of the regions, most important first.
    tokens : sequence of int, optional
        The selected tokens; all by default.
    weights : (float, float)
        λ1 and λ2.
    search : str
        Where the order comes from, as the trace names it.
    aggregate : {"mean", "joint"}
        See `order`.

    Returns
    -------
    SearchTrace
        The order with its curves.

    Raises
    ------
    ValueError
        If `order` is not a permutation of the scorer's regions.
    """
    n, regions = number_of_regions(scorer), np.asarray(order)
    if regions.shape != (n,) or not np.array_equal(np.sort(regions), np.arange(n)):
        raise ValueError(f"an order of {n} regions must be a permutation of 0 … {n - 1}, got {regions.tolist()}")
    state = SearchState(CachedScorer(scorer), tokens, check_weights(weights), aggregate=check_aggregate(aggregate))
    for region in regions:
        state.place(int(region))
    return build_trace(state, search)


def _cached(scorer: Scorer, store: Store | str | os.PathLike[str] | None) -> CachedScorer:
    """Return a new cache of the scorer, so that a search counts its own coalitions."""
    return CachedScorer(scorer, as_store(store))


def _joint_callback(
    callback: Callback | None, scores: CachedScorer, began: float, spend: Budget, k: int, searches: int
) -> Callback | None:
    """Return the callback of one of several searches, which reports what holds for all of them together."""
    if callback is None:
        return None

    def report(state: dict[str, Any]) -> None:
        passes, seconds = len(scores), time.perf_counter() - began
        n = scores.n_regions
        planned = spend.forward_passes or min(searches * n * (n + 1), 2**n)
        left = max(0, planned - passes) * seconds / max(passes, 1)
        if spend.seconds is not None:
            left = min(left, max(0.0, spend.seconds - seconds))
        whole = {"forward_passes": passes, "planned": planned, "seconds": seconds, "seconds_left": left}
        callback({"placed": 0, "objective": float("nan"), **state, **whole, "search": k + 1, "searches": searches})

    return report


def _run(state: SearchState, strategy: Strategy) -> tuple[SearchTrace, bool]:
    """Run a strategy; after an interrupt the rest is proposed. A second interrupt is raised."""
    try:
        return _run_whole(state, strategy), True
    except KeyboardInterrupt:
        _REST.finish(state)
        return build_trace(state, strategy_name(strategy)), False


def _run_whole(state: SearchState, strategy: Strategy) -> SearchTrace:
    """Run a strategy; what it leaves open when the budget ends is placed with the forward passes left."""
    try:
        strategy(state)
    except BudgetSpent:
        _REST.complete(state)
    return build_trace(state, strategy_name(strategy))
