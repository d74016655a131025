"""MaskPainter without a browser: what is scored, how often, what is kept and what a page holds."""

from __future__ import annotations

import json
import re
import threading

import numpy as np
import pytest
import traitlets

from eagle_nb.inputs.fills import masked_image
from eagle_nb.inputs.regions import Regions
from eagle_nb.widgets import MaskPainter, TokenPicker
from eagle_nb.widgets.painting import Comparison, changes

from .answers import HOSTILE, LeaningScorer, Model, make_explanation, make_response

TOKENS = ["a", " red", " circle", "."]


class CountingScorer:
    """The first token's probability is the shown regions' share; the k-th halves it k times. Counts its calls."""

    def __init__(self, n_regions, tokens=4):
        self.n_regions, self.tokens, self.batches = n_regions, tokens, []
        self.during = lambda: None

    def __call__(self, shown):
        self.batches.append(len(shown))
        self.during()
        return (shown.mean(1)[:, None] * 0.5 ** np.arange(self.tokens)).astype(np.float32)


class SeeingModel(Model):
    """Names what it sees in the pixels: the red disc and the blue square of `picture`."""

    def __init__(self):
        self.asked = 0

    def scorer(self, response, regions, fill, target_ids=None):
        return LeaningScorer(regions.n, len(response))

    def generate(self, image, prompt, max_new_tokens=128):
        self.asked += 1
        rgb = np.asarray(image, dtype=int)
        red = (rgb[..., 0] - rgb[..., 2] > 140).sum() > 300
        blue = (rgb[..., 2] - rgb[..., 0] > 140).sum() > 200
        things = [" red circle"] * bool(red) + [" blue square"] * bool(blue) or [" wall"]
        return make_response(["a", " and a".join(things), "."])


@pytest.fixture
def response():
    return make_response(TOKENS)


@pytest.fixture
def quarters(response):
    """Four bands of the image: 1/8, 1/8, 1/4 and 1/2 of it."""
    height, width = response.image.height, response.image.width
    labels = np.repeat(np.searchsorted([0.125, 0.25, 0.5], np.arange(width) / width, side="right")[None], height, 0)
    return Regions.from_labels(labels)


@pytest.fixture
def painter(response, quarters):
    return MaskPainter(None, response, scorer=CountingScorer(4), regions=quarters, tokens="red circle")


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


def test_what_is_painted_is_hidden_or_shown_alone(painter):
    assert painter.selected == [1, 2]
    assert painter.probabilities == [0.5, 0.25]
    painter.painted = [3, 0, 3]
    assert painter.painted == [0, 3]
    assert painter.probabilities == [0.25, 0.125]
    painter.painted = [3]
    assert painter.probabilities == [0.375, 0.1875]
    painter.mode = "show"
    assert painter.probabilities == [0.125, 0.0625]
    painter.selected = [0]
    assert painter.probabilities == [0.25]
    painter.painted = []
    assert painter.probabilities == [0.0]
    assert painter.answer == ""  # nothing here generates


def test_each_coalition_is_scored_once(painter):
    scorer = painter.scorer
    assert scorer.batches == [2]  # the whole and the blank image
    painter.painted = [1]
    painter.painted = []
    painter.painted = [1]
    painter.selected = [3]
    assert scorer.batches == [2, 1]
    painter.mode = "show"
    painter.painted = [0, 2, 3]  # the same coalition as hiding 1
    assert scorer.batches == [2, 1, 1]
    assert [(t.mode, t.painted) for t in painter.tried] == [
        ("hide", ()),
        ("show", ()),
        ("hide", (1,)),
        ("show", (1,)),
        ("show", (0, 2, 3)),
    ]


def test_of_the_strokes_made_while_one_is_scored_the_latest_wins(painter):
    scorer = painter.scorer
    strokes = iter([[1], [1, 2], [0, 1, 2]])

    def meanwhile():
        for stroke in strokes:
            painter.painted = stroke

    scorer.during = meanwhile
    painter.painted = [0]
    assert scorer.batches == [2, 1, 1]
    assert painter.probabilities == [0.125, 0.0625]
    assert [t.painted for t in painter.tried] == [(), (), (0,), (0, 1, 2)]


