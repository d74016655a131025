"""Hallucination: reading answers, counter tokens, correction along the curve, verdicts, remedies, the board."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb import hallucination as hall
from eagle_nb.inputs.fills import masked
from eagle_nb.inputs.response import Response
from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.widgets.correction import CorrectionStepper

LABELS = np.array([[0, 1, 1, 2, 2, 2, 3, 3, 3, 3]])
"""Four regions that cover 10, 20, 30 and 40 % of the image."""

WORDS = ["", "yes", "no", ".", "maybe"]


def picture() -> Image.Image:
    return Image.fromarray(np.full((1, 10, 3), 200, np.uint8))


class Mind:
    """Says "yes." as long as a region of `needs` is shown; p(yes) is 0.9 minus 0.8 times the share of `pull` hidden.

    `pull` weighs the regions: those with a large weight speak for yes.
    """

    vocabulary_size = len(WORDS)
    end_ids = (0,)

    def __init__(self, needs, pull, batched=True, otherwise="no."):
        self.needs, self.pull, self.batched, self.otherwise = set(needs), np.array(pull, float), batched, otherwise
        self.asked = 0

    def encode(self, text):
        return [WORDS.index(text.strip().lower())]

    def decode(self, ids):
        return "".join(WORDS[i] for i in ids)

    def say(self, shown):
        return "yes." if self.needs & set(np.flatnonzero(shown)) or not self.needs else self.otherwise

    def generate(self, image, prompt, max_new_tokens=128):
        self.asked += 1
        lit = np.asarray(image)[0, :, 0] > 0
        text = self.say([lit[LABELS[0] == k].all() for k in range(4)])
        words = [text[:-1], "."]
        return Response(image, prompt, text, [WORDS.index(w) for w in words], words, [(0, len(text) - 1), (len(text) - 1, len(text))])  # fmt: skip

    def p_yes(self, shown):
        total = self.pull.sum() or 1.0
        return 0.9 - 0.8 * (~np.asarray(shown, bool) @ self.pull) / total

    def scorer(self, response, regions, fill, target_ids=None):
        mind, target = self, (target_ids or {}).get(0, WORDS.index("yes"))

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                yes = mind.p_yes(shown)
                first = yes if WORDS[target] == "yes" else 1 - yes
                return np.stack([first, np.ones_like(first)], 1).astype(np.float32)

            def next_token(self, shown, prefix=()):
                out = np.zeros((len(shown), len(WORDS)), np.float32)
                if len(prefix) == 0:
                    out[:, 1] = mind.p_yes(shown)
                    out[:, 2] = 1 - out[:, 1]
                else:
                    out[:, 3 if len(prefix) == 1 else 0] = 1.0
                return out

        if self.batched:
            Scorer.generate = lambda _, shown, length: [
                [WORDS.index(w) for w in (mind.say(row)[:-1], ".")] for row in shown
            ]
        return Scorer()


def sample(truth="no", name="q", **more) -> Sample:
    return Sample(name, picture(), "is there a cup?", truth, **more)


def case(mind, **more):
    return hall.study(
        mind, sample(), regions=eagle.regions.from_labels(LABELS), progress=False, search="greedy", **more
    )


# -- reading answers --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", True), ("yes.", True), (" Yes,", True), ("  \n**NO**!", False), ("no.", False), ('"No", it is not', False),
        ("Yes_", True), ("NOPE", False), ("", None), ("...", None), ("There is one", None), ("not really", None),
        ("Yes and no", None), ("No/Yes", None), ("yes, yes", True), ("Nothing", None), ("yesterday", None), ("ja", None),
        ("No, there is no cup, yes", False), ("ＹＥＳ", True),
    ],
)  # fmt: skip
def test_yes_no_whatever_case_and_punctuation(text, expected):
    assert hall.read_yes_no(text) is expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ja, ein Hund.", "de", True), ("Nein!", "de", False), ("Sí.", "es", True), ("não", "pt", False), ("是的，有。", "zh", True),
        ("没有。", "zh", False), ("はい、あります", "ja", True), ("いいえ。", "ja", False), ("нет", "ru", False), ("نعم", "ar", True),
        ("नहीं।", "hi", False), ("네, 있습니다", "ko", True), ("Yes", ["de", "en"], True), ("jo", {"sv": (("ja", "jo"), ("nej",))}, True),
    ],
)  # fmt: skip
def test_yes_no_in_other_languages(text, language, expected):
    assert hall.read_yes_no(text, language) is expected


def test_languages_are_checked():
    with pytest.raises(ValueError, match="unknown language 'xx'; known: ar, de"):
        hall.read_yes_no("yes", "xx")
    with pytest.raises(ValueError, match="empty"):
        hall.read_yes_no("yes", [])
    with pytest.raises(ValueError, match="'ne' means yes in one"):
        hall.read_yes_no("ne", {"a": (("ne",), ("o",)), "b": (("da",), ("ne",))})


# -- things that a caption names ----------------------------------------------------------------------


def test_mentions_prefer_the_longer_name():
    text = "Two men eat hot dogs near a traffic light, an orange cat and a teddy bear on a train track; a cupboard."
    assert [m.name for m in hall.mentions(text, "coco")] == ["person", "hot dog", "traffic light", "cat", "teddy bear"]
    start, end = hall.mentions(text, "coco")[1][1:]
    assert text[start:end] == "hot dogs"
    assert [m.name for m in hall.mentions("a group of three crosses, an orange.", {"cross": (), "orange": ()})] == ["cross", "orange"]  # fmt: skip


def test_chair_by_hand():
    table = Sample("t", picture(), "describe", objects=(SampleObject("table"), SampleObject("red circle")))
    texts = ["a table with a red cup. a cup and a circle.", "a large red circle."]
    assert [m.name for m in hall.absent(texts[0], table)] == ["cup", "cup"]
    # named: table, cup, circle; circle. Wrong: cup. Captions with a wrong one: the first
    assert hall.chair(texts, [table, table]) == (pytest.approx(1 / 4), pytest.approx(1 / 2))
    with pytest.raises(ValueError, match="no captions"):
        hall.chair([], [])
    with pytest.raises(ValueError, match="does not say which objects"):
        hall.absent("a cup", Sample("u", picture(), "describe"))
    with pytest.raises(ValueError, match="unknown vocabulary 'voc'"):
        hall.mentions("a cup", "voc")


# -- claims and their counter tokens ------------------------------------------------------------------


def answer(pieces):
    text, ends = "".join(pieces), np.cumsum([len(p) for p in pieces]).tolist()
    return Response(picture(), "?", text, list(range(1, len(pieces) + 1)), pieces, list(zip([0, *ends], ends, strict=False)))  # fmt: skip


def test_a_yes_or_no_is_one_claim():
    (claim,) = hall.claims(sample("No."), answer([" ", "Yes", ",", " a", " cup"]))
    assert (claim.kind, claim.said, claim.name, claim.right, claim.tokens) == ("yes/no", "Yes", "yes", False, [1])
    assert [claim.withdrawn(t) for t in ("no", " NO, ", "yes", "perhaps", "")] == [True, True, False, False, False]
    (claim,) = hall.claims(sample("yes"), answer(["Yes"]))
    assert claim.right is True
    (claim,) = hall.claims(sample("yes"), answer(["I", " see", " a", " cup"]))
    assert (claim.right, claim.name) == (None, "neither")
    assert hall.mistakes(sample("yes"), claim.response) == []
    with pytest.raises(ValueError, match="neither yes nor no"):
        hall.counter_token(Mind([0], [1, 0, 0, 0]), claim)


def test_named_things_are_claims():
    truth = Sample("t", picture(), "describe", "a table.", objects=(SampleObject("table"), SampleObject("red circle")))
    response = answer(["a", " table", " with", " a", " red", " cup", " and", " a", " book", "."])
    found = {c.name: c for c in hall.claims(truth, response)}
    assert {n: c.right for n, c in found.items()} == {"table": True, "cup": False, "book": False}
    assert found["cup"].tokens == [5]
    cup = found["cup"]
    assert cup.withdrawn("a table on grass.")
    assert cup.withdrawn("a table with a book.")  # named before: a mistake of its own
    assert not cup.withdrawn("a table with a blue cup.")
    assert not cup.withdrawn("a table with a star.")  # another absent thing in its place
    assert not cup.withdrawn(" ")
    with pytest.raises(ValueError, match="does not say which objects"):
        hall.claims(Sample("u", picture(), "describe", "a table."), response)


@pytest.mark.parametrize(
    ("said", "own", "expected"),
    [("Yes", 11, 21), (" Yes", 12, 22), ("YES", 13, 23), ("yes", 14, 24)],
)
def test_the_opposite_is_spelled_like_the_answer(said, own, expected):
    """A tokenizer with an id for each spelling, with a leading space or without."""
    ids = {"Yes": 11, " Yes": 12, "YES": 13, "yes": 14, "No": 21, " No": 22, "NO": 23, "no": 24}

    class Model:
        def encode(self, text):
            return [ids.get(text, 99)]

    response = replace(answer([said]), token_ids=[own])
    (claim,) = hall.claims(sample("no"), response)
    counter = hall.counter_token(Model(), claim)
    assert (counter.position, counter.token_id) == (0, expected)


def test_the_counter_of_a_named_thing_is_where_the_answer_commits_itself():
    """ "a table with a cup": only " on" in place of " with" leads to an answer without absent things."""
    vocabulary = ["a", " table", " with", " cup", " book", " on", " grass", " star"]
    said = [0, 1, 2, 0, 3]
    best = {0: [0, 7], 1: [1, 7], 2: [2, 5], 3: [0, 7], 4: [3, 4]}
    rest = {(0, 1, 5): [6], (0, 1, 2, 0, 4): [6], (0, 1, 2, 7): [6], (0, 7): [6], (7,): [6]}

    class Scorer:
        n_regions = 1

        def distributions(self, shown):
            out = np.zeros((1, 5, len(vocabulary)), np.float32)
            for t, (first, second, *chance) in best.items():
                out[0, t, [first, second]] = 0.6, (*chance, 0.3)[0]
            return out

        def generate(self, shown, length, prefix):
            return [[*prefix, *rest.get(tuple(prefix), [7])]]

    class Model:
        def scorer(self, *_):
            return Scorer()

        def decode(self, ids):
            return "".join(vocabulary[i] for i in ids)

    truth = Sample("t", picture(), "describe", "a table.", objects=(SampleObject("table"),))
    response = replace(answer([vocabulary[i] for i in said]), token_ids=said)
    (claim,) = hall.mistakes(truth, response)
    counter = hall.counter_token(Model(), claim)
    assert (counter.position, counter.text) == (2, "on")
    rest[(0, 1, 5)] = [7]
    assert hall.counter_token(Model(), claim)[:3] == (4, 4, "book")  # nothing leads away: the next-best word itself
    rest[(0, 1, 5)], best[2] = [6], [2, 5, 0.0005]
    assert hall.counter_token(Model(), claim)[:3] == (4, 4, "book")  # " on" is not plausible


# -- correction along the curve -----------------------------------------------------------------------


def test_correction_of_known_size():
    """Region 1 (20 %) alone says yes: it comes last, and without it the answer turns."""
    made = case(Mind([1], [0, 5, 1, 2]))
    assert made.explanation.order.tolist() == [0, 2, 3, 1]
    c = made.correction
    assert c.answers == ["no.", "no.", "no.", "no.", "yes."]
    assert (c.step, c.corrected, c.answer) == (3, True, "no.")
    assert c.area == pytest.approx(0.2)
    assert c.region.tolist() == [False, True, False, False]
    assert c.mask.tolist() == (LABELS == 1).tolist()
    np.testing.assert_allclose(c.wrong, [0.1, 0.1, 0.2, 0.4, 0.9], atol=1e-6)
    frame = c.to_frame()
    np.testing.assert_allclose(frame["image removed"], [0, 0.2, 0.6, 0.9, 1.0], atol=1e-9)
    assert frame["turned"].tolist() == [False, True, True, True, True]
    np.testing.assert_allclose(frame["p(counter)"] + frame["p(wrong)"], 1.0, atol=1e-6)
    assert repr(c).endswith("once 20.0% of the image is removed: 'no.'")


def test_it_stops_at_the_first_turn_from_the_whole_image():
    """An answer that turns, turns back and turns again: the last step before the whole image counts."""
    c = case(Mind([1], [0, 5, 1, 2])).correction
    wobbling = replace(c, answers=["no.", "yes.", "no.", "yes.", "yes."])
    assert wobbling.step == 2
    assert wobbling.area == pytest.approx(0.6)


def test_an_answer_that_never_turns():
    made = case(Mind([], [0, 0, 0, 0]))
    c = made.correction
    assert (c.step, c.corrected, c.area, c.answer) == (None, False, 1.0, None)
    assert not c.region.any()
    assert made.verdict.cause == "prior-driven"
    assert "no removal corrects it" in made.verdict.reason
    assert "kept at every one of 5 steps" in repr(c)


def test_amcr_and_csr_with_both_denominators():
    """Areas 0.1, 0.3 and never: AMCR (0.1 + 0.3 + 1) / 3; 1 of 3 within 10 %, 1 of the 2 that are corrected."""
    corrections = [case(m).correction for m in (Mind([0], [5, 0, 1, 2]), Mind([0, 1], [5, 4, 0, 1]), Mind([], [0] * 4))]
    np.testing.assert_allclose([c.area for c in corrections], [0.1, 0.3, 1.0])
    assert hall.amcr(corrections) == pytest.approx(1.4 / 3)
    assert hall.csr(corrections) == pytest.approx(1 / 3)
    assert hall.csr(corrections, published=True) == pytest.approx(1 / 2)
    assert hall.csr(corrections, within=0.3) == pytest.approx(2 / 3)
    assert np.isnan(hall.csr(corrections[2:], published=True))
    with pytest.raises(ValueError, match="no corrections"):
        hall.amcr([])
    with pytest.raises(ValueError, match="within is a share"):
        hall.csr(corrections, within=10)


def test_neither_along_the_way_is_no_correction():
    c = case(Mind([1], [0, 5, 1, 2], otherwise="maybe.")).correction
    assert set(c.answers) == {"yes.", "maybe."}
    assert not c.corrected


def test_a_model_without_batched_generation_is_asked_one_by_one():
    batched, single = Mind([1], [0, 5, 1, 2]), Mind([1], [0, 5, 1, 2], batched=False)
    assert case(batched).correction.answers == case(single).correction.answers
    assert (batched.asked, single.asked) == (1, 6)


def test_masked_shows_the_coalition():
    fill = Image.fromarray(np.full((1, 10, 3), 7, np.uint8))
    out = masked(picture(), eagle.regions.from_labels(LABELS), fill, np.array([True, False, False, True]))
    assert np.asarray(out)[0, :, 0].tolist() == [200, 7, 7, 7, 7, 7, 200, 200, 200, 200]


def test_study_refuses_a_right_answer_and_wrong_types():
    with pytest.raises(ValueError, match=r"nothing is wrong in the answer 'yes\.'"):
        hall.study(Mind([], [0] * 4), sample("yes"), regions=4)
    with pytest.raises(TypeError, match="must be a Sample, got str"):
        hall.study(Mind([], [0] * 4), "cup.png")
    made = case(Mind([1], [0, 5, 1, 2]))
    both = eagle.explain(Mind([1], [0, 5, 1, 2]), made.response, regions=made.explanation.regions, progress=False)
    with pytest.raises(ValueError, match="one counter token, the explanation is of 2"):
        hall.correct(Mind([1], [0, 5, 1, 2]), made.claim, both)
    with pytest.raises(ValueError, match="need 5 answers"):
        replace(made.correction, answers=["no."])


# -- verdicts -----------------------------------------------------------------------------------------


def test_verdicts_by_hand():
    c = case(Mind([1], [0, 5, 1, 2])).correction
    v = hall.judge(c)
    assert v.cause == "misperceived region"
    assert (v.p_full, v.p_blank, v.p_least) == (pytest.approx(0.9), pytest.approx(0.1), pytest.approx(0.1))
    assert v.reliance == pytest.approx(np.mean([0, 0, 0.1, 0.3, 0.8]), abs=1e-6)
    assert hall.judge(c, compact=0.1).cause == "unclear"
    never = replace(c, answers=["yes."] * 5)
    flat = replace(never, wrong=np.array([0.5, 0.4, 0.5, 0.6, 0.9], np.float32))
    assert hall.judge(flat, kept=0.44).cause == "prior-driven"
    assert hall.judge(flat, kept=0.5).cause == "unclear"  # 0.5 on the blank image, but 0.4 on the way
    assert hall.judge(replace(flat, answers=c.answers), kept=0.44).cause == "prior-driven"  # said whatever is seen
    assert hall.judge(replace(flat, answers=c.answers), kept=0.5).cause == "misperceived region"
    assert (
        hall.judge(flat, kept=0.44, low=0.1).cause == "unclear"
    )  # its reliance is (0.1 + 0 + 0.1 + 0.2 + 0.5) / 5 = 0.18
    with pytest.raises(ValueError, match="compact must be within"):
        hall.judge(c, compact=25)


# -- remedies -----------------------------------------------------------------------------------------


def test_contrastive_decoding_by_hand():
    """p(yes) 0.6 on the whole, 0.8 on the lesser image: 2 log 0.6 - log 0.8 < 2 log 0.4 - log 0.2, so "no" is written."""

    class Scorer:
        n_regions = 2

        def next_token(self, shown, prefix=()):
            assert shown.tolist() == [[True, True], [False, True]]
            if len(prefix) == 0:
                return np.array([[0, 0.6, 0.4, 0, 0], [0, 0.8, 0.2, 0, 0]], np.float32)
            return np.eye(5, dtype=np.float32)[[3 if len(prefix) == 1 else 0] * 2]

    model, less = Mind([], [0] * 4), np.array([False, True])
    assert hall.contrastive_answer(model, Scorer(), less) == "no."
    assert hall.contrastive_answer(model, Scorer(), less, alpha=0.0) == "yes."
    assert hall.contrastive_answer(model, Scorer(), less, beta=0.7) == "yes."  # 0.4 < 0.7 * 0.6: not plausible
    assert hall.contrastive_answer(model, Scorer(), less, max_new_tokens=1) == "no"
    with pytest.raises(ValueError, match="beta must be above 0"):
        hall.contrastive_answer(model, Scorer(), less, beta=0)
    with pytest.raises(ValueError, match="alpha must be 0 or more"):
        hall.contrastive_answer(model, Scorer(), less, alpha=-1)


def test_enlarging_keeps_the_whole_image():
    """Columns 2 and 3 of 10 become four; the two before share 1.5 columns, the six after 4.5."""
    values = np.arange(10, dtype=np.uint8) * 20
    image = Image.fromarray(np.repeat(np.tile(values, (4, 1))[..., None], 3, 2))
    mask = np.zeros((4, 10), bool)
    mask[:, 2:4] = True
    row = np.asarray(hall.enlarged(image, mask, 2.0))[0, :, 0]
    output = np.interp(np.arange(10) + 0.5, [0, 1.5, 5.5, 10], [0, 2, 4, 10]) - 0.5
    np.testing.assert_allclose(row, np.round(np.clip(output, 0, 9) * 20), atol=1)
    assert np.array_equal(np.asarray(hall.enlarged(image, mask, 1.0)), np.asarray(image))
    assert np.array_equal(np.asarray(hall.enlarged(image, np.ones((4, 10), bool), 3.0)), np.asarray(image))
    with pytest.raises(ValueError, match="empty"):
        hall.enlarged(image, np.zeros((4, 10), bool))
    with pytest.raises(ValueError, match="zoom must be 1 or more"):
        hall.enlarged(image, mask, 0.5)
    with pytest.raises(ValueError, match="the mask has shape"):
        hall.enlarged(image, mask.T)


def test_remedies_side_by_side():
    """Region 1 alone makes p(yes) 0.6 of 0.9; blank makes it 0.1. Enlarged, the whole image still shows it."""
    mind = Mind([1], [0, 5, 1, 2])
    made = case(mind)
    table = made.remedies(mind).set_index("remedy")
    assert table.index.tolist() == list(hall.REMEDIES)
    # 2 log 0.9 - log p(yes | less) against 2 log 0.1 - log p(no | less): yes stays, with blank (0.1) and region (0.6)
    assert table["answer"].tolist() == ["no.", "yes.", "yes.", "yes."]
    assert table["turned"].tolist() == [True, False, False, False]
    found = made.explanation.forward_passes + made.correction.passes
    assert table["passes"].tolist() == [found, 2, found + 2, found + 1]
    strict = made.remedies(mind, compact=0.1).set_index("remedy")
    assert not strict["turned"].iloc[0]
    never = case(Mind([], [0] * 4))
    assert never.remedies(Mind([], [0] * 4))["turned"].tolist() == [False] * 4


# -- the board ----------------------------------------------------------------------------------------


def test_board_counts_what_it_cannot_study():
    mind = Mind([1], [0, 5, 1, 2])
    unsure = Sample("s", Image.fromarray(np.zeros((1, 10, 3), np.uint8)), "is there a cup?", "yes")
    unknown = Sample("u", picture(), "describe the image.")
    options = {"regions": eagle.regions.from_labels(LABELS), "search": "greedy", "progress": False}
    made = hall.board(mind, [sample(name="a"), sample("yes", "b"), unsure, unknown, sample(name="c")], **options)
    assert [c.sample.id for c in made.cases] == ["a", "s", "c"]
    assert (len(made.claims), len(made.wrong)) == (4, 3)
    assert [name for name, _ in made.skipped] == ["u"]
    assert made.amcr == pytest.approx(np.mean([c.correction.area for c in made.cases]))
    frame = made.to_frame()
    assert frame["sample"].tolist() == ["a", "s", "c"]
    assert frame["removed"].iloc[0] == pytest.approx(0.2)
    assert "3 of 4 claims are wrong" in made.summary()
    assert len(hall.board(mind, [sample(name="a"), sample(name="c")], most=1, **options).cases) == 1
    vague = hall.board(Mind([9], [0] * 4, otherwise="maybe."), [sample()], **options)
    assert (len(vague.neither), vague.cases) == (1, [])
    assert "1 answers are neither yes nor no" in vague.summary()
    with pytest.raises(ValueError, match="most is a number"):
        hall.board(mind, [], most=0)


def test_figure_of_the_board_is_coloured_by_verdict_and_escaped():
    mind = Mind([1], [0, 5, 1, 2])
    hostile = Sample("h", picture(), "<img src=x> is there a cup?", "no")
    options = {"regions": eagle.regions.from_labels(LABELS), "search": "greedy", "progress": False}
    figure = hall.board(mind, [sample(), hostile], **options).figure()
    by_name = {t.name: t for t in figure.data}
    assert set(by_name) == {"prior-driven (0)", "misperceived region (2)", "unclear (0)"}
    trace = by_name["misperceived region (2)"]
    np.testing.assert_allclose(trace.x, [0.2, 0.2])
    assert trace.customdata[1][1] == "&lt;img src=x&gt; is there a cup?"


# -- the widget ---------------------------------------------------------------------------------------


def test_correction_stepper_holds_the_answers():
    c = case(Mind([1], [0, 5, 1, 2])).correction
    stepper = CorrectionStepper(c)
    assert stepper.removed == 1
    told = stepper._data["correction"]
    assert told["answers"] == c.answers
    assert told["turned"] == [True, True, True, True, False]
    assert (told["step"], told["said"], told["counter"], told["wrongToken"]) == (3, "yes", "no", "yes")
    json.dumps(told)
    for value in (-1, 5):
        with pytest.raises(ValueError, match="removed must be 0 … 4"):
            stepper.removed = value
    with pytest.raises(TypeError, match="needs a Correction, got Explanation"):
        CorrectionStepper(c.explanation)
    assert CorrectionStepper(case(Mind([], [0] * 4)).correction).removed == 0
    assert "text/html" in case(Mind([1], [0, 5, 1, 2]))._repr_mimebundle_()[0]


# -- the bundled model --------------------------------------------------------------------------------


@pytest.mark.model
def test_batched_answers_equal_single_ones(bundled):
    scene = eagle.scenes.draw(3)
    response = bundled.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    regions, black = eagle.regions.grid(scene.image, 9), Image.new("RGB", scene.image.size)
    scorer = bundled.scorer(response, regions, black)
    shown = np.random.default_rng(0).random((7, 9)) < 0.7
    expected = [bundled.generate(masked(scene.image, regions, black, row), response.prompt).token_ids for row in shown]
    assert scorer.generate(shown, 40) == expected
    full = np.ones((1, 9), bool)
    assert scorer.generate(full, 40, response.token_ids[:3]) == [response.token_ids]
    np.testing.assert_allclose(
        scorer.next_token(full, response.token_ids[:3])[0], scorer.distributions(full)[0, 3], atol=1e-5
    )
    assert scorer.generate(np.zeros((0, 9), bool), 4) == []
    assert scorer.generate(full, 2)[0] == response.token_ids[:2]
    blank = np.zeros(9, bool)
    assert hall.contrastive_answer(bundled, scorer, blank, alpha=0.0) == response.text
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer"):
        scorer.generate(full, 0)
    with pytest.raises(ValueError, match="coalitions must be bool"):
        scorer.generate(np.ones((1, 8), bool))


@pytest.mark.model
def test_the_planted_hallucination_is_found_and_corrected(bundled):
    """Of the laid tables without a cup, the first whose caption names one: the deciding word stands before "cup"."""
    for item in hall.biased("cloth caption", range(40)):
        response = bundled.generate(item.sample.image, item.sample.prompt)
        wrong = {c.name: c for c in hall.mistakes(item.sample, response)}
        if "cup" in wrong:
            break
    else:
        pytest.fail("the planted prior is gone: no laid table of 40 is described with a cup")
    made = hall.study(bundled, item.sample, response, wrong["cup"], regions=16, search="greedy", progress=False)
    assert made.counter.position < wrong["cup"].tokens[0]
    assert made.counter.token_id != response.token_ids[made.counter.position]
    assert made.correction.answers[-1] == response.text
    if made.correction.corrected:
        assert " cup" not in made.correction.answer
    assert hall.known_cause(bundled, item, wrong["cup"]) in ("misperceived region", "prior-driven", None)


def test_biased_scenes_are_what_they_say():
    (cloth,) = list(hall.biased("cloth", [4]))
    assert (cloth.sample.prompt, cloth.sample.answer) == ("is there a cup?", "no")
    assert "cup" not in {o.name.split()[-1] for o in cloth.sample.objects}
    picture_without, mask = cloth.without["cloth"]
    differs = (np.asarray(picture_without) != np.asarray(cloth.sample.image)).any(-1)
    assert np.array_equal(differs, mask)
    assert 0.01 < mask.mean() < 0.2
    for item in hall.biased("colour", range(6)):
        thing = item.sample.label
        assert item.sample.prompt == f"is there a {thing}?"
        names = [o.name for o in item.sample.objects]
        assert thing not in names
        color, shape = thing.split()
        assert any(n.startswith(color) for n in names)
        assert any(n.endswith(shape) for n in names)
        for name, (without, mask) in item.without.items():
            assert name in names
            assert (np.asarray(without) != np.asarray(item.sample.image)).any(-1)[mask].mean() > 0.9
    for item in hall.biased("bare shape", range(4)):
        assert item.sample.answer == "yes"
        assert all(not n.endswith(item.sample.label) for n in item.without)
    (empty,) = list(hall.biased("empty", [1]))
    assert empty.sample.objects == ()
    with pytest.raises(ValueError, match="unknown bias 'moon'; known: cloth"):
        hall.biased("moon", 3)
