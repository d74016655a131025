"""Arguments of widgets, validated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet


def check_explanations(widget: str, explanation: Any) -> tuple[list[Explanation], list[str]]:
    """Validate the explanations of a widget.

    Parameters
    ----------
    widget : str
        Name of the widget, for messages.
    explanation : Explanation or ExplanationSet
        The argument of the widget.

    Returns
    -------
    explanations : list of Explanation
        One or several.
    names : list of str
        The words of an ExplanationSet; empty for a single explanation.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(explanation, ExplanationSet):
        return list(explanation.values()), list(explanation)
    if not isinstance(explanation, Explanation):
        raise TypeError(
            f"{widget} needs an Explanation, got {type(explanation).__name__}; "
            "make one with eagle_nb.explain(model, response) or eagle_nb.load(path)"
        )
    return [explanation], []


def check_optional_explanations(widget: str, explanation: Any) -> tuple[list[Explanation], list[str]]:
    """Validate the explanations of a widget that also works without one.

    Parameters
    ----------
    widget : str
        Name of the widget, for messages.
    explanation : Explanation, ExplanationSet or None
        The argument of the widget.

    Returns
    -------
    explanations : list of Explanation
        None, one or several.
    names : list of str
        The words of an ExplanationSet; empty otherwise.

    Raises
    ------
    TypeError
        If it is something else.
    """
    return ([], []) if explanation is None else check_explanations(widget, explanation)


def check_indices(values: Sequence[Any], count: int, name: str = "token index") -> list[int]:
    """Validate indices of tokens or regions.

    Parameters
    ----------
    values : sequence of int
        Indices.
    count : int
        Number of tokens or regions.
    name : str
        What an index is called in messages.

    Returns
    -------
    list of int
        Sorted and distinct.

    Raises
    ------
    ValueError
        If one is out of range.

    Examples
    --------
    >>> check_indices([3, 1, 3], 4)
    [1, 3]
    """
    for k in values:
        if isinstance(k, bool) or not 0 <= int(k) < count or int(k) != k:
            raise ValueError(f"{name} {k!r} is out of range 0 … {count - 1}")
    return sorted({int(k) for k in values})


def check_token(token: int | None, count: int) -> int | None:
    """Validate the token whose curves are drawn.

    Parameters
    ----------
    token : int or None
        Index of the token; None for the mean over the explained ones.
    count : int
        Number of tokens.

    Returns
    -------
    int or None
        The index.

    Raises
    ------
    ValueError
        If it is out of range.
    """
    if token is not None and not 0 <= token < count:
        raise ValueError(f"token must be None or 0 … {count - 1}, got {token}")
    return None if token is None else int(token)