def test_the_latest_wins_across_threads_too(painter):
    scorer = painter.scorer
    began, go_on = threading.Event(), threading.Event()

    def slow():
        began.set()
        assert go_on.wait(20)

    scorer.during = slow
    worker = threading.Thread(target=lambda: setattr(painter, "painted", [0]))
    worker.start()
    assert began.wait(20)
    for stroke in ([1], [2], [3, 1]):
        painter.painted = stroke
    assert scorer.batches == [2, 1]
    scorer.during = lambda: None
    go_on.set()
    worker.join(20)
    assert scorer.batches == [2, 1, 1]
    assert painter.tried[-1].painted == (1, 3)
    assert painter.probabilities == [0.25, 0.125]


def test_a_request_of_the_browser_is_answered_by_its_number(painter):
    painter.set_state({"painted": [2, 0], "mode": "show", "_asked": 1})
    assert painter.scorer.batches == [2, 1]
    assert painter._now == {
        "painted": [0, 2], "mode": "show", "asked": 1, "done": True, "p": [0.5, 0.25, 0.125, 0.0625], "answer": None,
    }  # fmt: skip
    painter.set_state({"painted": [0, 2], "mode": "show", "_asked": 2})  # nothing new, but it waits for an answer
    assert painter._now["asked"] == 2
    assert painter.scorer.batches == [2, 1]


def test_a_failure_is_told_and_does_not_stop_the_next(painter):
    def fail():
        raise RuntimeError("out of memory")

    painter.scorer.during = fail
    with pytest.raises(RuntimeError, match="out of memory"):
        painter.painted = [2]
    assert painter._now["error"] == "RuntimeError: out of memory"
    assert painter._now["done"]
    painter.scorer.during = lambda: None
    painter.painted = [2, 3]
    assert painter.probabilities == [0.25, 0.125]
    assert "error" not in painter._now
    assert (2,) not in {t.painted for t in painter.tried}


def test_traits_link_both_ways_and_results_are_read_only(painter, response):
    picker = TokenPicker(response)
    traitlets.link((painter, "selected"), (picker, "selected"))
    picker.selected = [3]
    assert painter.probabilities == [0.125]
    other = MaskPainter(None, response, scorer=CountingScorer(4), regions=painter.regions)
    traitlets.link((painter, "painted"), (other, "painted"))
    other.painted = [1, 2]
    assert painter.painted == [1, 2]
    assert painter.probabilities == [0.0625]
    for name, value in (("probabilities", [1.0]), ("answer", "no")):
        with pytest.raises(traitlets.TraitError, match="read-only"):
            setattr(painter, name, value)


def test_the_answer_is_generated_anew_once_for_each_coalition(explanation):
    model = SeeingModel()
    painter = MaskPainter(model, explanation.response, explanation=explanation)
    assert painter.answer == explanation.response.text
    assert model.asked == 0
    red = [int(k) for k in np.unique(explanation.regions.labels[30:66, 30:66])]
    painter.painted = red
    assert painter.answer == "a blue square."
    assert painter._now["answer"] == [
        ("same", "a"), ("gone", " large red circle left of a small"), ("same", " blue square."),
    ]  # fmt: skip
    painter.painted = []
    painter.painted = red
    assert model.asked == 1
    painter.mode = "show"
    assert painter.answer == "a red circle."
    assert painter.tried[-1].answer == "a red circle."


def test_a_scorer_that_generates_answers_in_token_ids(response, quarters):
    class Writing(CountingScorer):
        def generate(self, shown, max_new_tokens):
            assert shown.shape == (1, 4)
            return [[int(shown.sum()), max_new_tokens]]

    class Both(Model):
        def scorer(self, response, regions, fill, target_ids=None):
            return Writing(regions.n)

        def decode(self, ids):
            return f"{ids[0]} regions, up to {ids[1]} tokens"

    painter = MaskPainter(Both(), response, regions=quarters)
    painter.painted = [1]
    assert painter.answer == "3 regions, up to 12 tokens"
    painter = MaskPainter(Both(), response, regions=quarters, max_new_tokens=5)
    painter.mode = "show"
    assert painter.answer == "0 regions, up to 5 tokens"


