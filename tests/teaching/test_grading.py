"""What each exercise accepts, and what it says about a wrong answer."""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pytest

from eagle_nb import hallucination
from eagle_nb.hallucination.diagnosis import COMPACT_AREA, LOW_RELIANCE, RETAINED
from eagle_nb.teaching import check

from .known import ALL, N, insight, message_for, necessity, probability

# -- exercise 1: the most costly region


def test_the_most_costly_region(lesson):
    assert min(range(N), key=lambda v: probability("red", ALL - {v})) == 0
    feedback = check("ex1", 0, lesson)
    assert feedback and "from 0.80 to 0.10" in feedback.message
    assert check("ex1", np.int64(0), lesson) and check("ex1", 0.0, lesson)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (7, "most probable when only this region is shown"),
        (1, "numbered from 0, not from 1"),
        (8, "No region costs less"),
        (4, "This region costs 0.63: hiding region 4 lowers p(“red”) from 0.80 to 0.17. Another region costs more"),
        (9, "from 0 to 8, got 9"),
        (-1, "from 0 to 8, got -1"),
        ("0", "whole number"),
        (0.5, "whole number"),
        ([0], "whole number"),
        (True, "whole number"),
    ],
)
def test_another_region(lesson, answer, message):
    assert message in message_for(lesson, "ex1", answer)


# -- exercise 2: insight and necessity


def test_insight_and_necessity_by_hand(lesson):
    a, b = insight("blue", lesson.coalition), necessity("blue", lesson.coalition)
    assert check("ex2", (a, b), lesson)
    assert check("ex2", np.array([a, b]), lesson)
    assert check("ex2", [round(a, 2), round(b, 2)], lesson)


def test_mistakes_in_exercise_2(lesson):
    regions = lesson.coalition
    a, b = insight("blue", regions), necessity("blue", regions)
    mean = np.mean([probability(token.strip(), set(regions)) for token in lesson.response.tokens])
    full = probability("blue", ALL)
    for answer, message in [
        ((b, a), "in the wrong order"),
        ((1 - b, b), "instead of showing them: that is p(V∖S). The necessity is right"),
        ((b, b), "necessity of this coalition, not its insight"),
        ((mean, b), "mean over all tokens"),
        ((insight("brick", regions), b), "That is the insight for “brick”"),
        ((a, 1 - b), "subtract it from one. The insight is right"),
        ((a, a), "insight of this coalition, not its necessity"),
        ((a, 1 - a), "hide the coalition itself"),
        ((a, full - (1 - b)), "not the drop from p on the full image"),
        ((a, -b), "wrong sign"),
        ((100 * a, 100 * b), "not percentages"),
        ((a + 0.021, b), f"The insight is lower than {a + 0.021:.3f}"),
        ((a, b + 0.024), f"The necessity is lower than {b + 0.024:.3f}"),
        (a, "two numbers, (insight, necessity)"),
        ((a, b, 1), "two numbers, (insight, necessity)"),
        ((a, "b"), "two numbers, (insight, necessity)"),
        ((a, float("nan")), "two numbers, (insight, necessity)"),
    ]:
        assert message in message_for(lesson, "ex2", answer), answer


# -- exercise 3: one step of greedy search


def objective(regions):
    return insight("left", regions) + necessity("left", regions)


def test_one_step_of_greedy_search(lesson):
    rest = [v for v in range(N) if v != 0]
    best = max(rest, key=lambda v: objective([0, v]))
    gain = objective([0, best]) - objective([0])
    assert (best, round(gain, 6)) == (1, 0.64)
    assert check("ex3", (1, gain), lesson)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((0, 0.64), "already placed"),
        ((1, 1.42), "not F after the step"),
        ((1, -0.64), "wrong sign"),
        ((1, 1.42 - 0.25 - 0.13), "gain over showing nothing"),
        ((1, 0.62), "only the gain in insight"),
        ((1, 0.02), "only the gain in necessity"),
        ((1, 0.5), "The region is right. The gain is higher than 0.500"),
        ((5, 0.20), "on its own, but another one adds more"),
        ((2, 0.60), "F is higher than 1.380. You computed its gain correctly"),
        ((8, 0.3), "F is higher than 0.780"),
        (1, "a region and its gain"),
        ((1, "much"), "a region and its gain"),
        ((17, 0.64), "from 0 to 8"),
    ],
)
def test_mistakes_in_exercise_3(lesson, answer, message):
    assert message in message_for(lesson, "ex3", answer)


# -- exercise 4: reliance


def curve(lesson, word):
    order = lesson.sentence.order.tolist()
    return np.array([probability(word, set(order[:k])) for k in range(N + 1)])


def test_reliance_by_hand(lesson):
    circle = curve(lesson, "circle")
    reliance = circle.sum() / (N + 1) - circle.min()
    assert check("ex4", (reliance, 0.0, "of"), lesson)
    assert check("ex4", [round(reliance, 2), 0, "“of”"], lesson)


