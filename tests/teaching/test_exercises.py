"""Checking answers and asking for hints."""

from __future__ import annotations

import pytest

from eagle_nb.teaching import EXERCISES, check, hint

from .known import message_for


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_answer_yet(lesson, exercise):
    assert message_for(lesson, exercise, None).startswith("There is no answer yet.")
    assert message_for(lesson, exercise, ...).endswith(EXERCISES[exercise].task)


def test_unknown_exercises_are_errors():
    with pytest.raises(ValueError, match="there is no exercise 'ex6'; there are ex1, ex2, ex3, ex4, ex5"):
        check("ex6", 1)
    with pytest.raises(ValueError, match="there are ex1"):
        hint("one")
    with pytest.raises(ValueError, match="has 3 hints"):
        hint("ex1", 4)


@pytest.mark.model
def test_the_lesson_that_was_prepared_last_is_the_default(bundled_lesson):
    region = int(bundled_lesson.p_hidden[:, bundled_lesson.response.find("red")[0]].argmin())
    assert check("ex1", region)
