"""Lazy greedy search (CELF): a gain seen earlier is taken as a bound on the gain now.

Source: Minoux 1978; Leskovec et al. 2007, "Cost-effective outbreak detection in networks". Exact where F is
submodular. F is not, for these models: a gain that has grown since it was scored is found too late.
"""

from __future__ import annotations

import heapq

import numpy as np

from .evaluation import Evaluation


def lazy(evaluation: Evaluation) -> None:
    """Place all regions, re-scoring the one with the largest known gain until it stays on top."""
    empty = float(evaluation.objective(np.zeros((1, evaluation.n), dtype=bool))[0])
    regions = evaluation.remaining
    values = evaluation.candidates(regions)
    queue = [(-value, int(region), 0) for region, value in zip(regions, values - empty, strict=True)]
    heapq.heapify(queue)
    total = empty
    while queue:
        loss, region, scored = heapq.heappop(queue)
        if scored == len(evaluation.first):
            total -= loss
            evaluation.place(region, total)
            continue
        gain = float(evaluation.candidates([region])[0]) - total
        heapq.heappush(queue, (-gain, region, len(evaluation.first)))
