"""The report of a model: its checks, its numbers, and steps that fail."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.evaluation.model_report import ExpectedCost, Pace
from eagle_nb.models.checks import Check

from .models import IMAGE, AdditiveModel

RNG = np.random.default_rng(0)
HF_CHECKS = ["answer", "text", "batch", "masking", "argmax", "image", "determinism", "image tokens", "speed"]


@pytest.fixture(scope="module")
def report(bundled):
    return eagle.check_model(bundled, regions=(9, 16))


@pytest.mark.model
def test_the_bundled_model_passes_every_check(report):
    assert [check.name for check in report.checks] == HF_CHECKS
    assert report.passed and report.failures == ()
    assert report.summary == "bundled: all 8 checks passed."
    for name in ("batch", "masking", "argmax", "determinism"):
        assert 0 <= report[name].value <= report[name].bound
    assert report["image"].value >= report["image"].bound
    assert "a grid of 11 × 11 image tokens" in report["image tokens"].detail
    assert report["text"].detail == f"the spans of 6 tokens cover the {len(report.answer)} characters"
    with pytest.raises(KeyError, match="there are answer, text, batch"):
        report["colour"]


@pytest.mark.model
def test_the_cost_is_the_default_budget_at_the_measured_pace(report):
    fast = eagle.search.FastSearch()
    assert [(cost.regions, cost.forward_passes) for cost in report.expected] == [
        (n, fast.default_budget(n)) for n in (9, 16)
    ]
    sizes = [pace.batch_size for pace in report.pace]
    assert sizes[:1] == [1] and sizes == sorted(sizes)
    usual = [pace.passes_per_second for pace in report.pace if pace.batch_size <= 4][-1]
    assert all(cost.seconds >= cost.forward_passes / usual for cost in report.expected)
    assert report.peak_memory > 1e8


@pytest.mark.model
def test_the_report_is_a_table_a_text_and_json(report, tmp_path):
    frame = report.to_frame()
    assert list(frame.columns) == ["check", "value", "bound", "passed", "detail"]
    assert frame.set_index("check").loc["batch", "passed"] is True
    content = json.loads(report.to_json(tmp_path / "report.json"))
    assert content == json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert content["passed"] is True and len(content["checks"]) == len(HF_CHECKS)
    assert content["checks"][-1]["bound"] is None  # NaN
    assert "batch" in str(report) and "explain with 16 regions: 96 passes" in str(report)


def made(*checks, **more):
    numbers = dict(pace=(Pace(1, 2.0),), peak_memory=10**9, expected=(ExpectedCost(9, 54, float("nan")),), seconds=1.0)
    return eagle.ModelReport("<b>toy</b>", {"device": "cpu"}, "what?", "it", tuple(checks), **{**numbers, **more})


def test_a_failed_check_is_shown_and_text_is_escaped():
    report = made(
        Check("batch", 0.5, 0.1, False, "rows <i>leak</i>"),
        Check("masking", float("nan"), float("nan"), None, "literal"),
        Check("image", 1.0, 0.1, True, "fine", at_least=True),
    )
    assert not report.passed
    assert report.summary == "<b>toy</b>: 1 check failed: batch."
    page = report._repr_html_()
    assert "<b>FAILED</b>" in page and "rows &lt;i&gt;leak&lt;/i&gt;" in page and "<b>toy" not in page
    text = str(report)
    assert (
        "0.5 (≤ 0.1)" in text
        and "1 (≥ 0.1)" in text
        and "not checked" in text
        and "54 passes, time not measured" in text
    )
    assert json.loads(report.to_json())["expected"][0]["seconds"] is None


def test_a_model_of_another_kind_is_checked_through_its_scorer():
    report = eagle.check_model(AdditiveModel(), IMAGE, "what?", regions=[4])
    assert [check.name for check in report.checks] == [
        "answer", "text", "batch", "image", "determinism", "image tokens", "speed",
    ]  # fmt: skip
    assert report.passed and report.answer == "a red cup."
    assert report["image"].value == 1.0
    assert report["image tokens"].passed is None
    assert report.environment["device"] == "unknown"


class Odd(AdditiveModel):
    """A model whose scores are a function of the call."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def scorer(self, response, regions, fill, target_ids=None):
        return self.function_scorer(response, regions, self.function)


@pytest.mark.parametrize(
    ("function", "failed"),
    [
        (lambda shown: np.full(len(shown), shown.mean()), "batch"),
        (lambda shown: np.full(len(shown), 0.3), "image"),
        (lambda shown: RNG.random(len(shown)), "determinism"),
    ],
)
def test_a_fault_fails_its_check(function, failed):
    report = eagle.check_model(Odd(function), IMAGE, "what?", regions=[4])
    assert report[failed].passed is False
    assert failed in report.summary and not report.passed


def raises(*args, **options):
    raise RuntimeError("boom")


@pytest.mark.parametrize(("method", "names"), [("generate", ["answer"]), ("scorer", ["answer", "text", "scorer"])])
def test_a_step_that_raises_is_a_failed_check(monkeypatch, method, names):
    model = AdditiveModel()
    monkeypatch.setattr(model, method, raises)
    report = eagle.check_model(model, IMAGE, "what?", regions=[4])
    assert [check.name for check in report.checks] == names
    assert report.checks[-1].detail == "RuntimeError: boom" and not report.passed
    assert np.isnan(report.expected[0].seconds)


def test_scores_that_raise_fail_each_step_that_needs_them():
    report = eagle.check_model(Odd(raises), IMAGE, "what?", regions=[4])
    assert [check.name for check in report.failures] == ["scores", "determinism", "speed"]


def test_an_empty_answer_and_broken_spans_fail():
    model = AdditiveModel()
    empty = eagle.Response(IMAGE, "what?", "", [], [], [])
    model.generate = lambda image, prompt, max_new_tokens: empty
    report = eagle.check_model(model, IMAGE, "what?", regions=[4])
    assert [check.name for check in report.checks] == ["answer"]
    assert "answers 'what?' with nothing; try another prompt" in report["answer"].detail
    gap = eagle.Response(IMAGE, "what?", "a cup", [1, 2], ["a", "cup"], [(0, 1), (2, 5)])
    model.generate = lambda image, prompt, max_new_tokens: gap
    assert eagle.check_model(model, IMAGE, "what?", regions=[4])["text"].detail == "1 characters belong to no token"


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ({"model": 3}, TypeError, "got int"),
        ({"prompt": 3}, TypeError, "prompt must be a text"),
        ({"prompt": " "}, ValueError, "prompt is empty"),
        ({"regions": [1]}, ValueError, r"each at least 2, got \[1\]"),
        ({"image": "nowhere.png"}, ValueError, r"nowhere\.png"),
    ],
)
def test_bad_arguments_are_refused_before_the_model_runs(arguments, error, says):
    with pytest.raises(error, match=says):
        eagle.check_model(**{"model": AdditiveModel(), "image": Image.new("RGB", (8, 8)), **arguments})
