"""Greedy from both ends with a narrow scope, the paper's "efficient" variant.

Source: EAGLE (arXiv 2509.22496), public code, as described: now and then all regions are scored again; in between
only the few best of that ranking are candidates for the front, and the least important is taken from its tail.
How often and how few are options there; the defaults here are ours.
"""

from __future__ import annotations

import numpy as np

from .evaluation import Evaluation

PERIOD = 5
"""Every so many rounds all remaining regions are scored."""

SCOPE = 5
"""Candidates for the front, and for the back, in the rounds between."""


def bidirectional(evaluation: Evaluation) -> None:
    """Place a region at the front and one at the back per round, until they meet."""
    gains = np.full(evaluation.n, np.nan)
    total = float(evaluation.objective(np.zeros((1, evaluation.n), dtype=bool))[0])
    turn = 0
    while len(remaining := evaluation.remaining):
        if turn % PERIOD == 0 or len(remaining) <= 2 * SCOPE:
            scope = remaining
        else:
            ranked = remaining[np.argsort(-gains[remaining], kind="stable")]
            scope = np.concatenate([ranked[:SCOPE], ranked[-SCOPE:]])
        values = evaluation.candidates(scope)
        gains[scope] = values - total
        best, worst = int(np.argmax(values)), int(np.argmin(values))
        total = float(values[best])
        evaluation.place(scope[best], total)
        if len(remaining) > 2 and worst != best:
            evaluation.place_last(scope[worst])
        turn += 1
