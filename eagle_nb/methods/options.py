"""Checks of the options of methods."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any


def check_count(value: object, name: str) -> None:
    """Validate an option that counts something.

    Parameters
    ----------
    value : object
        The value.
    name : str
        The name of the option.

    Raises
    ------
    ValueError
        If the value is not an integer of at least 1.

    Examples
    --------
    >>> check_count(0, "masks")
    Traceback (most recent call last):
    ...
    ValueError: masks must be a whole number of at least 1, got 0
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")


def check_options(name: str, function: Callable[..., Any], options: Mapping[str, Any]) -> None:
    """Validate the names of a method's options.

    Parameters
    ----------
    name : str
        The name of the method, for the message.
    function : callable
        The method; its options are the parameters after ``rng``.
    options : mapping of str to value
        The options.

    Raises
    ------
    TypeError
        If the method does not have one of the options.
    """
    parameters = inspect.signature(function).parameters
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    available = [parameter for parameter in list(parameters)[2:] if parameter != "rng"]
    unknown = sorted(set(options) - set(available))
    if unknown:
        raise TypeError(f"{name} has no option {unknown[0]!r}; its options: {', '.join(available) or 'none'}")
