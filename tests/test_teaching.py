"""The lesson and its exercises, on a scorer whose every value is known; and on the bundled model."""

from itertools import pairwise
from pathlib import Path

import nbformat
import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb import hallucination, teaching
from eagle_nb.hallucination.diagnosis import COMPACT, KEPT, LOW
from eagle_nb.inputs.response import token_spans
from eagle_nb.scenes import draw
from eagle_nb.teaching import EXERCISES, Lesson, check, hint

from .widgets.answers import make_correction

N = 9
CONSTANT = {"a": 0.61, "small": 0.62, "of": 0.97, "large": 0.63, "star": 0.64, "on": 0.65, "brick": 0.66, ".": 0.67}


def chance(word, s):
    """Probability of a word where the regions of `s` are shown; the truth of every exercise follows from here."""
    values = {
        "red": 0.1 + 0.7 * (0 in s) * (0.1 + 0.9 * (4 in s)) + 0.15 * (7 in s) * (8 not in s),
        "circle": 0.2 + 0.5 * (0 in s) + 0.1 * (8 in s),
        "left": 0.25 + 0.6 * (0 in s and (1 in s or 2 in s)) + 0.02 * (1 in s) + 0.2 * (5 in s) * (0 not in s),
        "blue": 0.1 + 0.8 * max(0.9 * (1 in s), 0.75 * (2 in s)),
    }
    return values.get(word, CONSTANT.get(word))


class Model:
    """A model that is `chance`."""

    def scorer(self, response, regions, fill, target_ids=None):
        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                sets = [set(np.flatnonzero(row)) for row in shown]
                words = [t.strip() for t in response.tokens]
                return np.array([[chance(w, s) for w in words] for s in sets], dtype=np.float32)

        return Scorer()


@pytest.fixture(scope="module")
def lesson():
    scene = draw(9, objects=["small red circle", "large blue star"], relation="left of")
    words = ["a", " small", " red", " circle", " left", " of", " a", " large", " blue", " star", " on", " brick", "."]
    prefixes = ["".join(words[: k + 1]) for k in range(len(words))]
    response = eagle.Response(scene.image, "describe", prefixes[-1], list(range(13)), *token_spans(prefixes))
    made = Lesson(Model(), scene, response, eagle.Regions.grid(scene.image, N))
    correction = make_correction()
    case = hallucination.Case(
        correction.claim, hallucination.Counter(0, 7, "no"), correction, hallucination.judge(correction)
    )
    made.__dict__["case"] = case
    return made


EVERY = frozenset(range(N))


def insight(word, s):
    return chance(word, set(s))


def necessity(word, s):
    return 1 - chance(word, EVERY - set(s))


def said(lesson, exercise, answer):
    feedback = check(exercise, answer, lesson)
    assert not feedback.right
    return feedback.message


# -- the material


def test_the_lesson_agrees_with_the_table(lesson):
    assert lesson.insight([0, 1], "left") == pytest.approx(0.87)
    assert lesson.necessity([0, 1], "left") == pytest.approx(1 - 0.45)
    assert lesson.objective([0], "left") == pytest.approx(0.25 + 1 - 0.47)
    assert lesson.placed == [0]
    assert lesson.full[lesson.response.find("red")] == pytest.approx([0.8])


def test_where_the_things_are(lesson):
    assert lesson.holding("circle") == [0]
    star = lesson.holding("star")
    mask = lesson.scene.objects[1].mask
    assert lesson.scene.objects[1].shape == "star"
    pixels = [int((mask & (lesson.regions.labels == k)).sum()) for k in range(N)]
    assert set(star) == {k for k in range(N) if pixels[k]}
    assert all(pixels[a] >= pixels[b] for a, b in pairwise(star))


def test_every_region_has_its_number_in_the_middle():
    image = Image.new("RGB", (60, 30), (200, 30, 30))
    regions = eagle.Regions.grid(image, 8)
    picture = np.asarray(teaching.numbered(image, regions)).astype(int)
    assert picture.shape == (168, 336, 3)
    for row in range(2):
        for column in range(4):
            cell = picture[84 * row + 5 : 84 * row + 79, 84 * column + 5 : 84 * column + 79]
            assert (cell[:20] == (200, 30, 30)).all()
            assert (cell[27:47, 27:47] == (255, 255, 255)).all(-1).any()
    assert (picture[:, 84] == 255).all() or (picture[:, 83] == 255).all()
    with pytest.raises(ValueError, match="give its own"):
        teaching.numbered(image, eagle.Regions.grid(image.resize((30, 30)), 9))


