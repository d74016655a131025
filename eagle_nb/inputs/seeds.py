"""Seeds and generators of random numbers, as functions take them with ``rng=``."""

from __future__ import annotations

import numpy as np

Rng = int | np.integer | np.random.Generator | None
"""A seed or a generator, as `numpy.random.default_rng` takes it (SPEC 7)."""


def integer_seed(rng: Rng) -> int:
    """Return an integer seed for a library that takes no generator, such as torch.

    Parameters
    ----------
    rng : int, numpy.random.Generator or None
        A seed, which is returned as it is, or a generator, from which a seed is drawn.

    Returns
    -------
    int
        The seed.

    Examples
    --------
    >>> integer_seed(7)
    7
    """
    if isinstance(rng, int | np.integer):
        return int(rng)
    return int(np.random.default_rng(rng).integers(2**63))


def recorded_seed(rng: Rng) -> int | None:
    """Return the seed that can be recorded with a result.

    Parameters
    ----------
    rng : int, numpy.random.Generator or None
        A seed or a generator.

    Returns
    -------
    int or None
        The seed; None for a generator, whose state is not recorded.

    Examples
    --------
    >>> recorded_seed(7), recorded_seed(np.random.default_rng(7))
    (7, None)
    """
    return int(rng) if isinstance(rng, int | np.integer) else None
