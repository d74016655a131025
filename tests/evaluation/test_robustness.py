"""Robustness reports of models whose region weights are given."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

import eagle_nb as eagle
from eagle_nb import check_robustness
from eagle_nb.evaluation.robustness import rank_stability

from ..conftest import ToyModel, make_response

PIECES = ["a", " red", " cup"]
RISING = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 13.0])


class SequenceModel(ToyModel):
    """Each successive scorer has the next region weights; fills, targets and region maps are recorded."""

    def __init__(self, weights):
        super().__init__()
        self.sequence, self.pictures, self.targets, self.maps = list(weights), [], [], []

    def scorer(self, response, regions, fill, target_ids=None):
        self.pictures.append(np.asarray(fill))
        self.targets.append(target_ids)
        self.maps.append(regions.labels)
        weights = self.sequence.pop(0) if self.sequence else np.arange(1.0, regions.n + 1)
        if isinstance(weights, BaseException):
            raise weights
        self.weights = np.repeat(np.asarray(weights, float)[:, None], len(response), 1)
        return super().scorer(response, regions, fill, target_ids)


class ColumnModel(ToyModel):
    """Each shown pixel counts as much as the number of its column, however the image is cut."""

    def scorer(self, response, regions, fill, target_ids=None):
        columns = np.broadcast_to(np.arange(regions.shape[1]), regions.shape)
        self.weights = np.bincount(regions.labels.ravel(), columns.ravel())[:, None].repeat(len(response), 1)
        return super().scorer(response, regions, fill, target_ids)


def explained(model, n=6, fill="black", search="fast", segmenter="grid", **options):
    response = make_response(PIECES)
    regions = eagle.Regions.segment(response.image, n, segmenter)
    return eagle.explain(model, response, " cup", regions, fill, search, progress=False, **options)


def check(model, explanation, vary, **options):
    return check_robustness(model, explanation, vary, progress=False, **options)


def test_an_explanation_that_does_not_change_is_stable_everywhere():
    model = SequenceModel([RISING] * 5)
    report = check(model, explained(model), "fill")
    assert report.variations["to"].tolist() == ["mean", "blur", "noise", "inpaint"]
    assert report.completed["correlation"].to_numpy() == pytest.approx(1.0)
    assert report.pixel_stability.dtype == np.float32 and report.pixel_stability.shape == (16, 24)
    assert (report.pixel_stability == 1).all() and (report.region_stability == 1).all()
    assert "stay among the top third in 4 of 4 variations" in report.summary


def test_one_reversed_order_of_four_matches_a_hand_calculation():
    model = SequenceModel([RISING, RISING, RISING[::-1], RISING, RISING])
    explanation = explained(model)
    report = check(model, explanation, ["fill"])
    assert report.variations["correlation"].to_numpy() == pytest.approx([1, -1, 1, 1])
    assert report.variations["top_kept"].tolist() == [True, False, True, True]
    # Rank i of 6 moves by |7 - 2 i| in one of four; random ranks would move it by the mean of |j - i| over j.
    i = np.arange(1, 7)
    random = np.abs(i[:, None] - i).mean(1)
    by_rank = 1 - np.abs(7 - 2 * i) / 4 / random
    assert report.region_stability == pytest.approx(by_rank)  # weights rise with the number of the region
    np.testing.assert_allclose(report.pixel_stability, by_rank[explanation.regions.labels], rtol=1e-6)
    assert report.summary == (
        "The two most important regions stay among the top third in 3 of 4 variations, and ranks correlate by 1.00 in the "
        "median; least stable under fill = blur (-1.00)."
    )
    assert repr(report) == f"Robustness of 'cup': {report.summary}"


def test_random_orders_have_no_stability():
    rng = np.random.default_rng(0)
    own = rng.permutation(30).astype(float)
    assert rank_stability(own, [rng.permutation(30) for _ in range(2000)]).max() < 0.05
    model = SequenceModel([rng.random(24) for _ in range(8)])
    explanation = explained(model, 24, "noise", "greedy")
    report = check(model, explanation, ["seed", "fill"], search="greedy")
    assert len(report.completed) == 7
    assert report.pixel_stability.mean() < 0.15 and abs(report.completed["correlation"].mean()) < 0.2


def test_rank_stability_equals_its_definition_with_ties():
    rng = np.random.default_rng(3)
    ranks = np.array([1.5, 1.5, 3.0, 4.0, 6.0, 6.0, 6.0])
    others = [rng.permutation(ranks) for _ in range(3)]
    expected = []
    for k, r in enumerate(ranks):
        change = np.mean([abs(o[k] - r) for o in others])
        expected.append(max(0.0, 1 - change / np.mean([abs(q - r) for q in ranks])))
    np.testing.assert_allclose(rank_stability(ranks, others), expected)
    flat = np.full(3, 2.0)
    assert rank_stability(flat, [flat]).tolist() == [1, 1, 1]
    assert rank_stability(flat, [np.array([1.0, 2.0, 3.0])]).tolist() == [0, 1, 0]


def test_other_region_maps_are_compared_pixel_by_pixel():
    model = ColumnModel()
    explanation = explained(model, 8)
    report = check(model, explanation, ("regions", "segmentation"))
    rows = report.variations
    assert rows["to"].tolist() == ["4 by grid", "slic", "12 by grid", "felzenszwalb", "6 by grid", "watershed"]
    assert rows["regions"].tolist() == [4, 8, 12, 8, 6, 8]
    for row in rows.to_dict("records"):
        other = explained(model, row["regions"], segmenter=row["to"].split()[-1])
        expected = spearmanr(explanation.saliency("order").ravel(), other.saliency("order").ravel()).statistic
        assert row["correlation"] == pytest.approx(expected)
        assert row["forward_passes"] == other.forward_passes
    assert report.forward_passes == rows["forward_passes"].sum()


def test_seeds_cut_other_regions_and_draw_another_noise():
    model = SequenceModel([])
    explanation = explained(model, 6, "noise", segmenter="slic", rng=4)
    check(model, explanation, "seed")
    image = explanation.response.image
    for seed, picture in zip((4, 5, 6, 7), model.pictures, strict=True):
        assert (picture == np.asarray(eagle.fill_image(image, "noise", rng=seed))).all()
    assert len({m.tobytes() for m in model.maps}) == 4
    grid = SequenceModel([])
    check(grid, explained(grid, 6, "noise"), "seed")
    assert len({m.tobytes() for m in grid.maps}) == 1 and len({p.tobytes() for p in grid.pictures}) == 4


def test_an_explanation_from_a_generator_has_no_recorded_seed():
    model = SequenceModel([])
    explanation = explained(model, 6, "noise", rng=np.random.default_rng(4))
    report = check(model, explanation, "seed")
    assert report.variations["to"].tolist() == ["1", "2", "3"]


def test_a_fill_picture_and_counterfactual_targets_are_used_again():
    model = SequenceModel([])
    picture = np.full((16, 24, 3), 77, np.uint8)
    explanation = explained(model, 6, picture, target_ids={2: 9})
    check(model, explanation, "regions", search="greedy")
    assert all((p == 77).all() for p in model.pictures) and len(model.pictures) == 4
    assert model.targets == [{2: 9}] * 4


@pytest.mark.parametrize(("budget", "completed"), [(96, 4), (95, 3), (24, 1), (10_000, 4)])
def test_the_budget_is_not_exceeded_and_skipped_variations_are_reported(budget, completed):
    model = SequenceModel([])
    explanation = explained(model)
    model.scored = 0
    report = check(model, explanation, "fill", budget=budget)
    assert model.scored == report.forward_passes <= budget
    assert len(report.completed) == completed and len(report.variations) == 4
    skipped = report.variations[report.variations["skipped"] != ""]
    assert (skipped["skipped"] == f"{budget} passes pay for {completed} of 4 variations").all()
    assert (
        skipped["correlation"].isna().all()
        and (skipped["forward_passes"] == 0).all()
        and skipped["top_kept"].isna().all()
    )
    assert (f"{4 - completed} more variations were skipped" in report.summary) == (completed < 4)
    each = {96: 24, 95: 31, 24: 24}
    assert report.share == budget // completed
    assert ("passes each" in report.summary) == (budget in each)  # 42 passes score every candidate
    if budget in each:
        assert f"of {completed} variations of at most {each[budget]} passes each, and ranks" in report.summary


def test_a_budget_skips_variations_rather_than_guess():
    """A share of 2 N + 2 passes would pay for the curves of any order, but not for a search."""
    model = ColumnModel()
    report = check(model, explained(model, 24), "fill", budget=4 * (2 * 24 + 2))
    assert len(report.completed) == 2 and (report.completed["forward_passes"] >= 4 * 24 - 4).all()
    assert "2 more variations were skipped" in report.summary
    few = check(model, explained(model, 4), "regions", budget=2 * 12)
    assert few.completed["regions"].tolist() == [2, 3]  # two and three regions take at most 6 and 12 passes


def test_a_small_budget_covers_every_kind_and_skips_expensive_variations():
    model = ColumnModel()
    explanation = explained(model)  # 6 regions take at least 24 passes, 9 regions 36, 3 regions 12, 4 regions 16
    completed = check(model, explanation, ("fill", "segmentation"), budget=50).completed
    assert list(zip(completed["varied"], completed["to"], strict=True)) == [("fill", "mean"), ("segmentation", "slic")]
    assert check(model, explanation, "regions", budget=33).completed["regions"].tolist() == [3, 4]


def test_an_interrupt_returns_what_was_completed():
    model = SequenceModel([RISING, RISING, RISING, KeyboardInterrupt()])
    report = check(model, explained(model), "fill")
    assert report.variations["skipped"].tolist() == ["", "", "interrupted", "interrupted"]
    assert "2 of 2 variations" in report.summary
    with pytest.raises(KeyboardInterrupt):
        check(SequenceModel([KeyboardInterrupt()]), explained(ToyModel()), "fill")


def test_another_model_is_detected():
    class Half(ToyModel):
        def scorer(self, *args, **kwargs):
            scorer = super().scorer(*args, **kwargs)

            class Halved:
                n_regions = scorer.n_regions

                def __call__(self, shown):
                    return scorer(shown) / 2

            return Halved()

    with pytest.raises(ValueError, match=r"tokens \[0\.5\], the explanation has \[1\.0\]"):
        check(Half(), explained(ToyModel()), "fill")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"vary": "colour"}, ValueError, "some of regions, segmentation, fill, seed, each once, got 'colour'"),
        ({"vary": []}, ValueError, "each once"),
        ({"vary": ["fill", "fill"]}, ValueError, "each once"),
        ({"vary": "seed"}, ValueError, "nothing to vary in 'seed'"),
        ({"search": "best"}, ValueError, "unknown search 'best'"),
        ({"budget": 13, "vary": "fill"}, ValueError, "13 passes does not pay for any variation; the cheapest takes 24"),
        ({"budget": "30 s"}, TypeError, "number of forward passes for all variations together, got '30 s'"),
    ],
)
def test_errors_are_raised_before_the_model_runs(options, error, message):
    explanation, model = explained(ToyModel()), ToyModel()
    with pytest.raises(error, match=message):
        check_robustness(model, explanation, **{"progress": False, **options})
    assert model.scored == 0
    with pytest.raises(TypeError, match=r"must be an Explanation from explain\(\), got str"):
        check_robustness(model, "cup")


def test_a_notebook_shows_the_figure_of_the_completed_variations():
    model = SequenceModel([RISING, RISING, RISING[::-1], RISING])
    report = check(model, explained(model), "fill", budget=3 * 36)
    figure = report.figure()
    (heat,) = (t for t in figure.data if t.type == "heatmap")
    np.testing.assert_allclose(heat.z, report.pixel_stability)
    assert [x for t in figure.data if t.type == "bar" for x in t.x] == report.completed["correlation"].tolist()
    assert "most important regions" in figure.layout.title.text
    bundle = report._repr_mimebundle_()
    assert bundle["text/plain"] == repr(report)


def test_a_report_is_saved_and_loaded(tmp_path):
    report = check(SequenceModel([]), explained(ToyModel()), ("fill", "regions"), budget=np.int64(60))
    loaded = eagle.RobustnessReport.load(report.save(tmp_path / "report"))
    pd.testing.assert_frame_equal(loaded.variations, report.variations)
    assert loaded.variations["correlation"].isna().any() and type(loaded.share) is int
    for name in ("pixel_stability", "region_stability"):
        assert getattr(loaded, name).dtype == getattr(report, name).dtype
        np.testing.assert_array_equal(getattr(loaded, name), getattr(report, name))
    assert (repr(loaded), loaded.forward_passes) == (repr(report), report.forward_passes)
    assert loaded.figure().to_json() == report.figure().to_json()
