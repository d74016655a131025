"""What is verified when a model makes its first scorer: each fault is caught with its fallback, and a healthy model is left alone."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle
from eagle_nb.errors import ScoringWarning
from eagle_nb.models.huggingface import verification

from .scorers import PROMPT, grid_scorer

pytestmark = pytest.mark.families


@pytest.fixture
def photo():
    """An image that the processor resizes, so that masking adds up regions."""
    y, x = np.mgrid[:47, :61] / 9.0
    return Image.fromarray(np.uint8(127 + 120 * np.stack([np.sin(x + y), np.cos(1.3 * x), np.sin(0.7 * y - x)], -1)))


def generated(model, image):
    """A scorer of the model's own answer."""
    response = model.generate(image, PROMPT, max_new_tokens=6)
    assert len(response)
    return model.scorer(response, eagle.Regions.grid(image, 9), Image.new("RGB", image.size))


def counted(model, monkeypatch):
    """The number of images in each forward pass of a model from now on."""
    sizes = []
    logits = model.logits
    monkeypatch.setattr(
        model, "logits", lambda inputs, keep: sizes.append(len(inputs["input_ids"])) or logits(inputs, keep)
    )
    return sizes


def broken_rows(model, monkeypatch, mix):
    """Let the rows of a batch leak: `mix` maps the logits of a batch to wrong ones."""
    logits = model.logits
    monkeypatch.setattr(model, "logits", lambda inputs, keep: mix(logits(inputs, keep)))


@pytest.mark.parametrize("batch_size", [None, 1, 8])
@pytest.mark.parametrize("literal", [False, True])
def test_a_healthy_model_passes_silently_in_at_most_six_passes_once(model, photo, monkeypatch, batch_size, literal):
    model.batch_size = batch_size
    sizes = counted(model, monkeypatch)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first = grid_scorer(model, photo, 9, literal=literal)
    made = first.verification
    assert made.passes == sum(sizes) == 6 - literal - 2 * (batch_size == 1)
    assert made.passed and made.batched and made.fast
    assert {check.name: check.passed for check in made.checks} == {
        "batch": None if batch_size == 1 else True,
        "masking": None if literal else True,
        "argmax": None,
        "image": True,
    }
    assert first.images.mode == ("literal" if literal else "add")
    sizes.clear()
    assert grid_scorer(model, photo, 16, literal=literal).verification is made
    assert sizes == []


def test_an_answer_of_the_model_is_compared_with_the_argmax_once(model, photo, monkeypatch):
    grid_scorer(model, photo, 9)
    response = model.generate(photo, PROMPT, max_new_tokens=6)
    sizes = counted(model, monkeypatch)
    regions, fill = eagle.Regions.grid(photo, 9), Image.new("RGB", photo.size)
    made = model.scorer(response, regions, fill).verification
    assert sizes == [1]
    assert (made.passes, made["argmax"].passed) == (7, True)
    model.scorer(response, regions, fill)
    assert sizes == [1]


def test_nothing_is_verified_where_there_is_no_signal(model, photo, monkeypatch):
    sizes = counted(model, monkeypatch)
    response = model.respond(photo, PROMPT, "a red circle")
    assert model.scorer(response, eagle.Regions.whole(photo), Image.new("RGB", photo.size)).verification is None
    assert model.scorer(response, eagle.Regions.grid(photo, 4), photo).verification is None
    assert sizes == []


@pytest.mark.parametrize(
    "mix",
    [
        lambda logits: logits[:1].expand_as(logits),
        lambda logits: logits[1:2].expand_as(logits) if len(logits) > 1 else logits,
        lambda logits: logits.mean(0, keepdim=True).expand_as(logits),
        lambda logits: torch.cat([logits[:1], logits[1:] * 0.9]),
        lambda logits: torch.cat([logits[:2], logits[2:] * 0.9]),
        lambda logits: logits.flip(0),
    ],
    ids=["first", "second", "mean", "from the second", "from the third", "reversed"],
)
def test_rows_that_leak_are_scored_one_by_one(model, photo, monkeypatch, mix):
    shown = np.random.default_rng(1).random((5, 9)) < 0.5
    model.batch_size = 1
    want = grid_scorer(model, photo, 9)(shown)
    model.batch_size = None
    broken_rows(model, monkeypatch, mix)
    sizes = counted(model, monkeypatch)
    with pytest.warns(
        ScoringWarning, match="the rows of a batch influence each other. Coalitions are scored one by one"
    ):
        scorer = grid_scorer(model, photo, 9)
    assert sum(sizes) <= 6
    assert scorer.batch_size == 1 and not scorer.verification.batched
    assert scorer.images.mode == "add"  # only what fails is replaced
    np.testing.assert_allclose(scorer(shown), want, atol=1e-6)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert grid_scorer(model, photo, 9).batch_size == 1


