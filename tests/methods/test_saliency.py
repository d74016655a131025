"""Saliency, its replay and its pixels, with a model that has no weights."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.methods import Saliency, attribute, replay_saliency

from ..conftest import TableScorer, ToyModel


@pytest.fixture
def regions(response):
    return eagle.Regions.grid(response.image, 6)


def saliency_of(values: np.ndarray, regions: eagle.Regions, tokens: tuple[int, ...] = (0,)) -> Saliency:
    return Saliency("given", tokens, regions, np.float32(values), regions.mean(np.float32(values)))


def test_the_map_of_a_region_method_shows_its_scores(response, regions):
    model = ToyModel(np.tile(np.array([[0.1], [0.4], [0.0], [0.2], [0.25], [0.05]]), (1, len(response))))
    saliency = attribute(model, response, "occlusion", "red triangle", regions)
    assert saliency.tokens == (1, 2, 3)
    np.testing.assert_allclose(saliency.region_scores, [0.1, 0.4, 0.0, 0.2, 0.25, 0.05], atol=1e-6)
    assert saliency.order.tolist() == [1, 4, 3, 0, 5, 2]
    np.testing.assert_array_equal(saliency.map, np.float32(saliency.region_scores)[regions.labels])
    assert saliency.map.dtype == np.float32
    assert (saliency.forward_passes, saliency.backward_passes) == (8, 0) == (model.scored, 0)
    assert saliency.seconds > 0 and saliency.options == {"seed": 0}


def test_a_map_is_averaged_over_each_region():
    regions = eagle.Regions(np.array([[0, 0, 1], [2, 2, 1]]))
    saliency = saliency_of(np.array([[1.0, 3.0, 5.0], [0.0, 0.0, 7.0]]), regions)
    np.testing.assert_allclose(saliency.region_scores, [2.0, 6.0, 0.0])
    assert saliency.order.tolist() == [1, 0, 2]


def test_replay_scores_both_curves_of_the_order():
    scorer = TableScorer(5, tokens=2, seed=3)
    values = np.array([[0.3, 0.1, 0.9, 0.2, 0.8]])
    saliency = saliency_of(values, eagle.Regions(np.arange(5)[None]), tokens=(1,))
    trace = replay_saliency(saliency, scorer, weights=(2.0, 1.0))
    assert trace.order.tolist() == [2, 4, 0, 3, 1] and trace.search == "given"
    for k in range(6):
        shown = sum(1 << v for v in [2, 4, 0, 3, 1][:k])
        np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])
        np.testing.assert_array_equal(trace.deletion[k], scorer.table[31 - shown])
        f = 2 * scorer.table[shown, 1] + 1 - scorer.table[31 - shown, 1]
        assert trace.objective[k] == pytest.approx(f, abs=1e-6)
    assert trace.forward_passes == 10 == sum(len(call) for call in scorer.calls)


def test_by_pixels_cuts_equal_areas_at_thresholds_of_the_map():
    rng = np.random.default_rng(0)
    values = rng.permutation(24).reshape(4, 6) / 24
    bands = saliency_of(values, eagle.Regions(np.zeros((4, 6), dtype=int))).by_pixels(8)
    np.testing.assert_allclose(bands.regions.area, 1 / 8)
    assert bands.order.tolist() == list(range(8))
    for k in range(1, 8):
        np.testing.assert_array_equal(bands.regions.labels < k, values >= (24 - 3 * k) / 24)


def test_by_pixels_of_a_flat_map_preserves_reading_order():
    bands = saliency_of(np.full((5, 7), 0.1), eagle.Regions(np.zeros((5, 7), dtype=int))).by_pixels(4)
    assert bands.order.tolist() == [0, 1, 2, 3]
    assert (np.diff(bands.regions.labels.ravel()) >= 0).all()


def test_by_pixels_replays_the_published_curves(response):
    """The first of four steps shows the top quarter of the pixels."""
    values = np.random.default_rng(1).random((16, 24))
    bands = saliency_of(values, eagle.Regions(np.zeros((16, 24), dtype=int))).by_pixels(4)
    seen = []

    class PixelScorer:
        n_regions = 4

        def __call__(self, shown):
            seen.extend(bands.regions.pixels(row) for row in shown)
            return np.array([[bands.regions.pixels(row)[values > 0.5].mean()] for row in shown])

    trace = replay_saliency(bands, PixelScorer())
    top = values >= np.quantile(values, 0.75)
    assert any((pixels == top).all() for pixels in seen)
    np.testing.assert_allclose(trace.insertion[1, 0], top[values > 0.5].mean(), atol=1e-6)


@pytest.mark.parametrize(
    ("method", "options", "error", "message"),
    [
        ("gradcam", {}, ValueError, "unknown method 'gradcam'; known methods: random, occlusion"),
        ("rise", {"mask": 3}, TypeError, "rise has no option 'mask'; its options: masks, probability"),
        ("occlusion", {"steps": 3}, TypeError, "occlusion has no option 'steps'; its options: none"),
        ("tam", {}, TypeError, "ToyModel"),
        ("igos_pp", {}, TypeError, "ToyModel"),
        ("rise", {"tokens": "blue"}, ValueError, "'blue' is not in the answer"),
        ("rise", {"regions": 0}, ValueError, "the number of regions must be"),
        ("rise", {"fill": "green"}, ValueError, "unknown fill 'green'"),
        ("rise", {"target_ids": {0: 99}}, ValueError, "token id 99"),
    ],
)
def test_errors_are_raised_before_anything_is_scored(method, options, error, message, response, toy):
    with pytest.raises(error, match=message):
        attribute(toy, response, method, **options)
    assert toy.scored == 0


def test_methods_that_return_another_shape_or_nan(response, toy):
    def too_few(scorer, tokens, rng=0):
        return np.zeros(3)

    with pytest.raises(ValueError, match=r"too_few returned scores of shape \(3,\), expected \(6,\): one per region"):
        attribute(toy, response, too_few, regions=6)
    regions = eagle.Regions.grid(response.image, 6)
    with pytest.raises(ValueError, match="given returned NaN"):
        saliency_of(np.full((16, 24), np.nan), regions)
    with pytest.raises(ValueError, match=r"given returned a map of shape \(2, 2\)"):
        Saliency("given", (0,), regions, np.zeros((2, 2), np.float32), np.zeros(6))


def test_counterfactual_targets_reach_the_scorer(response, regions):
    class Recording(ToyModel):
        targets = None

        def scorer(self, response, regions, fill, target_ids=None):
            self.targets = target_ids
            return super().scorer(response, regions, fill, target_ids)

    model = Recording()
    saliency = attribute(model, response, "random", regions=regions, target_ids={2: 7})
    assert model.targets == {2: 7} and saliency.tokens == (2,)


def test_a_scorer_of_other_regions_is_refused(response, toy):
    saliency = saliency_of(np.ones((16, 24)), eagle.Regions.grid(response.image, 6))
    scorer = toy.scorer(response, eagle.Regions.grid(response.image, 4), Image.new("RGB", (24, 16)))
    with pytest.raises(ValueError, match="the scorer has 4 regions, the saliency 6"):
        replay_saliency(saliency, scorer)
    assert toy.scored == 0


@pytest.mark.parametrize("steps", [0, 385, 2.0, True])
def test_by_pixels_refuses_steps(steps, response):
    saliency = saliency_of(np.ones((16, 24)), eagle.Regions.grid(response.image, 6))
    with pytest.raises(ValueError, match="steps must be 1 … 384"):
        saliency.by_pixels(steps)
