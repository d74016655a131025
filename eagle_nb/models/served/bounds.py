"""The probability of a token that a server does not list."""

from __future__ import annotations

import math
from collections.abc import Sequence

LEAST = 1e-12
"""The smallest bound: rounding can bring the sum of the listed probabilities to 1 or above."""


def floor_bound(listed: Sequence[float]) -> float:
    """Return an upper bound of the log-probability of a token that is not listed.

    A token outside the list is not more probable than the least probable token of the list, and not more probable than what the list
    leaves: min(smallest listed, 1 − sum of listed). It is never 0.

    Parameters
    ----------
    listed : sequence of float
        Log-probabilities of the listed tokens.

    Returns
    -------
    float
        Natural logarithm of the bound. Where nothing is listed, the model has ended its answer: the end token is the most probable one, so
        any other has at most 1/2.

    Examples
    --------
    >>> bound = floor_bound([math.log(0.7), math.log(0.2)])
    >>> round(math.exp(bound), 6)
    0.1
    """
    probabilities = [math.exp(value) for value in listed]
    if not probabilities:
        return math.log(0.5)
    return math.log(max(min(*probabilities, 1.0 - math.fsum(probabilities)), LEAST))
