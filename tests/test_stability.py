import numpy as np
import pytest
from scipy.stats import spearmanr

import eagle_nb as eagle
from eagle_nb.evaluation.robustness import stability, trust
from eagle_nb.inputs import fills

from .conftest import ToyModel, make_response

PIECES = ["a", " red", " cup"]
RISING = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 13.0])


class Sequence(ToyModel):
    """Region weights that are another in each successive scorer; the pictures and targets it was given are kept."""

    def __init__(self, weights):
        super().__init__()
        self.given, self.pictures, self.targets, self.maps = list(weights), [], [], []

    def scorer(self, response, regions, fill, target_ids=None):
        self.pictures.append(np.asarray(fill))
        self.targets.append(target_ids)
        self.maps.append(regions.labels)
        weights = self.given.pop(0) if self.given else np.arange(1.0, regions.n + 1)
        if isinstance(weights, BaseException):
            raise weights
        self.weights = np.repeat(np.asarray(weights, float)[:, None], len(response), 1)
        return super().scorer(response, regions, fill, target_ids)


class Pixels(ToyModel):
    """What is shown of each column counts as much as its number, however the image is cut."""

    def scorer(self, response, regions, fill, target_ids=None):
        columns = np.broadcast_to(np.arange(regions.shape[1]), regions.shape)
        self.weights = np.bincount(regions.labels.ravel(), columns.ravel())[:, None].repeat(len(response), 1)
        return super().scorer(response, regions, fill, target_ids)


def explained(model, n=6, fill="black", search="fast", maker="grid", **options):
    response = make_response(PIECES)
    regions = getattr(eagle.Regions, maker)(response.image, n)
    return eagle.explain(model, response, " cup", regions=regions, fill=fill, search=search, progress=False, **options)


def test_what_cannot_change_is_stable_everywhere():
    model = Sequence([RISING] * 5)
    found = trust(explained(model), model, vary="fill", progress=False)
    assert found.variations["to"].tolist() == ["mean", "blur", "noise", "inpaint"]
    assert found.run["correlation"].to_numpy() == pytest.approx(1.0)
    assert found.pixel_stability.dtype == np.float32 and found.pixel_stability.shape == (16, 24)
    assert (found.pixel_stability == 1).all() and (found.region_stability == 1).all()
    assert "stay among the top third in 4 of 4 variations" in found.verdict


def test_one_reversed_order_of_four_by_hand():
    model = Sequence([RISING, RISING, RISING[::-1], RISING, RISING])
    explanation = explained(model)
    found = trust(explanation, model, vary=["fill"], progress=False)
    assert found.variations["correlation"].to_numpy() == pytest.approx([1, -1, 1, 1])
    assert found.variations["top_kept"].tolist() == [True, False, True, True]
    # Rank i of 6 moves by |7 - 2 i| in one of four; random ranks would move it by the mean of |j - i| over j.
    i = np.arange(1, 7)
    random = np.abs(i[:, None] - i).mean(1)
    by_rank = 1 - np.abs(7 - 2 * i) / 4 / random
    assert found.region_stability == pytest.approx(by_rank)  # weights rise with the region's number
    np.testing.assert_allclose(found.pixel_stability, by_rank[explanation.regions.labels], rtol=1e-6)
    assert found.verdict == (
        "The two most important regions stay among the top third in 3 of 4 variations, and ranks correlate by 1.00 in the "
        "median; least stable under fill = blur (-1.00)."
    )
    assert repr(found) == f"Trust in 'cup': {found.verdict}"


def test_random_orders_have_no_stability():
    rng = np.random.default_rng(0)
    own = rng.permutation(30).astype(float)
    found = stability(own, [rng.permutation(30) for _ in range(2000)])
    assert found.max() < 0.05
    model = Sequence([rng.random(24) for _ in range(8)])
    explanation = explained(model, 24, "noise", "greedy")
    panel = trust(explanation, model, vary=["seed", "fill"], search="greedy", progress=False)
    assert len(panel.run) == 7
    assert panel.pixel_stability.mean() < 0.15 and abs(panel.run["correlation"].mean()) < 0.2


