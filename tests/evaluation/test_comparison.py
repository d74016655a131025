"""Comparison of methods on models whose words are carried by regions of known weight."""

import numpy as np
import pandas as pd
import pytest

import eagle_nb as eagle
from eagle_nb import evaluation
from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.errors import StoreError
from eagle_nb.evaluation import (
    DEFAULT_METHODS,
    MEASURED_COLUMNS,
    audit,
    failures,
    formatted_table,
    paired_differences,
    results_frame,
    saliency_maps,
)

from .models import HEIGHT, IMAGE, NO, WIDTH, AdditiveModel, RecordedModel, quarter, recorded_sample, sample


def compare(model, samples, methods=("greedy", "occlusion"), **settings):
    settings = {"regions": 4, "segmentation": "grid", "progress": False, **settings}
    return evaluation.compare(model, samples, methods, **settings)


def test_metrics_of_an_additive_model_match_a_hand_calculation():
    table = compare(AdditiveModel(best=2), [sample(where=2), sample("t", where=1)])
    assert table["sample"].tolist() == ["s", "s", "t", "t"]
    assert table["method"].tolist() == ["greedy", "occlusion"] * 2
    assert table["word"].tolist() == ["red cup"] * 4
    assert table["failure"].tolist() == [""] * 4
    # Insertion 0, 1/2, 2/3, 5/6, 1 at equal steps of area: (0/2 + 1/2 + 2/3 + 5/6 + 1/2) / 4; deletion mirrors it.
    np.testing.assert_allclose(table["insertion_auc"], (0.5 + 2 / 3 + 5 / 6 + 0.5) / 4, atol=1e-6)
    np.testing.assert_allclose(table["deletion_auc"], (0.5 + 0.5 + 1 / 3 + 1 / 6) / 4, atol=1e-6)
    assert table["pointing_mask"].tolist() == [True, True, False, False]
    assert table["pointing_mask_share"].tolist() == [1, 1, 0, 0]
    assert table["pointing_box"].tolist() == [True, True, False, False]
    # Greedy scores every subset that its rounds reach; occlusion both ends and the image without each region.
    assert table["forward_passes"].tolist()[1::2] == [6, 6]
    assert table["backward_passes"].tolist() == [0] * 4
    assert (table["seconds"] > 0).all()
    assert (table["peak_bytes"] >= 0).all()


def test_replays_share_a_scorer_that_is_not_part_of_the_cost():
    model = AdditiveModel()
    table = compare(model, [sample()], ["occlusion", "random"])
    assert model.scorers == 3  # one for both replays, one for each method
    assert table["forward_passes"].tolist() == [6, 2]


def test_a_comparison_is_reproducible_except_for_measured_columns():
    methods = ("greedy", "fast", "rise", "kernel_shap", "shapley_sampling", "random")
    options = {"rise": {"masks": 30}, "kernel_shap": {"samples": 12}}
    settings = {"methods": methods, "options": options, "fill": "noise", "regions": 5, "segmentation": "slic"}
    first, second = (compare(AdditiveModel(), [sample()], **settings) for _ in range(2))
    measured = list(MEASURED_COLUMNS)
    pd.testing.assert_frame_equal(first.drop(columns=measured), second.drop(columns=measured), check_exact=True)
    other = compare(AdditiveModel(), [sample()], **settings, rng=1).set_index("method")["insertion_auc"]
    own = first.set_index("method")["insertion_auc"]
    assert own["random"] != other["random"]
    assert own["greedy"] == other["greedy"]


