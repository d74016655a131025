"""Scores of many positions with a large vocabulary: the same as from all logits, without having them in memory."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import transformers
from torch.utils._python_dispatch import TorchDispatchMode

import eagle_nb as eagle
from eagle_nb.models.huggingface import output_layer
from eagle_nb.models.huggingface.output_layer import OutputLayer, score_logits

from ..families import tiny
from .scorers import PROMPT, grid_scorer

pytestmark = pytest.mark.families
SHOWN = np.array([[1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 0]], bool)


class Largest(TorchDispatchMode):
    """The number of values of the largest tensor with an axis of the vocabulary's size."""

    def __init__(self, vocabulary):
        super().__init__()
        self.vocabulary, self.values = vocabulary, 0

    def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
        out = operation(*args, **(kwargs or {}))
        if isinstance(out, torch.Tensor) and out.ndim > 1 and out.shape[-1] == self.vocabulary:
            self.values = max(self.values, out.numel())
        return out


@pytest.fixture
def chunked(monkeypatch):
    """Treat all logits as large."""
    monkeypatch.setattr(output_layer, "SMALL", 0)


def cohere(folder):
    """Make a checkpoint that scales its logits."""
    return tiny.save("aya_vision", folder)


def capped(folder):
    """Make a checkpoint that caps its logits."""
    tiny.save("gemma3", folder)
    config = transformers.AutoConfig.from_pretrained(folder)
    config.text_config.final_logit_softcapping = 2.0
    config.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("make", [*(("llava", "blip-2", "qwen2_vl", "mllama", "idefics3")), cohere, capped])
def test_chunks_score_as_all_logits_do(make, image, tmp_path, monkeypatch):
    place = make(tmp_path) if callable(make) else tiny.save(make, tmp_path)
    model = eagle.load_model(place, device="cpu", dtype="float32")
    answer = "a red circle on grass, beside a small blue square"
    whole = grid_scorer(model, image, answer=answer)(SHOWN)
    monkeypatch.setattr(output_layer, "SMALL", 0)
    scorer = grid_scorer(model, image, answer=answer)
    with Largest(model.vocabulary_size) as seen:
        np.testing.assert_allclose(scorer(SHOWN), whole, atol=1e-6)
    assert np.ptp(whole, axis=0).max() > 1e-4
    weights = model.network.get_output_embeddings().weight
    assert seen.values <= max(3 * scorer.n_tokens * model.vocabulary_size / 8 + model.vocabulary_size, weights.numel())


def test_a_chunk_holds_a_sixteenth_of_the_positions(model, image, chunked):
    scorer = grid_scorer(model, image, answer="a red circle on grass, beside a small blue square " * 4)
    scorer(SHOWN)
    rows, sizes = 3 * scorer.n_tokens, []
    model.network.get_output_embeddings().register_forward_hook(
        lambda _, args, out: sizes.append(out.shape[:-1].numel())
    )
    scorer(SHOWN)
    assert sizes[0] == 3  # what the network itself computes: one position for each image
    assert sum(sizes[1:]) == rows and max(sizes[1:]) == -(-rows // output_layer.CHUNKS)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_bad_logits_are_named_with_their_coalition(model, image, value, chunked):
    scorer = grid_scorer(model, image, answer="a red circle on grass")
    scorer(SHOWN)
    layer, calls = model.network.get_output_embeddings(), []

    def poison(_, args, out):
        calls.append(1)
        if len(calls) == 2:  # the first chunk, which is the first coalition's
            out[0, 3] = value
        return out

    layer.register_forward_hook(poison)
    with pytest.raises(ValueError, match=r"NaN or infinite logits for the coalition of regions \[0, 3\]"):
        scorer(SHOWN[1:])


def test_a_network_that_changes_its_logits_otherwise_is_not_followed(model, image, chunked, monkeypatch):
    scorer = grid_scorer(model, image)
    whole = scorer(SHOWN)
    original = model.network.forward

    def changed(*args, **options):
        out = original(*args, **options)
        out.logits = out.logits * 0.5 + 0.1 * out.logits.roll(1, -1)
        return out

    monkeypatch.setattr(model.network, "forward", changed)
    other = eagle.wrap_model(model.network, model.processor)
    got = grid_scorer(other, image)(SHOWN)
    monkeypatch.setattr(output_layer, "SMALL", 2**30)
    np.testing.assert_allclose(got, grid_scorer(other, image)(SHOWN), atol=1e-6)
    assert np.abs(got - whole).max() > 1e-4


def test_a_network_without_an_output_layer_is_not_followed():
    class Bare(torch.nn.Module):
        def get_output_embeddings(self):
            return None

    layer = OutputLayer(Bare())
    assert layer.score(lambda: torch.zeros(1, 1, 3), torch.tensor([0])) is None
    assert layer.fits(1000, 1000, 1000)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_scores_are_those_of_a_softmax(dtype):
    logits = torch.randn(2, 3, 11, generator=torch.Generator().manual_seed(0)).to(dtype)
    before, targets = logits.clone(), torch.tensor([4, 0, 10])
    scores = score_logits(logits, targets)
    assert torch.equal(logits, before)
    wanted = logits.float().softmax(-1)
    torch.testing.assert_close((scores.targets - scores.total).exp(), wanted[:, [0, 1, 2], targets])
    torch.testing.assert_close((scores.best - scores.total).exp(), wanted.max(-1).values)
    assert torch.equal(scores.best_ids, wanted.max(-1).indices)
    assert torch.equal(scores.lowest, logits.float().amin(-1))


def test_answers_longer_than_the_prompt_keep_their_order(model, image, chunked):
    response = model.respond(image, PROMPT, "no dog " * 30)
    scorer = model.scorer(response, eagle.Regions.grid(image, 4), image)
    every = scorer.distributions(SHOWN[:1])[0]
    np.testing.assert_allclose(scorer(SHOWN[:1])[0], every[np.arange(len(response)), response.token_ids], atol=1e-6)
