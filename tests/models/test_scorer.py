"""Prompts, answers, and the scorer of a checkpoint."""

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle
from eagle_nb.scoring import CachedScorer

from ..families import tiny
from .conftest import PROMPT, scoring

pytestmark = pytest.mark.families


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
    with pytest.raises(ValueError, match="no tokens"):
        scoring(model, image, answer="")


def test_bad_scorer_arguments(model, image):
    response = model.respond(image, PROMPT, "a red circle")
    regions, fill = eagle.Regions.grid(image, 4), Image.new("RGB", image.size)
    for target, says in (({9: 1}, "position 9"), ({0: -1}, "token id -1"), ({0: model.vocabulary_size}, "ids are 0")):
        with pytest.raises(ValueError, match=says):
            model.scorer(response, regions, fill, target_ids=target)
    with pytest.raises(ValueError, match=r"region map is 8 × 8 pixels, the image 32 × 32"):
        model.scorer(response, eagle.Regions.grid(np.zeros((8, 8), np.uint8), 4), fill)
    with pytest.raises(ValueError, match="sizes must agree"):
        model.scorer(response, regions, Image.new("RGB", (8, 8)))
    with pytest.raises(ValueError, match=r"bool \(M, 4\), got shape \(1, 5\)"):
        model.scorer(response, regions, fill)(np.ones((1, 5), bool))
    assert model.scorer(response, regions, fill)(np.ones((0, 4), bool)).shape == (0, len(response))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_bad_logits_are_named_with_their_coalition(model, image, value, monkeypatch):
    scorer = scoring(model, image)
    original = model.logits

    def poisoned(inputs, keep):
        logits = original(inputs, keep).clone()
        logits[2, 0, 5] = value
        return logits

    monkeypatch.setattr(model, "logits", poisoned)
    shown = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1]], bool)
    with pytest.raises(ValueError, match=r"NaN or infinite logits for the coalition of regions \[1, 3\]"):
        scorer(shown)




def test_a_cached_scorer_scores_equal_coalitions_once(model, image):
    scorer = scoring(model, image)
    cached = CachedScorer(scorer)
    shown = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]], bool)
    first = cached(shown)
    assert scorer.forward_passes == 3  # the blank and the full image are scored first
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(cached(shown[::-1]), first[::-1])
    assert scorer.forward_passes == 3


@pytest.mark.parametrize("name", ["llava", "blip2"])
def test_only_the_answers_logits_are_computed_without_cache_or_gradient(name, image, tmp_path):
    model = eagle.load_model(tiny.save(name, tmp_path), device="cpu")
    seen, outputs = [], []
    head = model.network.get_output_embeddings()
    scorer = scoring(model, image)
    head.register_forward_hook(lambda _, args, out: seen.append((args[0].shape[1], out.requires_grad)))
    model.network.register_forward_hook(lambda _, args, out: outputs.append(out))
    scorer(np.ones((2, 4), bool))
    assert seen == [(scorer.n_tokens, False)]
    assert [getattr(out, "past_key_values", None) for out in outputs] == [None]


def test_batches_halve_on_out_of_memory_and_keep_finished_work(model, image, monkeypatch):
    want = scoring(model, image, 8)(shown := np.unique(np.random.default_rng(0).random((40, 8)) < 0.5, axis=0))
    model.batch_size = 16
    scorer = scoring(model, image, 8)
    logits, sizes = model.logits, []

    def tight(inputs, keep):
        sizes.append(len(inputs["input_ids"]))
        if sizes[-1] > 4 and len(sizes) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate")
        return logits(inputs, keep)

    monkeypatch.setattr(model, "logits", tight)
    np.testing.assert_allclose(scorer(shown), want, atol=1e-6)
    assert scorer.forward_passes == len(shown)  # the first batch was not scored again
    assert scorer.batch_size <= 4 and sizes[-1] <= 4


def test_an_answer_ends_at_every_end_token_that_the_checkpoint_names(model, image):
    """The generation settings of many checkpoints list some of them only."""
    tokenizer, network = model.tokenizer, model.network
    others = [i for i in range(model.vocabulary_size) if i not in model.end_ids][:3]
    network.generation_config.eos_token_id = others[0]
    network.config.eos_token_id = [others[1], others[2]]
    assert {*others, tokenizer.eos_token_id} <= model.end_ids


def test_a_chat_templates_end_of_turn_token_ends_an_answer(folder, image):
    model = eagle.load_model(folder, device="cpu")
    model.tokenizer.add_special_tokens({"additional_special_tokens": ["<|turn|>"]})
    model.processor.chat_template = (
        "{% for m in messages %}{{ m['role'] }}: {% for p in m['content'] %}"
        "{{ '<image>' if p['type'] == 'image' else p['text'] }}{% endfor %}<|turn|>{% endfor %}"
    )
    assert model.tokenizer.convert_tokens_to_ids("<|turn|>") in model.end_ids
