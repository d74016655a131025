"""White-box access to a network. What it computes is tested with the methods that use it."""

from __future__ import annotations

import pytest
import torch
from PIL import Image

from eagle_nb.models.huggingface.whitebox import WhiteBox

from .scorers import PROMPT

pytestmark = pytest.mark.families


@pytest.fixture
def view(model, image):
    return WhiteBox(model, model.respond(image, PROMPT, "a red circle"), Image.new("RGB", image.size))


def test_a_model_without_a_network_is_refused(toy, response):
    with pytest.raises(TypeError, match="a ToyModel gives no access to one"):
        WhiteBox(toy, response, response.image)


def test_lengths_are_those_of_the_input(view):
    answer = view.response.token_ids
    assert view.text["input_ids"][0, view.prompt_length :].tolist() == answer[:-1]
    assert view.length == view.prompt_length + len(answer) - 1


def test_image_inputs_are_the_processors(view, image):
    for name, value in view.image_inputs(image).items():
        torch.testing.assert_close(value, view.shown[name], atol=1e-6, rtol=0)


def test_gradients_leave_the_weights_as_they_are(view):
    leaf = {name: value.clone().requires_grad_() for name, value in view.shown.items()}
    (gradient,) = view.gradients(lambda: view.target_logits(leaf)[0, 1], lambda: list(leaf.values()))
    assert gradient.shape == next(iter(leaf.values())).shape and gradient.abs().max() > 0
    assert (view.forward_passes, view.backward_passes) == (1, 1)
    assert all(parameter.requires_grad and parameter.grad is None for parameter in view.model.network.parameters())


def test_a_score_without_a_gradient_is_refused(view):
    leaf = torch.zeros(1, requires_grad=True)
    with pytest.raises(NotImplementedError, match="no gradient flows back through this 'llava' network"):
        view.gradients(lambda: view.target_logits(view.shown)[0, 1], lambda: [leaf])
    assert all(parameter.requires_grad for parameter in view.model.network.parameters())


def test_layers_are_those_of_the_language_model(view):
    assert len(view.layers) == view.model.network.config.text_config.num_hidden_layers
