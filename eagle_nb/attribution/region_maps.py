"""Attribution of regions: what a saliency map shows, by three rules."""

from __future__ import annotations

from typing import Literal

import numpy as np

from ..search.trace import SearchTrace

SaliencyKind = Literal["evidence", "gain", "order"]
"""Rules by which regions are graded."""

EVIDENCE_FLOOR = 0.05
"""Contributions are drawn relative to the largest, but to no less than this probability, so that noise is not drawn as evidence."""


def region_map(trace: SearchTrace, kind: SaliencyKind = "evidence") -> np.ndarray:
    """Return the attribution of each region.

    "evidence" is the contribution of the region to the target's probability, see `eagle_nb.search.evidence`. "gain" is the increase
    of F when the region was placed. Negative values are cut, and the rest is divided by the largest, or by `EVIDENCE_FLOOR` (for "gain":
    by both weights' share of it) where the largest is smaller.

    "order" is the rule of the reference: with F_k the objective after step k, region π_k gets ``-sum(|F_j - F_(j-1)| for j <= k)``,
    min-max normalised. It grades by the order alone. A constant objective gives 0.

    Parameters
    ----------
    trace : SearchTrace
        The search, N regions.
    kind : {"evidence", "gain", "order"}
        The rule.

    Returns
    -------
    ndarray of float64, (N,)
        In [0, 1], indexed by region id.

    Raises
    ------
    ValueError
        If the kind is unknown.

    References
    ----------
    "order": EAGLE (arXiv 2509.22496), public code.
    """
    if kind == "evidence":
        return _magnitudes(trace.evidence, EVIDENCE_FLOOR)
    scores = np.zeros(len(trace.order))
    if kind == "gain":
        scores[trace.order] = np.diff(trace.objective)
        return _magnitudes(scores, EVIDENCE_FLOOR * sum(trace.weights))
    if kind == "order":
        fallen = -np.cumsum(np.abs(np.diff(trace.objective)))
        spread = fallen.max() - fallen.min()
        scores[trace.order] = (fallen - fallen.min()) / spread if spread > 0 else 0.0
        return scores
    raise ValueError(f"kind is 'evidence', 'gain' or 'order' (the paper's rule), got {kind!r}")


def _magnitudes(values: np.ndarray, floor: float) -> np.ndarray:
    """Cut negative values and divide by the largest, or by the floor where it is larger."""
    return np.asarray(np.maximum(values, 0) / max(float(np.max(values)), floor))
