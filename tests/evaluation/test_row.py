"""The row of metrics of explanations and of runs of methods."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.evaluation import metrics_row, results_frame, summary_table
from eagle_nb.methods import run_method
from eagle_nb.metrics import METRIC_INFO
from eagle_nb.scoring import prefixes

from ..conftest import make_response
from ..metrics.curves import DELETION, INSERTION
from .models import IMAGE, AdditiveModel, quarter, sample

# Four columns of a 24 x 16 image: 0-5, 6-11, 12-17, 18-23.
COLUMNS = eagle.Regions.from_labels(np.repeat(np.arange(24) // 6, 16).reshape(24, 16).T)
ORDER = [2, 0, 3, 1]


def explained(insertion, deletion, tokens):
    """An explanation with given curves along a given order: probabilities of "a", " tri", "angle" at each step."""
    shown = prefixes(ORDER)
    table = {row.tobytes(): values for row, values in zip(~shown[1:-1], deletion[1:-1], strict=True)}
    table |= {row.tobytes(): values for row, values in zip(shown, insertion, strict=True)}

    class Scorer:
        n_regions = 4

        def __call__(self, shown):
            return np.array([table[row.tobytes()] for row in shown], np.float32)

    response = make_response(["a", " tri", "angle"])
    trace = eagle.search.replay(Scorer(), ORDER, tokens)
    picture = Image.new("RGB", (24, 16))
    return eagle.Explanation(response, COLUMNS, trace, np.array([1, 2, 3]), list(response.tokens), "black", picture, {})


def test_the_row_of_an_explanation():
    whole, first = explained(INSERTION, DELETION, [1, 2]), explained(INSERTION, DELETION, [1])
    mask = COLUMNS.labels == 2
    mask[:, 12:15] = False  # half of the region with the maximum
    row = metrics_row(whole, mask, first)
    assert row["method"] == "replay" and "sample" not in row
    assert row["insertion_auc"] == whole.insertion_auc
    assert row["sensitive_insertion_auc"] == pytest.approx(0.7)
    # The paper: mean of p - min; the code: the area less the minimum; both averaged over the two tokens.
    assert row["reliance"] == pytest.approx(((0.1 + 0.9 + 0.9 + 0.7 + 0.5) / 5 - 0.1 + 0.98 - 0.9) / 2)
    assert row["reliance_area"] == pytest.approx((0.7 - 0.1 + 0.9875 - 0.9) / 2)
    assert row["reliance_difference"] == pytest.approx((0.4 + 0.1) / 2)
    assert row["pointing_mask"] and row["pointing_box"] and row["pointing_mask_first_token"]
    assert row["pointing_mask_share"] == 0.5
    assert set(row) - {"method", "forward_passes", "seconds"} <= set(METRIC_INFO)
    elsewhere = metrics_row(whole, (0, 0, 6, 16))
    assert elsewhere["pointing_box"] is False
    assert elsewhere["pointing_mask"] is elsewhere["pointing_box_first_token"] is None
    assert not [name for name in metrics_row(whole) if name.startswith("pointing")]


def test_a_word_of_one_token_is_its_own_first_token():
    row = metrics_row(explained(INSERTION, DELETION, [1]), (12, 0, 18, 16))
    assert row["pointing_box"] is row["pointing_box_first_token"] is True


def test_samples_and_objects_as_targets():
    image = Image.new("RGB", (24, 16))
    objects = (SampleObject("cup", mask=COLUMNS.labels == 0), SampleObject("cup", mask=COLUMNS.labels == 2))
    sample = Sample("s", image, "what?", objects=(*objects, SampleObject("hat", (0, 0, 6, 16))), label="cup")
    explanation = explained(INSERTION, DELETION, [1])
    row = metrics_row(explanation, sample)
    assert row["sample"] == "s" and row["pointing_mask_share"] == 1.0
    assert row["pointing_mask"] is row["pointing_box"] is True
    assert metrics_row(explanation, objects[0])["pointing_mask"] is False
    hat = metrics_row(explanation, Sample("t", image, "what?", objects=sample.objects, label="hat"))
    assert (hat["pointing_mask"], hat["pointing_box"]) == (None, False)
    unknown = metrics_row(explanation, Sample("u", image, "what?", label="cup"))
    assert unknown["pointing_mask"] is None and unknown["pointing_box"] is None
    table = summary_table(results_frame([row, hat, unknown])).set_index("metric")
    assert (table.loc["pointing_box", "value"], table.loc["pointing_box", "skipped"]) == (0.5, 1)
    assert (table.loc["pointing_mask", "n"], table.loc["pointing_mask", "skipped"]) == (1, 2)


def test_an_empty_target_leaves_the_other_metrics():
    whole, nowhere = explained(INSERTION, DELETION, [1, 2]), np.zeros((16, 24), bool)
    for target in (nowhere, (90, 90, 95, 95)):
        row = metrics_row(whole, target)
        assert {row[name] for name in row if name.startswith("pointing")} == {None}
        assert row["insertion_auc"] == whole.insertion_auc
    objects = (SampleObject("cup", mask=nowhere), SampleObject("cup", mask=COLUMNS.labels == 2))
    row = metrics_row(whole, Sample("s", Image.new("RGB", (24, 16)), "what?", objects=objects, label="cup"))
    assert row["pointing_mask"] is row["pointing_box"] is True and row["pointing_mask_share"] == 1.0


def test_a_counterfactual_target_is_named():
    explanation = explained(INSERTION, DELETION, [1])
    assert "counter" not in metrics_row(explanation)
    other = {"target_ids": np.array([1, 9, 3]), "target_tokens": ["a", " dog", "angle"]}
    assert metrics_row(replace(explanation, **other))["counter"] == "dog"
    assert metrics_row(replace(explanation, **other | {"target_tokens": ["a", " ", "b"]}))["counter"] == "<9>"
    elsewhere = {"target_ids": np.array([7, 2, 3]), "target_tokens": ["the", " tri", "angle"]}
    assert "counter" not in metrics_row(replace(explanation, **elsewhere))


def test_refusals():
    whole = explained(INSERTION, DELETION, [1, 2])
    with pytest.raises(ValueError, match=r"first_token explains tokens \[2\], the first one of \[1, 2\]"):
        metrics_row(whole, None, explained(INSERTION, DELETION, [2]))
    with pytest.raises(TypeError, match="a target is a Sample"):
        metrics_row(whole, "cup")
    with pytest.raises(ValueError, match="target mask has shape"):
        metrics_row(whole, np.ones((4, 4), bool))
    with pytest.raises(TypeError, match="metrics_row takes an Explanation or a MethodRun, got dict"):
        metrics_row({})


def test_the_row_of_a_run_has_its_cost_and_the_row_of_its_explanation():
    model = AdditiveModel(best=2)
    regions = eagle.Regions.grid(IMAGE, 4)
    run = run_method(model, model.generate(IMAGE, "what?"), "occlusion", "red cup", regions)
    row, own = metrics_row(run, sample(where=2)), metrics_row(run.explanation, sample(where=2))
    assert (row["sample"], row["method"]) == (own["sample"], own["method"]) == ("s", "occlusion")
    assert row["pointing_mask"] is row["pointing_box"] is row["pointing_mask_own_map"] is True
    assert row["pointing_mask_share"] == 1.0
    assert (row["forward_passes"], row["backward_passes"]) == (6, 0)
    assert row["peak_bytes"] >= 0 and row["seconds"] == run.seconds
    cost = {"forward_passes", "seconds"}
    assert {name: row[name] for name in (set(row) & set(own)) - cost} == {
        name: own[name] for name in (set(row) & set(own)) - cost
    }
    assert set(own) - set(row) == {"pointing_mask_first_token", "pointing_box_first_token"}
    assert set(row) - set(own) == {"pointing_mask_own_map", "backward_passes", "peak_bytes"}
    assert not [name for name in metrics_row(run) if name.startswith("pointing")]


@pytest.mark.parametrize("kind", ["explanation", "run"])
def test_the_box_of_an_object_without_one_is_that_of_its_mask(kind):
    """The maximum lies in the bounding box of two pixels, but not on them."""
    model = AdditiveModel(best=2)
    regions = eagle.Regions.grid(IMAGE, 4)
    run = run_method(model, model.generate(IMAGE, "what?"), "occlusion", "red cup", regions)
    corners = quarter(1) & False
    corners[0, 0] = corners[-1, -1] = True
    target = Sample("s", IMAGE, "what?", label="cup", objects=(SampleObject("cup", mask=corners & ~quarter(2)),))
    row = metrics_row(run if kind == "run" else run.explanation, target)
    assert (row["pointing_mask"], row["pointing_box"]) == (False, True)
