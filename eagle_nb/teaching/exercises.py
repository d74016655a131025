"""The five exercises: how an answer is read, what is off in a wrong one, and hints.

What is right is computed when an answer is checked, from the lesson's scorer and the library. A message never gives the
number that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..hallucination import CAUSES
from ..metrics import auc
from .answers import NEAR, NotAnAnswer, near, numbers, of_other_words, off, region_id, several
from .feedback import Feedback, Hint
from .lessons import Lesson, opened

Judge = Callable[[Lesson, Any], tuple[bool, str]]


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    task : str
    judge : callable
        From a lesson and an answer to whether it is right, and what to say; raises NotAnAnswer for another kind of answer.
    hints : tuple of str
        The gentlest first.
    """

    task: str
    judge: Judge
    hints: tuple[str, ...]


def check(exercise: str, answer: Any, lesson: Lesson | None = None) -> Feedback:
    """Check an answer, and say what is off.

    Parameters
    ----------
    exercise : {"ex1", "ex2", "ex3", "ex4", "ex5"}
    answer
        As the exercise asks for it; None for none yet.
    lesson : Lesson, optional
        By default the one opened last.

    Returns
    -------
    Feedback
        True where the answer is right.

    Raises
    ------
    ValueError
        If there is no such exercise.
    """
    chosen = _exercise(exercise)
    if answer is None or answer is ...:
        return Feedback(exercise, False, f"There is no answer yet. {chosen.task}")
    try:
        right, message = chosen.judge(lesson or opened(), answer)
    except NotAnAnswer as wanted:
        right, message = False, f"{wanted}, got {answer!r}."
    return Feedback(exercise, right, message)


def hint(exercise: str, steps: int = 1) -> Hint:
    """Hints to an exercise: the first ones printed, in a notebook each opens with a click.

    Raises
    ------
    ValueError
        If there is no such exercise, or not so many hints.
    """
    hints = _exercise(exercise).hints
    if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= len(hints):
        raise ValueError(f"{exercise} has {len(hints)} hints; ask for 1 … {len(hints)} of them, got {steps!r}")
    return Hint(exercise, hints, steps)


def _exercise(name: str) -> Exercise:
    if name not in EXERCISES:
        raise ValueError(f"there is no exercise {name!r}; there are {', '.join(EXERCISES)}")
    return EXERCISES[name]


# -- the judges ---------------------------------------------------------------------------------------


def _most_costly(lesson: Lesson, answer: Any) -> tuple[bool, str]:
    region = region_id(lesson, answer)
    k = lesson.response.find("red")[0]
    left, alone, full = lesson.without[:, k], lesson.alone[:, k], lesson.full[k]
    told = f"hiding region {region} takes p(“red”) from {full:.2f} to {left[region]:.2f}"
    if left[region] <= left.min() + NEAR:
        return True, f"Indeed, {told}: no other region costs more."
    if region == int(alone.argmax()):
        return (
            False,
            "That region carries the word best when it is shown alone. Asked is what is lost when it is hidden.",
        )
    if left[region - 1] <= left.min() + NEAR and region > 0:
        return False, "The neighbour with the number below costs more. Regions are counted from 0, not from 1."
    if left[region] >= left.max() - 1e-6 and full - left[region] < NEAR:
        return False, f"No region costs less: {told}. Look for the lowest probability that is left, not the highest."
    return False, f"It costs {full - left[region]:.2f}: {told}. Another region costs more."


def _by_hand(lesson: Lesson, answer: Any) -> tuple[bool, str]:
    got_insight, got_necessity = numbers(answer, 2, "two numbers, (insight, necessity)")
    word, regions = "blue", lesson.coalition
    shown, hidden = lesson.probabilities(regions), lesson.probabilities(regions, hidden=True)
    k = lesson.response.find(word)[0]
    insight, left = float(shown[k]), float(hidden[k])
    necessity, full = 1 - left, float(lesson.full[k])
    first, second = near(got_insight, insight), near(got_necessity, necessity)
    if first and second:
        return True, (
            f"Shown alone, regions {regions} give p(“{word}”) = {insight:.2f}; without them {left:.2f} is left, so that the "
            f"necessity is 1 − {left:.2f} = {necessity:.2f}."
        )
    if near(got_insight, necessity) and near(got_necessity, insight):
        return False, "Both numbers are there, in the wrong order: insight comes first, then necessity."
    if max(got_insight, got_necessity) > 1 + NEAR and near(got_insight / 100, insight):
        return False, "Give probabilities within 0 … 1, not percentages."
    said = []
    if not first:
        said.append(
            off(
                got_insight,
                [
                    (left, "For the insight you counted with the regions hidden, not shown: that is p(V∖S)"),
                    (necessity, "That is the necessity of this coalition, not its insight"),
                    (float(shown.mean()), f"For the insight you took the mean over all tokens; take “{word}” alone"),
                    *of_other_words(lesson, shown, word, "insight"),
                ],
                "The insight",
                insight,
            )
        )
    if not second:
        said.append(
            off(
                got_necessity,
                [
                    (left, "For the necessity you gave what is left with the regions hidden; it is one minus that"),
                    (insight, "That is the insight of this coalition, not its necessity"),
                    (1 - insight, "For the necessity you hid V∖S, the regions outside; hide the coalition itself"),
                    (full - left, "Necessity is 1 − p, not the fall from p on the whole image"),
                    (-necessity, "The necessity has the wrong sign"),
                    (left - 1, "The necessity has the wrong sign"),
                    (
                        1 - float(hidden.mean()),
                        f"For the necessity you took the mean over all tokens; take “{word}” alone",
                    ),
                    *of_other_words(lesson, 1 - hidden, word, "necessity"),
                ],
                "The necessity",
                necessity,
            )
        )
    kept = " The insight is right." if first else " The necessity is right." if second else ""
    return False, " ".join(said) + kept


