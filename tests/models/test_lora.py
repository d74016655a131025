"""Adapters of peft: attached by name, found by their own folder, and seen through."""

from __future__ import annotations

import builtins
import json

import numpy as np
import pytest
import torch
import transformers

import eagle_nb as eagle
from eagle_nb.models.huggingface.fingerprint import network_digest
from eagle_nb.models.huggingface.lora import base_of, unwrapped

from ..families import tiny
from .scorers import PROMPT, grid_scorer

peft = pytest.importorskip("peft")
pytestmark = pytest.mark.families
SHOWN = np.array([[1, 1, 1, 1], [0, 0, 1, 1]], bool)


def adapted(network, targets=("q_proj", "v_proj")):
    """Return a network with a LoRA adapter of random weights."""
    torch.manual_seed(1)
    settings = peft.LoraConfig(r=2, lora_alpha=8, lora_dropout=0.5, target_modules=list(targets))
    wrapped = peft.get_peft_model(network, settings)
    for name, weight in wrapped.named_parameters():
        if "lora_" in name:
            torch.nn.init.normal_(weight, std=0.3)
    return wrapped


@pytest.fixture(scope="module")
def adapter(folder, tmp_path_factory):
    place = tmp_path_factory.mktemp("lora")
    adapted(transformers.AutoModelForImageTextToText.from_pretrained(folder)).save_pretrained(place)
    return place


@pytest.fixture
def merged(folder, adapter, image):
    """Scores with the adapter's weights added to those of the base."""
    base = transformers.AutoModelForImageTextToText.from_pretrained(folder)
    whole = peft.PeftModel.from_pretrained(base, adapter).merge_and_unload()
    processor = transformers.AutoProcessor.from_pretrained(folder)
    return grid_scorer(eagle.wrap_model(whole, processor), image)(SHOWN)


def test_an_adapter_is_attached_to_its_base(folder, adapter, image, merged):
    model = eagle.load_model(folder, adapter=adapter, device="cpu")
    np.testing.assert_allclose(grid_scorer(model, image)(SHOWN), merged, atol=1e-6)
    plain = eagle.load_model(folder, device="cpu")
    assert np.abs(grid_scorer(plain, image)(SHOWN) - merged).max() > 1e-4
    assert model.name == f"{folder} + {adapter}"
    assert model.revision.count("sha256:") == 2 and model.revision.startswith(plain.revision)
    assert not model.network.training


def test_a_folder_that_is_an_adapter_finds_its_base(adapter, image, merged):
    model = eagle.load_model(adapter, device="cpu")
    np.testing.assert_allclose(grid_scorer(model, image)(SHOWN), merged, atol=1e-6)


def test_a_wrapped_network_is_seen_through(folder, adapter, image, merged):
    base = transformers.AutoModelForImageTextToText.from_pretrained(folder)
    wrapped = peft.PeftModel.from_pretrained(base, adapter).train()
    model = eagle.wrap_model(wrapped, transformers.AutoProcessor.from_pretrained(folder), "mine")
    assert model.network is wrapped.get_base_model() and not wrapped.training and not model.network.training
    np.testing.assert_allclose(grid_scorer(model, image)(SHOWN), merged, atol=1e-6)
    answer = model.generate(image, PROMPT, max_new_tokens=4)  # the base's repetition penalty does not apply
    full = model.scorer(answer, eagle.Regions.grid(image, 4), image).distributions(np.ones((1, 4), bool))[0]
    assert full.argmax(-1).tolist() == answer.token_ids


def test_the_strength_of_an_adapter_is_part_of_the_identity(folder, adapter):
    model = eagle.load_model(folder, adapter=adapter, device="cpu")
    usual, sampled = network_digest(model.network), model.fingerprint
    layer = next(
        module for module in model.network.modules() if hasattr(module, "scaling") and hasattr(module, "lora_A")
    )
    layer.scaling["default"] *= 2
    assert network_digest(model.network) != usual and model.fingerprint != sampled


def test_an_adapter_of_another_base_is_refused(adapter, tmp_path):
    qwen = tiny.save("qwen2_vl", tmp_path / "qwen")
    with pytest.raises(ValueError, match=r"the adapter .* belongs to another base than this Qwen2VL"):
        eagle.load_model(qwen, adapter=adapter, device="cpu")


def test_folders_that_are_no_adapters(folder, adapter, tmp_path):
    with pytest.raises(ValueError, match=r"holds no adapter: it has no adapter_config\.json"):
        eagle.load_model(folder, adapter=folder)
    with pytest.raises(ValueError, match="is an adapter itself"):
        eagle.load_model(adapter, adapter=adapter)
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "LORA"}))
    with pytest.raises(ValueError, match=r"names no base model; give it: load_model\(base, adapter="):
        eagle.load_model(tmp_path)
    assert base_of(folder) is None


def test_a_base_beside_the_adapter_is_found(tmp_path):
    (tmp_path / "adapter" / "base").mkdir(parents=True)
    (tmp_path / "adapter" / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "base"}))
    assert base_of(tmp_path / "adapter") == str(tmp_path / "adapter" / "base")


def test_prompt_learning_is_refused(model):
    wrapped = peft.get_peft_model(
        model.network.model.language_model,
        peft.PromptTuningConfig(task_type="FEATURE_EXTRACTION", num_virtual_tokens=2),
    )
    with pytest.raises(ValueError, match="adds tokens to the prompt"):
        unwrapped(wrapped)


def test_without_peft_the_remedy_is_named(folder, adapter, monkeypatch):
    original = builtins.__import__

    def absent(name, *args, **options):
        if name == "peft":
            raise ImportError(name)
        return original(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", absent)
    for arguments in ((folder, adapter), (adapter, None)):
        with pytest.raises(ValueError, match=r"needs the package peft; install it with `pip install peft`"):
            eagle.load_model(arguments[0], adapter=arguments[1])
