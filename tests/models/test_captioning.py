"""Prompts of captioning networks go on where their tokenizers would end them."""

from types import SimpleNamespace

import torch

from eagle_nb.models.huggingface.captioning import for_generation, open_ended, restarts

TOKENIZER = SimpleNamespace(eos_token_id=None, sep_token_id=9)
INPUTS = {
    "input_ids": torch.tensor([[7, 3, 4, 9]]),
    "attention_mask": torch.ones(1, 4, dtype=torch.long),
    "pixel_values": torch.zeros(1, 4, 2),
}


class BlipForConditionalGeneration:
    config = SimpleNamespace(text_config=SimpleNamespace(bos_token_id=1))


def test_the_last_token_is_dropped_from_every_input_with_a_value_per_token():
    opened = open_ended(object(), TOKENIZER, INPUTS)
    assert opened["input_ids"].tolist() == [[7, 3, 4]]
    assert opened["attention_mask"].shape == (1, 3)
    assert opened["pixel_values"].shape == (1, 4, 2)


def test_a_prompt_without_an_end_stays_as_it_is():
    inputs = {"input_ids": torch.tensor([[7, 3, 4]])}
    assert open_ended(object(), TOKENIZER, inputs)["input_ids"].tolist() == [[7, 3, 4]]


def test_blip_starts_with_its_own_token_and_gets_a_token_to_drop():
    network = BlipForConditionalGeneration()
    assert restarts(network)
    opened = open_ended(network, TOKENIZER, INPUTS)
    assert opened["input_ids"].tolist() == [[1, 3, 4]]
    assert INPUTS["input_ids"].tolist() == [[7, 3, 4, 9]]
    assert for_generation(network, opened)["input_ids"].tolist() == [[1, 3, 4, 4]]
    assert for_generation(object(), opened) is opened
