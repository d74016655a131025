"""Saliency, its replay and its pixels, with a model that has no weights."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb import methods as baselines
from eagle_nb.inputs.regions import pooled
from eagle_nb.methods.saliency import Saliency

from ..conftest import TableScorer, ToyModel


@pytest.fixture
def regions(response):
    return eagle.Regions.grid(response.image, 6)


def hand_made(values: np.ndarray, regions: eagle.Regions, tokens: tuple[int, ...] = (0,)) -> Saliency:
    return Saliency("by hand", tokens, regions, np.float32(values), pooled(np.float32(values), regions))


def test_a_region_method_paints_its_values(response, regions):
    model = ToyModel(np.tile(np.array([[0.1], [0.4], [0.0], [0.2], [0.25], [0.05]]), (1, len(response))))
    found = baselines.saliency("occlusion", model, response, "red triangle", regions)
    assert found.tokens == (1, 2, 3)
    np.testing.assert_allclose(found.region_scores, [0.1, 0.4, 0.0, 0.2, 0.25, 0.05], atol=1e-6)
    assert found.order.tolist() == [1, 4, 3, 0, 5, 2]
    np.testing.assert_array_equal(found.map, np.float32(found.region_scores)[regions.labels])
    assert found.map.dtype == np.float32
    assert (found.passes, found.backward_passes) == (8, 0) == (model.scored, 0)
    assert found.seconds > 0 and found.options == {"seed": 0}


def test_a_map_is_pooled_by_its_mean_over_each_region():
    regions = eagle.Regions(np.array([[0, 0, 1], [2, 2, 1]]))
    found = hand_made(np.array([[1.0, 3.0, 5.0], [0.0, 0.0, 7.0]]), regions)
    np.testing.assert_allclose(found.region_scores, [2.0, 6.0, 0.0])
    assert found.order.tolist() == [1, 0, 2]


def test_replay_scores_both_curves_of_the_order():
    scorer = TableScorer(5, tokens=2, seed=3)
    values = np.array([[0.3, 0.1, 0.9, 0.2, 0.8]])
    found = hand_made(values, eagle.Regions(np.arange(5)[None]), tokens=(1,))
    trace = baselines.replay(found, scorer, weights=(2.0, 1.0))
    assert trace.order.tolist() == [2, 4, 0, 3, 1] and trace.search == "by hand"
    for k in range(6):
        shown = sum(1 << v for v in [2, 4, 0, 3, 1][:k])
        np.testing.assert_array_equal(trace.insertion[k], scorer.table[shown])
        np.testing.assert_array_equal(trace.deletion[k], scorer.table[31 - shown])
        f = 2 * scorer.table[shown, 1] + 1 - scorer.table[31 - shown, 1]
        assert trace.objective[k] == pytest.approx(f, abs=1e-6)
    assert trace.forward_passes == 10 == sum(len(call) for call in scorer.calls)


def test_a_replayed_baseline_makes_an_explanation(response, regions, tmp_path):
    model = ToyModel()
    fill = eagle.fills.fill_image(response.image, "black")
    found = baselines.saliency("shapley_sampling", model, response, "grass", regions, permutations=2)
    trace = baselines.replay(found, model.scorer(response, regions, fill))
    made = eagle.Explanation(
        response, regions, trace, np.array(response.token_ids), response.tokens, "black", fill, {"search": found.method}
    )
    assert made.order.tolist() == found.order.tolist()
    best = eagle.explain(model, response, "grass", regions, progress=False)
    # every token is a sum over regions here, so that Shapley values order them as greedy search does
    assert made.insertion_auc == pytest.approx(best.insertion_auc, abs=1e-6)
    again = eagle.load_explanation(made.save(tmp_path / "x.npz"))
    np.testing.assert_array_equal(again.insertion, made.insertion)


def test_by_pixels_cuts_equal_areas_at_the_maps_own_thresholds():
    rng = np.random.default_rng(0)
    values = rng.permutation(24).reshape(4, 6) / 24
    found = hand_made(values, eagle.Regions(np.zeros((4, 6), dtype=int)))
    bands = found.by_pixels(8)
    np.testing.assert_allclose(bands.regions.area, 1 / 8)
    assert bands.order.tolist() == list(range(8))
    for k in range(1, 8):
        np.testing.assert_array_equal(bands.regions.labels < k, values >= (24 - 3 * k) / 24)


def test_by_pixels_of_a_flat_map_keeps_reading_order():
    found = hand_made(np.full((5, 7), 0.1), eagle.Regions(np.zeros((5, 7), dtype=int)))
    bands = found.by_pixels(4)
    assert bands.order.tolist() == [0, 1, 2, 3]
    assert (np.diff(bands.regions.labels.ravel()) >= 0).all()


def test_by_pixels_replays_the_published_curves(response):
    """Showing the top quarter of pixels is the first step of four."""
    values = np.random.default_rng(1).random((16, 24))
    bands = hand_made(values, eagle.Regions(np.zeros((16, 24), dtype=int))).by_pixels(4)
    seen = []

    class PixelScorer:
        n_regions = 4

        def __call__(self, shown):
            seen.extend(bands.regions.pixels(row) for row in shown)
            return np.array([[bands.regions.pixels(row)[values > 0.5].mean()] for row in shown])

    trace = baselines.replay(bands, PixelScorer())
    top = values >= np.quantile(values, 0.75)
    assert any((pixels == top).all() for pixels in seen)
    np.testing.assert_allclose(trace.insertion[1, 0], top[values > 0.5].mean(), atol=1e-6)


@pytest.mark.parametrize(
    ("method", "options", "error", "says"),
    [
        ("gradcam", {}, ValueError, "unknown method 'gradcam'; known methods: random, occlusion"),
        ("rise", {"mask": 3}, TypeError, r"rise has no option 'mask'; it knows \['masks', 'probability'\]"),
        ("occlusion", {"steps": 3}, TypeError, "occlusion has no option 'steps'; it knows none"),
        ("tam", {}, TypeError, "looks inside the network, and a ToyModel shows none"),
        ("igos_pp", {}, TypeError, "looks inside the network"),
        ("rise", {"tokens": "blue"}, ValueError, "'blue' is not in the answer"),
        ("rise", {"regions": 0}, ValueError, "the number of regions must be"),
        ("rise", {"fill": "green"}, ValueError, "unknown fill 'green'"),
        ("rise", {"target_ids": {0: 99}}, ValueError, "token id 99"),
    ],
)
def test_mistakes_are_refused_before_anything_is_scored(method, options, error, says, response, toy):
    with pytest.raises(error, match=says):
        baselines.saliency(method, toy, response, **options)
    assert toy.scored == 0


def test_counterfactual_targets_reach_the_scorer(response, regions, toy, monkeypatch):
    asked = {}
    original = ToyModel.scorer

    def watch(self, *given, target_ids=None):
        asked.update(target_ids)
        return original(self, *given, target_ids=target_ids)

    monkeypatch.setattr(ToyModel, "scorer", watch)
    found = baselines.saliency("random", toy, response, regions=regions, target_ids={2: 7})
    assert asked == {2: 7} and found.tokens == (2,)


def test_a_scorer_of_other_regions_is_refused(response, toy):
    found = hand_made(np.ones((16, 24)), eagle.Regions.grid(response.image, 6))
    scorer = toy.scorer(response, eagle.Regions.grid(response.image, 4), Image.new("RGB", (24, 16)))
    with pytest.raises(ValueError, match="the scorer has 4 regions, the saliency 6"):
        baselines.replay(found, scorer)
    assert toy.scored == 0


@pytest.mark.parametrize("steps", [0, 385, 2.0, True])
def test_by_pixels_refuses_steps(steps, response):
    found = hand_made(np.ones((16, 24)), eagle.Regions.grid(response.image, 6))
    with pytest.raises(ValueError, match="steps must be 1 … 384"):
        found.by_pixels(steps)


def test_maps_that_hold_nan_are_refused(response):
    regions = eagle.Regions.grid(response.image, 6)
    with pytest.raises(ValueError, match="by hand gave NaN"):
        hand_made(np.full((16, 24), np.nan), regions)
