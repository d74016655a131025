"""The tokenizer and the untrained network."""

import torch

from eagle_nb.scenes import architecture


def test_tokenizer_is_subword_with_leading_spaces(tokenizer):
    def pieces(text):
        return [tokenizer.decode([i]) for i in tokenizer.encode(text, add_special_tokens=False)]

    assert pieces("a red triangle on gravel.") == ["a", " red", " tri", "angle", " on", " gra", "vel", "."]
    assert pieces("two purple crosses") == ["two", " pur", "ple", " cross", "es"]
    text = "Zwölf 🙂 <b>"
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False)) == text


def test_building_the_model_leaves_the_random_state_as_it_was(tokenizer):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    first, second = (architecture.build_model(tokenizer, seed=3).lm_head.weight for _ in range(2))
    assert torch.equal(first, second)
    assert torch.equal(torch.get_rng_state(), before)
