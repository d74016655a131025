"""Our search: a surrogate fitted to every coalition scored proposes, exact passes decide where it matters.

1. *Design*: a few regions are tried alone. Where they gain about their part of the whole, every region is scored alone and left
   out, as in the first round of exhaustive greedy. Else coalitions of half the regions and their complements are, rows of
   a Hadamard matrix, which tell the parts of all regions apart with the fewest passes (Plackett and Burman 1946) and
   speak even where no region does alone and none is missed alone.
2. *Sketches*: the surrogate orders all regions and a few coalitions along its order are scored, so that it learns where the
   curve will run; and again, each time from what the last sketch taught.
3. *Search*: round by round a `Surrogate` is fitted to everything scored so far and ranks the regions that are left.
   The best few are scored exactly and the best of them is placed; the more passes are left and the earlier the
   round, the more candidates. Each exact score is evidence for the next round.
4. *Detours*: what was held back for them pays for detours from the order found (see `eagle_nb.search.paths`), proposed by the
   surrogate, which has now seen a whole order.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.linalg import hadamard

from .budget import Budget
from .evaluation import Evaluation
from .greedy import greedy
from .paths import improve
from .scores import prefixes
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

HELD = 1 / 4
"""Of the passes left over after the survey, what detours get."""

_SEED = 20250922


def default_passes(n: int) -> int:
    """What `fast` spends on n regions when no budget is given."""
    return min(max(int(SHARE * n * (n + 1)), LEAST * n), n * (n + 1))


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
    survey(evaluation, surrogate, lambda: evaluation.spare)
    _search(evaluation, surrogate, HELD * evaluation.spare)
    evaluation.objective(prefixes(evaluation.order))
    improve([evaluation], surrogate, lambda: evaluation.spare)


def spend_rest(evaluation: Evaluation) -> None:
    """Go on where another strategy cannot pay for its next round: place what is left within the passes left.

    What that strategy has placed stays where it is.
    """
    surrogate = Surrogate(evaluation.n)
    if not evaluation.first and not evaluation.last:
        survey(evaluation, surrogate, lambda: evaluation.spare)
    _search(evaluation, surrogate, 0)


def _search(evaluation: Evaluation, surrogate: Surrogate, held: float) -> None:
    """Place, round by round, the best of the candidates that the surrogate proposes; so many passes are held back."""
    while len(remaining := evaluation.remaining):
        ranked = remaining[np.argsort(-_proposed(evaluation, surrogate)[remaining], kind="stable")]
        few = ranked[: 1 + _more(evaluation.spare - held, len(ranked))]
        values = evaluation.objective(evaluation.extended(few))
        best = int(np.argmax(values))
        evaluation.place(few[best], values[best])


def finish(evaluation: Evaluation) -> None:
    """After an interrupt, place what is left as the surrogate proposes; each step's own two passes are all it costs and learns from."""
    surrogate = Surrogate(evaluation.n)
    while len(remaining := evaluation.remaining):
        best = int(remaining[np.argmax(_proposed(evaluation, surrogate)[remaining])])
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


def survey(evaluation: Evaluation, surrogate: Surrogate, left: Callable[[], float]) -> None:
    """Score what the surrogate is to learn from before the first region is placed, with the passes left besides the curves'."""
    n = evaluation.n
    if evaluation.budget.seconds is not None and left() >= 2 * SAMPLE:
        _speak_alone(evaluation)  # the first two passes, which warm a model up, do not tell how many a time pays for
    spare = max(left(), 0)
    each = int(SKETCH * spare / 2)
    if spare >= 4 * n and _speak_alone(evaluation):
        evaluation.objective(np.eye(n, dtype=bool))
    elif pairs := _pairs(n, spare):
        evaluation.objective(design(n, pairs))
    few = np.linspace(1, n - 1, min(each, n - 1)).round().astype(int)
    for _ in range(SKETCHES if each else 0):
        evaluation.objective(prefixes(ordered(evaluation, surrogate))[few])


def _speak_alone(evaluation: Evaluation) -> bool:
    """Whether regions alone, judged by a few of them, gain about what all of them gain together."""
    n = evaluation.n
    few = np.random.default_rng(_SEED).permutation(n)[:SAMPLE]
    none, whole, *alone = evaluation.objective(np.concatenate([[[False] * n, [True] * n], np.eye(n, dtype=bool)[few]]))
    return bool(n * (np.mean(alone) - none) > ALONE * (whole - none) > 0)


def _pairs(n: int, spare: float) -> int:
    """How many halves are scored, each with its complement, where so many passes are left over."""
    return int(max(min(DESIGN * spare, MOST * n), 0) / 2)


def ordered(evaluation: Evaluation, surrogate: Surrogate) -> list[int]:
    """All regions as the surrogate, fitted to everything scored, orders them."""
    surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
    return surrogate.continued([[]], evaluation.n, evaluation.weights)[0]


def _proposed(evaluation: Evaluation, surrogate: Surrogate) -> np.ndarray:
    """F that the surrogate, fitted to everything scored, foretells with each region placed next: (N,)."""
    surrogate.fit(evaluation.scores.shown, evaluation.scores.rows[:, evaluation.tokens])
    shown = np.zeros((1, evaluation.n), dtype=bool)
    shown[:, evaluation.first] = True
    return np.asarray(surrogate.extensions(shown, evaluation.weights)[0])


def _more(spare: float, steps: int) -> int:
    """How many candidates besides the first: the passes left over, more of them for the earlier of the steps."""
    return int(max(spare, 0) / (steps + 1)) if np.isfinite(spare) else steps
