"""Our search: a surrogate fitted to every coalition scored proposes, exact passes decide where it matters.

1. *Design*: a few regions are tried alone. Where they gain about their part of the whole, every region is scored alone and left
   out, as in the first round of exhaustive greedy. Else coalitions of half the regions and their complements are, rows of
   a Hadamard matrix, which tell the parts of all regions apart with the fewest passes (Plackett and Burman 1946) and
   speak even where no region does alone and none is missed alone. Searches for other words of the same answer find
   them scored.
2. *Sketches*: the surrogate orders all regions and a few coalitions along its order are scored, so that it learns where the
   curve will run; and again, each time from what the last sketch taught.
3. *Search*: round by round a `Surrogate` is fitted to everything scored so far and ranks the regions that are left.
   The best few are scored exactly and the best of them is placed; the more passes are left and the earlier the
   round, the more candidates. Each exact score is evidence for the next round.
   Where several words are explained, a search may end in the *common order*, that of all words together: the flat tails
   of many words' curves are then scored once.
4. *Second look*: the surrogate, which has now seen a whole order, proposes another; as far as the passes left allow, its
   curve is scored, and it is taken if its mean F is larger.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.linalg import hadamard

from ..objective import Weights
from .budget import Budget
from .evaluation import Evaluation
from .greedy import greedy
from .scores import Scores, prefixes
from .surrogate import Surrogate

SHARE = 0.1
"""Of exhaustive greedy's passes, what a search takes unless told otherwise."""

LEAST = 6
"""Passes per region that it takes at least: below some 60 regions a tenth hardly pays for more than the curves."""

DESIGN = 1 / 4
"""Of the passes that the curves leave over, what halves of the image and their complements take."""

MOST = 4
"""Passes per region beyond which more halves tell nothing new."""

SAMPLE = 8
"""Regions that are tried alone before the design is chosen."""

ALONE = 1 / 2
"""Of what all regions gain together, the part that those tried must promise of them one by one."""

SKETCHES, SKETCH = 4, 0.08
"""How often an order is sketched, and what each sketch takes of the passes that the curves leave over."""

SHARED = 2.9
"""How many times the passes of one search all words of an answer take together."""

FLAT = 0.002
"""What a common order may cost a word: this share of the range of its objective, in the mean over the curve."""

LEVEL = 0.05
"""A range of the objective below which a word is taken as one that the image does not move."""

_SEED = 20250922


def default_passes(n: int) -> int:
    """What `fast` spends on n regions when no budget is given."""
    return min(max(int(SHARE * n * (n + 1)), LEAST * n), n * (n + 1))


def shared_passes(n: int, searches: int) -> int:
    """What several searches over one answer spend together when no budget is given."""
    return int(min(SHARED, searches) * default_passes(n))


def fast(evaluation: Evaluation) -> None:
    """Place all regions within the budget, a tenth of exhaustive greedy's passes by default."""
    n = evaluation.n
    if evaluation.budget == Budget():
        evaluation.budget = Budget(passes=default_passes(n))
    evaluation.planned = min(evaluation.budget.passes or evaluation.planned, evaluation.planned)
    if evaluation.budget.passes is not None and evaluation.budget.passes >= n * (n + 1):
        greedy(evaluation)
        return
    surrogate = Surrogate(n)
    _survey(evaluation, surrogate)
    _search(evaluation, surrogate)
    _second_look(evaluation, surrogate)


def spend_rest(evaluation: Evaluation) -> None:
    """Go on where another strategy cannot pay for its next round: place what is left within the passes left.

    What that strategy has placed stays where it is.
    """
    surrogate = Surrogate(evaluation.n)
    if not evaluation.first and not evaluation.last:
        _survey(evaluation, surrogate)
    _search(evaluation, surrogate)


def _search(evaluation: Evaluation, surrogate: Surrogate) -> None:
    """Place, round by round, the best of the candidates that the surrogate proposes."""
    while len(remaining := evaluation.remaining):
        ranked = remaining[np.argsort(-_proposed(evaluation, surrogate, remaining), kind="stable")]
        own, spare = len(ranked), evaluation.spare
        if evaluation.common is not None:
            own, spare = _join(evaluation, surrogate, ranked)
        if not own:
            for region in _joined(ranked, 0, evaluation.common):
                evaluation.place(region)
            break
        few = ranked[: 1 + _more(spare, own)]
        values = evaluation.objective(evaluation.extended(few))
        best = int(np.argmax(values))
        evaluation.place(few[best], values[best])


def shared_design(n: int) -> np.ndarray:
    """The halves that a search without a budget scores: bool (M, n). Several searches over one answer share them."""
    return design(n, _pairs(n, default_passes(n) - 2 * n))


def common_order(scores: Scores, groups: Sequence[Sequence[int]], weights: Weights) -> tuple[list[int], np.ndarray]:
    """From a design scored: the order for all words together, and the groups (bool) that the image moves at all."""
    every = Evaluation(scores, sorted({token for group in groups for token in group}), weights)
    moved = [np.ptp(scores.rows[:, list(group)].mean(1)) * sum(weights) > LEVEL for group in groups]
    return _ordered(every, Surrogate(scores.n)), np.array(moved)


def finish(evaluation: Evaluation) -> None:
    """After an interrupt, place what is left as the surrogate proposes; each step's own two passes are all it costs and learns from."""
    surrogate = Surrogate(evaluation.n)
    while len(remaining := evaluation.remaining):
        best = int(remaining[np.argmax(_proposed(evaluation, surrogate, remaining))])
        evaluation.place(best, float(evaluation.objective(evaluation.extended([best]))[0]))