def test_comparison_takes_the_first_regions_of_at_most_the_same_area(explanation):
    order, area = explanation.order.tolist(), explanation.area
    painter = MaskPainter(Model(), explanation.response, explanation=explanation)
    assert painter.comparison is None  # nothing painted
    painter.mode = "show"
    for regions in ([order[-1]], order[2:6], order[:5], order[1:]):
        painter.painted = regions
        own = float(explanation.regions.area[regions].sum())
        count = max(k for k in range(17) if area[k] <= own + 1e-9)
        compared = painter.comparison
        assert compared.regions == count
        assert compared.eagle == pytest.approx(explanation.insertion[count, [1, 2, 3, 4]].mean())
        assert compared.own == pytest.approx(np.mean(painter.probabilities))
        assert compared.eagle_area <= compared.area + 1e-9
    painter.painted = order[:5]
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)
    painter.mode = "hide"
    assert painter.comparison.eagle == pytest.approx(explanation.deletion[5, [1, 2, 3, 4]].mean())
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)


def test_comparison_says_which_is_better():
    assert str(Comparison("show", 0.31, 0.08, 0.124, 0.11, 4)) == (
        "Yours: 0.31 with 12 % of the image shown. EAGLE's first 4 regions at equal area (11 %): 0.08. "
        "Higher is better here: you are ahead by 0.23."
    )
    hidden = str(Comparison("hide", 0.31, 0.08, 0.06, 0.05, 1))
    assert hidden.endswith("first region at equal area (5.0 %): 0.08. Lower is better here: EAGLE is ahead by 0.23.")
    assert "nothing to compare" in str(Comparison("hide", 0.31, 0.97, 0.01, 0.0, 0))
    assert str(Comparison("show", 0.5, 0.5, 0.2, 0.2, 3)).endswith("the two are even.")


def test_changed_words_are_told_from_those_that_stay():
    assert changes("a red circle.", "a small blue circle.") == [
        ("same", "a"), ("gone", " red"), ("new", " small blue"), ("same", " circle."),
    ]  # fmt: skip
    assert changes("红色圆", "蓝色圆") == [("gone", "红"), ("new", "蓝"), ("same", "色圆")]
    assert changes("it isn't", "it is") == [("same", "it"), ("gone", " isn't"), ("new", " is")]
    assert changes("yes", "") == [("gone", "yes")]
    assert changes("yes", "yes") == [("same", "yes")]


def test_counterfactual_targets_are_followed_and_named(response, quarters):
    class Told(Model):
        def scorer(self, response, regions, fill, target_ids=None):
            self.targets = target_ids
            return CountingScorer(regions.n)

    model = Told()
    painter = MaskPainter(model, response, regions=quarters, target_ids={1: 7})
    assert model.targets == {1: 7}
    assert painter.selected == [1]
    assert painter.targets == ["a", "<7>", " circle", "."]


def test_the_frame_has_a_row_for_each_state(explanation):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = explanation.order[:3].tolist()
    frame = painter.to_frame()
    assert frame["mode"].tolist() == ["hide", "show", "hide"]
    assert frame["painted"].tolist() == [(), (), tuple(sorted(explanation.order[:3].tolist()))]
    assert frame["area"].iloc[2] == pytest.approx(explanation.area[3])
    assert frame["probability"].iloc[2] == pytest.approx(frame["eagle"].iloc[2], abs=1e-6)
    assert frame["eagle"].iloc[:2].isna().all()


def page_state(path):
    text = path.read_text(encoding="utf-8")
    return text, json.loads(re.search(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)[1])


def test_a_page_holds_every_state_and_eagle_s_steps(explanation, tmp_path):
    painter = MaskPainter(SeeingModel(), explanation.response, explanation=explanation)
    painter.painted = [1, 2]
    painter.mode = "show"
    text, state = page_state(painter.to_html(tmp_path / "p.html"))
    assert (state["_panel"], state["painted"], state["mode"]) == ("painter", [1, 2], "show")
    record = state["_record"]
    assert [(r["mode"], r["painted"]) for r in record] == [
        ("hide", []),
        ("show", []),
        ("hide", [1, 2]),
        ("show", [1, 2]),
    ]
    assert "".join(t for k, t in record[3]["answer"] if k != "gone") == painter.answer
    assert record[3]["p"] == pytest.approx(painter.tried[3].probabilities.tolist(), abs=1e-6)
    assert state["_data"]["painting"]["eagle"]["order"] == explanation.order.tolist()
    still = text[text.index("eagle-nb-static") :].split("<script")[0]
    assert "2 of 16 regions shown" in still
    assert "Yours: " in still
    assert f"<td>{painter.probabilities[0]:.2f}</td>" in still
    data, _ = painter._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html"}
    assert data["text/plain"] == "MaskPainter(2 of 16 regions shown, 4 states tried)"


