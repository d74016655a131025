"""The five exercises of the walkthrough: tasks, hints, and how answers are checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .answers import InvalidAnswerError
from .feedback import Feedback, Hint
from .grading import Grade, grade_cause, grade_coalition, grade_greedy_step, grade_most_costly, grade_reliance
from .lessons import Lesson, current_lesson

Grader = Callable[[Lesson, Any], Grade]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    task : str
        What the student is asked.
    grade : callable
        From a lesson and an answer to (whether it is right, what to say about it); raises InvalidAnswerError for an answer of
        another kind.
    hints : tuple of str
        Hints; each reveals more than the one before.
    """

    task: str
    grade: Grader
    hints: tuple[str, ...]


EXERCISES: dict[str, Exercise] = {
    "ex1": Exercise(
        "Which region, hidden alone, lowers the probability of “red” most? Give its number.",
        grade_most_costly,
        (
            "Paint one region, look at the bar of “red”, clear, and paint the next one.",
            "Where in the image is something red? Begin there.",
            "In code: hide each region alone with ~np.eye(N, dtype=bool), and look at the column of “red” in the scorer's output.",
        ),
    ),
    "ex2": Exercise(
        "What are the insight and the necessity of lesson.coalition for “blue”? Give (insight, necessity).",
        grade_coalition,
        (
            "You need two calls of the scorer: one shows only the coalition, the other shows everything else.",
            "For the first call, use shown = np.zeros((1, N), dtype=bool); shown[0, lesson.coalition] = True. For the second, use ~shown.",
            "The column of “blue” is lesson.response.find(“blue”). One of the two probabilities must be subtracted from 1.",
        ),
    ),
    "ex3": Exercise(
        "Greedy search for “left” has placed lesson.placed. Which region comes next, and how much does F gain? Give (region, gain).",
        grade_greedy_step,
        (
            "Add each region that is not yet placed to those that are, and compute F.",
            "F(S) = insight(S) + necessity(S). Both are available: lesson.insight(regions, word) and lesson.necessity(regions, word).",
            "The gain is the largest F minus F of lesson.placed alone.",
        ),
    ),
    "ex4": Exercise(
        "What are the reliances of “circle” and “of”, and which of the two is prior-driven? Give (number, number, word).",
        grade_reliance,
        (
            "Take the column of each word in lesson.sentence.insertion: one probability per step, N + 1 in total.",
            "How far is the curve above its own lowest value, averaged over all steps?",
            "curve = lesson.sentence.insertion[:, k]; then np.mean(curve - curve.min()).",
        ),
    ),
    "ex5": Exercise(
        "Why does the model see a cup, and which regions must be removed until it no longer does? Give (cause, [region, …]).",
        grade_cause,
        (
            "Start with nothing removed, and move the slider of the widget until the answer is correct for the first time.",
            "Regions are removed in reverse order, explanation.order[::-1]. Those removed so far are the minimal correction region.",
            "For the cause, check the rules one after the other. The curve of the wrong token is case.correction.p_wrong: its last value "
            "belongs to the full image, its first one to the blank image.",
        ),
    ),
}  # fmt: skip
"""The exercises by name."""


def check(exercise: str, answer: Any, lesson: Lesson | None = None) -> Feedback:
    """Check an answer.

    Parameters
    ----------
    exercise : {"ex1", "ex2", "ex3", "ex4", "ex5"}
        The exercise.
    answer : object
        The answer, in the form that the exercise asks for; None if there is none yet.
    lesson : Lesson, optional
        The lesson; by default the one that was prepared last.

    Returns
    -------
    Feedback
        True if the answer is right; its message says what is wrong otherwise.

    Raises
    ------
    ValueError
        If there is no such exercise.

    Examples
    --------
    >>> check("ex1", None)
    ex1: not yet. There is no answer yet. Which region, hidden alone, lowers the probability of “red” most? Give its number.
    """
    chosen = _exercise(exercise)
    if answer is None or answer is ...:
        return Feedback(exercise, False, f"There is no answer yet. {chosen.task}")
    try:
        correct, message = chosen.grade(lesson or current_lesson(), answer)
    except InvalidAnswerError as error:
        correct, message = False, f"{error}, got {answer!r}."
    return Feedback(exercise, correct, message)


def hint(exercise: str, steps: int = 1) -> Hint:
    """Return the hints to an exercise.

    Parameters
    ----------
    exercise : {"ex1", "ex2", "ex3", "ex4", "ex5"}
        The exercise.
    steps : int
        Number of hints to print. In a notebook, each further hint opens with a click.

    Returns
    -------
    Hint
        The hints.

    Raises
    ------
    ValueError
        If there is no such exercise, or it has fewer hints.

    Examples
    --------
    >>> hint("ex1")
    ex1, hint 1: Paint one region, look at the bar of “red”, clear, and paint the next one.
    More: hint('ex1', 2)
    """
    hints = _exercise(exercise).hints
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= len(hints):
        raise ValueError(f"{exercise} has {len(hints)} hints; give a number from 1 to {len(hints)}, got {steps!r}")
    return Hint(exercise, hints, steps)


def _exercise(name: str) -> Exercise:
    """Return an exercise by name."""
    if name not in EXERCISES:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}")
    return EXERCISES[name]
