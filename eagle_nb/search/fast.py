"""Our search: a surrogate fitted to every coalition scored proposes, exact passes decide where it matters.

1. *Design*: every region alone and every region left out, the first round of exhaustive greedy. Searches for other
   tokens of the same answer find it scored.
2. Round by round a `Surrogate` is fitted to everything scored so far and ranks the regions that are left.
   The best few are scored exactly and the best of them is placed; how many is decided by the passes left, and
   by how much the surrogate says is at stake. Each exact score is evidence for the next round.
3. Where one proposal is as good as another, one whose coalition is scored already is taken: then
   the curves of several words of an answer run together in their tails.
"""

from __future__ import annotations

import numpy as np

from .budget import Budget
from .evaluation import Evaluation
from .greedy import greedy
from .surrogate import Surrogate

SHARE = 0.1
"""Of exhaustive greedy's passes, what a search takes unless told otherwise."""

LEAST = 6
"""Passes per region that it takes at least: below some 60 regions a tenth hardly pays for more than the curves."""

SHARED = 3
"""How many times the passes of one search all words of an answer take together."""


def default_passes(n: int) -> int:
    """What `fast` spends on n regions when no budget is given."""
    return min(max(int(SHARE * n * (n + 1)), LEAST * n), n * (n + 1))


def shared_passes(n: int, searches: int) -> int:
    """What several searches over one answer spend together when no budget is given."""
    return max(min(SHARED, searches) * default_passes(n), searches * (2 * n + 2))


def fast(evaluation: Evaluation) -> None:
    """Place all regions within the budget, a tenth of exhaustive greedy's passes by default."""
    n = evaluation.n
    if evaluation.budget == Budget():
        evaluation.budget = Budget(passes=default_passes(n))
    evaluation.planned = evaluation.budget.passes
    if evaluation.budget.passes is not None and evaluation.budget.passes >= n * (n + 1):
        greedy(evaluation)
        return
    alone = np.eye(n, dtype=bool)
    if evaluation.cost(alone) <= evaluation.spare:
        evaluation.objective(alone)
    surrogate = Surrogate(n, len(evaluation.tokens))
    while len(remaining := evaluation.remaining):
        surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
        proposed = surrogate.objective(evaluation.extended(remaining), evaluation.weights)
        ranked = remaining[np.argsort(-proposed, kind="stable")]
        most = 1 + int(max(evaluation.spare, 0) / 2 / len(remaining) * 1.5)
        few = ranked[:most]
        values = evaluation.objective(evaluation.extended(few))
        best = int(np.argmax(values))
        evaluation.place(few[best], len(few) > 1 or len(remaining) == 1, values[best])


def finish(evaluation: Evaluation) -> None:
    """Place what is left as the surrogate proposes; each step's own two passes are all it costs, and all it learns from."""
    surrogate = Surrogate(evaluation.n, len(evaluation.tokens))
    while len(remaining := evaluation.remaining):
        surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
        proposed = surrogate.objective(evaluation.extended(remaining), evaluation.weights)
        best = int(remaining[np.argmax(proposed)])
        value = float(evaluation.objective(evaluation.extended([best]))[0])
        evaluation.place(best, len(remaining) == 1, value)