def test_a_page_without_a_stroke_or_an_explanation_is_not_empty(painter, tmp_path):
    _, state = page_state(painter.to_html(tmp_path / "p.html"))
    assert [r["p"][0] for r in state["_record"]] == [1.0, 0.0]


def test_hostile_answers_are_escaped(quarters, tmp_path):
    class Hostile(SeeingModel):
        def generate(self, image, prompt, max_new_tokens=128):
            return make_response([f"{HOSTILE}</script>"])

    response = make_response(["a", f" {HOSTILE}", " \ud83d"])
    painter = MaskPainter(Hostile(), response, regions=quarters)
    painter.painted = [0]
    text, state = page_state(painter.to_html(tmp_path / "p.html"))
    assert HOSTILE not in text
    assert text.count("</script>") == 2
    assert HOSTILE in "".join(t for _, t in state["_record"][2]["answer"])


def test_the_picture_that_is_shown_is_the_one_that_was_scored(explanation):
    painter = MaskPainter(Model(), explanation.response, explanation=explanation)
    seen = masked_image(explanation.response.image, painter.regions, painter.fill_picture, painter._shown([3], "hide"))
    hidden = explanation.regions.labels == 3
    assert (np.asarray(seen)[hidden] == 0).all()
    assert (np.asarray(seen)[~hidden] == np.asarray(explanation.response.image)[~hidden]).all()


def test_regions_and_tokens_out_of_range_are_refused(painter):
    with pytest.raises(ValueError, match="region 4 is out of range 0 … 3"):
        painter.painted = [1, 4]
    with pytest.raises(ValueError, match="token index 4 is out of range 0 … 3"):
        painter.selected = [4]
    with pytest.raises(traitlets.TraitError, match="mode"):
        painter.mode = "blur"
    assert painter.scorer.batches == [2]


def test_wrong_arguments_name_the_remedy_before_anything_is_scored(response, quarters, explanation):
    scorer = CountingScorer(4)
    model = Model()
    with pytest.raises(TypeError, match="either a model or scorer="):
        MaskPainter(None, response)
    with pytest.raises(TypeError, match="either a model or scorer="):
        MaskPainter(model, response, scorer=scorer)
    with pytest.raises(TypeError, match="CountingScorer has none; a Scorer goes into scorer="):
        MaskPainter(scorer, response)
    with pytest.raises(TypeError, match="needs the Regions that it scores"):
        MaskPainter(None, response, scorer=scorer)
    with pytest.raises(ValueError, match="the scorer is of 5 regions, regions= holds 4"):
        MaskPainter(None, response, scorer=CountingScorer(5), regions=quarters)
    with pytest.raises(TypeError, match=r"a Response from model\.generate"):
        MaskPainter(model, "a red circle")
    with pytest.raises(ValueError, match="unknown fill 'grey'"):
        MaskPainter(model, response, fill="grey")
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer, got 0"):
        MaskPainter(model, response, max_new_tokens=0)
    with pytest.raises(TypeError, match="needs an Explanation, got Response"):
        MaskPainter(model, response, explanation=response)
    with pytest.raises(ValueError, match="of another answer than the response"):
        MaskPainter(model, response, explanation=explanation)
    with pytest.raises(ValueError, match="brings its own regions, fill and target_ids; leave out regions"):
        MaskPainter(model, explanation.response, explanation=explanation, regions=9)
    with pytest.raises(TypeError, match="colour"):
        MaskPainter(model, response, colour="red")
    assert scorer.batches == []


def test_scores_that_are_no_probabilities_and_other_models_are_refused(response, quarters, explanation):
    class Logits(CountingScorer):
        def __call__(self, shown):
            return super().__call__(shown) - 3

    with pytest.raises(ValueError, match="must give probabilities of shape"):
        MaskPainter(None, response, scorer=Logits(4), regions=quarters)
    with pytest.raises(ValueError, match=r"shape \(2, 4\).* got shape \(2, 3\)"):
        MaskPainter(None, response, scorer=CountingScorer(4, tokens=3), regions=quarters)
    with pytest.raises(ValueError, match="the explanation is another model's"):
        MaskPainter(
            None,
            explanation.response,
            scorer=CountingScorer(16, tokens=13),
            regions=explanation.regions,
            explanation=explanation,
        )