def test_mistakes_in_exercise_4(lesson):
    c = curve(lesson, "circle")
    reliance = float(np.mean(c - c.min()))
    by_area = float(np.trapezoid(c, lesson.sentence.area) - c.min())
    for answer, message in [
        ((0.0, reliance, "of"), "in the wrong order"),
        ((reliance, 0.0, "circle"), "“circle” with p = 0.80 does not show why"),
        ((c.mean(), 0, "of"), "“circle”: that is the mean of the curve; subtract its lowest value"),
        ((reliance, 0.97, "of"), "“of”: that is the mean of the curve"),
        ((c[-1] - c[0], 0, "of"), "p(full) − p(blank)"),
        ((np.sum(c - c.min()), 0, "of"), "divide it by their number"),
        ((np.sum(c - c.min()) / N, 0, "of"), "N + 1 steps"),
        ((-reliance, 0, "of"), "the sign is wrong"),
        ((by_area, 0, "of"), "weighted by area"),
        ((reliance + 0.1, 0, "of"), f"The reliance of “circle” is lower than {reliance + 0.1:.3f}"),
        ((reliance, 0.0), "two numbers and a word"),
        ((reliance, 0.0, 3), "two numbers and a word"),
        ((reliance, 0.0, "star"), "“circle” or “of”"),
    ]:
        assert message in message_for(lesson, "ex4", answer), answer


# -- exercise 5: the cause of a hallucination


def minimal_region(lesson):
    """Remove regions in reverse order until the answer is correct."""
    correction = lesson.case.correction
    removed = []
    for k in range(N, -1, -1):
        if correction.answers[k].startswith("no"):
            return removed
        removed.append(int(correction.explanation.order[k - 1]))
    raise AssertionError


def test_the_cause_and_the_minimal_correction_region(lesson):
    region, cause = minimal_region(lesson), lesson.case.diagnosis.cause
    assert len(region) == 4
    assert check("ex5", (cause, region), lesson)
    assert check("ex5", (cause, np.array(region[::-1])), lesson)


def test_mistakes_in_exercise_5(lesson):
    region, order = minimal_region(lesson), lesson.case.correction.explanation.order.tolist()
    cause = lesson.case.diagnosis.cause
    assert cause == "unclear"
    for answer, message in [
        ((cause, sorted(ALL - set(region))), "These are the regions that stay"),
        ((cause, order[:4]), "the first regions of the order"),
        ((cause, region[:3]), "the answer is still wrong; remove more"),
        ((cause, order[-5:]), "fewer than these 5"),
        ((cause, [*region, order[0]]), "also regions that can stay"),
        (
            (cause, [order[0], order[-1]]),
            "not the regions whose removal, in reverse order, first corrects the answer",
        ),
        (("prior-driven", region), "retains its probability along the whole curve"),
        (("misperceived region", region), "the quarter that the rule allows"),
        (("the cloth", region), "“prior-driven”, “misperceived region”, “unclear”"),
        ((cause, 0.44), "a cause and regions"),
        ((cause, [99]), "from 0 to 8"),
        (cause, "a cause and regions"),
    ]:
        assert message in message_for(lesson, "ex5", answer), answer


def test_the_notebook_states_the_rules_that_are_checked():
    path = Path(__file__).parents[2] / "notebooks" / "00_walkthrough.ipynb"
    (rules,) = [c.source for c in nbformat.read(path, as_version=4).cells if "1. **prior-driven**" in c.source]
    assert f"{RETAINED}" + r"\, q_N" in rules
    assert f"reliance is at most {LOW_RELIANCE}" in rules
    assert COMPACT_AREA == 0.25 and "at most a quarter of the image" in rules


# -- the bundled model


@pytest.mark.model
def test_the_first_three_exercises_by_brute_force(bundled_lesson):
    n, scorer = bundled_lesson.regions.n, bundled_lesson.scorer
    eye = np.eye(n, dtype=bool)
    red, blue, left = (bundled_lesson.response.find(word)[0] for word in ("red", "blue", "left"))
    costs = scorer(~eye)[:, red]
    accepted = [bool(check("ex1", v, bundled_lesson)) for v in range(n)]
    assert accepted == [bool(p <= costs.min() + 0.005) for p in costs]
    coalition = np.isin(np.arange(n), bundled_lesson.coalition)[None]
    assert check("ex2", (scorer(coalition)[0, blue], 1 - scorer(~coalition)[0, blue]), bundled_lesson)
    shown = eye | np.isin(np.arange(n), bundled_lesson.placed)
    values = scorer(shown)[:, left] + 1 - scorer(~shown)[:, left]
    best = int(np.argmax(values))
    assert check("ex3", (best, values[best] - values[bundled_lesson.placed[0]]), bundled_lesson)


@pytest.mark.model
def test_only_the_diagnosed_cause_is_accepted(bundled_lesson):
    case = bundled_lesson.case
    region = np.flatnonzero(case.correction.region).tolist()
    accepted = [cause for cause in hallucination.CAUSES if check("ex5", (cause, region), bundled_lesson)]
    assert accepted == [case.diagnosis.cause]
