"""Reading the answer to an exercise, and telling a known mistake by the number it gives."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .lessons import Lesson

NEAR = 0.005
"""Probabilities this close count as equal: answers are read off a screen with two or three decimals."""


class NotAnAnswer(ValueError):
    """The answer is of another kind than asked for; says which."""


def several(answer: Any, count: int, wanted: str) -> list[Any]:
    """Exactly so many values; raises NotAnAnswer with what is wanted."""
    if isinstance(answer, str | dict) or not isinstance(answer, Iterable):
        raise NotAnAnswer(f"Give {wanted}")
    values = list(answer)
    if len(values) != count:
        raise NotAnAnswer(f"Give {wanted}")
    return values


def numbers(answer: Any, count: int, wanted: str) -> list[float]:
    """Exactly so many finite numbers; raises NotAnAnswer with what is wanted."""
    values = [_number(v) for v in several(answer, count, wanted)]
    found = [v for v in values if v is not None]
    if len(found) < count:
        raise NotAnAnswer(f"Give {wanted}")
    return found


def _number(value: Any) -> float | None:
    """A finite number; None for anything else."""
    if isinstance(value, np.ndarray) and value.size == 1:
        value = value.item()
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | np.integer | np.floating)
        or not np.isfinite(value)
    ):
        return None
    return float(value)


def region_id(lesson: Lesson, answer: Any) -> int:
    """The number of one of the lesson's regions."""
    value, n = _number(answer), lesson.regions.n
    if value is None or not value.is_integer() or not 0 <= value < n:
        raise NotAnAnswer(f"A region is a whole number within 0 … {n - 1}")
    return int(value)


def near(a: float, b: float) -> bool:
    """Whether two probabilities count as equal."""
    return abs(a - b) <= NEAR


def off(given: float, offs: list[tuple[float, str]], what: str, truth: float, lead: str = "") -> str:
    """The first known mistake that gives this number, or which way it is off."""
    known = next((why for value, why in offs if near(given, value)), None)
    if known is None:
        return f"{what} is {'higher' if truth > given else 'lower'} than {given:.3f}."
    return f"{lead}{known}."


def of_other_words(lesson: Lesson, values: np.ndarray, word: str, what: str) -> list[tuple[float, str]]:
    """For every token but the word's own, its value, (T,), and what to say to one who took it."""
    tokens = enumerate(lesson.response.tokens)
    others = [(float(values[k]), text.strip()) for k, text in tokens if k not in lesson.response.find(word)]
    return [(value, f"That would be the {what} for “{text}”; asked is “{word}”") for value, text in others]
