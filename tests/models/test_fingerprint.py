"""Digests of networks and processors: the same for the same content, different after any change."""

from __future__ import annotations

import pytest
import torch
from torch.testing._internal.two_tensor import TwoTensor

import eagle_nb as eagle
from eagle_nb.models.huggingface.fingerprint import network_digest, processor_digest, sampled_fingerprint

pytestmark = pytest.mark.families


@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_the_network_digest_is_of_every_weight_and_the_configuration(folder, dtype):
    model = eagle.load_model(folder, dtype=dtype, device="cpu")
    whole = network_digest(model.network)
    assert network_digest(eagle.load_model(folder, dtype=dtype, device="cpu").network) == whole
    for weight in model.network.state_dict().values():
        last = weight.flatten()[-1].clone()
        weight.view(-1)[-1] += 1
        assert network_digest(model.network) != whole
        weight.view(-1)[-1] = last
    assert network_digest(model.network) == whole
    model.network.config.vision_feature_layer = -1
    assert network_digest(model.network) != whole


def test_the_fingerprint_is_of_samples_of_every_weight_and_the_precision(folder, model):
    same, other = (eagle.load_model(folder, dtype=dtype, device="cpu") for dtype in ("auto", "bfloat16"))
    assert model.fingerprint == sampled_fingerprint(same.network)
    assert model.fingerprint != other.fingerprint
    for weight in model.network.state_dict().values():
        first = weight.flatten()[0].clone()
        weight.view(-1)[0] += 1
        assert model.fingerprint != same.fingerprint
        weight.view(-1)[0] = first
    assert model.fingerprint == same.fingerprint


def test_the_processor_digest_is_of_configuration_template_and_options(folder, model):
    processor, options = model.processor, {"do_resize": True}
    usual = processor_digest(processor, {})
    assert processor_digest(eagle.load_model(folder, device="cpu").processor, {}) == usual
    assert processor_digest(processor, options) != usual
    processor.image_processor.image_mean = [0.0, 0.0, 0.0]
    changed = processor_digest(processor, {})
    assert changed != usual
    processor.chat_template += " "
    assert processor_digest(processor, {}) not in (usual, changed)


def test_weights_of_several_parts_have_a_fingerprint(model):
    """Quantized weights are tensor subclasses, whose values cannot be read as bytes; the test class of torch is one."""
    layer = model.network.get_decoder().layers[0].mlp.down_proj
    halves = [layer.weight.detach() / 2 for _ in range(2)]
    layer.weight = torch.nn.Parameter(TwoTensor(*halves), requires_grad=False)
    sampled, whole = sampled_fingerprint(model.network), network_digest(model.network)
    halves[1].view(-1)[0] += 1
    assert sampled_fingerprint(model.network) != sampled and network_digest(model.network) != whole


def test_offloaded_weights_have_the_fingerprint_of_the_others(folder, model):
    places = {
        "model.vision_tower": "cpu",
        "model.multi_modal_projector": "cpu",
        "model.language_model": "disk",
        "lm_head": "cpu",
    }
    spread = eagle.load_model(folder, device_map=places)
    assert any(weight.is_meta for weight in spread.network.parameters())
    assert spread.device == torch.device("cpu")
    assert spread.fingerprint == model.fingerprint
    assert network_digest(spread.network) == network_digest(model.network)
