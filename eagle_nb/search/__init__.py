"""Search for the order of regions: one strategy per file, all with one signature.

A strategy is a function ``strategy(evaluation)`` that asks `Evaluation` for the objective of candidates
and places one region after another.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..objective import Weights, check_weights, objective
from .evaluation import BudgetSpent, Callback, Evaluation, Scorer
from .greedy import greedy

__all__ = ["STRATEGIES", "Scorer", "SearchTrace", "check_search", "order"]

STRATEGIES = {"greedy": greedy}


@dataclass(frozen=True, eq=False)
class SearchTrace:
    """What a search found and how.

    Attributes
    ----------
    order : ndarray of int, (N,)
        Region ids, most important first.
    insertion : ndarray of float32, (N + 1, T)
        Token probabilities when the first k regions are shown, k = 0 … N.
    deletion : ndarray of float32, (N + 1, T)
        Token probabilities when the first k regions are hidden.
    objective : ndarray of float64, (N + 1,)
        F of the first k regions.
    candidates : ndarray of float64, (N, N)
        F of each candidate in each round; NaN where it was not scored.
    decided : ndarray of bool, (N,)
        Whether each step was decided by the strategy; False where the search was cut short
        (budget, interrupt) and the last round's candidates were taken in the order of their F.
    tokens : tuple of int
    weights : (float, float)
    search : str
    forward_passes : int
        Distinct coalitions scored, those of the curves included.
    seconds : float
    coalitions : ndarray of bool, (forward_passes, N)
        Every coalition scored.
    rounds : ndarray of int, (forward_passes,)
        The round each was first scored in.
    """

    order: np.ndarray
    insertion: np.ndarray = field(repr=False)
    deletion: np.ndarray = field(repr=False)
    objective: np.ndarray = field(repr=False)
    candidates: np.ndarray = field(repr=False)
    decided: np.ndarray = field(repr=False)
    tokens: tuple[int, ...]
    weights: Weights
    search: str
    forward_passes: int
    seconds: float
    coalitions: np.ndarray = field(repr=False)
    rounds: np.ndarray = field(repr=False)


def check_search(search: str, budget: int | None, n: int | None = None) -> None:
    """Refuse an unknown strategy and a budget that cannot pay for the curves.

    Raises
    ------
    ValueError
    TypeError
    """
    if search not in STRATEGIES:
        raise ValueError(f"unknown search {search!r}; known searches: {', '.join(STRATEGIES)}")
    if budget is None:
        return
    if isinstance(budget, bool) or not isinstance(budget, int | np.integer):
        raise TypeError(f"budget is a number of forward passes, got {budget!r}")
    if n is not None and budget < 2 * n + 2:
        raise ValueError(
            f"a budget of {budget} passes is too small: an order of {n} regions with both its curves takes at least {2 * n + 2}"
        )


def order(
    scorer: Scorer,
    tokens: Sequence[int] | None = None,
    search: str = "greedy",
    weights: Weights = (1.0, 1.0),
    budget: int | None = None,
    callback: Callback | None = None,
) -> SearchTrace:
    """Order the regions of a scorer by how well they explain the tokens.

    Parameters
    ----------
    scorer : Scorer
        Any object with ``n_regions`` that turns coalitions, bool (M, N), into probabilities (M, T).
    tokens : sequence of int, optional
        Indices of the tokens to explain together; all by default.
    search : {"greedy"}
        The strategy.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.
    budget : int, optional
        Forward passes that may be spent, at least 2 N + 2. When they run short the rest of the order is
        proposed from the last round's candidates; both curves are always scored.
    callback : callable, optional
        Called after each batch of passes with ``{"passes", "placed", "objective"}``.

    Returns
    -------
    SearchTrace
        An interrupt (Ctrl-C) returns one too: what was found, the rest proposed.

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, or the scorer returns another shape, NaN or infinity.
    """
    n = int(scorer.n_regions)
    if n < 1:
        raise ValueError(f"a scorer needs at least one region, this one has {n}")
    check_search(search, budget, n)
    weights = check_weights(weights)
    began = time.perf_counter()
    evaluation = Evaluation(scorer, tokens, weights, budget, callback)
    table = np.full((n, n), np.nan)
    try:
        table = STRATEGIES[search](evaluation)
        decided = n
    except (BudgetSpent, KeyboardInterrupt):
        decided = len(evaluation.order)
        table = _known_candidates(evaluation, table)
        _propose_rest(evaluation, table)
    found = np.array(evaluation.order)
    prefixes = np.zeros((n + 1, n), dtype=bool)
    prefixes[1:, found] = np.tri(n, dtype=bool)
    both = evaluation.score(np.concatenate([prefixes, ~prefixes]))
    insertion, deletion = both[: n + 1], both[n + 1 :]
    coalitions = np.unpackbits(
        np.frombuffer(b"".join(evaluation.rounds), np.uint8).reshape(evaluation.passes, -1), axis=1, count=n
    ).astype(bool)
    return SearchTrace(
        order=found,
        insertion=insertion,
        deletion=deletion,
        objective=objective(insertion, deletion, evaluation.tokens, weights),
        candidates=table,
        decided=np.arange(n) < decided,
        tokens=tuple(evaluation.tokens),
        weights=weights,
        search=search,
        forward_passes=evaluation.passes,
        seconds=time.perf_counter() - began,
        coalitions=coalitions,
        rounds=np.array(list(evaluation.rounds.values())),
    )


def _known_candidates(evaluation: Evaluation, table: np.ndarray) -> np.ndarray:
    """F of every candidate whose two coalitions happen to be scored, round by round."""
    n, known = evaluation.n, evaluation.rounds
    for k in range(len(evaluation.order) + 1):
        for region in set(range(n)) - set(evaluation.order[:k]):
            shown = np.zeros((1, n), dtype=bool)
            shown[0, [*evaluation.order[:k], region]] = True
            if all(np.packbits(s, axis=1).tobytes() in known for s in (shown, ~shown)):
                table[k, region] = evaluation.objective(shown)[0]
    return table


def _propose_rest(evaluation: Evaluation, table: np.ndarray) -> None:
    """Place what is left by the most recent F of each region, best first."""
    n = evaluation.n
    recent = np.full(n, -np.inf)
    for row in table:
        recent = np.where(np.isfinite(row), row, recent)
    left = sorted(set(range(n)) - set(evaluation.order), key=lambda v: (-recent[v], v))
    for region in left:
        evaluation.place(region, float("nan"))
