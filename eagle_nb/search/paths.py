"""Orders as paths through scored coalitions, and a local search that improves them.

A scored coalition with its complement is a node; an order is a path from the empty image to the full one that adds a region at each
step. F is known exactly at every node, so dynamic programming finds the best path. Every forward pass scores all words, so a path
that was scored for one of them is open to all.

A *move* leaves a word's best path somewhere, takes a few regions as a `Surrogate` orders them, and returns, after which it may follow nodes
that are scored already. Only forward passes along the move have to be paid for, and no order gets worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..scoring.cached import CachedScorer
from ..scoring.coalitions import coalition_keys, prefixes
from ..scoring.objective import Aggregate, Weights, objective_values, target_columns
from .state import SearchState
from .surrogate import Surrogate

_NEGLIGIBLE = 1e-6  # differences of mean F that do not count


class Move(NamedTuple):
    """An order proposed for a word.

    Attributes
    ----------
    gain : float
        Predicted increase of F, in the mean over the curve.
    cost : int
        Forward passes that it takes.
    order : list of int
        Regions, most important first.
    """

    gain: float
    cost: int
    order: list[int]


class Paths:
    """The best order of each word among all paths through the coalitions scored so far.

    Parameters
    ----------
    scores : CachedScorer
        Scores with at least one complete path.
    groups : sequence of sequence of int
        The tokens of each word.
    weights : (float, float)
        λ1 and λ2.
    aggregate : {"mean", "joint"}
        How the tokens of a word become one target.

    Attributes
    ----------
    orders : list of list of int
        For each word, most important region first.
    means : ndarray of float64, (words,)
        F of these orders, in the mean over the curve.
    """

    def __init__(
        self, scores: CachedScorer, groups: Sequence[Sequence[int]], weights: Weights, aggregate: Aggregate = "mean"
    ) -> None:
        self.scores, self.groups, self.weights, self.aggregate = scores, groups, weights, aggregate
        self.update()

    def update(self) -> None:
        """Find the best paths: the longest paths in an acyclic graph, layer by layer of coalitions of one size."""
        n, shown, rows = self.scores.n_regions, self.scores.shown, self.scores.rows
        self._at = {key: k for k, key in enumerate(coalition_keys(shown))}
        rest = np.array([self._at.get(key, -1) for key in coalition_keys(~shown)])
        both = np.flatnonzero(rest >= 0)
        self._values = np.full((len(shown), len(self.groups)), np.nan)
        for g, tokens in enumerate(self.groups):
            values = objective_values(rows[both], rows[rest[both]], tokens, self.weights, self.aggregate)
            self._values[both, g] = values
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
        """Return F of coalitions for a word.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.
        word : int
            Index of the word.

        Returns
        -------
        ndarray of float64, (M,)
            F; NaN where it is not scored.
        """
        at = np.array([self._at.get(key, -1) for key in coalition_keys(shown)])
        return np.where(at >= 0, self._values[at, word], np.nan)


@dataclass(frozen=True)
class LocalSearch:
    """Score the most promising move of all words, again and again; then give each word its best order.

    Parameters
    ----------
    departures : tuple of int
        Numbers of regions after which a move may leave the path.
    length : int
        Number of regions after which a move has returned at the latest, except for an order that is new from the first region
        to the last.
    """

    departures: tuple[int, ...] = (0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 22, 28)
    length: int = 10

    def __call__(self, states: Sequence[SearchState], surrogate: Surrogate, left: Callable[[], float]) -> None:
        """Improve the orders of some searches.

        Parameters
        ----------
        states : sequence of SearchState
            One for each word, on the same scores, with a scored order of all regions. Moves are scored through them.
        surrogate : Surrogate
            Fitted to coalitions of the same scores, or not at all.
        left : callable
            Returns the number of forward passes that may still be spent.
        """
        first = states[0]
        paths = Paths(first.scores, [state.tokens for state in states], first.weights, first.aggregate)
        try:
            self._take_moves(paths, states, surrogate, left)
        finally:
            paths.update()  # the scored part of an interrupted move may help some word
            for state, order, mean in zip(states, paths.orders, paths.means, strict=True):
                if mean > state.objective(prefixes(state.order)).mean() + _NEGLIGIBLE:
                    state.first, state.last = order, []

    def _take_moves(
        self, paths: Paths, states: Sequence[SearchState], surrogate: Surrogate, left: Callable[[], float]
    ) -> None:
        """Score moves until the forward passes or the proposals run out."""
        moves: dict[int, Move | None] = {}
        while left() >= 2:
            for word in range(len(states)):
                move = moves.get(word)
                if word not in moves or (move is not None and move.cost > left()):
                    moves[word] = self._best_move(paths, word, surrogate, left())
            promising = {word: move for word, move in moves.items() if move is not None}
            if not promising:
                return
            word = max(promising, key=lambda w: promising[w].gain / promising[w].cost)
            before = paths.means
            states[word].report()
            states[word].objective(prefixes(promising[word].order))
            paths.update()
            moves = {w: moves[w] for w in moves if w != word and paths.means[w] == before[w]}

    def _best_move(self, paths: Paths, word: int, surrogate: Surrogate, left: float) -> Move | None:
        """Return the move of a word with the largest predicted gain per forward pass, if there is any."""
        scores, path = paths.scores, paths.orders[word]
        n = scores.n_regions
        surrogate.fit(scores.shown, target_columns(scores.rows, paths.groups[word], paths.aggregate))
        departures = [k for k in self.departures if k < n - 1]
        others = surrogate.continued([path[:k] for k in departures], self.length, paths.weights)
        others[0] = surrogate.continued(others[:1], n, paths.weights)[0]
        orders: dict[tuple[int, ...], None] = {}
        for k, other in zip(departures, others, strict=True):
            for back in [*range(k + 1, min(k + self.length, n) + 1), len(other)]:
                taken = set(other[:back])
                orders[(*other[:back], *(region for region in path if region not in taken))] = None
        shown = np.concatenate([prefixes(order) for order in orders])
        keys = coalition_keys(shown)
        first = {key: k for k, key in enumerate(keys)}
        node = {key: k for k, key in enumerate(first)}
        nodes, at = shown[list(first.values())], np.array([node[key] for key in keys])
        values = paths.values(nodes, word)
        new = np.isnan(values)
        if not new.any():
            return None
        values[new] = surrogate.objective(nodes[new], paths.weights)
        at = at.reshape(len(orders), n + 1)
        gains, costs = values[at].mean(1) - paths.means[word], 2 * new[at].sum(1)
        good = (gains > _NEGLIGIBLE) & (costs > 0) & (costs <= left)
        if not good.any():
            return None
        best = int(np.argmax(np.where(good, gains / np.maximum(costs, 1), -np.inf)))
        return Move(float(gains[best]), int(costs[best]), list(list(orders)[best]))