def _greedy_step(lesson: Lesson, answer: Any) -> tuple[bool, str]:
    given = several(answer, 2, "a region and its gain, (region, gain)")
    region, (gain,) = region_id(lesson, given[0]), numbers(given[1:], 1, "a region and its gain, (region, gain)")
    word, placed, n = "left", lesson.placed, lesson.regions.n
    if region in placed:
        return False, f"Region {region} is placed already; the next one is chosen among the others."
    before, rest = lesson.objective(placed, word), [v for v in range(n) if v not in placed]
    total = {v: lesson.objective([*placed, v], word) for v in rest}
    best = max(total.values())
    own, after = total[region] - before, total[region]
    offs = [
        (after, "The gain is what F grows by, not F after the step"),
        (-own, "The gain has the wrong sign: F after the step minus F before it"),
        (
            after - lesson.objective([], word),
            "That is the gain over showing nothing; subtract F of what is placed already",
        ),
        (
            lesson.insight([*placed, region], word) - lesson.insight(placed, word),
            "That is what the insight gains; F is insight plus necessity",
        ),
        (
            lesson.necessity([*placed, region], word) - lesson.necessity(placed, word),
            "That is what the necessity gains; F is insight plus necessity",
        ),
    ]
    if after >= best - NEAR:
        if near(gain, own):
            return True, f"With region {region} F goes from {before:.2f} to {after:.2f}: no other region adds as much."
        return False, f"The region is right. {off(gain, offs, 'The gain', own)}"
    reasons = {
        "on its own, but not the one that adds most to what is placed": {v: lesson.objective([v], word) for v in rest},
        "for the insight alone; F also counts necessity": {v: lesson.insight([*placed, v], word) for v in rest},
        "for the necessity alone; F also counts insight": {v: lesson.necessity([*placed, v], word) for v in rest},
    }
    for reason, values in reasons.items():
        if values[region] >= max(values.values()) - 1e-6:
            return False, f"Region {region} is the best one {reason}."
    correct = " Its gain is computed rightly." if near(gain, own) else ""
    return False, f"Region {region} is not the best: another one takes F higher than {after:.3f}.{correct}"


def _reliances(lesson: Lesson, answer: Any) -> tuple[bool, str]:
    words = lesson.pair
    wanted = (
        f"two numbers and a word, (reliance of “{words[0]}”, reliance of “{words[1]}”, the word that is prior-driven)"
    )
    given = several(answer, 3, wanted)
    values, named = numbers(given[:2], 2, wanted), given[2]
    if not isinstance(named, str):
        raise NotAnAnswer(f"Give {wanted}")
    named = named.strip().strip("“”\"'")
    if named not in words:
        raise NotAnAnswer(f"The word is “{words[0]}” or “{words[1]}”")
    e = lesson.sentence
    curves = [e.insertion[:, e.response.find(word)].mean(1).astype(float) for word in words]
    truth = [float(np.mean(c - c.min())) for c in curves]
    if all(map(near, values, reversed(truth))) and not all(map(near, values, truth)):
        return False, f"Both numbers are there, in the wrong order: “{words[0]}” comes first."
    for word, curve, value, score in zip(words, curves, values, truth, strict=True):
        if not near(value, score):
            offs = [
                (float(curve.mean()), "that is the mean of the curve; subtract its lowest value"),
                (float(curve[-1] - curve[0]), "that is p(full) − p(blank), which misses what happens between"),
                (float(curve[-1] - curve.min()), "that is the last value over the lowest one; average over all steps"),
                (float(np.sum(curve - curve.min())), "that is the sum over the steps; divide it by their number"),
                (float(np.mean(curve - curve[0])), "you subtracted the blank image's value; subtract the lowest one"),
                (float(np.sum(curve - curve.min()) / (len(curve) - 1)), "N regions make N + 1 steps, the blank image among them"),
                (float(np.mean(curve.min() - curve)), "the sign is wrong: p minus its lowest value"),
                (float(auc(curve, e.area) - curve.min()), "that is the published code's, weighted by area; every step counts the same here"),
            ]  # fmt: skip
            return False, off(value, offs, f"The reliance of “{word}”", score, lead=f"“{word}”: ")
    driven = words[int(np.argmin(truth))]
    if named != driven:
        full = float(curves[words.index(named)][-1])
        return False, (
            f"The numbers are right, the word is not: a word is prior-driven where its reliance is low. That “{named}” is said "
            f"with p = {full:.2f} does not say why."
        )
    return True, f"“{driven}” is as probable on the blank image; the sentence dictates it, not the picture."


