"""A network with its processor: texts, ids, and the tokens that end an answer."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.families


def test_encode_and_decode(model):
    ids = model.encode("a naïve 猫 🐈")
    assert model.decode(ids) == "a naïve 猫 🐈"
    assert not set(ids) & set(model.tokenizer.all_special_ids)
    assert max(ids) < model.vocabulary_size


def test_the_representation_names_the_checkpoint(model):
    assert repr(model).startswith("LlavaForConditionalGeneration ") and repr(model.name) in repr(model)


def test_an_answer_ends_at_every_end_token_that_the_checkpoint_names(model):
    """The generation settings of many checkpoints list only some of them."""
    tokenizer, network = model.tokenizer, model.network
    others = [i for i in range(model.vocabulary_size) if i not in model.end_ids][:3]
    network.generation_config.eos_token_id = others[0]
    network.config.eos_token_id = [others[1], others[2]]
    assert {*others, tokenizer.eos_token_id} <= model.end_ids


def test_a_chat_templates_end_of_turn_token_ends_an_answer(model):
    model.tokenizer.add_special_tokens({"additional_special_tokens": ["<|turn|>"]})
    model.processor.chat_template = (
        "{% for m in messages %}{{ m['role'] }}: {% for p in m['content'] %}"
        "{{ '<image>' if p['type'] == 'image' else p['text'] }}{% endfor %}<|turn|>{% endfor %}"
    )
    assert model.tokenizer.convert_tokens_to_ids("<|turn|>") in model.end_ids
