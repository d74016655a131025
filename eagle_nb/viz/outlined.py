"""Which regions a map outlines: those that the headline of its explanation counts first."""

from __future__ import annotations

import numpy as np

from ..attribution.explanation import Explanation


def outlined_step(explanation: Explanation) -> int:
    """Return how many regions of the order are outlined.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    int
        The number that is enough for the target, or, if it is smaller, the number without which the target is lost; 0 if that would be all.
    """
    k = min(explanation.sufficient_step, explanation.necessary_step)
    return k if k < explanation.regions.n else 0


def outlined_mask(explanation: Explanation) -> np.ndarray:
    """Return the pixels that are outlined.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    ndarray of bool, (H, W)
        Whether a pixel is inside.
    """
    return np.isin(explanation.regions.labels, explanation.order[: outlined_step(explanation)])


def outlined_meaning(explanation: Explanation) -> str:
    """Return what the outline means, in words.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    str
        For a key; empty if nothing is outlined.
    """
    if outlined_step(explanation) == 0:
        return ""
    if explanation.necessary_step < explanation.sufficient_step:
        return "outlined: without it, the probability halves"
    return "outlined: enough for the explained words"