def design(n: int, count: int) -> np.ndarray:
    """Coalitions of about half the regions in which no two regions go together more than by chance.

    Returns
    -------
    ndarray of bool, (count, n)
        Rows and columns of a Hadamard matrix, drawn with a fixed seed.
    """
    order = 2 ** int(np.ceil(np.log2(max(n + 1, count))))
    rng = np.random.default_rng(_SEED)
    columns, rows = 1 + rng.permutation(order - 1)[:n], rng.permutation(order)[:count]
    return np.asarray(hadamard(order)[np.ix_(rows, columns)] > 0)


def _survey(evaluation: Evaluation, surrogate: Surrogate) -> None:
    """Score what the surrogate is to learn from before the first region is placed."""
    n, spare = evaluation.n, max(evaluation.spare, 0)
    each, halves = int(SKETCH * spare / 2), shared_design(n)
    if not evaluation.cost(halves):
        evaluation.objective(halves)
    elif spare >= 4 * n and _speak_alone(evaluation):
        evaluation.objective(np.eye(n, dtype=bool))
    elif pairs := _pairs(n, spare):
        evaluation.objective(design(n, pairs))
    few = np.linspace(1, n - 1, min(each, n - 1)).round().astype(int)
    for _ in range(SKETCHES if each else 0):
        evaluation.objective(prefixes(_ordered(evaluation, surrogate))[few])


def _speak_alone(evaluation: Evaluation) -> bool:
    """Whether regions alone, judged by a few of them, gain about what all of them gain together."""
    n = evaluation.n
    few = np.random.default_rng(_SEED).permutation(n)[:SAMPLE]
    none, whole, *alone = evaluation.objective(np.concatenate([[[False] * n, [True] * n], np.eye(n, dtype=bool)[few]]))
    return bool(n * (np.mean(alone) - none) > ALONE * (whole - none) > 0)


def _pairs(n: int, spare: float) -> int:
    """How many halves are scored, each with its complement, where so many passes are left over."""
    return int(max(min(DESIGN * spare, MOST * n), 0) / 2)


def _ordered(evaluation: Evaluation, surrogate: Surrogate) -> list[int]:
    """All regions as the surrogate, fitted to everything scored, orders them."""
    surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
    found: list[int] = []
    while len(found) < evaluation.n:
        rest = np.setdiff1d(np.arange(evaluation.n), found)
        shown = np.eye(evaluation.n, dtype=bool)[rest]
        shown[:, found] = True
        found.append(int(rest[np.argmax(surrogate.objective(shown, evaluation.weights))]))
    return found


def _proposed(evaluation: Evaluation, surrogate: Surrogate, regions: np.ndarray) -> np.ndarray:
    surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
    return surrogate.objective(evaluation.extended(regions), evaluation.weights)


def _join(evaluation: Evaluation, surrogate: Surrogate, ranked: np.ndarray) -> tuple[int, float]:
    """How many more regions are to be placed as this search itself ranks them, before it joins the common order.

    The cheapest join whose predicted curve is as good as any, or the best predicted that can be paid for; and the passes
    left over then. Joins are tried after each of the next eight regions, and here and there among the others.
    """
    n, steps = evaluation.n, len(ranked)
    joins = np.union1d(np.arange(min(steps, 8) + 1), np.linspace(0, steps, 9).astype(int))
    orders = [[*evaluation.first, *_joined(ranked, own, evaluation.common)] for own in joins]
    curves = np.stack([prefixes(order) for order in orders])
    values = surrogate.objective(curves.reshape(-1, n), evaluation.weights).reshape(len(orders), n + 1)
    mean, costs = values.mean(1), np.array([evaluation.cost(curve) for curve in curves])
    left = evaluation.spare + 2 * max(steps - 1, 0)
    good = mean >= mean.max() - FLAT * max(float(np.ptp(values)), LEVEL)
    payable = costs <= left
    if (good & payable).any():
        at = int(np.argmin(np.where(good & payable, costs, np.inf)))
    else:
        at = int(np.argmax(mean + np.where(payable, 0.0, -2.0 - costs)))
    return int(joins[at]), float(left - costs[at])


def _joined(ranked: np.ndarray, own: int, common: Sequence[int] | None) -> list[int]:
    """The first `own` of the ranked regions, the others as the common order has them."""
    head = [int(region) for region in ranked[:own]]
    rest = set(ranked[own:].tolist())
    return [*head, *(region for region in common or () if region in rest)]


def _more(spare: float, steps: int) -> int:
    """How many candidates besides the first: the passes left over, more of them for the earlier of the steps."""
    return int(max(spare, 0) / (steps + 1)) if np.isfinite(spare) else steps


def _second_look(evaluation: Evaluation, surrogate: Surrogate) -> None:
    """Let the surrogate order the regions once more; take its order if it is better and its curve can be paid for."""
    evaluation.objective(prefixes(evaluation.order))
    while True:
        other = _ordered(evaluation, surrogate)
        cost = evaluation.cost(prefixes(other))
        if cost == 0 or cost > evaluation.spare:
            return
        new, own = (evaluation.objective(prefixes(order)).mean() for order in (other, evaluation.order))
        if new > own:
            evaluation.first, evaluation.last = other, []