def test_strategies_functions_and_segmenters_of_ones_own():
    def last_first(scorer, tokens, rng=0, scale=1.0):
        return scale * np.arange(scorer.n_regions)

    def halves(picture, n):
        return (np.arange(picture.shape[1]) * 2 // picture.shape[1]) + 0 * picture[..., 0]

    methods = [eagle.search.PhaseWindowSearch(window=1), last_first]
    table = compare(
        AdditiveModel(best=1), [sample()], methods, options={"last_first": {"scale": 2.0}}, segmentation=halves
    )
    assert table["method"].tolist() == ["phasewin(window=1)", "last_first"]
    assert table["failure"].tolist() == ["", ""]
    np.testing.assert_allclose(table["insertion_auc"], [(0 + 2 * 0.5 + 1) / 4] * 2, atol=1e-6)


def test_a_store_keeps_complete_rows_and_nothing_else(tmp_path):
    store = tmp_path / "folder" / "rows.db"
    first = compare(AdditiveModel(), [sample()], store=store)
    again = AdditiveModel()
    second = compare(again, [sample()], store=store)
    assert again.scored == 0
    pd.testing.assert_frame_equal(first, second, check_exact=True)
    more = AdditiveModel()
    compare(more, [sample(), sample("t")], store=eagle.Store(store))
    assert more.scored > 0
    for settings in (
        {"fill": "mean"},
        {"rng": 1},
        {"weights": (1.0, 0.0)},
        {"regions": 5},
        {"methods": ["greedy"], "options": {"greedy": {"budget": 10}}},
    ):
        model = AdditiveModel()
        compare(model, [sample()], store=store, **settings)
        assert model.scored > 0, settings
    other = AdditiveModel(best=1)
    compare(other, [sample()], store=store)
    assert other.scored > 0
    moved = compare(AdditiveModel(), [sample(where=3)], store=store)
    assert moved["pointing_mask"].tolist() == [False, False]


def test_rows_depend_on_everything_that_the_scores_depend_on(tmp_path):
    """Two loadings of the same weights that differ in how images are processed have rows of their own."""

    class Processed(AdditiveModel):
        def __init__(self, mean):
            super().__init__()
            self.mean = mean

        def function_scorer(self, response, regions, function):
            scorer = super().function_scorer(response, regions, function)
            scorer.identity = {"model": "additive", "processor": f"mean {self.mean}"}
            return scorer

    store = tmp_path / "rows.db"
    for mean, scores in ((0.5, True), (0.5, False), (0.4, True)):
        model = Processed(mean)
        compare(model, [sample()], ["occlusion"], store=store)
        assert (model.scored > 0) == scores


def test_an_interrupt_leaves_complete_rows_and_the_store_resumes(tmp_path):
    store = tmp_path / "rows.db"
    complete = compare(AdditiveModel(), [sample(), sample("t")])
    needed = AdditiveModel()
    compare(needed, [sample()])
    model = AdditiveModel(interrupted_after=needed.scored + 3)
    with pytest.warns(UserWarning, match="interrupted after 2 of 4 rows"):
        part = compare(model, [sample(), sample("t")], store=store)
    assert part["sample"].tolist() == ["s", "s"]
    resumed = compare(AdditiveModel(), [sample(), sample("t")], store=store)
    columns = [c for c in complete if c not in MEASURED_COLUMNS]
    pd.testing.assert_frame_equal(resumed[columns], complete[columns], check_exact=True)
    with pytest.raises(KeyboardInterrupt):
        compare(AdditiveModel(interrupted_after=0), [sample()])


def test_failures_are_counted_by_reason_and_not_stored(tmp_path):
    store = eagle.Store(tmp_path / "rows.db")
    table = compare(AdditiveModel(), [sample(), sample("t", label="dog")], ["greedy", "tam"], store=store)
    counted = failures(table)
    assert counted["method"].tolist() == ["tam", "greedy", "tam"]
    assert counted["failure"].str.split(":").str[0].tolist() == ["TypeError", "ValueError", "ValueError"]
    assert counted["failure"].str.contains("'dog' is not in the answer").tolist() == [False, True, True]
    assert counted["samples"].tolist() == [1, 1, 1]
    without = table.assign(failure=table["failure"].where(table["failure"] != "", None))
    pd.testing.assert_frame_equal(failures(without), counted)
    assert table["insertion_auc"].notna().tolist() == [True, False, False, False]
    assert len(store.keys()) == 1
    formatted = formatted_table(table, ["insertion_auc"])
    assert formatted.loc["tam"].tolist() == ["–", 2, 2]
    assert formatted["skipped"].tolist() == [1, 2]


def test_recorded_counter_tokens_are_explained():
    model = RecordedModel()
    table = compare(model, [recorded_sample()], ("greedy", "occlusion", "random"))
    assert len(model.targets) == 4  # the shared replays and each method
    assert all(targets == {0: NO} for targets in model.targets)
    assert table["word"].tolist() == ["Yes"] * 3 and table["counter"].tolist() == ["No"] * 3
    (saliency,) = saliency_maps(model, recorded_sample(), ["occlusion"], 4, "grid").values()
    assert (saliency == saliency.max())[quarter(3)].all()
    row = audit(table, "LLaVA-1.5-7B", "RePOPE").query("method == 'greedy' and metric == 'insertion_auc'")
    assert row["same_convention"].tolist() == [True] and row["published"].notna().all()


def test_counter_tokens_of_another_model_are_not_followed_and_an_audit_says_so():
    model = RecordedModel(("</s>", "?", "!", "no", "yes"))
    table = compare(model, [recorded_sample()], ["greedy"])
    assert all(targets is None for targets in model.targets) and "counter" not in table
    assert table["word"].tolist() == ["Yes"]
    row = audit(table, "LLaVA-1.5-7B", "RePOPE").query("metric == 'insertion_auc'")
    assert row["same_convention"].tolist() == [False]


def test_the_store_distinguishes_counter_tokens(tmp_path):
    store = eagle.Store(tmp_path / "rows.db")
    compare(RecordedModel(), [recorded_sample()], store=store)
    again = compare(RecordedModel(), [recorded_sample(counter_ids=[2])], store=store)
    assert again["counter"].tolist() == ["!", "!"]
    assert len(store.keys()) == 4


def test_a_small_box_and_an_empty_mask_affect_no_other_metric():
    small = SampleObject("red cup", (5.2, 3.2, 5.9, 3.9), np.zeros((HEIGHT, WIDTH), bool))
    table = compare(AdditiveModel(), [Sample("s", IMAGE, "what?", label="red cup", objects=(small,))])
    assert table["failure"].tolist() == ["", ""]
    assert table["pointing_box"].tolist() == [True, True]  # the pixel (5, 3) belongs to region 0
    assert table[["pointing_mask", "pointing_mask_share"]].isna().all(axis=None)
    assert table["insertion_auc"].notna().all()


def test_objects_without_masks_have_no_pointing_metrics():
    bare = Sample("s", IMAGE, "what?", label="red cup", objects=(SampleObject("red cup"),))
    table = compare(AdditiveModel(), [bare])
    assert table[["pointing_mask", "pointing_box", "pointing_mask_share"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"methods": ("greedy", "lime")}, "unknown method 'lime'"),
        ({"methods": ("greedy", "greedy")}, "names each method once"),
        ({"methods": ()}, "names each method once"),
        ({"options": {"rise": {"masks": 3}}}, "options only those"),
        ({"options": {"greedy": {"masks": 3}}}, "no option 'masks'"),
        ({"options": {"occlusion": {"masks": 3}}}, "no option 'masks'"),
        ({"options": {"greedy": {"budget": -3}}}, "budget of -3"),
        ({"regions": 1}, "at least 2, got 1"),
        ({"segmentation": "voronoi"}, "unknown segmentation 'voronoi'"),
        ({"fill": "white"}, "unknown fill 'white'"),
        ({"weights": (0, 0)}, "not both zero"),
    ],
)
def test_errors_are_raised_before_the_model_runs(arguments, message):
    model = AdditiveModel()
    with pytest.raises((ValueError, TypeError), match=message):
        compare(model, [sample()], **arguments)
    assert model.scorers == 0


