"""Methods on the bundled model."""

from __future__ import annotations

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.methods import MAP_METHODS, attribute, replay_saliency
from eagle_nb.models.huggingface.whitebox import WhiteBox
from eagle_nb.scenes.architecture import GRID, STRIDE

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def answered(bundled):
    """A scene of one object that the model names, the answer, and the object."""
    for seed in range(40):
        scene = eagle.scenes.draw(seed)
        response = bundled.generate(scene.image, eagle.scenes.CAPTION_PROMPT, max_new_tokens=40)
        named = [o for o in scene.objects if o.name in response.text and o.mask.any()]
        if len(scene.objects) == 1 and named:
            return scene, response, named[0]
    raise AssertionError("the model names no single object in forty scenes")


def test_image_tokens_are_centred_on_multiples_of_the_stride(bundled, answered):
    view = WhiteBox(bundled, answered[1], answered[0].image)
    tokens = view.image_tokens
    assert tokens.shape == (GRID, GRID)
    for k in (0, 5, GRID * 3 + 7, GRID * GRID - 1):
        painted = tokens.paint(np.arange(GRID * GRID) == k)
        row, column = divmod(k, GRID)
        assert painted[STRIDE * row, STRIDE * column] == pytest.approx(1.0, abs=1e-6)
        if 0 < row < GRID - 1 and column < GRID - 1:
            assert painted[STRIDE * row + STRIDE // 2, STRIDE * column] == pytest.approx(0.5, abs=1e-6)


def test_occlusion_finds_the_named_object_and_beats_a_random_order(bundled, answered):
    scene, response, named = answered
    regions = eagle.Regions.grid(scene.image, 25)
    fill = eagle.fill_image(scene.image, "black")
    saliency = attribute(bundled, response, "occlusion", named.name, regions)
    assert saliency.forward_passes == 25 + 2
    scorer = bundled.scorer(response, regions, fill)
    shown = np.ones((2, 25), dtype=bool)
    shown[1, saliency.order[0]] = False
    p = scorer(shown)[:, list(saliency.tokens)].mean(1)
    assert saliency.region_scores.max() == pytest.approx(p[0] - p[1], abs=1e-5)
    areas = []
    for method in ("occlusion", "random"):
        trace = replay_saliency(attribute(bundled, response, method, named.name, regions), scorer)
        areas.append(float(trace.deletion[:, list(saliency.tokens)].mean()))
    assert areas[0] < areas[1]


@pytest.mark.parametrize("method", MAP_METHODS)
def test_every_map_method_replays_by_regions_and_by_pixels(bundled, answered, method):
    scene, response, named = answered
    options = {"size": 8, "iterations": 2, "steps": 2} if method == "igos_pp" else {}
    saliency = attribute(bundled, response, method, named.name, eagle.Regions.grid(scene.image, 9), **options)
    fill = eagle.fill_image(scene.image, "black")
    ends = []
    for part in (saliency, saliency.by_pixels(6)):
        trace = replay_saliency(part, bundled.scorer(response, part.regions, fill))
        assert trace.forward_passes == 2 * part.regions.n
        ends.append((trace.insertion[0], trace.insertion[-1]))
    np.testing.assert_allclose(ends[0], ends[1], atol=1e-5)  # blank and full image are the same in both
    np.testing.assert_allclose(ends[0][1], response.probabilities, atol=1e-5)
