"""Grade the answers to the five exercises, and say what is wrong with a wrong one.

What is right is computed from the lesson's scorer when an answer is graded. A message never states the number that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..hallucination.diagnosis import CAUSES, Diagnosis
from ..metrics.curves import auc
from .answers import (
    TOLERANCE,
    InvalidAnswerError,
    Mistakes,
    explain_mistake,
    is_close,
    mistakes_of_other_words,
    read_numbers,
    read_region,
    read_sequence,
)
from .lessons import Lesson

Grade = tuple[bool, str]
"""Whether an answer is right, and what to say about it."""


def grade_most_costly(lesson: Lesson, answer: Any) -> Grade:
    """Grade exercise 1: the region that, hidden alone, lowers the probability of "red" most.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        A region.

    Returns
    -------
    (bool, str)
        Whether the answer is right, and what to say about it.

    Raises
    ------
    InvalidAnswerError
        If it is an answer of another kind.
    """
    region = read_region(lesson, answer)
    k = lesson.response.find("red")[0]
    hidden, shown, full = lesson.p_hidden[:, k], lesson.p_shown[:, k], lesson.p_full[k]
    effect = f"hiding region {region} lowers p(“red”) from {full:.2f} to {hidden[region]:.2f}"
    if hidden[region] <= hidden.min() + TOLERANCE:
        return True, f"Yes: {effect}, and no other region costs more."
    if region == int(shown.argmax()):
        return (
            False,
            "“red” is most probable when only this region is shown. The question is what is lost when a region is hidden.",
        )
    if region > 0 and hidden[region - 1] <= hidden.min() + TOLERANCE:
        return False, "The region before this one costs more. Regions are numbered from 0, not from 1."
    if hidden[region] >= hidden.max() - 1e-6 and full - hidden[region] < TOLERANCE:
        return False, f"No region costs less: {effect}. Look for the lowest remaining probability, not for the highest."
    return False, f"This region costs {full - hidden[region]:.2f}: {effect}. Another region costs more."


def grade_coalition(lesson: Lesson, answer: Any) -> Grade:
    """Grade exercise 2: insight and necessity of a coalition for "blue".

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        (insight, necessity).

    Returns
    -------
    (bool, str)
        Whether the answer is right, and what to say about it.

    Raises
    ------
    InvalidAnswerError
        If it is an answer of another kind.
    """
    insight_given, necessity_given = read_numbers(answer, 2, "two numbers, (insight, necessity)")
    word, regions = "blue", lesson.coalition
    shown, hidden = lesson.probabilities(regions), lesson.probabilities(regions, hidden=True)
    k = lesson.response.find(word)[0]
    insight, rest, full = float(shown[k]), float(hidden[k]), float(lesson.p_full[k])
    necessity = 1 - rest
    insight_right, necessity_right = is_close(insight_given, insight), is_close(necessity_given, necessity)
    if insight_right and necessity_right:
        return True, (
            f"With only regions {regions} shown, p(“{word}”) = {insight:.2f}. Without them, {rest:.2f} remains, so the necessity "
            f"is 1 − {rest:.2f} = {necessity:.2f}."
        )
    if is_close(insight_given, necessity) and is_close(necessity_given, insight):
        return False, "Both numbers are right, but in the wrong order: insight comes first, then necessity."
    if max(insight_given, necessity_given) > 1 + TOLERANCE and is_close(insight_given / 100, insight):
        return False, "Give probabilities between 0 and 1, not percentages."
    messages = []
    if not insight_right:
        mistakes: Mistakes = [
            (rest, "For the insight you hid the regions instead of showing them: that is p(V∖S)"),
            (necessity, "That is the necessity of this coalition, not its insight"),
            (float(shown.mean()), f"For the insight you took the mean over all tokens; use only “{word}”"),
            *mistakes_of_other_words(lesson, shown, word, "insight"),
        ]
        messages.append(explain_mistake(insight_given, mistakes, "The insight", insight))
    if not necessity_right:
        mistakes = [
            (
                rest,
                "For the necessity you gave the probability that remains with the regions hidden; subtract it from one",
            ),
            (insight, "That is the insight of this coalition, not its necessity"),
            (
                1 - insight,
                "For the necessity you hid V∖S, the regions outside the coalition; hide the coalition itself",
            ),
            (full - rest, "The necessity is 1 − p, not the drop from p on the full image"),
            (-necessity, "The necessity has the wrong sign"),
            (rest - 1, "The necessity has the wrong sign"),
            (1 - float(hidden.mean()), f"For the necessity you took the mean over all tokens; use only “{word}”"),
            *mistakes_of_other_words(lesson, 1 - hidden, word, "necessity"),
        ]
        messages.append(explain_mistake(necessity_given, mistakes, "The necessity", necessity))
    if insight_right or necessity_right:
        messages.append(f"The {'insight' if insight_right else 'necessity'} is right.")
    return False, " ".join(messages)


def grade_greedy_step(lesson: Lesson, answer: Any) -> Grade:
    """Grade exercise 3: the next region of greedy search for "left", and its gain.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        (region, gain).

    Returns
    -------
    (bool, str)
        Whether the answer is right, and what to say about it.

    Raises
    ------
    InvalidAnswerError
        If it is an answer of another kind.
    """
    expected = "a region and its gain, (region, gain)"
    values = read_sequence(answer, 2, expected)
    region, (gain_given,) = read_region(lesson, values[0]), read_numbers(values[1:], 1, expected)
    word, placed = "left", lesson.placed
    if region in placed:
        return False, f"Region {region} is already placed; choose the next one among the others."
    rest = [v for v in range(lesson.regions.n) if v not in placed]
    before = lesson.objective(placed, word)
    objectives = {v: lesson.objective([*placed, v], word) for v in rest}
    after, best = objectives[region], max(objectives.values())
    gain = after - before
    if after < best - TOLERANCE:
        reasons = {
            "on its own, but another one adds more to what is already placed": {
                v: lesson.objective([v], word) for v in rest
            },
            "for insight alone; F also counts necessity": {v: lesson.insight([*placed, v], word) for v in rest},
            "for necessity alone; F also counts insight": {v: lesson.necessity([*placed, v], word) for v in rest},
        }
        for reason, scores in reasons.items():
            if scores[region] >= max(scores.values()) - 1e-6:
                return False, f"Region {region} is the best one {reason}."
        praise = " You computed its gain correctly." if is_close(gain_given, gain) else ""
        return False, f"Region {region} is not the best: with another one, F is higher than {after:.3f}.{praise}"
    if is_close(gain_given, gain):
        return True, f"With region {region}, F rises from {before:.2f} to {after:.2f}; no other region adds as much."
    insight_gain = lesson.insight([*placed, region], word) - lesson.insight(placed, word)
    necessity_gain = lesson.necessity([*placed, region], word) - lesson.necessity(placed, word)
    mistakes = [
        (after, "The gain is the increase of F, not F after the step"),
        (-gain, "The gain has the wrong sign: it is F after the step minus F before it"),
        (
            after - lesson.objective([], word),
            "That is the gain over showing nothing; subtract F of what is already placed",
        ),
        (insight_gain, "That is only the gain in insight; F is insight plus necessity"),
        (necessity_gain, "That is only the gain in necessity; F is insight plus necessity"),
    ]
    return False, f"The region is right. {explain_mistake(gain_given, mistakes, 'The gain', gain)}"


def grade_reliance(lesson: Lesson, answer: Any) -> Grade:
    """Grade exercise 4: the reliance of two words, and which of them is prior-driven.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        (reliance, reliance, word).

    Returns
    -------
    (bool, str)
        Whether the answer is right, and what to say about it.

    Raises
    ------
    InvalidAnswerError
        If it is an answer of another kind.
    """
    words = lesson.word_pair
    expected = f"two numbers and a word, (reliance of “{words[0]}”, reliance of “{words[1]}”, the prior-driven word)"
    parts = read_sequence(answer, 3, expected)
    values, named = read_numbers(parts[:2], 2, expected), parts[2]
    if not isinstance(named, str):
        raise InvalidAnswerError(f"Give {expected}")
    named = named.strip().strip("“”\"'")
    if named not in words:
        raise InvalidAnswerError(f"The word is “{words[0]}” or “{words[1]}”")
    explanation = lesson.sentence
    curves = [explanation.insertion[:, explanation.response.find(word)].mean(1).astype(float) for word in words]
    truth = [float(np.mean(curve - curve.min())) for curve in curves]
    if all(map(is_close, values, reversed(truth))) and not all(map(is_close, values, truth)):
        return False, f"Both numbers are right, but in the wrong order: “{words[0]}” comes first."
    for word, curve, value, score in zip(words, curves, values, truth, strict=True):
        if not is_close(value, score):
            mistakes = _reliance_mistakes(curve, explanation.area)
            return False, explain_mistake(value, mistakes, f"The reliance of “{word}”", score, prefix=f"“{word}”: ")
    prior_driven = words[int(np.argmin(truth))]
    if named != prior_driven:
        full = float(curves[words.index(named)][-1])
        return False, (
            f"The numbers are right, but the word is not: a word with low reliance is prior-driven. That the model says “{named}” "
            f"with p = {full:.2f} does not show why it says it."
        )
    return True, f"“{prior_driven}” is as probable on the blank image: the sentence dictates it, not the image."


def grade_cause(lesson: Lesson, answer: Any) -> Grade:
    """Grade exercise 5: the cause of a hallucination, and its minimal correction region.

    Parameters
    ----------
    lesson : Lesson
        The lesson.
    answer : object
        (cause, regions).

    Returns
    -------
    (bool, str)
        Whether the answer is right, and what to say about it.

    Raises
    ------
    InvalidAnswerError
        If it is an answer of another kind.
    """
    expected = f"a cause and regions, (“{'” / “'.join(CAUSES)}”, [region, …])"
    cause, listed = read_sequence(answer, 2, expected)
    if not isinstance(cause, str) or isinstance(listed, str) or not isinstance(listed, Iterable):
        raise InvalidAnswerError(f"Give {expected}")
    if cause not in CAUSES:
        raise InvalidAnswerError(f"The cause is one of “{'”, “'.join(CAUSES)}”")
    chosen = {read_region(lesson, value) for value in listed}
    correction, diagnosis = lesson.case.correction, lesson.case.diagnosis
    truth = set(np.flatnonzero(correction.region).tolist())
    if chosen != truth:
        return False, _region_mistake(chosen, truth, correction.explanation.order.tolist())
    if cause != diagnosis.cause:
        return False, f"The regions are right, but the cause is not. {_cause_mistake(cause, diagnosis)}"
    return True, f"{diagnosis.reason[0].upper()}{diagnosis.reason[1:]}."


def _reliance_mistakes(curve: np.ndarray, area: np.ndarray) -> Mistakes:
    """Return what common mistakes give instead of the reliance."""
    above = curve - curve.min()
    return [
        (float(curve.mean()), "that is the mean of the curve; subtract its lowest value"),
        (float(curve[-1] - curve[0]), "that is p(full) − p(blank), which misses what happens in between"),
        (float(curve[-1] - curve.min()), "that is the last value minus the lowest one; average over all steps"),
        (float(np.sum(above)), "that is the sum over the steps; divide it by their number"),
        (float(np.mean(curve - curve[0])), "you subtracted the value on the blank image; subtract the lowest value"),
        (float(np.sum(above) / (len(curve) - 1)), "N regions make N + 1 steps, because the blank image counts"),
        (float(np.mean(-above)), "the sign is wrong; subtract the lowest value from p"),
        (float(auc(curve, area) - curve.min()), "that is weighted by area, as in the published code; here every step counts the same"),
    ]  # fmt: skip


def _region_mistake(chosen: set[int], truth: set[int], order: list[int]) -> str:
    """Return what is wrong with the regions of exercise 5."""
    size = len(chosen)
    last = set(order[len(order) - size :])
    if chosen == set(order) - truth:
        return "These are the regions that stay. The question is which regions must be removed."
    if chosen == set(order[: len(truth)]):
        return "You took the first regions of the order. The last ones sustain the wrong word."
    if not truth:
        return "Removing regions never corrects the answer, so the minimal correction region is empty: []."
    if chosen == last and size < len(truth):
        return f"With these {size} regions removed, the answer is still wrong; remove more."
    if chosen == last:
        return f"Removing fewer than these {size} regions already corrects the answer."
    if chosen > truth:
        return "They contain the minimal correction region, but also regions that can stay."
    return "These are not the regions whose removal, in reverse order, first corrects the answer."


def _cause_mistake(cause: str, diagnosis: Diagnosis) -> str:
    """Return what contradicts a cause in exercise 5."""
    if cause == "prior-driven":
        return (
            "A prior-driven word retains its probability along the whole curve and relies little on the image. Look at the lowest "
            "point of the curve and at the reliance."
        )
    if cause == "misperceived region":
        if diagnosis.cause == "prior-driven":
            return "Apply the first rule first: does the word retain its probability along the whole curve?"
        return "Compare the share of the image that must be removed with the quarter that the rule allows."
    return "One of the first two rules applies; check them one after the other."
