"""The white-box view, and the methods that use it, on tiny checkpoints of real architectures."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import eagle_nb as eagle
from eagle_nb.methods import MAP_METHODS, attribute
from eagle_nb.methods.gradient_input import gradient_input_map
from eagle_nb.methods.igos import mask_gradient
from eagle_nb.models.huggingface.whitebox import WhiteBox

from ..families import others, tiny  # noqa: F401  (others registers its families)

pytestmark = pytest.mark.families
torch.set_num_threads(1)

PROMPT, ANSWER = "What is in the image?", "a red circle."
FOLDERS: dict[str, Any] = {}
NO_GRID = {
    "llava_next": "tiles",
    "llava_onevision": "tiles",
    "idefics3": "tiles",
    "smolvlm": "tiles",
    "idefics2": "learned queries",
    "blip-2": "learned queries",
    "mllama": "cross-attention",
}
GRID = [name for name in {**tiny.FAMILIES, **tiny.OTHERS} if name not in NO_GRID]


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory):
    FOLDERS["root"] = tmp_path_factory.mktemp("whitebox")


@cache
def load(name: str) -> Any:
    return eagle.load_model(tiny.save(name, FOLDERS["root"] / name), dtype="float32", device="cpu")


def picture(size: tuple[int, int]) -> Image.Image:
    y, x = np.mgrid[: size[1], : size[0]] / 12.0
    return Image.fromarray(np.uint8(127 + 120 * np.stack([np.sin(x + y), np.cos(1.3 * x), np.sin(0.7 * y - x)], -1)))


def open_view(name: str, fill: str = "black") -> WhiteBox:
    model, image = load(name), picture({**tiny.FAMILIES, **tiny.OTHERS}[name].native or (64, 64))
    return WhiteBox(model, model.respond(image, PROMPT, ANSWER), eagle.fill_image(image, fill))


def embeddings(view: WhiteBox, image: Image.Image) -> np.ndarray:
    """The embeddings of the image tokens: (n, C)."""
    states = []
    hook = view.layers[0].register_forward_pre_hook(
        lambda module, args, kwargs: states.append(args[0] if args else kwargs["hidden_states"]), with_kwargs=True
    )
    with torch.inference_mode():
        view.logits(view.image_inputs(image))
    hook.remove()
    return states[0][0, view.image_tokens.positions].numpy()


@pytest.mark.parametrize("name", GRID)
def test_each_image_token_represents_the_pixels_it_is_painted_on(name):
    """Invert the pixels that one token is painted on: its embedding must change most."""
    view = open_view(name)
    tokens = view.image_tokens
    assert len(tokens) == tokens.shape[0] * tokens.shape[1] == len(np.unique(tokens.positions))
    before, hits = embeddings(view, view.response.image), 0
    chosen = np.unique(np.linspace(0, len(tokens) - 1, 5).astype(int))
    for k in chosen:
        spot = tokens.paint(np.arange(len(tokens)) == k) > 0.5
        assert spot.any()
        changed = np.asarray(view.response.image).copy()
        changed[spot] = 255 - changed[spot]
        difference = np.linalg.norm(embeddings(view, Image.fromarray(changed)) - before, axis=1)
        hits += int(np.argmax(difference) == k)
    assert hits >= len(chosen) - 1


@pytest.mark.parametrize("name", NO_GRID)
def test_families_without_a_grid_are_refused(name):
    view = open_view(name)
    family = view.model.network.config.model_type
    with pytest.raises(NotImplementedError, match=rf"(?s)'{family}' model has none.*{NO_GRID[name]}"):
        _ = view.image_tokens
    assert view.forward_passes == 0


@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl", "llava_next"])
def test_log_probabilities_are_the_scorers(name):
    view = open_view(name)
    regions = eagle.Regions.grid(view.response.image, 4)
    scores = view.model.scorer(view.response, regions, view.fill)(np.array([[True] * 4, [False] * 4]))
    with torch.inference_mode():
        probabilities = [view.log_probabilities(pictures)[0].exp() for pictures in (view.shown, view.hidden)]
    tiled = name == "llava_next"  # the scorer follows a thumbnail only up to rounding
    np.testing.assert_allclose(torch.stack(probabilities).numpy(), scores, atol=1e-3 if tiled else 1e-6)
    assert view.forward_passes == 2


@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl"])
def test_a_mask_of_ones_and_zeros_blends_what_the_scorer_shows(name):
    view = open_view(name)
    image = view.response.image
    regions = eagle.Regions.grid(image, 6)
    row = np.array([True, False, True, True, False, False])
    expected = view.model.scorer(view.response, regions, view.fill).images(row[None])
    masks = torch.from_numpy(np.stack([regions.pixels(row), np.ones_like(regions.labels)]).astype(np.float32))
    blended = view.blended(masks, view.shown, view.hidden)
    for key, value in blended.items():
        first, second = value.reshape(2, *view.shown[key].shape)
        torch.testing.assert_close(first, expected[key].reshape(first.shape), atol=1e-6, rtol=0)
        torch.testing.assert_close(second, view.shown[key], atol=1e-6, rtol=0)


@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl"])
def test_gradient_times_input_of_a_linear_network_is_the_contribution_of_each_pixel(name, monkeypatch):
    view = open_view(name, fill="mean")
    slopes = {
        key: torch.randn(value.shape, generator=torch.Generator().manual_seed(1)) for key, value in view.shown.items()
    }

    def linear(pictures):
        return sum((slopes[key] * pictures[key]).sum() for key in slopes) * torch.tensor([[1.0, 2.0, 0.0]])

    monkeypatch.setattr(view, "log_probabilities", linear)
    gradients = gradient_input_map(view, [0, 1])
    regions = eagle.Regions.grid(view.response.image, 6)
    scorer = view.model.scorer(view.response, regions, view.fill)
    for v in range(6):
        alone = scorer.images(np.arange(6)[None] == v)
        expected = 3 * sum(float((slopes[key] * (alone[key] - view.hidden[key])).sum()) for key in slopes)
        assert gradients[regions.labels == v].sum() == pytest.approx(expected, rel=1e-3, abs=1e-3)


def test_sums_are_preserved_where_the_processor_shrinks_or_crops():
    model, image = load("llava"), picture((96, 64))  # to 48 × 32, then the middle 32 × 32
    view = WhiteBox(model, model.respond(image, PROMPT, ANSWER), image)
    (name,) = view.shown
    painted = view.painted({name: torch.ones_like(view.shown[name])})
    assert painted.sum() == pytest.approx(3 * 32 * 32, rel=1e-5)
    assert (painted[:, :14] == 0).all() and (painted[:, -14:] == 0).all()
    blocks = painted[4:-4, 20:-20].reshape(14, 4, 14, 4).mean((1, 3))
    np.testing.assert_allclose(blocks, 3 / 4, rtol=0.35)  # about three values for each four pixels, everywhere
    seen = view.image_tokens.paint(1.0 + np.arange(16))
    assert (seen[:, :14] == 1).all() and seen[:, 20:-20].max() > 14


def test_the_integrated_gradient_of_a_mask_is_that_of_its_mean_score():
    view = open_view("llava")
    gradient = mask_gradient(view, view.hidden, [0, 2], steps=3, batch=2)
    mask = np.array([[0.9, 0.4], [0.6, 0.7]])

    def mean_score(m: np.ndarray, swapped: bool) -> float:
        ends = (view.hidden, view.shown) if swapped else (view.shown, view.hidden)
        shares = torch.tensor([1 / 3, 2 / 3, 1.0])[:, None, None]
        with torch.inference_mode():
            pictures = view.blended(torch.tensor(m, dtype=torch.float32) * shares, *ends)
            return float(view.log_probabilities(pictures)[:, [0, 2]].double().sum() / 3)

    for swapped in (False, True):
        view.forward_passes = view.backward_passes = 0
        slope = gradient(mask, swapped)
        assert (view.forward_passes, view.backward_passes) == (3, 3)
        for at in ((0, 0), (1, 0)):
            step = np.zeros((2, 2))
            step[at] = 5e-3
            expected = (mean_score(mask + step, swapped) - mean_score(mask - step, swapped)) / 1e-2
            assert slope[at] == pytest.approx(expected, rel=0.02, abs=2e-3)


OPTIONS = {"igos_pp": {"size": 4, "iterations": 2, "steps": 2, "l1": 0.1}, "llava_cam": {"copies": 2}}


@pytest.mark.parametrize("name", ["llava", "qwen2_5_vl"])
@pytest.mark.parametrize("method", MAP_METHODS)
def test_every_map_is_reproducible_and_depends_on_the_word(method, name):
    view = open_view(name)
    maps = [
        attribute(view.model, view.response, method, tokens, 4, rng=3, **OPTIONS.get(method, {}))
        for tokens in ([0, 1, 2, 3], [0, 1, 2, 3], [4, 5, 6, 7])
    ]
    np.testing.assert_array_equal(maps[0].map, maps[1].map)
    assert not np.array_equal(maps[0].map, maps[2].map)
    passes = {"igos_pp": (18, 16), "llava_cam": (2, 2), "gradient_input": (1, 1)}
    for saliency in maps:
        assert (
            saliency.map.shape == (view.response.image.height, view.response.image.width) and np.ptp(saliency.map) > 0
        )
        assert (saliency.forward_passes, saliency.backward_passes) == passes.get(method, (1, 0))
    assert all(parameter.requires_grad for parameter in view.model.network.parameters())
    assert all(not layer._forward_hooks and not layer.self_attn._forward_hooks for layer in view.layers)


def test_rollout_restores_the_attention_implementation():
    view = open_view("llava")
    decoder = view.model.network.get_decoder()
    usual = decoder.config._attn_implementation
    saliency = attribute(view.model, view.response, "attention_rollout", [0], 4)
    assert decoder.config._attn_implementation == usual != "eager"
    assert saliency.map.min() > 0 and saliency.map.max() < 1


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("llava_cam", {"layer": 1}, "layer must be 0 … 0, got 1: this network has 2 layers"),
        ("llava_cam", {"copies": 0}, "copies must be a whole number"),
        ("llava_cam", {"noise": -1.0}, "noise must not be negative"),
        ("igos_pp", {"baseline": "white"}, "baseline must be 'blur' or 'fill', got 'white'"),
        ("igos_pp", {"steps": 0}, "steps must be a whole number"),
        ("igos_pp", {"rate": float("nan")}, "rate must be a finite number"),
        ("igos_pp", {"edge": 0.0}, "edge must be above 0"),
    ],
)
def test_options_out_of_range_are_refused(method, options, message):
    view = open_view("llava")
    with pytest.raises(ValueError, match=message):
        attribute(view.model, view.response, method, [0], 4, **options)
