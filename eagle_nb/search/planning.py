"""Plan orders through coalitions that are scored and coalitions that a surrogate proposes.

A plan is the best path (see `eagle_nb.search.paths`) through all scored coalitions, the prefixes of a proposed order, and their
neighbours with one region more or less. F is exact where it is scored and predicted elsewhere. Several words are planned at one
common price per forward pass, so each pass goes to the word that gains most from it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..scoring.coalitions import prefixes
from ..scoring.objective import objective_values
from .paths import PathGraph, coalition_hashes, complement_hashes
from .state import SearchState
from .surrogate import Surrogate
from .ties import snapped

_PRICES = np.concatenate([[0.0], np.geomspace(1e-4, 4.0, 15), [1e6]])
"""Prices of a forward pass, in units of F: from free to as few as possible."""

_MOST = 200_000
"""Tokens times squared regions above which the mean of the tokens is predicted, instead of each token."""


class Planner:
    """Plan the orders of one or several words on the same scores.

    Parameters
    ----------
    states : sequence of SearchState
        One for each word. Regions that are placed stay where they are.
    surrogate : Surrogate
        It is fitted to the scores.
    width : int
        Number of neighbours of a coalition, with one region more and with one less each, that a plan may use.
    repeats : int
        How often a path is planned again, through its own neighbours.
    at_once : int
        Number of regions that the surrogate adds at a time to its own order, the first path.
    """

    def __init__(
        self, states: Sequence[SearchState], surrogate: Surrogate, width: int, repeats: int, at_once: int
    ) -> None:
        self.states, self.surrogate, self.width, self.repeats, self.at_once = states, surrogate, width, repeats, at_once
        self.price = 0.0
        self.orders: list[list[int]] = [[] for _ in states]
        self._plans: list[tuple[PathGraph, np.ndarray]] = []

    def plan(self, left: float) -> None:
        """Plan the order of each word; all together take at most the forward passes left where this is possible.

        Parameters
        ----------
        left : float
            Forward passes.
        """
        shown, rows, partners = self._scored()
        graphs = [self._graph(word, shown, rows, partners) for word in range(len(self.states))]
        prices, (fits, paths) = _PRICES[:1], _affordable(graphs, _PRICES[:1], left)
        if not fits:
            prices, (fits, paths) = _PRICES, _affordable(graphs, _PRICES, left)
            if fits:  # between the lowest of these prices that fits and the one before
                prices = np.linspace(_PRICES[len(_PRICES) - fits - 1], _PRICES[len(_PRICES) - fits], 9)[1:]
                fits, paths = _affordable(graphs, prices, left)
        chosen = len(prices) - max(fits, 1)
        self.price = float(prices[chosen])
        self._plans = [(graph, path[chosen]) for graph, path in zip(graphs, paths, strict=True)]
        self.orders = [graph.regions(path) for graph, path in self._plans]

    def open_places(self, left: float, rounds: int, early: float) -> np.ndarray:
        """Return the coalitions to score in this round: an equal share of the passes left, all of the plans in the last round.

        If the plans have fewer, neighbours follow that are predicted to be better than the planned coalition of the same size.

        Parameters
        ----------
        left : float
            Forward passes.
        rounds : int
            Number of rounds left.
        early : float
            How much denser the early steps are: positions grow with this power.

        Returns
        -------
        ndarray of bool, (M, N)
            Coalitions, none of them the complement of another.
        """
        graphs, paths = zip(*self._plans, strict=True)
        planned = _distinct(
            np.concatenate(
                [graph.shown[path[graph.costs[path] > 0]] for graph, path in zip(graphs, paths, strict=True)]
            )
        )
        planned = planned[np.argsort(planned.sum(1), kind="stable")]
        spare = left - _passes(graphs, paths)
        few = int(np.ceil(left / 2 / rounds))
        if rounds > 1 and spare >= 0 and len(planned) >= few:
            at = (((np.arange(few) + 0.5) / few) ** early * len(planned)).astype(int)
            at = np.maximum.accumulate(at - np.arange(few)) + np.arange(few)  # distinct
            return np.asarray(planned[np.minimum(at, np.arange(len(planned) - few, len(planned)))])
        few = min(few, len(planned) + max(int(spare // 2), 0))
        if few <= len(planned):
            return planned
        others, gains = zip(*map(_alternatives, graphs, paths), strict=True)
        ranked = np.concatenate(others)[np.argsort(-np.concatenate(gains), kind="stable")]
        return np.asarray(_distinct(np.concatenate([planned, ranked]))[:few])

    def best_orders(self) -> list[list[int]]:
        """Return the best order of each word among all paths through scored coalitions.

        Returns
        -------
        list of list of int
            The regions that are not placed yet, most important first.
        """
        shown, rows, partners = self._scored()
        orders = []
        for state, planned in zip(self.states, self.orders, strict=True):
            nodes, values = self._exact(state, shown, rows, partners)
            if planned:
                nodes, values = _ahead(self._places(state, planned), nodes, values)
            graph = PathGraph(nodes, values, np.zeros(len(nodes)))
            orders.append(graph.regions(graph.best([0.0])[0]))
        return orders

    def _scored(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return all scored coalitions, their scores, and the index of each one's complement, −1 where it is not scored."""
        scores = self.states[0].scores
        hashes = coalition_hashes(scores.shown)
        rest = complement_hashes(hashes, scores.n_regions)
        order = np.argsort(hashes)
        at = order[np.minimum(np.searchsorted(hashes[order], rest), len(order) - 1)]
        return scores.shown, scores.rows, np.where(hashes[at] == rest, at, -1)

    @staticmethod
    def _exact(
        state: SearchState, shown: np.ndarray, rows: np.ndarray, partners: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the coalitions whose F is scored and that contain what is placed first, and nothing that is placed last."""
        inside = shown[:, state.first].all(1) & ~shown[:, state.last].any(1)
        both = np.flatnonzero((partners >= 0) & inside & (shown.sum(1) > len(state.first)))
        values = objective_values(rows[both], rows[partners[both]], state.tokens, state.weights, state.aggregate)
        start = np.zeros((1, state.n), dtype=bool)  # where paths begin; they do not pay for it
        start[:, state.first] = True
        return np.concatenate([start, shown[both]]), np.append(0.0, snapped(values, state.tolerance))

    def _graph(self, word: int, shown: np.ndarray, rows: np.ndarray, partners: np.ndarray) -> PathGraph:
        """Return the coalitions through which a word's order is planned."""
        state, surrogate = self.states[word], self.surrogate
        columns = state.target_scores
        if columns.shape[1] * state.n**2 > _MOST:
            columns = columns.mean(1, keepdims=True)
        surrogate.fit(shown, columns)
        proposed = surrogate.continued([state.first], state.n, state.weights, self.at_once)[0][len(state.first) :]
        proposed = [region for region in proposed if region not in state.last]
        paths = [proposed]
        if self.orders[word]:
            paths.append(self.orders[word])
        nodes, values = self._exact(state, shown, rows, partners)
        known = np.sort(coalition_hashes(shown))
        costs = np.zeros(len(nodes))
        expanded: set[bytes] = set()
        for _ in range(self.repeats):
            bases = np.concatenate([self._places(state, path) for path in paths])
            fresh = [k for k, row in enumerate(bases) if row.tobytes() not in expanded]
            bases = bases[fresh]
            expanded |= {row.tobytes() for row in bases}
            if not len(bases):
                break
            more, predicted = self._neighbourhood(state, bases)
            hashes = coalition_hashes(more)
            rest = complement_hashes(hashes, state.n)
            nodes, values = np.concatenate([nodes, more]), np.concatenate([values, predicted])
            costs = np.concatenate([costs, 2.0 - _contained(hashes, known) - _contained(rest, known)])
            kept = np.sort(np.unique(coalition_hashes(nodes), return_index=True)[1])  # exact values come first
            nodes, values, costs = nodes[kept], values[kept], costs[kept]
            graph = PathGraph(*_ahead(self._places(state, proposed), nodes, values, costs))
            paths = [graph.regions(graph.best([self.price])[0])]
        return graph

    @staticmethod
    def _places(state: SearchState, path: Sequence[int]) -> np.ndarray:
        """Return the coalitions of a path, from that of the regions placed first on."""
        return prefixes([*state.first, *path, *state.last[::-1]])[len(state.first) : state.n + 1 - len(state.last)]

    def _neighbourhood(self, state: SearchState, bases: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return coalitions and their best neighbours, each with its predicted F."""
        values = self.surrogate.neighbours(bases, state.weights)
        values[:, state.first + state.last] = -np.inf
        shown, predicted = [bases], [np.round(self.surrogate.objective(bases, state.weights), 9)]
        for removes in (False, True):
            ranked = np.where(bases == removes, values, -np.inf)
            best = np.argsort(-ranked, axis=1, kind="stable")[:, : self.width]
            rows, at = np.nonzero(np.isfinite(np.take_along_axis(ranked, best, axis=1)))
            neighbours = bases[rows]
            neighbours[np.arange(len(rows)), best[rows, at]] = not removes
            shown.append(neighbours)
            predicted.append(ranked[rows, best[rows, at]])
        return np.concatenate(shown), np.concatenate(predicted)


def _affordable(graphs: Sequence[PathGraph], prices: np.ndarray, left: float) -> tuple[int, list[np.ndarray]]:
    """Return how many of the prices, from the highest down, the forward passes left pay for, and the paths at each price."""
    paths = [graph.best(prices) for graph in graphs]
    fits = [_passes(graphs, [path[k] for path in paths]) <= left for k in range(len(prices))]
    return len(prices) - (fits.index(True) if any(fits) else len(prices)), paths


def _passes(graphs: Sequence[PathGraph], paths: Sequence[np.ndarray]) -> float:
    """Return the forward passes that some paths take together."""
    costs = np.concatenate([graph.costs[path] for graph, path in zip(graphs, paths, strict=True)])
    if len(graphs) > 1:
        shown = np.concatenate([graph.shown[path] for graph, path in zip(graphs, paths, strict=True)])
        costs = costs[_distinct_rows(shown)]
    return float(costs.sum())


def _alternatives(graph: PathGraph, path: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return coalitions beside a path that are not scored, and F that they are predicted to gain over those of the same size."""
    beside = graph.costs > 0
    beside[path] = False
    step = graph.sizes[beside] - graph.sizes[path[0]]
    inside = (step >= 0) & (step < len(path))
    gains = graph.values[beside][inside] - graph.values[path[step[inside]]]
    return graph.shown[beside][inside], gains


def _distinct(shown: np.ndarray) -> np.ndarray:
    """Return coalitions without repeats and complements of earlier ones, whose F costs the same forward passes."""
    return np.asarray(shown[_distinct_rows(shown)])


def _distinct_rows(shown: np.ndarray) -> np.ndarray:
    """Return the indices of coalitions that are not repeats or complements of earlier ones."""
    hashes = coalition_hashes(shown)
    pairs = np.minimum(hashes, complement_hashes(hashes, shown.shape[1]))
    return np.sort(np.unique(pairs, return_index=True)[1])


def _ahead(places: np.ndarray, shown: np.ndarray, *columns: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return coalitions and columns with those of some places first, which a path takes where others are equally good."""
    order = np.argsort(~_contained(coalition_hashes(shown), np.sort(coalition_hashes(places))), kind="stable")
    return (shown[order], *(column[order] for column in columns))


def _contained(hashes: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return whether each hash is among sorted others."""
    return np.asarray(known[np.minimum(np.searchsorted(known, hashes), len(known) - 1)] == hashes)
