"""Case studies: which statement and which counter token they take, and what they refuse."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb import hallucination
from eagle_nb.datasets import Sample
from eagle_nb.hallucination import study

from .models import IMAGE, REGIONS, RegionModel, case_of, constant_model, one_region_model, question

NO, MAYBE = 2, 4


def recorded_question(**extra) -> Sample:
    """A row of a published list that records the answer "yes." and the counter token at position 0."""
    facts = {"positions": [0], "explained": "yes", "counter_ids": [MAYBE], **extra}
    recorded = {"token_ids": [1, 3, 0], "words": ["yes", ".", ""], "recorded": "yes."}
    return Sample("q", IMAGE, "is there a cup?", "no", label="cup", extra=facts, **recorded)


def counter_of(sample, **options):
    model = one_region_model()
    return study(model, sample, regions=REGIONS, progress=False, **options).counter


def test_the_recorded_counter_token_is_used():
    assert counter_of(recorded_question())[:2] == (0, MAYBE)


def test_the_recorded_counter_token_of_another_answer_is_not_used():
    other = recorded_question()
    other.token_ids[0] = 2
    assert counter_of(other)[:2] == (0, NO)


def test_a_recorded_counter_token_beyond_the_vocabulary_is_not_used():
    assert counter_of(recorded_question(counter_ids=[50]))[:2] == (0, NO)


def test_a_counter_token_can_be_given():
    assert counter_of(recorded_question(), counter=(0, NO)) == (0, NO, "no", 0)


def test_forward_passes_are_those_of_all_parts():
    case = case_of(one_region_model())
    assert case.forward_passes == case.explanation.forward_passes + 2 * 5


def test_a_case_shows_itself_as_a_widget():
    data, _ = case_of(one_region_model())._repr_mimebundle_()
    assert "text/html" in data
    assert data["text/plain"].startswith(
        "CaseStudy 'q': 'yes' is wrong, misperceived region: removing 20% of the image"
    )


def test_a_right_answer_is_refused():
    with pytest.raises(ValueError, match=r"nothing is wrong in the answer 'yes\.'"):
        study(constant_model(), question("yes"), regions=4)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"fill": "pink"}, ValueError, "unknown fill 'pink'"),
        ({"search": "quick"}, ValueError, "unknown search 'quick'"),
        ({"languages": "xx"}, ValueError, "unknown language 'xx'"),
        ({"vocabulary": "voc"}, ValueError, "unknown vocabulary 'voc'"),
    ],
)
def test_options_are_checked_before_a_model_runs(options, error, message):
    model = one_region_model()
    with pytest.raises(error, match=message):
        study(model, question(), regions=4, **options)
    assert model.generated == 0


def test_a_sample_is_required():
    with pytest.raises(TypeError, match="must be a Sample, got str"):
        study(constant_model(), "cup.png")


@pytest.mark.model
def test_the_planted_hallucination_is_found_and_corrected(bundled):
    """Take the first table with a cloth whose caption names a cup: the word that decides comes before "cup"."""
    for item in hallucination.bias_samples("cloth caption", range(40)):
        response = bundled.generate(item.sample.image, item.sample.prompt)
        wrong = {s.name: s for s in hallucination.wrong_statements(item.sample, response)}
        if "cup" in wrong:
            break
    else:
        pytest.fail("the planted prior is gone: none of 40 tables with a cloth is described with a cup")
    case = study(bundled, item.sample, response, wrong["cup"], regions=16, search="greedy", progress=False)
    assert case.counter.position < wrong["cup"].tokens[0]
    assert case.counter.token_id != response.token_ids[case.counter.position]
    assert case.correction.answers[-1] == response.text
    if case.correction.corrected:
        assert " cup" not in case.correction.answer
    assert hallucination.known_cause(bundled, item, wrong["cup"]) in ("misperceived region", "prior-driven", None)


def test_a_model_without_decode_takes_a_given_counter_token():
    class Bare:
        """A model without a tokenizer."""

        def __init__(self):
            self.model = RegionModel([1], [0, 5, 1, 2], batched=False)
            self.generate, self.scorer = self.model.generate, self.model.scorer

    case = study(Bare(), question(), counter=(0, NO), regions=REGIONS, search="greedy", progress=False)
    assert case.counter == (0, NO, "", 0)
    np.testing.assert_allclose(case.correction.p_wrong, [0.1, 0.1, 0.2, 0.4, 0.9], atol=1e-6)