def _cause(lesson: Lesson, answer: Any) -> tuple[bool, str]:
    wanted = f"a cause and regions, (“{'” / “'.join(CAUSES)}”, [region, …])"
    named, listed = several(answer, 2, wanted)
    if not isinstance(named, str) or isinstance(listed, str) or not isinstance(listed, Iterable):
        raise NotAnAnswer(f"Give {wanted}")
    if named not in CAUSES:
        raise NotAnAnswer(f"The cause is one of “{'”, “'.join(CAUSES)}”")
    chosen = {region_id(lesson, v) for v in listed}
    correction, verdict = lesson.case.correction, lesson.case.verdict
    order, truth = correction.explanation.order.tolist(), set(np.flatnonzero(correction.region).tolist())
    n, size = len(order), len(chosen)
    if chosen != truth:
        if chosen == set(range(n)) - truth:
            return False, "Those are the regions that stay. Asked are the ones that must go."
        if chosen == set(order[: len(truth)]):
            return False, "You took the regions from the front of the order. The last ones keep the wrong word alive."
        if not truth:
            return False, "No removal turns the answer: then the minimal region is empty, []."
        if chosen == set(order[n - size :]) and size < len(truth):
            return False, f"With these {size} removed the answer is still wrong; go further back from the whole image."
        if chosen == set(order[n - size :]):
            return False, f"Removing fewer than these {size} turns the answer already."
        if chosen > truth:
            return False, "They hold the minimal region, and others that need not go."
        return (
            False,
            "That is not the region at which the answer first turns when the order is walked back from its end.",
        )
    if named != verdict.cause:
        return False, f"The regions are right, the cause is not. {_against(named, verdict)}"
    return True, f"{verdict.reason[0].upper()}{verdict.reason[1:]}."


def _against(named: str, verdict: Any) -> str:
    """What speaks against a cause."""
    if named == "prior-driven":
        return (
            "A prior-driven word keeps its probability all the way down the curve and relies little on the image; look at the "
            "curve's lowest point and at the reliance."
        )
    if named == "misperceived region":
        if verdict.cause == "prior-driven":
            return (
                "First ask whether the word is said whatever is seen: it keeps its probability along the whole curve."
            )
        return "Compare the share of the image that must go with the rule's a quarter."
    return "One of the two rules does fit; take them one after the other."


EXERCISES: dict[str, Exercise] = {
    "ex1": Exercise(
        "Which region, hidden alone, costs “red” most? Give its number.",
        _most_costly,
        (
            "Paint one region, look at the bar of “red”, clear, paint the next.",
            "Where on the image is something red? Begin there.",
            "With code: hide each region by itself, ~np.eye(N, dtype=bool), and look at the column of “red” in what the "
            "scorer returns.",
        ),
    ),
    "ex2": Exercise(
        "What are insight and necessity of lesson.coalition for “blue”? Give (insight, necessity).",
        _by_hand,
        (
            "Two calls of the scorer: one shows the coalition alone, the other shows everything else.",
            "shown = np.zeros((1, N), dtype=bool); shown[0, lesson.coalition] = True is the first, ~shown the second.",
            "The column of “blue” is lesson.response.find(“blue”). One of the two numbers is subtracted from 1.",
        ),
    ),
    "ex3": Exercise(
        "Greedy search for “left” has placed lesson.placed. Which region comes next, and what does F gain? Give (region, gain).",
        _greedy_step,
        (
            "For every region that is not placed yet, put it beside those that are and compute F.",
            "F(S) = insight(S) + necessity(S); lesson.insight(regions, word) and lesson.necessity(regions, word) give the two.",
            "The gain is the largest F minus F of lesson.placed alone.",
        ),
    ),
    "ex4": Exercise(
        "What is the reliance of “circle” and of “of”, and which of the two is prior-driven? Give (number, number, word).",
        _reliances,
        (
            "Take the column of each word in lesson.sentence.insertion: one probability for each step, N + 1 of them.",
            "How far does the curve stand above its own lowest value, on average over all steps?",
            "curve = lesson.sentence.insertion[:, k]; then np.mean(curve - curve.min()).",
        ),
    ),
    "ex5": Exercise(
        "Why does the model see a cup, and which regions must go before it does not? Give (cause, [region, …]).",
        _cause,
        (
            "Move the slider of the widget from nothing removed until the answer first changes.",
            "The regions come off in reverse order: explanation.order[::-1]. Those taken off by then are the minimal region.",
            "For the cause take the two rules one after the other, with the curve p(“cup”) in case.correction.wrong: its last "
            "value is the whole image's, its first one the blank image's.",
        ),
    ),
}  # fmt: skip