# -- exercise 1


def test_the_most_costly_region(lesson):
    assert min(range(N), key=lambda v: chance("red", EVERY - {v})) == 0
    feedback = check("ex1", 0, lesson)
    assert feedback and "from 0.80 to 0.10" in feedback.message
    assert check("ex1", np.int64(0), lesson) and check("ex1", 0.0, lesson)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (7, "carries the word best when it is shown alone"),
        (1, "counted from 0, not from 1"),
        (8, "No region costs less"),
        (4, "It costs 0.63: hiding region 4 takes p(“red”) from 0.80 to 0.17. Another region costs more"),
        (9, "within 0 … 8, got 9"),
        (-1, "within 0 … 8, got -1"),
        ("0", "whole number"),
        (0.5, "whole number"),
        ([0], "whole number"),
        (True, "whole number"),
    ],
)
def test_another_region(lesson, answer, message):
    assert message in said(lesson, "ex1", answer)


# -- exercise 2


def test_insight_and_necessity_by_hand(lesson):
    s = lesson.coalition
    assert check("ex2", (insight("blue", s), necessity("blue", s)), lesson)
    assert check("ex2", np.array([insight("blue", s), necessity("blue", s)]), lesson)
    assert check("ex2", [round(insight("blue", s), 2), round(necessity("blue", s), 2)], lesson)


def test_what_is_off_in_exercise_2(lesson):
    s = lesson.coalition
    a, b = insight("blue", s), necessity("blue", s)
    words = [t.strip() for t in lesson.response.tokens]
    mean = np.mean([chance(w, set(s)) for w in words])
    full = chance("blue", EVERY)
    for answer, message in [
        ((b, a), "in the wrong order"),
        ((1 - b, b), "with the regions hidden, not shown: that is p(V∖S). The necessity is right"),
        ((b, b), "necessity of this coalition, not its insight"),
        ((mean, b), "mean over all tokens"),
        ((insight("brick", s), b), "would be the insight for “brick”"),
        ((a, 1 - b), "it is one minus that. The insight is right"),
        ((a, a), "insight of this coalition, not its necessity"),
        ((a, 1 - a), "hide the coalition itself"),
        ((a, full - (1 - b)), "not the fall from p on the whole image"),
        ((a, -b), "wrong sign"),
        ((100 * a, 100 * b), "not percentages"),
        ((a + 0.021, b), f"The insight is lower than {a + 0.021:.3f}"),
        ((a, b + 0.024), f"The necessity is lower than {b + 0.024:.3f}"),
        (a, "two numbers, (insight, necessity)"),
        ((a, b, 1), "two numbers, (insight, necessity)"),
        ((a, "b"), "two numbers, (insight, necessity)"),
        ((a, float("nan")), "two numbers, (insight, necessity)"),
    ]:
        assert message in said(lesson, "ex2", answer), answer


# -- exercise 3


def objective(s):
    return insight("left", s) + necessity("left", s)


def test_one_step_of_greedy(lesson):
    rest = [v for v in range(N) if v != 0]
    best = max(rest, key=lambda v: objective([0, v]))
    gain = objective([0, best]) - objective([0])
    assert (best, round(gain, 6)) == (1, 0.64)
    assert check("ex3", (1, gain), lesson)


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((0, 0.64), "placed already"),
        ((1, 1.42), "not F after the step"),
        ((1, -0.64), "wrong sign"),
        ((1, 1.42 - 0.25 - 0.13), "gain over showing nothing"),
        ((1, 0.62), "what the insight gains"),
        ((1, 0.02), "what the necessity gains"),
        ((1, 0.5), "The region is right. The gain is higher than 0.500"),
        ((5, 0.20), "on its own, but not the one that adds most"),
        ((2, 0.60), "another one takes F higher than 1.380. Its gain is computed rightly"),
        ((8, 0.3), "another one takes F higher than 0.780"),
        (1, "a region and its gain"),
        ((1, "much"), "a region and its gain"),
        ((17, 0.64), "within 0 … 8"),
    ],
)
def test_what_is_off_in_exercise_3(lesson, answer, message):
    assert message in said(lesson, "ex3", answer)


# -- exercise 4


def curve(lesson, word):
    order = lesson.sentence.order.tolist()
    return np.array([chance(word, set(order[:k])) for k in range(N + 1)])


