"""Exhaustive greedy search, the reference: every candidate of every round, two passes each.

Source: EAGLE (arXiv 2509.22496), algorithm 1. N (N + 1) forward passes; coalitions that come up twice are
scored once, which saves a few.
"""

from __future__ import annotations

import numpy as np

from .evaluation import Evaluation


def greedy(evaluation: Evaluation) -> np.ndarray:
    """Place all regions, the one with the largest F first; of equals, the lowest number.

    Returns
    -------
    ndarray of float64, (N, N)
        F of each candidate in each round, NaN where a region was no candidate.
    """
    n = evaluation.n
    table = np.full((n, n), np.nan)
    for k in range(n):
        remaining = np.setdiff1d(np.arange(n), evaluation.order)
        values = evaluation.candidates(remaining.tolist())
        table[k, remaining] = values
        best = int(np.argmax(values))
        evaluation.place(int(remaining[best]), float(values[best]))
    return table
