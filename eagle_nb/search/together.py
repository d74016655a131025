"""Orders for several words of one answer, found together from passes that score all of them.

The design and sketches of `fast` serve all words at once; then the order of the whole answer is scored from end to end, so that every
word has an order with both its curves. The other passes go to detours (see `eagle_nb.search.paths`), each time to the word whose
detour promises most.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .evaluation import Evaluation
from .fast import default_passes, ordered, survey
from .paths import improve
from .scores import prefixes
from .surrogate import Surrogate

SHARED = 2.8
"""How many times the passes of one search all words of an answer take."""

SURVEY = 1 / 2
"""Of all passes, the budget with which the survey reckons."""


def shared_passes(n: int, searches: int) -> int:
    """What several searches over one answer spend together when no budget is given."""
    return int(min(SHARED, searches) * default_passes(n))


def together(every: Evaluation, evaluations: Sequence[Evaluation]) -> None:
    """Place all regions for each of several words.

    Parameters
    ----------
    every : Evaluation
        Of all words' tokens, with the budget of all.
    evaluations : sequence of Evaluation
        One for each word, of the same scores.
    """
    n, surrogate = every.n, Surrogate(every.n)
    evaluations[0].listen()
    survey(every, surrogate, lambda: SURVEY * (every.spare + 2 * (n - 1)) - 2 * n)
    every.first = ordered(every, surrogate)
    every.objective(prefixes(every.first))
    for evaluation in evaluations:
        evaluation.rounds |= every.rounds
        evaluation.first = list(every.first)
        evaluation.best = float(evaluation.objective(np.ones((1, n), dtype=bool))[0])
    improve(evaluations, surrogate, lambda: every.spare)
