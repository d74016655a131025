"""Answers of a checkpoint: generated, or written elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.protocols import AnsweringModel

from .scorers import PROMPT, grid_scorer

pytestmark = pytest.mark.families


def test_it_implements_the_protocols(model):
    assert isinstance(model, AnsweringModel)


def test_a_response_is_written_token_by_token(model, image):
    response = model.respond(image, PROMPT, "a red circle")
    assert response.text == "".join(response.tokens) == "a red circle"
    assert response.token_ids == model.encode("a red circle")
    assert (response.model, response.revision) == (model.name, model.revision)
    assert response.probabilities is None
    assert model.respond(image, PROMPT, response.token_ids).tokens == response.tokens
    assert len(model.respond(image, PROMPT, "")) == 0


def test_a_generated_answer_has_the_scorers_probabilities(model, image):
    response = model.generate(image, PROMPT, max_new_tokens=5)
    assert 1 <= len(response) <= 5
    scores = grid_scorer(model, image, answer=response.token_ids)(np.ones((1, 4), bool))
    np.testing.assert_allclose(response.probabilities, scores[0], atol=1e-6)


def test_bad_prompts_and_answers(model, image):
    for call in (model.generate, lambda picture, prompt: model.respond(picture, prompt, "a")):
        with pytest.raises(ValueError, match="prompt is empty"):
            call(image, " \n")
        with pytest.raises(ValueError, match="prompt contains '<image>'"):
            call(image, "what <image> is")
        with pytest.raises(TypeError, match="got NoneType"):
            call(image, None)
    with pytest.raises(ValueError, match="token 1 of the answer is '<image>'"):
        model.respond(image, PROMPT, "a<image>")
    with pytest.raises(ValueError, match="has id 99999"):
        model.respond(image, PROMPT, [99999])
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer, got 0"):
        model.generate(image, PROMPT, max_new_tokens=0)