def test_stability_by_brute_force_with_ties():
    rng = np.random.default_rng(3)
    ranks = np.array([1.5, 1.5, 3.0, 4.0, 6.0, 6.0, 6.0])
    others = [rng.permutation(ranks) for _ in range(3)]
    expected = []
    for k, r in enumerate(ranks):
        off = np.mean([abs(o[k] - r) for o in others])
        expected.append(max(0.0, 1 - off / np.mean([abs(q - r) for q in ranks])))
    np.testing.assert_allclose(stability(ranks, others), expected)
    flat = np.full(3, 2.0)
    assert stability(flat, [flat]).tolist() == [1, 1, 1]
    assert stability(flat, [np.array([1.0, 2.0, 3.0])]).tolist() == [0, 1, 0]


def test_other_region_maps_are_compared_pixel_by_pixel():
    model = Pixels()
    explanation = explained(model, 8)
    found = trust(explanation, model, vary=("regions", "segmentation"), progress=False)
    rows = found.variations
    assert rows["to"].tolist() == ["4 by grid", "slic", "12 by grid", "felzenszwalb", "6 by grid", "watershed"]
    assert rows["regions"].tolist() == [4, 8, 12, 8, 6, 8]
    for row in rows.to_dict("records"):
        maker = row["to"].split()[-1]
        other = explained(model, row["regions"], maker=maker)
        expected = spearmanr(explanation.saliency().ravel(), other.saliency().ravel()).statistic
        assert row["correlation"] == pytest.approx(expected)
        assert row["passes"] == other.forward_passes
    assert found.forward_passes == rows["passes"].sum()


def test_seeds_cut_other_regions_and_draw_another_noise():
    model = Sequence([])
    explanation = explained(model, 6, "noise", maker="slic", seed=4)
    trust(explanation, model, vary="seed", progress=False)
    image = explanation.response.image
    for seed, picture in zip((4, 5, 6, 7), model.pictures, strict=True):
        assert (picture == np.asarray(fills.fill_image(image, "noise", seed=seed))).all()
    maps = {m.tobytes() for m in model.maps}
    assert len(maps) == 4
    grid = Sequence([])
    trust(explained(grid, 6, "noise"), grid, vary="seed", progress=False)
    assert len({m.tobytes() for m in grid.maps}) == 1 and len({p.tobytes() for p in grid.pictures}) == 4


def test_a_given_fill_and_counterfactual_targets_are_kept():
    model = Sequence([])
    picture = np.full((16, 24, 3), 77, np.uint8)
    explanation = explained(model, 6, picture, target_ids={2: 9})
    trust(explanation, model, vary="regions", search="greedy", progress=False)
    assert all((p == 77).all() for p in model.pictures) and len(model.pictures) == 4
    assert model.targets == [{2: 9}] * 4


@pytest.mark.parametrize(("budget", "run"), [(96, 4), (95, 3), (24, 1), (10_000, 4)])
def test_the_budget_is_kept_and_what_it_does_not_pay_for_is_told(budget, run):
    model = Sequence([])
    explanation = explained(model)
    model.scored = 0
    found = trust(explanation, model, vary="fill", budget=budget, progress=False)
    assert model.scored == found.forward_passes <= budget
    assert len(found.run) == run and len(found.variations) == 4
    left = found.variations[found.variations["left_out"] != ""]
    assert (left["left_out"] == f"{budget} passes pay for {run} of 4 variations").all()
    assert left["correlation"].isna().all() and (left["passes"] == 0).all() and left["top_kept"].isna().all()
    assert (f"{4 - run} more variations were left out" in found.verdict) == (run < 4)
    each = {96: 24, 95: 31, 24: 24}
    assert found.share == budget // run
    assert ("passes each" in found.verdict) == (budget in each)  # 42 passes try everything
    if budget in each:
        assert f"of {run} variations of at most {each[budget]} passes each, and ranks" in found.verdict


