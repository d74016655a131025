"""Orders as paths through coalitions.

A coalition is a node, with its F and the forward passes that it takes to score it. An order is a path that adds a region at each step. The
best path is found by dynamic programming, layer by layer of coalitions of one size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np


class _Layer(NamedTuple):
    """The coalitions of one size, and the edges to them.

    Attributes
    ----------
    nodes : ndarray of int
        The coalitions.
    under : ndarray of int
        For each edge the index, in the layer before, of the coalition where it begins.
    starts : ndarray of int
        For each coalition its first edge.
    over : ndarray of int
        For each edge the index of the coalition where it ends.
    """

    nodes: np.ndarray
    under: np.ndarray
    starts: np.ndarray
    over: np.ndarray


class PathGraph:
    """Coalitions, and the edges between those that differ by one region.

    Parameters
    ----------
    shown : ndarray of bool, (K, N)
        Distinct coalitions, among them one smallest, which the others contain.
    values : ndarray of float64, (K,)
        F of each.
    costs : ndarray of float64, (K,)
        Forward passes that each takes; 0 where it is scored.

    Attributes
    ----------
    sizes : ndarray of int, (K,)
        Number of regions of each coalition.

    Examples
    --------
    >>> shown = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], dtype=bool)
    >>> graph = PathGraph(shown, np.array([0.0, 0.5, 0.7, 1.0]), np.array([0.0, 0.0, 2.0, 0.0]))
    >>> [graph.regions(path) for path in graph.best([0.0, 1.0])]
    [[1, 0], [0, 1]]
    """

    def __init__(self, shown: np.ndarray, values: np.ndarray, costs: np.ndarray) -> None:
        self.shown, self.values, self.costs, self.sizes = shown, values, costs, shown.sum(1)
        packed = np.packbits(shown, axis=1)
        words = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8))).view(np.uint64)
        order = np.argsort(self.sizes, kind="stable")
        low, high = int(self.sizes[order[0]]), int(self.sizes[order[-1]])
        bounds = np.searchsorted(self.sizes[order], np.arange(low, high + 2))
        self._root = inner = order[:1]
        self._layers: list[_Layer] = []
        for begin, end in pairwise(bounds[1:]):
            outer = order[begin:end]
            beyond = words[inner, 0] & ~words[outer, 0][:, None]
            for word in range(1, words.shape[1]):
                beyond |= words[inner, word] & ~words[outer, word][:, None]
            over, under = np.nonzero(beyond == 0)  # edges: indices in the wider and in the narrower layer
            starts = np.flatnonzero(np.concatenate([[True], over[1:] != over[:-1]]))
            inner = outer[over[starts]]  # coalitions that no path reaches are left out
            lengths = np.concatenate([starts[1:], [len(under)]]) - starts
            self._layers.append(_Layer(inner, under, starts, np.repeat(np.arange(len(starts)), lengths)))

    def best(self, prices: Sequence[float] | np.ndarray) -> np.ndarray:
        """Find the path with the largest sum of F less the price of its forward passes, for each of several prices.

        Parameters
        ----------
        prices : sequence of float, (P,)
            Prices of a forward pass.

        Returns
        -------
        ndarray of int, (P, steps)
            Nodes of each path, without the smallest. Of equal paths the one through the earlier nodes.
        """
        each = np.asarray(prices, dtype=float)
        worth = self.values[:, None] - each * self.costs[:, None]
        best, before = np.zeros((1, len(each))), []
        for layer in self._layers:
            along = best[layer.under]
            top = np.maximum.reduceat(along, layer.starts, axis=0)
            ties = np.where(along == top[layer.over], np.arange(len(along))[:, None], len(along))
            before.append(layer.under[np.minimum.reduceat(ties, layer.starts, axis=0)])
            best = top + worth[layer.nodes]
        paths = np.empty((len(each), len(self._layers)), dtype=int)
        at, every = np.zeros(len(each), dtype=int), np.arange(len(each))
        for step in range(len(self._layers) - 1, -1, -1):
            paths[:, step] = self._layers[step].nodes[at]
            at = before[step][at, every]
        return paths

    def regions(self, path: np.ndarray) -> list[int]:
        """Return the regions that a path adds.

        Parameters
        ----------
        path : ndarray of int, (steps,)
            Its nodes.

        Returns
        -------
        list of int
            One per step.
        """
        shown = self.shown[np.concatenate([self._root, path])]
        return [int(region) for region in (shown[1:] & ~shown[:-1]).argmax(1)]


def coalition_hashes(shown: np.ndarray) -> np.ndarray:
    """Return a number for each coalition; different coalitions have different numbers, but for one chance in 2^64.

    Parameters
    ----------
    shown : ndarray of bool, (M, N)
        One coalition per row.

    Returns
    -------
    ndarray of uint64, (M,)
        The hashes.
    """
    packed = np.packbits(np.asarray(shown, dtype=bool), axis=1)
    return np.asarray(_salts(shown.shape[1])[np.arange(packed.shape[1]), packed].sum(1, dtype=np.uint64))


def complement_hashes(hashes: np.ndarray, n: int) -> np.ndarray:
    """Return the hashes of the complements of coalitions.

    Parameters
    ----------
    hashes : ndarray of uint64, (M,)
        Hashes of coalitions.
    n : int
        Number of regions.

    Returns
    -------
    ndarray of uint64, (M,)
        Those of their complements.
    """
    return np.asarray(coalition_hashes(np.ones((1, n), dtype=bool)) - hashes)


@cache
def _salts(n: int) -> np.ndarray:
    """Return for each byte of packed coalitions the sums of the random numbers of its regions: uint64 (n / 8, 256)."""
    salts = np.zeros(-(-n // 8) * 8, dtype=np.uint64)
    salts[:n] = np.random.default_rng(20250922).integers(0, 2**64, n, dtype=np.uint64)
    every = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1).astype(np.uint64)
    return np.asarray((salts.reshape(-1, 1, 8) * every).sum(2, dtype=np.uint64))
