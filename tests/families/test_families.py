"""Every family: exact scores, equal for any batch size, consistent with generation."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle

from . import clips, codebooks, glm, ocr, omni, others, slices, tiles, tiny, towers  # noqa: F401  (they register families)
from .plain import ANSWER, PROMPT, coalitions, expected, picture

pytestmark = pytest.mark.families
torch.set_num_threads(1)  # the models are too small for more

CHOSEN = (
    "blip", "deepseek_ocr2", "gemma3n", "gemma4", "glm46v", "granite4_vision", "hunyuan_vl", "minicpmv4_6", "molmo2", "ovis2",
    "qwen3_5", "qwen3_vl_moe", "video_llama_3",
)  # fmt: skip
"""Families of the benchmark that are tested, too: linear attention, experts, tiles, other towers, and those whose rows of a batch influence
each other unless their inputs are joined as their processors do (HunYuan-VL, MiniCPM-V, Molmo2)."""

USUAL = {**tiny.FAMILIES, **tiny.OTHERS}
ALL = USUAL | {name: tiny.BENCHMARKED[name] for name in CHOSEN}
NATIVE = [name for name, family in USUAL.items() if family.native]
FOLDERS: dict[str, Any] = {}


@pytest.fixture(scope="session", autouse=True)
def _folder(tmp_path_factory):
    FOLDERS["root"] = tmp_path_factory.mktemp("families")


@cache
def load(name: str) -> Any:
    folder: Path = tiny.save(name, FOLDERS["root"] / name)
    model = eagle.load_model(folder, dtype="float32", device="cpu")
    assert model.name == str(folder)
    return model


def setting(name: str, size: tuple[int, int], fill: str = "black") -> tuple[Any, Any, Any, Any]:
    model, image = load(name), picture(size)
    response = model.respond(image, PROMPT, ANSWER)
    regions = eagle.Regions.slic(image, 9)
    return model, response, regions, eagle.fill_image(image, fill)


@pytest.mark.parametrize("name", NATIVE)
def test_fast_scores_equal_plain_forward_passes_at_the_processors_own_size(name):
    family = ALL[name]
    model, response, regions, fill = setting(name, family.native, "mean")
    shown = coalitions(4)
    want = expected(model, response, regions, fill, shown, family)
    scorer = model.scorer(response, regions, fill)
    got = scorer(shown)
    tiled = scorer.images.mode == "add"  # a thumbnail or a tile is resampled even at this size
    assert tiled == (name in {"llava_next", "llava_onevision", "idefics3", "smolvlm"})
    np.testing.assert_allclose(got, want, atol=2e-3 if tiled else 1e-5, rtol=0)
    assert np.ptp(want, axis=0).max() > 1e-4  # the scores depend on the image
    literal = model.scorer(response, regions, fill, literal=True)
    if not tiled:
        for key, pixels in scorer.images(shown).items():
            assert (pixels - literal.images(shown)[key]).abs().max() <= 1e-6


@pytest.mark.parametrize("name", ALL)
def test_literal_scores_equal_plain_forward_passes_at_any_size(name):
    model, response, regions, fill = setting(name, ALL[name].other)
    shown = coalitions(4)
    want = expected(model, response, regions, fill, shown, ALL[name])
    np.testing.assert_allclose(model.scorer(response, regions, fill, literal=True)(shown), want, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", USUAL)
def test_fast_pixels_stay_within_the_bound_where_the_processor_resamples(name):
    model, response, regions, fill = setting(name, ALL[name].other, "mean")
    scorer, literal = (model.scorer(response, regions, fill, literal=slow) for slow in (False, True))
    assert scorer.images.mode in ("select", "add")
    shown = coalitions(6)
    fast, slow = scorer.images(shown), literal.images(shown)
    black, white = (
        model.inputs(Image.new("RGB", response.image.size, colour), PROMPT) for colour in ("black", "white")
    )
    for key, pixels in fast.items():
        step = (white[key] - black[key]).abs().repeat(6, *[1] * (pixels.ndim - 1)) / 255
        levels = (pixels - slow[key]).abs() / step.clamp(min=1e-9)
        assert levels.mean() <= 0.2 and levels.max() <= 16
        assert (levels > 1.01).float().mean() <= 0.02


@pytest.mark.parametrize("name", ALL)
def test_batch_sizes_agree(name):
    model, response, regions, fill = setting(name, ALL[name].other)
    sizes = (1, 7, 32) if name in USUAL else (1, 3, 8)  # the others are larger
    shown = coalitions(sizes[-1])
    scores = []
    for size in sizes:
        model.batch_size = size
        scores.append(model.scorer(response, regions, fill)(shown))
    model.batch_size = None
    np.testing.assert_allclose(scores[1], scores[0], atol=1e-5, rtol=0)
    np.testing.assert_allclose(scores[2], scores[0], atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ALL)
def test_generated_tokens_are_the_most_probable_ones(name):
    model = load(name)
    image = picture(ALL[name].other)
    prompts = [PROMPT, "Describe it.", "Which one?", "Is there a cat?"]  # some answers of random weights are empty
    response = next(r for p in prompts if len(r := model.generate(image, p, max_new_tokens=8)))
    assert 1 <= len(response) <= 8
    regions = eagle.Regions.grid(image, 4)
    scorer = model.scorer(response, regions, image)
    full = scorer.distributions(np.ones((1, 4), dtype=bool))[0]
    assert full.argmax(-1).tolist() == response.token_ids
    np.testing.assert_allclose(full.max(-1), response.probabilities, atol=1e-5, rtol=0)
    np.testing.assert_allclose(full.sum(-1), 1, atol=1e-5)


@pytest.mark.parametrize("name", USUAL)
def test_a_counterfactual_target_is_scored_at_its_position(name):
    model, response, regions, fill = setting(name, ALL[name].other)
    other = model.encode("dog")[0]
    shown = coalitions(2)
    usual = model.scorer(response, regions, fill)
    counter = model.scorer(response, regions, fill, target_ids={2: other})(shown)
    np.testing.assert_allclose(counter[:, 2], usual.distributions(shown)[:, 2, other], atol=1e-5, rtol=0)
    np.testing.assert_allclose(np.delete(counter, 2, 1), np.delete(usual(shown), 2, 1), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", USUAL)
def test_tokens_map_to_their_characters(name):
    model = load(name)
    answer = model.encode("a naïve 猫") + model.tokenizer.convert_tokens_to_ids(["<|end|>"]) + model.encode(" 🐈 on")
    response = model.respond(picture((32, 32)), PROMPT, answer)
    assert response.text == "a naïve 猫<|end|> 🐈 on"
    assert "".join(response.tokens) == response.text
    for word in ("naïve", "猫", "<|end|>", "🐈", "on"):
        indices = response.find(word)
        start = response.text.index(word)
        covered = set().union(*(range(*response.spans[k]) for k in indices))
        assert covered >= set(range(start, start + len(word)))
        assert all(a < start + len(word) and b > start for a, b in (response.spans[k] for k in indices))
        assert indices == list(range(indices[0], indices[-1] + 1))
    special = response.find("<|end|>")
    assert [answer[k] for k in special] == model.tokenizer.convert_tokens_to_ids(["<|end|>"])
