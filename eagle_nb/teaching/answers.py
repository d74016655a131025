"""Read the answer to an exercise, and recognize a common mistake by the number that it gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .lessons import Lesson

TOLERANCE = 0.005
"""Maximum difference between probabilities that count as equal: students read two or three decimals off the screen."""

Mistakes = list[tuple[float, str]]
"""Wrong values, each with what to say about it."""


class InvalidAnswerError(ValueError):
    """An answer of another kind than the exercise asks for; the message says what to give."""


def read_sequence(answer: Any, count: int, expected: str) -> list[Any]:
    """Read an answer of several values.

    Parameters
    ----------
    answer : object
        The answer.
    count : int
        Number of values.
    expected : str
        What the exercise asks for.

    Returns
    -------
    list
        The values.

    Raises
    ------
    InvalidAnswerError
        If the answer is not a sequence of this length.
    """
    if isinstance(answer, str | dict) or not isinstance(answer, Iterable):
        raise InvalidAnswerError(f"Give {expected}")
    values = list(answer)
    if len(values) != count:
        raise InvalidAnswerError(f"Give {expected}")
    return values


def read_numbers(answer: Any, count: int, expected: str) -> list[float]:
    """Read an answer of several numbers.

    Parameters
    ----------
    answer : object
        The answer.
    count : int
        Number of numbers.
    expected : str
        What the exercise asks for.

    Returns
    -------
    list of float
        Finite numbers.

    Raises
    ------
    InvalidAnswerError
        If the answer is something else.
    """
    numbers = [_number(value) for value in read_sequence(answer, count, expected)]
    finite = [number for number in numbers if number is not None]
    if len(finite) < count:
        raise InvalidAnswerError(f"Give {expected}")
    return finite


def read_region(lesson: Lesson, answer: Any) -> int:
    """Read the number of a region.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        The answer.

    Returns
    -------
    int
        The index of one of the lesson's regions.

    Raises
    ------
    InvalidAnswerError
        If the answer is not a whole number, or there is no such region.
    """
    number, n = _number(answer), lesson.regions.n
    if number is None or not number.is_integer() or not 0 <= number < n:
        raise InvalidAnswerError(f"A region is a whole number from 0 to {n - 1}")
    return int(number)


def is_close(a: float, b: float) -> bool:
    """Return whether two probabilities count as equal.

    Parameters
    ----------
    a, b : float
        Probabilities.

    Returns
    -------
    bool
        Whether they differ by at most `TOLERANCE`.

    Examples
    --------
    >>> is_close(0.333, 1 / 3)
    True
    """
    return abs(a - b) <= TOLERANCE


def explain_mistake(value: float, mistakes: Mistakes, name: str, truth: float, prefix: str = "") -> str:
    """Return what to say about a wrong number.

    Parameters
    ----------
    value : float
        The wrong number.
    mistakes : list of (float, str)
        What common mistakes give, and what to say about each.
    name : str
        What the number stands for.
    truth : float
        The right number.
    prefix : str
        Precedes the explanation of a common mistake.

    Returns
    -------
    str
        The explanation of the first mistake that gives this number, or else whether the right number is higher or lower.

    Examples
    --------
    >>> explain_mistake(0.3, [(0.7, "That is one minus it")], "The insight", 0.4)
    'The insight is higher than 0.300.'
    """
    explanation = next((text for wrong, text in mistakes if is_close(value, wrong)), None)
    if explanation is None:
        return f"{name} is {'higher' if truth > value else 'lower'} than {value:.3f}."
    return f"{prefix}{explanation}."


def mistakes_of_other_words(lesson: Lesson, values: np.ndarray, word: str, name: str) -> Mistakes:
    """Return what reading the number of another word gives.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    values : ndarray, (T,)
        The number of every token.
    word : str
        The word that the exercise asks about.
    name : str
        What the number stands for.

    Returns
    -------
    list of (float, str)
        For every token of another word its number, and what to say about it.
    """
    own = lesson.response.find(word)
    others = [(float(values[k]), text.strip()) for k, text in enumerate(lesson.response.tokens) if k not in own]
    return [(value, f"That is the {name} for “{text}”; the exercise asks about “{word}”") for value, text in others]


def _number(value: Any) -> float | None:
    """Return a finite number; None for anything else."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return float(value) if np.isfinite(value) else None
