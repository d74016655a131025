"""Strategies by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Protocol, runtime_checkable

from ..state import SearchState
from .bidirectional import BidirectionalSearch
from .fast import FastSearch
from .greedy import GreedySearch
from .lazy import LazySearch
from .phasewin import PhaseWindowSearch
from .single import SingleRegionSearch

DEFAULT_SEARCH = "fast"
"""The strategy where none is given."""


@runtime_checkable
class Strategy(Protocol):
    """Place all regions of a search."""

    def __call__(self, state: SearchState) -> None:
        """Place all regions.

        Parameters
        ----------
        state : SearchState
            The search: ask for ``state.candidates(regions)`` and call ``state.place(region, value)`` until
            ``state.remaining`` is empty.
        """
        ...


@runtime_checkable
class JointStrategy(Strategy, Protocol):
    """A strategy that can also order several words of one answer together, from shared forward passes."""

    def default_budget(self, n: int) -> int:
        """Return the default budget.

        Parameters
        ----------
        n : int
            Number of regions.

        Returns
        -------
        int
            Forward passes of one search.
        """
        ...

    def joint_budget(self, n: int, searches: int) -> int:
        """Return the default budget of several searches over one answer.

        Parameters
        ----------
        n : int
            Number of regions.
        searches : int
            Number of searches.

        Returns
        -------
        int
            Forward passes of all searches together.
        """
        ...

    def order_jointly(self, every: SearchState, states: Sequence[SearchState]) -> None:
        """Place all regions for each of several words.

        Parameters
        ----------
        every : SearchState
            A search for the tokens of all words, with the budget of all.
        states : sequence of SearchState
            One search for each word, on the same scores.
        """
        ...


STRATEGIES: dict[str, Strategy] = {
    "greedy": GreedySearch(),
    "lazy": LazySearch(),
    "phasewin": PhaseWindowSearch(),
    "bidirectional": BidirectionalSearch(),
    "single": SingleRegionSearch(),
    "fast": FastSearch(),
}
"""Strategies by name, with their default options."""


def register_strategy(name: str, strategy: Strategy) -> None:
    """Give a strategy a name, under which every ``search=`` finds it.

    Parameters
    ----------
    name : str
        A new name.
    strategy : callable
        ``strategy(state)``, see `Strategy`.

    Raises
    ------
    ValueError
        If the name is taken.
    TypeError
        If the strategy cannot be called.

    Examples
    --------
    >>> def in_given_order(state):
    ...     for region in state.remaining:
    ...         state.place(region)
    >>> register_strategy("in given order", in_given_order)
    >>> STRATEGIES.pop("in given order") is in_given_order
    True
    """
    if name in STRATEGIES:
        raise ValueError(f"there is a search {name!r} already; choose another name")
    if not callable(strategy):
        raise TypeError(f"a strategy is called with the state of a search; {type(strategy).__name__} cannot be called")
    STRATEGIES[name] = strategy


def resolve_strategy(search: str | Strategy) -> Strategy:
    """Return what ``search=`` accepts as a strategy.

    Parameters
    ----------
    search : str or Strategy
        A name of `STRATEGIES`, or a strategy.

    Returns
    -------
    Strategy
        The strategy.

    Raises
    ------
    ValueError
        If the name is unknown.
    TypeError
        If it is neither.
    """
    if isinstance(search, str):
        if search not in STRATEGIES:
            raise ValueError(f"unknown search {search!r}; known searches: {', '.join(STRATEGIES)}")
        return STRATEGIES[search]
    if isinstance(search, type) or not callable(search):
        raise TypeError(f"search is the name of a strategy or a strategy, got {search!r}")
    return search


def strategy_name(search: str | Strategy) -> str:
    """Return the name of a strategy, with the options that differ from its defaults.

    Parameters
    ----------
    search : str or Strategy
        A name of `STRATEGIES`, or a strategy.

    Returns
    -------
    str
        The registered name, if it is registered; else the strategy's own.

    Examples
    --------
    >>> strategy_name("fast"), strategy_name(PhaseWindowSearch(window=8))
    ('fast', 'phasewin(window=8)')
    """
    strategy: Any = resolve_strategy(search)
    for name, registered in STRATEGIES.items():
        if strategy is registered or strategy == registered:
            return name
    own = str(getattr(strategy, "name", "") or getattr(strategy, "__name__", "") or type(strategy).__name__)
    if not is_dataclass(strategy):
        return own
    kind: Any = type(strategy)
    default = kind()
    values = {f.name: getattr(strategy, f.name) for f in fields(strategy)}
    changed = [f"{name}={value!r}" for name, value in values.items() if value != getattr(default, name)]
    return f"{own}({', '.join(changed)})" if changed else own
