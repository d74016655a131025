"""Conversations of several pictures: the tokens of the family's own template, and exact scores."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle

from . import others, tiny  # noqa: F401  (others registers its families)

pytestmark = pytest.mark.families
torch.set_num_threads(1)  # the models are too small for more

FAMILIES = ["llava", "llava_next", "llava_onevision", "qwen2_vl", "qwen2_5_vl", "qwen3_vl", "internvl", "idefics3", "smolvlm", "gemma3", "mistral3", "aya_vision"]  # fmt: skip
SIZES = [(48, 32), (32, 40), (56, 32), (32, 32)]
ANSWER = "a naïve 猫 on grass."
FOLDERS: dict[str, Any] = {}


@pytest.fixture(scope="session", autouse=True)
def _folder(tmp_path_factory):
    FOLDERS["root"] = tmp_path_factory.mktemp("conversations")


@cache
def load(name: str) -> Any:
    return eagle.load_model(tiny.save(name, FOLDERS["root"] / name), dtype="float32", device="cpu")


def picture(k: int) -> Image.Image:
    """A smooth colourful picture; another for every number."""
    width, height = SIZES[k % len(SIZES)]
    y, x = np.mgrid[:height, :width] / (9.0 + 3 * k)
    waves = [np.sin(x + y + k), np.cos(1.3 * x - k), np.sin(0.7 * y - x)]
    return Image.fromarray(np.uint8(127 + 120 * np.stack(waves, -1)))


def messages(pictures: list[Image.Image]) -> list[dict[str, Any]]:
    """A system prompt, an earlier turn about the first picture, and a question about the others."""
    first, *rest = pictures
    text = lambda words: {"type": "text", "text": words}  # noqa: E731
    return [
        {"role": "system", "content": [text("Answer briefly.")]},
        {"role": "user", "content": [text("Look:"), {"type": "image", "image": first}]},
        {"role": "assistant", "content": [text("A cat.")]},
        {"role": "user", "content": [*({"type": "image", "image": p} for p in rest), text("What differs?")]},
    ]


def template_inputs(model: Any, turns: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
    inputs = model.processor.apply_chat_template(
        turns, add_generation_prompt=True, tokenize=True, return_dict=True, return_tensors="pt"
    )
    return {name: value for name, value in inputs.items() if isinstance(value, torch.Tensor)}


def plain(model: Any, turns: list[dict[str, Any]], answer: list[int]) -> np.ndarray:
    """Probabilities of the answer's tokens by a plain forward pass."""
    inputs = template_inputs(model, turns)
    more = len(answer) - 1
    inputs["input_ids"] = torch.cat([inputs["input_ids"], torch.tensor([answer[:-1]], dtype=torch.long)], 1)
    for key, last in {"attention_mask": 1, "mm_token_type_ids": 0, "token_type_ids": 0}.items():
        if key in inputs:
            inputs[key] = torch.cat([inputs[key], torch.full((1, more), last)], 1)
    with torch.no_grad():
        logits = model.network(**inputs).logits[0, -len(answer) :]
    return logits.float().softmax(-1)[torch.arange(len(answer)), torch.tensor(answer)].numpy()


@pytest.mark.parametrize("count", [1, 2, 4])
@pytest.mark.parametrize("name", FAMILIES)
def test_the_tokens_are_those_of_the_chat_template(name, count):
    model, turns = load(name), messages([picture(k) for k in range(count)])
    response = model.respond(messages=turns, answer=ANSWER)
    assert len(response.images) == count
    scorer = model.scorer(response, eagle.Regions.whole(response.images), response.canvas)
    prompt = template_inputs(model, turns)["input_ids"][0].tolist()
    assert scorer.text["input_ids"][0].tolist() == prompt + response.token_ids[:-1]


@pytest.mark.parametrize("count", [2, 4])
@pytest.mark.parametrize("name", FAMILIES)
def test_scores_of_several_pictures_equal_plain_forward_passes(name, count):
    model, pictures = load(name), [picture(k) for k in range(count)]
    response = model.respond(messages=messages(pictures), answer=ANSWER)
    regions = eagle.Regions.slic(pictures, 4 * count)
    fill = response.layout.compose([Image.new("RGB", p.size, (90, 20, 60)) for p in pictures])
    shown = np.random.default_rng(3).random((5, regions.n)) < 0.5
    want = []
    for row in shown:
        masked = [
            Image.fromarray(np.where(row[labels][..., None], np.asarray(p), np.uint8((90, 20, 60))))
            for p, labels in zip(pictures, regions.maps, strict=True)
        ]
        want.append(plain(model, messages(masked), response.token_ids))
    want = np.stack(want)
    literal = model.scorer(response, regions, fill, literal=True)
    np.testing.assert_allclose(literal(shown), want, atol=1e-5, rtol=0)
    np.testing.assert_allclose(np.concatenate([literal(row[None]) for row in shown]), want, atol=1e-5, rtol=0)
    assert np.ptp(want, axis=0).max() > 1e-4  # the scores depend on the pictures
    fast = model.scorer(response, regions, fill)
    np.testing.assert_allclose(fast(shown), want, atol=5e-3, rtol=0)


@pytest.mark.parametrize("name", ["qwen2_5_vl", "llava"])
def test_pictures_that_are_not_explained_stay_as_they_are(name):
    model, pictures = load(name), [picture(0), picture(1)]
    response = model.respond(messages=messages(pictures), answer=ANSWER)
    regions = eagle.Regions.slic(
        pictures,
        6,
    ).only([1])
    fill = Image.new("RGB", response.canvas.size)
    hidden = model.scorer(response, regions, fill, literal=True)(np.zeros((1, regions.n), bool))[0]
    black = Image.new("RGB", pictures[1].size)
    np.testing.assert_allclose(hidden, plain(model, messages([pictures[0], black]), response.token_ids), atol=1e-5)