def test_a_budget_leaves_variations_out_rather_than_guess():
    """A share of 2 N + 2 passes would pay for the curves of any order, but not for looking for one."""
    model = Pixels()
    explanation = explained(model, 24)
    found = trust(explanation, model, vary="fill", budget=4 * (2 * 24 + 2), progress=False)
    assert len(found.run) == 2 and (found.run["passes"] >= 4 * 24 - 4).all()
    assert "2 more variations were left out" in found.verdict
    pairs = trust(explained(model, 4), model, vary="regions", budget=2 * 12, progress=False)
    assert pairs.run["regions"].tolist() == [2, 3]  # all that two and three regions have are 6 and 12 passes


def test_a_small_budget_covers_every_kind_and_drops_what_is_dear():
    model = Pixels()
    explanation = explained(model)  # 6 regions: 24 passes at least, 9 regions 36, 3 regions 12, 4 regions 16
    found = trust(explanation, model, vary=("fill", "segmentation"), budget=50, progress=False)
    assert list(zip(found.run["varied"], found.run["to"], strict=True)) == [("fill", "mean"), ("segmentation", "slic")]
    few = trust(explanation, model, vary="regions", budget=33, progress=False)
    assert few.run["regions"].tolist() == [3, 4]


def test_an_interrupt_keeps_what_is_there():
    model = Sequence([RISING, RISING, RISING, KeyboardInterrupt()])
    found = trust(explained(model), model, vary="fill", progress=False)
    assert found.variations["left_out"].tolist() == ["", "", "interrupted", "interrupted"]
    assert "2 of 2 variations" in found.verdict
    with pytest.raises(KeyboardInterrupt):
        trust(explained(ToyModel()), Sequence([KeyboardInterrupt()]), vary="fill", progress=False)


def test_another_model_is_noticed():
    class Half(ToyModel):
        def scorer(self, *args, **kwargs):
            scorer = super().scorer(*args, **kwargs)

            class Halved:
                n_regions = scorer.n_regions

                def __call__(self, shown):
                    return scorer(shown) / 2

            return Halved()

    with pytest.raises(ValueError, match=r"tokens \[0.5\], the explanation has \[1.0\]"):
        trust(explained(ToyModel()), Half(), progress=False)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"vary": "colour"}, ValueError, "some of regions, segmentation, fill, seed, each once, got 'colour'"),
        ({"vary": []}, ValueError, "each once"),
        ({"vary": ["fill", "fill"]}, ValueError, "each once"),
        ({"vary": "seed"}, ValueError, "nothing to vary in 'seed'"),
        ({"search": "best"}, ValueError, "unknown search 'best'"),
        ({"budget": 13, "vary": "fill"}, ValueError, "13 passes pays for no variation; the cheapest takes 24"),
        ({"budget": "30 s"}, TypeError, "number of forward passes for all variations together, got '30 s'"),
    ],
)
def test_refusals_come_before_the_model_runs(options, error, says):
    explanation, model = explained(ToyModel()), ToyModel()
    with pytest.raises(error, match=says):
        trust(explanation, model, **{"progress": False, **options})
    assert model.scored == 0
    with pytest.raises(TypeError, match=r"must be an Explanation from explain\(\), got str"):
        trust("cup", model)


def test_the_figure_shades_what_is_unstable():
    model = Sequence([RISING, RISING, RISING[::-1], RISING])
    found = trust(explained(model), model, vary="fill", budget=3 * 36, progress=False)
    fig = found.figure()
    (heat,) = (t for t in fig.data if t.type == "heatmap")
    np.testing.assert_allclose(heat.z, 1 - found.pixel_stability)
    (bars,) = (t for t in fig.data if t.type == "bar")
    assert list(bars.y) == [f"fill: {to}" for to in found.run["to"]]
    assert list(bars.x) == found.run["correlation"].tolist()
    assert "most important regions" in fig.layout.title.text
    bundle = found._repr_mimebundle_()
    assert bundle["text/plain"] == repr(found)
