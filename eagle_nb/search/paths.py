"""Orders as paths through what is scored, and detours that make them better.

A coalition scored, with its complement, is a place; an order is a path from the empty image to the full one that adds a
region at each step. Its mean F is known exactly, so that the best path is found by dynamic programming. Every pass scores
all words, so a path scored for one of them is open to all.

A *detour* leaves a word's best path somewhere, takes a few regions as a `Surrogate` orders them, and comes back, after which it
may go on along places that are scored already. Only passes along the detour are to be paid for, and no order gets worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from ..objective import Weights, objective
from .evaluation import Evaluation
from .scores import Scores, coalition_keys, prefixes
from .surrogate import Surrogate

LEAVE = (0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 22, 28)
"""After how many regions a detour may leave the path."""

DETOUR = 10
"""Regions after which it is back at the latest, but for an order that is new from the first region to the last."""

LEAST = 1e-6
"""What a detour must promise, in the mean of F over the curve."""


class Detour(NamedTuple):
    """An order proposed for a word: F that it promises on top, in the mean over the curve, and the passes it takes."""

    gain: float
    cost: int
    order: list[int]


class Paths:
    """The best order of each word among all paths through the coalitions scored so far.

    Parameters
    ----------
    scores : Scores
        With at least one whole path scored.
    groups : sequence of sequence of int
        Each word's tokens.
    weights : (float, float)

    Attributes
    ----------
    orders : list of list of int
        Of each word, most important region first.
    means : ndarray of float64, (words,)
        Their F, in the mean over the curve.
    """

    def __init__(self, scores: Scores, groups: Sequence[Sequence[int]], weights: Weights) -> None:
        self.scores, self.groups, self.weights = scores, groups, weights
        self.update()

    def update(self) -> None:
        """Find the best paths anew: the longest in a graph without circles, layer by layer of coalitions of one size."""
        n, shown, rows = self.scores.n, self.scores.shown, self.scores.rows
        self._at = {key: k for k, key in enumerate(coalition_keys(shown))}
        rest = np.array([self._at.get(key, -1) for key in coalition_keys(~shown)])
        both = np.flatnonzero(rest >= 0)
        self._values = np.full((len(shown), len(self.groups)), np.nan)
        for g, tokens in enumerate(self.groups):
            self._values[both, g] = objective(rows[both], rows[rest[both]], list(tokens), self.weights)
        sizes, signs = shown.sum(1), shown.astype(np.float32)
        layer = both[sizes[both] == 0]
        best, before = self._values[layer], []
        layers = [layer]
        for size in range(1, n + 1):
            wider = both[sizes[both] == size]
            within = signs[wider] @ signs[layer].T > size - 1.5
            sums = np.where(within[..., None], best[None], -np.inf)
            before.append(sums.argmax(1))
            best, layer = self._values[wider] + sums.max(1), wider
            layers.append(layer)
        self.means = best[0] / (n + 1)
        self.orders = []
        for g in range(len(self.groups)):
            at, order = 0, []
            for size in range(n, 0, -1):
                wider, at = layers[size][at], int(before[size - 1][at, g])
                order.append(int(np.flatnonzero(shown[wider] & ~shown[layers[size - 1][at]])[0]))
            self.orders.append(order[::-1])

    def values(self, shown: np.ndarray, word: int) -> np.ndarray:
        """F of coalitions (M, n) for a word; NaN where it is not scored."""
        at = np.array([self._at.get(key, -1) for key in coalition_keys(shown)])
        return np.where(at >= 0, self._values[at, word], np.nan)


def improve(evaluations: Sequence[Evaluation], surrogate: Surrogate, left: Callable[[], float]) -> None:
    """Score the most promising detour of all words', again and again; then give each word its best order.

    Parameters
    ----------
    evaluations : sequence of Evaluation
        One for each word, of the same scores, with an order of all regions that is scored. Words' detours are scored through
        them.
    surrogate : Surrogate
        Fitted to coalitions of the same scores, or to none.
    left : callable
        Passes that may still be spent.
    """
    paths = Paths(evaluations[0].scores, [e.tokens for e in evaluations], evaluations[0].weights)
    try:
        _take_detours(paths, evaluations, surrogate, left)
    finally:
        paths.update()  # what an interrupt has left of the last detour may serve some word
        for evaluation, order, mean in zip(evaluations, paths.orders, paths.means, strict=True):
            if mean > evaluation.objective(prefixes(evaluation.order)).mean() + LEAST:
                evaluation.first, evaluation.last = order, []


def _take_detours(
    paths: Paths, evaluations: Sequence[Evaluation], surrogate: Surrogate, left: Callable[[], float]
) -> None:
    """Until passes or proposals run out."""
    found: dict[int, Detour | None] = {}
    while left() >= 2:
        for word in range(len(evaluations)):
            known = found.get(word)
            if word not in found or (known is not None and known.cost > left()):
                found[word] = _detour(paths, word, surrogate, left())
        promising = {word: detour for word, detour in found.items() if detour is not None}
        if not promising:
            return
        word = max(promising, key=lambda w: promising[w].gain / promising[w].cost)
        before = paths.means
        evaluations[word].listen()
        evaluations[word].objective(prefixes(promising[word].order))
        paths.update()
        found = {w: found[w] for w in found if w != word and paths.means[w] == before[w]}


def _detour(paths: Paths, word: int, surrogate: Surrogate, left: float) -> Detour | None:
    """The detour of a word that promises most per pass, if any promises anything."""
    scores, path = paths.scores, paths.orders[word]
    n = scores.n
    surrogate.fit(scores.shown, scores.rows[:, paths.groups[word]])
    leave = [k for k in LEAVE if k < n - 1]
    others = surrogate.continued([path[:k] for k in leave], DETOUR, paths.weights)
    others[0] = surrogate.continued(others[:1], n, paths.weights)[0]
    orders: dict[tuple[int, ...], None] = {}
    for k, other in zip(leave, others, strict=True):
        for back in [*range(k + 1, min(k + DETOUR, n) + 1), len(other)]:
            taken = set(other[:back])
            orders[(*other[:back], *(region for region in path if region not in taken))] = None
    shown = np.concatenate([prefixes(order) for order in orders])
    keys = coalition_keys(shown)
    first = {key: k for k, key in enumerate(keys)}
    place = {key: k for k, key in enumerate(first)}
    places, at = shown[list(first.values())], np.array([place[key] for key in keys])
    values = paths.values(places, word)
    new = np.isnan(values)
    if not new.any():
        return None
    values[new] = surrogate.objective(places[new], paths.weights)
    at = at.reshape(len(orders), n + 1)
    gains, costs = values[at].mean(1) - paths.means[word], 2 * new[at].sum(1)
    good = (gains > LEAST) & (costs > 0) & (costs <= left)
    if not good.any():
        return None
    best = int(np.argmax(np.where(good, gains / np.maximum(costs, 1), -np.inf)))
    return Detour(float(gains[best]), int(costs[best]), list(list(orders)[best]))
