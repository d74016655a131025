"""The scorer of a checkpoint."""

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.fills import masked_image
from eagle_nb.scoring import CachedScorer

from ..families import tiny
from .scorers import PROMPT, grid_scorer

pytestmark = pytest.mark.families
SHOWN = np.array([[1, 1, 1, 1], [1, 0, 0, 1], [0, 0, 0, 0]], bool)


@pytest.fixture
def batches(model, monkeypatch):
    """The sizes of the batches that go through the network."""
    logits, sizes = model.logits, []
    monkeypatch.setattr(
        model, "logits", lambda inputs, keep: sizes.append(len(inputs["input_ids"])) or logits(inputs, keep)
    )
    return sizes


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
    with pytest.raises(ValueError, match="no tokens"):
        grid_scorer(model, image, answer="")
    assert model.scorer(response, regions, fill)(np.ones((0, 4), bool)).shape == (0, len(response))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_bad_logits_are_named_with_their_coalition(model, image, value, monkeypatch):
    scorer = grid_scorer(model, image)
    original = model.logits

    def poisoned(inputs, keep):
        logits = original(inputs, keep).clone()
        logits[2, 0, 5] = value
        return logits

    monkeypatch.setattr(model, "logits", poisoned)
    shown = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 1]], bool)
    with pytest.raises(ValueError, match=r"NaN or infinite logits for the coalition of regions \[1, 3\]"):
        scorer(shown)


def test_a_cached_scorer_scores_equal_coalitions_once(model, image, batches):
    scorer = grid_scorer(model, image)
    batches.clear()  # the model's first scorer is verified
    cached = CachedScorer(scorer)
    shown = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [1, 0, 0, 1]], bool)
    first = cached(shown)
    assert sum(batches) == 3  # the blank and the full image are scored first
    assert np.array_equal(first[0], first[2])
    assert np.array_equal(cached(shown[::-1]), first[::-1])
    assert sum(batches) == 3


@pytest.mark.parametrize("name", ["llava", "blip-2"])
def test_only_the_answers_logits_are_computed_without_cache_or_gradient(name, image, tmp_path):
    model = eagle.load_model(tiny.save(name, tmp_path), device="cpu")
    seen, outputs = [], []
    head = model.network.get_output_embeddings()
    scorer = grid_scorer(model, image)
    head.register_forward_hook(lambda _, args, out: seen.append((args[0].shape[1], out.requires_grad)))
    model.network.register_forward_hook(lambda _, args, out: outputs.append(out))
    scorer(np.ones((2, 4), bool))
    assert seen == [(scorer.n_tokens, False)]
    assert [getattr(out, "past_key_values", None) for out in outputs] == [None]


def test_batches_halve_on_out_of_memory_and_keep_finished_work(model, image, monkeypatch):
    want = grid_scorer(model, image, 8)(shown := np.unique(np.random.default_rng(0).random((40, 8)) < 0.5, axis=0))
    model.batch_size = 16
    scorer = grid_scorer(model, image, 8)
    logits, asked, scored = model.logits, [], []

    def tight(inputs, keep):
        asked.append(len(inputs["input_ids"]))
        if asked[-1] > 4 and len(asked) > 1:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate")
        scored.append(asked[-1])
        return logits(inputs, keep)

    monkeypatch.setattr(model, "logits", tight)
    np.testing.assert_allclose(scorer(shown), want, atol=1e-6)
    assert sum(scored) == len(shown)  # the first batch was not scored again
    assert scored[0] > 4 >= max(scored[1:])
    assert scorer.batch_size <= 4


def test_distributions_are_over_the_whole_vocabulary(model, image):
    scorer = grid_scorer(model, image)
    every = scorer.distributions(SHOWN)
    assert every.shape == (3, scorer.n_tokens, model.vocabulary_size)
    np.testing.assert_allclose(every.sum(-1), 1, atol=1e-5)
    ids = model.encode("a red circle")
    np.testing.assert_allclose(every[:, np.arange(len(ids)), ids], scorer(SHOWN), atol=1e-6)
    assert scorer.distributions(np.zeros((0, 4), bool)).shape == (0, scorer.n_tokens, model.vocabulary_size)


def test_the_next_token_follows_a_prefix(model, image):
    scorer, ids = grid_scorer(model, image), model.encode("a red circle")
    every = scorer.distributions(SHOWN)
    for k in range(len(ids)):
        np.testing.assert_allclose(scorer.next_token(SHOWN, ids[:k]), every[:, k], atol=1e-5)
    with pytest.raises(ValueError, match="has id 99999"):
        scorer.next_token(SHOWN, [99999])


def test_answers_about_masked_images_are_the_models_own(model, image):
    regions, fill = eagle.Regions.grid(image, 4), Image.new("RGB", image.size)
    scorer = grid_scorer(model, image)
    pictures = [masked_image(image, regions, fill, row) for row in SHOWN]
    answers = [model.generate(picture, PROMPT, max_new_tokens=6).token_ids for picture in pictures]
    assert scorer.generate(SHOWN, max_new_tokens=6) == answers
    assert len({tuple(ids) for ids in answers}) > 1  # the image matters
    prefix = model.encode("a red")
    for ids, following in zip(scorer.generate(SHOWN, 1, prefix), scorer.next_token(SHOWN, prefix), strict=True):
        best = int(following.argmax())
        assert ids == prefix + ([] if best in model.end_ids else [best])
    with pytest.raises(ValueError, match="max_new_tokens must be a positive integer, got 0"):
        scorer.generate(SHOWN, 0)


def test_the_identity_is_everything_that_the_scores_depend_on(model, image):
    usual = grid_scorer(model, image).identity
    assert grid_scorer(model, image).identity == usual
    assert all(isinstance(value, str) for value in usual.values())
    response = model.respond(image, PROMPT, "a red circle")
    regions, black = eagle.Regions.grid(image, 4), Image.new("RGB", image.size)
    turned = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    others = {
        "image": grid_scorer(model, turned),
        "answer": grid_scorer(model, image, answer="a red square"),
        "regions": grid_scorer(model, image, 6),
        "prompt": model.scorer(model.respond(image, "Which one?", "a red circle"), regions, black),
        "fill": model.scorer(response, regions, Image.new("RGB", image.size, "red")),
        "targets": model.scorer(response, regions, black, {1: 7}),
        "masking": model.scorer(response, regions, black, literal=True),
    }
    for name, scorer in others.items():
        assert scorer.identity[name] != usual[name]
    with torch.no_grad():
        next(model.network.parameters()).view(-1)[1] += 1
    assert grid_scorer(model, image).identity["network"] != usual["network"]