def test_a_store_needs_a_fingerprint_and_a_seed(tmp_path):
    class Anonymous(AdditiveModel):
        fingerprint = ""

    model = Anonymous()
    with pytest.raises(StoreError, match="give Anonymous an attribute `fingerprint`"):
        compare(model, [sample()], store=tmp_path / "rows.db")
    with pytest.raises(StoreError, match="give rng an integer, got Generator"):
        compare(AdditiveModel(), [sample()], store=tmp_path / "rows.db", rng=np.random.default_rng(0))
    (tmp_path / "table.csv").write_text("sample,method\n")
    with pytest.raises(StoreError, match="is not a store"):
        compare(AdditiveModel(), [sample()], store=tmp_path / "table.csv")
    assert model.scorers == 0
    assert compare(model, [sample()], ["random"])["failure"].tolist() == [""]


def test_samples_are_checked():
    with pytest.raises(TypeError, match="at least one"):
        compare(AdditiveModel(), [])
    with pytest.raises(ValueError, match="same id"):
        compare(AdditiveModel(), [sample(), sample()])


def test_differences_are_paired():
    rows = [
        {"sample": str(k), "method": m, "insertion_auc": k + off}
        for k in range(5)
        for m, off in (("greedy", 0.0), ("near", -0.25), ("equal", 0.0))
    ]
    rows.append({"sample": "5", "method": "greedy", "insertion_auc": 100.0})
    table = paired_differences(results_frame(rows), "insertion_auc")
    assert table["method"].tolist() == ["near", "equal"]
    assert table["difference"].tolist() == [-0.25, 0.0]
    assert table[["low", "high"]].to_numpy().tolist() == [[-0.25, -0.25], [0.0, 0.0]]
    assert table["n"].tolist() == [5, 5]
    with pytest.raises(ValueError, match="no metric 'auc'"):
        paired_differences(results_frame(rows), "auc")
    with pytest.raises(ValueError, match="no method 'rise'"):
        paired_differences(results_frame(rows), "insertion_auc", "rise")
    twice = pd.concat([results_frame(rows), results_frame(rows[:1])])
    with pytest.raises(ValueError, match="two rows of one method"):
        paired_differences(twice, "insertion_auc")


def test_maps_exclude_methods_that_fail():
    with pytest.warns(UserWarning, match="tam has no map: TypeError"):
        maps = saliency_maps(AdditiveModel(best=3), sample(), ["occlusion", "tam"], regions=4, segmentation="grid")
    assert list(maps) == ["occlusion"]
    assert (maps["occlusion"] == maps["occlusion"].max())[quarter(3)].all()


def test_the_default_methods_are_two_searches_and_all_others():
    assert ("greedy", "fast", *eagle.methods.METHODS) == DEFAULT_METHODS