def test_a_network_that_takes_one_image_only_is_scored_one_by_one(model, photo, monkeypatch):
    logits = model.logits

    def single(inputs, keep):
        if len(inputs["input_ids"]) > 1:
            raise RuntimeError("shape mismatch")
        return logits(inputs, keep)

    monkeypatch.setattr(model, "logits", single)
    with pytest.warns(ScoringWarning, match=r"cannot be scored in one pass \(the network fails: shape mismatch\)"):
        scorer = grid_scorer(model, photo, 9)
    assert scorer(np.eye(9, dtype=bool)).shape == (9, scorer.n_tokens)


def test_a_processor_that_rescales_after_masking_is_used_itself(model, photo, monkeypatch):
    """It changes images of masked pictures alone, by less than the bound of pixel values."""
    inputs = model.inputs

    def rescaled(picture, prompt, **options):
        made = inputs(picture, prompt, **options)
        if isinstance(picture, Image.Image) and not options and 0 < np.mean(np.all(np.asarray(picture) == 0, -1)) < 1:
            made["pixel_values"] = made["pixel_values"] * 1.3
        return made

    monkeypatch.setattr(model, "inputs", rescaled)
    monkeypatch.setattr("eagle_nb.models.huggingface.masking.MEAN_ERROR", 1000.0)
    with pytest.warns(ScoringWarning, match="The processor prepares every masked image, which is slower"):
        scorer = grid_scorer(model, photo, 9)
    assert not scorer.verification.fast and scorer.verification.batched
    assert scorer.images.mode == "literal" and scorer.identity["masking"] == "literal"
    shown = np.random.default_rng(1).random((3, 9)) < 0.5
    np.testing.assert_array_equal(scorer(shown), grid_scorer(model, photo, 9, literal=True)(shown))


def test_an_image_that_is_dropped_is_named(model, photo, monkeypatch):
    logits = model.logits
    monkeypatch.setattr(
        model,
        "logits",
        lambda inputs, keep: logits({**inputs, "pixel_values": torch.zeros_like(inputs["pixel_values"])}, keep),
    )
    with pytest.warns(ScoringWarning, match="the image makes no difference to this answer") as caught:
        scorer = grid_scorer(model, photo, 9)
        grid_scorer(model, photo, 9)
    assert len(caught) == 1
    assert scorer.verification["image"].value == 0
    assert scorer.verification.batched and scorer.verification.fast


def test_another_answer_is_tried_while_none_depends_on_the_image(model, photo, monkeypatch):
    monkeypatch.setattr(verification, "NOISE", dict.fromkeys(verification.NOISE, 10.0))
    sizes = counted(model, monkeypatch)
    for _ in range(verification.TRIES + 2):
        grid_scorer(model, photo, 9)
    assert sum(sizes) == 6 * verification.TRIES


def test_an_answer_that_is_not_the_greedy_one_is_named(model, photo, monkeypatch):
    write = model.write
    monkeypatch.setattr(
        model,
        "write",
        lambda inputs, limit: [[*ids[:2], *model.encode("dog"), *ids[3:]] for ids in write(inputs, limit)],
    )
    with pytest.warns(ScoringWarning, match=r"token 2 of the answer is .*, but the model finds .* most probable"):
        scorer = generated(model, photo)
    assert scorer.verification["argmax"].passed is False
    assert scorer.verification["batch"].passed and scorer.verification["masking"].passed


def test_an_answer_of_another_model_is_exempt(model, photo):
    response = model.respond(photo, PROMPT, "a red circle")
    object.__setattr__(response, "probabilities", np.full(len(response), 0.5, dtype=np.float32))
    object.__setattr__(response, "model", "another")
    made = model.scorer(response, eagle.Regions.grid(photo, 4), Image.new("RGB", photo.size)).verification
    assert made["argmax"].passed is None


def test_each_setting_is_verified(model, photo, monkeypatch):
    grid_scorer(model, photo, 9)
    sizes = counted(model, monkeypatch)
    model.batch_size = 1
    grid_scorer(model, photo, 9)
    assert sum(sizes) == 3  # masking does not depend on batches, so it is not verified again
    model.network.to(torch.bfloat16)
    grid_scorer(model, photo, 9)
    assert sum(sizes) == 7


def test_an_unknown_check_is_named(model, photo):
    with pytest.raises(KeyError, match="there are batch, masking, argmax, image"):
        grid_scorer(model, photo, 9).verification["speed"]