def test_reliance_by_hand(lesson):
    circle = curve(lesson, "circle")
    high = circle.sum() / (N + 1) - circle.min()
    assert check("ex4", (high, 0.0, "of"), lesson)
    assert check("ex4", [round(high, 2), 0, "“of”"], lesson)


def test_what_is_off_in_exercise_4(lesson):
    c = curve(lesson, "circle")
    right = float(np.mean(c - c.min()))
    area = float(np.trapezoid(c, lesson.sentence.area) - c.min())
    for answer, message in [
        ((0.0, right, "of"), "in the wrong order"),
        ((right, 0.0, "circle"), "That “circle” is said with p = 0.80 does not say why"),
        ((c.mean(), 0, "of"), "“circle”: that is the mean of the curve; subtract its lowest value"),
        ((right, 0.97, "of"), "“of”: that is the mean of the curve"),
        ((c[-1] - c[0], 0, "of"), "p(full) − p(blank)"),
        ((np.sum(c - c.min()), 0, "of"), "divide it by their number"),
        ((np.sum(c - c.min()) / N, 0, "of"), "N + 1 steps"),
        ((-right, 0, "of"), "the sign is wrong"),
        ((area, 0, "of"), "weighted by area"),
        ((right + 0.1, 0, "of"), f"The reliance of “circle” is lower than {right + 0.1:.3f}"),
        ((right, 0.0), "two numbers and a word"),
        ((right, 0.0, 3), "two numbers and a word"),
        ((right, 0.0, "star"), "“circle” or “of”"),
    ]:
        assert message in said(lesson, "ex4", answer), answer


# -- exercise 5


def minimal(lesson):
    """Walk back from the whole image until the answer turns."""
    correction = lesson.case.correction
    removed = []
    for k in range(N, -1, -1):
        if correction.answers[k].startswith("no"):
            return removed
        removed.append(int(correction.explanation.order[k - 1]))
    raise AssertionError


def test_the_cause_and_the_minimal_region(lesson):
    assert len(minimal(lesson)) == 4
    assert check("ex5", (lesson.case.verdict.cause, minimal(lesson)), lesson)
    assert check("ex5", (lesson.case.verdict.cause, np.array(minimal(lesson)[::-1])), lesson)


def test_what_is_off_in_exercise_5(lesson):
    region, order = minimal(lesson), lesson.case.correction.explanation.order.tolist()
    cause = lesson.case.verdict.cause
    assert cause == "unclear"
    for answer, message in [
        ((cause, sorted(EVERY - set(region))), "Those are the regions that stay"),
        ((cause, order[:4]), "from the front of the order"),
        ((cause, region[:3]), "the answer is still wrong; go further back"),
        ((cause, order[-5:]), "fewer than these 5"),
        ((cause, [*region, order[0]]), "others that need not go"),
        ((cause, [order[0], order[-1]]), "not the region at which the answer first turns"),
        (("prior-driven", region), "keeps its probability all the way down"),
        (("misperceived region", region), "the rule's a quarter"),
        (("the cloth", region), "“prior-driven”, “misperceived region”, “unclear”"),
        ((cause, 0.44), "a cause and regions"),
        ((cause, [99]), "within 0 … 8"),
        (cause, "a cause and regions"),
    ]:
        assert message in said(lesson, "ex5", answer), answer


# -- around them


@pytest.mark.parametrize("exercise", EXERCISES)
def test_no_answer_yet(lesson, exercise):
    assert said(lesson, exercise, None).startswith("There is no answer yet.")


def test_unknown_exercises_name_the_known_ones():
    with pytest.raises(ValueError, match="there is no exercise 'ex6'; there are ex1, ex2, ex3, ex4, ex5"):
        check("ex6", 1)
    with pytest.raises(ValueError, match="there are ex1"):
        hint("one")


def test_feedback_is_escaped_and_reads_well(lesson):
    feedback = check("ex1", "<b>", lesson)
    assert "&lt;b&gt;" in feedback._repr_html_() and "<b>'" not in feedback._repr_html_()
    assert repr(feedback) == "ex1: not yet. A region is a whole number within 0 … 8, got '<b>'."
    assert repr(check("ex1", 0, lesson)).startswith("ex1: right.")


