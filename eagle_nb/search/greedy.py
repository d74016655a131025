"""Exhaustive greedy search, the reference: every candidate of every round, two passes each.

Source: EAGLE (arXiv 2509.22496), algorithm 1. N (N + 1) forward passes; coalitions that come up twice are
scored once, which saves a few.
"""

from __future__ import annotations

import numpy as np

from .evaluation import Evaluation


def greedy(evaluation: Evaluation) -> None:
    """Place all regions, the one with the largest F first; of equals, the lowest number."""
    while len(remaining := evaluation.remaining):
        values = evaluation.candidates(remaining)
        best = int(np.argmax(values))
        evaluation.place(remaining[best], values[best])
