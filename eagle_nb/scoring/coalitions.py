"""Coalitions of regions as arrays and as keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def number_of_regions(scorer: object) -> int:
    """Return the number of regions of a scorer.

    Parameters
    ----------
    scorer : Scorer
        The scorer.

    Returns
    -------
    int
        ``scorer.n_regions``.

    Raises
    ------
    TypeError
        If `scorer` cannot be called or has no integer ``n_regions``.
    """
    n = getattr(scorer, "n_regions", None)
    if not callable(scorer) or isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(
            f"a scorer is callable, bool (M, N) to probabilities (M, T), and has an integer n_regions; {type(scorer).__name__} "
            f"{'is not callable' if not callable(scorer) else f'has n_regions {n!r}'}"
        )
    return int(n)


def prefixes(order: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return the coalitions along an order of all regions, from none shown to all shown.

    Parameters
    ----------
    order : sequence of int, (N,)
        A permutation of the regions.

    Returns
    -------
    ndarray of bool, (N + 1, N)
        Row k shows the first k regions.

    Examples
    --------
    >>> prefixes([1, 0]).astype(int)
    array([[0, 0],
           [0, 1],
           [1, 1]])
    """
    n = len(order)
    shown = np.zeros((n + 1, n), dtype=bool)
    shown[1:, np.asarray(order, dtype=int)] = np.tri(n, dtype=bool)
    return shown


def coalition_keys(shown: np.ndarray) -> list[bytes]:
    """Return a key for each coalition: its bits.

    Parameters
    ----------
    shown : ndarray of bool, (M, N)
        One coalition per row.

    Returns
    -------
    list of bytes
        M keys; equal coalitions have equal keys.
    """
    return [row.tobytes() for row in np.packbits(np.asarray(shown, dtype=bool), axis=1)]


def coalitions_of(keys: Sequence[bytes], n: int) -> np.ndarray:
    """Return the coalitions of keys, the inverse of `coalition_keys`.

    Parameters
    ----------
    keys : sequence of bytes
        M keys.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of bool, (M, n)
        One coalition per row.
    """
    if not keys:
        return np.zeros((0, n), dtype=bool)
    bits = np.frombuffer(b"".join(keys), np.uint8).reshape(len(keys), -1)
    return np.unpackbits(bits, axis=1, count=n).astype(bool)
