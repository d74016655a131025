"""Answers along the insertion curve, the minimal correction region, AMCR and CSR."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import amcr, correct_answer, csr, find_statements
from eagle_nb.inputs.fills import masked_image

from .models import IMAGE, LABELS, RegionModel, case_of, constant_model, one_region_model, response_of


def test_the_minimal_correction_region_by_hand():
    """Region 1 (20 %) alone makes the model say yes: it comes last, and without it the answer is right."""
    case = case_of(one_region_model())
    correction = case.correction
    assert case.explanation.order.tolist() == [0, 2, 3, 1]
    assert correction.answers == ["no.", "no.", "no.", "no.", "yes."]
    assert (correction.step, correction.corrected, correction.answer) == (3, True, "no.")
    assert correction.area == pytest.approx(0.2)
    assert correction.region.tolist() == [False, True, False, False]
    assert correction.mask.tolist() == (LABELS == 1).tolist()
    np.testing.assert_allclose(correction.p_wrong, [0.1, 0.1, 0.2, 0.4, 0.9], atol=1e-6)
    assert repr(correction).endswith("once 20.0% of the image is removed: 'no.'")


def test_the_table_begins_with_the_full_image():
    frame = case_of(one_region_model()).correction.to_frame()
    np.testing.assert_allclose(frame["image removed"], [0, 0.2, 0.6, 0.9, 1.0], atol=1e-9)
    assert frame["withdrawn"].tolist() == [False, True, True, True, True]
    assert frame["state"].tolist() == ["still says it"] + 4 * ["corrected"]
    np.testing.assert_allclose(frame["p(counter)"] + frame["p(wrong)"], 1.0, atol=1e-6)


def test_the_first_correction_from_the_full_image_counts():
    correction = case_of(one_region_model()).correction
    wavering = replace(correction, answers=["no.", "yes.", "no.", "yes.", "yes."])
    assert wavering.step == 2
    assert wavering.area == pytest.approx(0.6)


def test_an_answer_that_is_never_corrected():
    case = case_of(constant_model())
    correction = case.correction
    assert (correction.step, correction.corrected, correction.area, correction.answer) == (None, False, 1.0, None)
    assert not correction.region.any()
    assert case.diagnosis.cause == "prior-driven"
    assert "no removal corrects it" in case.diagnosis.reason
    assert "not withdrawn at any of 5 steps" in repr(correction)


def test_amcr_and_csr_with_both_denominators():
    """The areas are 0.1, 0.3 and never: 1 of 3 is corrected within 10 %, and 1 of the 2 that are corrected at all."""
    models = RegionModel([0], [5, 0, 1, 2]), RegionModel([0, 1], [5, 4, 0, 1]), constant_model()
    corrections = [case_of(model).correction for model in models]
    np.testing.assert_allclose([c.area for c in corrections], [0.1, 0.3, 1.0])
    assert amcr(corrections) == pytest.approx(1.4 / 3)
    assert csr(corrections) == pytest.approx(1 / 3)
    assert csr(corrections, published=True) == pytest.approx(1 / 2)
    assert csr(corrections, max_area=0.3) == pytest.approx(2 / 3)
    assert np.isnan(csr(corrections[2:], published=True))
    with pytest.raises(ValueError, match="no corrections"):
        amcr([])
    with pytest.raises(ValueError, match="max_area must be a share"):
        csr(corrections, max_area=10)


def test_an_undecided_answer_does_not_correct():
    correction = case_of(one_region_model(otherwise="maybe.")).correction
    assert set(correction.answers) == {"yes.", "maybe."}
    assert not correction.corrected
    assert correction.states == 4 * [None] + ["still says it"]
    assert repr(correction).endswith("at any of 5 steps (1 still says it, 4 undecided)")


def test_another_wrong_object_is_not_the_same_answer():
    """The steps name the cup, another absent object, and what is there."""
    case = case_of(one_region_model())
    truth = Sample("t", IMAGE, "describe", "a table.", objects=(SampleObject("table"),))
    response = response_of(["a", " cup", "."])
    (statement,) = find_statements(truth, response)
    answers = ["", "a table.", "a star.", "a book.", "a cup."]
    correction = replace(case.correction, statement=statement, answers=answers)
    assert correction.states == [None, "corrected", "another wrong answer", "another wrong answer", "still says it"]
    assert correction.state_counts == {"still says it": 1, "another wrong answer": 2, "corrected": 1, "undecided": 1}
    assert correction.step == 1
    assert correction.withdrawn.tolist() == [state == "corrected" for state in correction.states]


def test_a_model_without_batched_generation_is_asked_one_by_one():
    batched, single = one_region_model(), one_region_model(batched=False)
    assert case_of(batched).correction.answers == case_of(single).correction.answers
    assert (batched.generated, single.generated) == (1, 6)


def test_stored_answers_are_not_generated_again(tmp_path):
    first, second = one_region_model(batched=False), one_region_model(batched=False)
    fresh = case_of(first, store=tmp_path / "scores.db")
    stored = case_of(second, store=tmp_path / "scores.db")
    assert stored.correction.answers == fresh.correction.answers == case_of(one_region_model()).correction.answers
    np.testing.assert_array_equal(stored.correction.p_wrong, fresh.correction.p_wrong)
    assert (first.generated, second.generated) == (6, 1)
    assert stored.forward_passes == fresh.forward_passes


@pytest.mark.parametrize("batched", [True, False])
def test_a_correction_that_stops_resumes_where_it_was(tmp_path, batched, monkeypatch):
    """Of five images, the third cannot be answered at first; what was scored and answered before is not asked again."""
    monkeypatch.setattr("eagle_nb.hallucination.correction.CHUNK", 1)
    whole = one_region_model(batched=batched)
    case = case_of(whole)
    model, store = one_region_model(batched=batched), tmp_path / "scores.db"
    asked, fails = [], True
    answer = model.answer

    def counted(shown):
        if len(asked) == 2 and fails:
            raise MemoryError
        asked.append(tuple(shown))
        return answer(shown)

    model.answer = counted
    with pytest.raises(MemoryError):
        correct_answer(model, case.statement, case.explanation, store=store)
    fails = False
    model.p_yes = None  # every probability is in the store
    resumed = correct_answer(model, case.statement, case.explanation, store=store)
    assert resumed.answers == case.correction.answers
    np.testing.assert_array_equal(resumed.p_wrong, case.correction.p_wrong)
    assert len(asked) == len(set(asked)) == 5


def test_what_does_not_fit_is_an_error():
    model = one_region_model()
    case = case_of(model)
    both = eagle.explain(model, case.response, regions=case.explanation.regions, progress=False)
    with pytest.raises(ValueError, match="one counter token, the explanation is of 2"):
        correct_answer(model, case.statement, both)
    with pytest.raises(ValueError, match="need 5 answers"):
        replace(case.correction, answers=["no."])
    other = replace(case.statement, response=replace(case.response, prompt="another question?"))
    with pytest.raises(ValueError, match="another answer than the statement"):
        correct_answer(model, other, case.explanation)


@pytest.mark.model
def test_batched_answers_equal_single_ones(bundled):
    scene = eagle.scenes.draw(3)
    response = bundled.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    regions, black = eagle.Regions.grid(scene.image, 9), Image.new("RGB", scene.image.size)
    scorer = bundled.scorer(response, regions, black)
    shown = np.random.default_rng(0).random((7, 9)) < 0.7
    pictures = [masked_image(scene.image, regions, black, row) for row in shown]
    assert scorer.generate(shown, 40) == [bundled.generate(p, response.prompt).token_ids for p in pictures]
    full = np.ones((1, 9), bool)
    assert scorer.generate(full, 40, response.token_ids[:3]) == [response.token_ids]
    following = scorer.next_token(full, response.token_ids[:3])[0]
    np.testing.assert_allclose(following, scorer.distributions(full)[0, 3], atol=1e-5)
    assert scorer.generate(np.zeros((0, 9), bool), 4) == []
    assert scorer.generate(full, 2)[0] == response.token_ids[:2]
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer"):
        scorer.generate(full, 0)
    with pytest.raises(ValueError, match="coalitions must be bool"):
        scorer.generate(np.ones((1, 8), bool))