def test_hints_come_one_after_another():
    steps = EXERCISES["ex1"].hints
    assert repr(hint("ex1")) == f"ex1, hint 1: {steps[0]}\nMore: hint('ex1', 2)"
    assert repr(hint("ex1", 3)).count("hint") == 3
    page = hint("ex1")._repr_html_()
    assert page.count("<details") == 3 and "<details open" not in page
    assert page.index(steps[0][:20]) < page.index(steps[1][:20]) < page.index(steps[2][:20])
    with pytest.raises(ValueError, match="has 3 hints"):
        hint("ex1", 4)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"regions": 64}, "within 9 … 25, got 64"), ({"first_seed": -1}, "first_seed"), ({"regions": True}, "regions")],
)
def test_the_lesson_refuses_before_a_model_is_loaded(monkeypatch, arguments, message):
    monkeypatch.setattr("eagle_nb.teaching.lessons.load_model", None)
    with pytest.raises(ValueError, match=message):
        teaching.lesson(**arguments)


def test_a_model_that_sees_nothing_finds_no_scene(lesson):
    class Blind(Model):
        asked = 0

        def generate(self, image, prompt, max_new_tokens=128):
            self.asked += 1
            return lesson.response

    blind = Blind()
    with pytest.raises(ValueError, match="none of the 400 scenes from seed 50 on"):
        teaching.lesson(50, N, blind)
    assert blind.asked > 0


def test_the_notebook_states_the_rule_that_is_checked():
    path = Path(__file__).parents[1] / "notebooks" / "00_walkthrough.ipynb"
    (rule,) = [c.source for c in nbformat.read(path, as_version=4).cells if "1. **prior-driven**" in c.source]
    assert f"{KEPT}" + r"\, q_N" in rule
    assert f"reliance is at most {LOW}" in rule
    assert COMPACT == 0.25 and "at most a quarter of the image" in rule


def test_the_command_passes_parameters_on(monkeypatch, capsys):
    from eagle_nb.teaching import __main__ as command

    asked = []
    monkeypatch.setattr(
        command, "export", lambda *where, **parameters: asked.append((where, parameters)) or "page.html"
    )
    command.main(["a.ipynb", "class", "-p", "regions", "9", "-p", "output_folder", "here"])
    assert asked == [(("a.ipynb", "class"), {"regions": 9, "output_folder": "here"})]
    assert capsys.readouterr().out == "page.html\n"


# -- the bundled model


@pytest.fixture(scope="module")
def opened():
    return teaching.lesson()


@pytest.mark.model
def test_the_bundled_lesson_shows_what_it_promises(opened):
    assert opened.response.text == opened.scene.caption
    n = opened.regions.n
    scorer, eye = opened.scorer, np.eye(n, dtype=bool)
    red, blue, left = (opened.response.find(w)[0] for w in ("red", "blue", "left"))
    assert scorer(~eye)[:, red].min() <= 0.7
    assert scorer(~eye)[:, blue].min() >= 0.85
    assert np.sort(scorer(eye)[:, blue])[-2] >= 0.5
    both = np.zeros((2, n), dtype=bool)
    both[:, opened.holding("circle")] = True
    both[1, opened.holding("star")] = True
    one, two = scorer(both)[:, left]
    assert one <= 0.65 and two >= 0.75
    assert teaching.lesson() is opened


@pytest.mark.model
def test_the_first_three_exercises_by_brute_force(opened):
    n, scorer = opened.regions.n, opened.scorer
    eye = np.eye(n, dtype=bool)
    red, blue, left = (opened.response.find(w)[0] for w in ("red", "blue", "left"))
    costs = scorer(~eye)[:, red]
    answers = [bool(check("ex1", v)) for v in range(n)]
    assert answers == [bool(p <= costs.min() + 0.005) for p in costs]
    coalition = np.isin(np.arange(n), opened.coalition)[None]
    assert check("ex2", (scorer(coalition)[0, blue], 1 - scorer(~coalition)[0, blue]))
    first = eye | np.isin(np.arange(n), opened.placed)
    values = scorer(first)[:, left] + 1 - scorer(~first)[:, left]
    best = int(np.argmax(values))
    assert check("ex3", (best, values[best] - values[opened.placed[0]]))


@pytest.mark.model
def test_a_hallucinated_cup(opened):
    assert "cup" in opened.case.response.text and "cup" not in opened.case.sample.answer
    assert opened.case.explanation.regions.n == opened.regions.n
    cause, region = opened.case.verdict.cause, np.flatnonzero(opened.case.correction.region)
    assert check("ex5", (cause, region.tolist()))
    others = [c for c in hallucination.CAUSES if c != cause]
    assert not any(check("ex5", (c, region.tolist())) for c in others)
