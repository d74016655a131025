"""Figures of results tables, of searches against the optimum, and of several methods' maps."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.evaluation import Optimality, confidence_interval, results_frame
from eagle_nb.search.calibration import measured_losses
from eagle_nb.viz import (
    frontier_figure,
    gallery_figure,
    gap_figure,
    interval_figure,
    ratio_figure,
    tradeoff_figure,
)

from .escaping import HOSTILE_NAME, assert_escaped

IMAGE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (16, 24, 3), dtype=np.uint8))


@pytest.fixture
def table():
    return results_frame(
        {"sample": k, "method": method, "insertion_auc": auc, "pointing_mask": hit, "forward_passes": passes}
        for method, auc, passes in (("greedy", 0.5, 40.0), ("<i>rise</i>", 0.25, 500.0))
        for k, hit in (("a", True), ("b", False))
    )


@pytest.fixture
def optimality():
    gaps = [("a", 0, 0.0), ("a", 1, 0.2), ("a", 2, 0.0), ("b", 0, 0.0), ("b", 1, 0.4), ("b", 2, 0.0)]
    ratios = [("a", 0, 0.5), ("a", 50, 1.0), ("a", 100, 9.0), ("b", 0, -2.0), ("b", 50, 1.0), ("b", 100, 2.0)]
    return Optimality(
        pd.DataFrame({"sample": ["a", "b"], "method": "greedy"}),
        pd.DataFrame([(s, "greedy", size, gap) for s, size, gap in gaps], columns=["sample", "method", "size", "gap"]),
        pd.DataFrame(ratios, columns=["sample", "percentile", "ratio"]),
    )


def test_means_and_intervals_are_those_of_the_summary(table):
    figure = interval_figure(table, ["insertion_auc", "pointing_mask"], "<title>")
    assert figure.layout.title.text == "&lt;title&gt;"
    auc, hits = figure.data
    assert list(auc.y) == ["greedy", "&lt;i&gt;rise&lt;/i&gt;"]
    assert list(auc.x) == [0.5, 0.25]
    assert list(auc.error_x.array) == [0, 0]
    assert list(hits.x) == [0.5, 0.5]
    low, high = confidence_interval([True, False])
    assert hits.error_x.arrayminus[0] == pytest.approx(0.5 - low)
    assert hits.error_x.array[0] == pytest.approx(high - 0.5)
    assert figure.layout.xaxis.title.text == "0 … 1, higher is better"
    assert figure.layout.xaxis2.title.text == "share of samples, higher is better"
    low, high = figure.layout.xaxis.range
    assert low < 0.25 < 0.5 < high


def test_equal_values_have_an_axis_of_some_width(table):
    table["insertion_auc"] = 0.5
    low, high = interval_figure(table, ["insertion_auc"]).layout.xaxis.range
    assert high - low > 0.05


def test_an_unknown_metric_is_refused(table):
    for plot in (lambda: interval_figure(table, ["beauty"]), lambda: tradeoff_figure(table, "beauty")):
        with pytest.raises(ValueError, match="no metric 'beauty'"):
            plot()


def test_a_method_stands_at_its_number_of_passes(table):
    figure = tradeoff_figure(table)
    assert [trace.name for trace in figure.data] == ["greedy", "&lt;i&gt;rise&lt;/i&gt;"]
    assert [float(trace.x[0]) for trace in figure.data] == [40, 500]
    assert [float(trace.y[0]) for trace in figure.data] == [0.5, 0.25]
    assert figure.layout.xaxis.type == "log"
    assert figure.layout.yaxis.title.text == "insertion AUC<br>0 … 1, higher is better"


def test_the_frontier_shows_the_calibration():
    losses = measured_losses()
    for size, table in [(n, t) for n, t in losses.groupby("regions")] + [(None, losses[losses["regions"] == 64])]:
        lines = {trace.name: trace for trace in frontier_figure(size, title="<t>").data if trace.name}
        assert set(lines) == set(table["search"]) == set(eagle.search.STRATEGIES)
        fast = table[table["search"] == "fast"]
        np.testing.assert_allclose(lines["fast"].x, fast["passes_per_region"])
        np.testing.assert_allclose(lines["fast"].y, 1 - fast["median"])
        np.testing.assert_allclose(lines["fast"].customdata, 1 - fast["percentile_95"])
    with pytest.raises(ValueError, match="nothing was measured with 17 regions; measured: "):
        frontier_figure(17)


def test_gaps_are_means_over_samples(optimality):
    band, line = gap_figure(optimality).data
    assert list(line.x) == [0, 1, 2]
    np.testing.assert_allclose(line.y, [0, 0.3, 0])
    low, high = confidence_interval([0.2, 0.4])
    np.testing.assert_allclose(band.y, [0, high, 0, 0, low, 0])


def test_ratios_beyond_the_axis_are_drawn_at_its_ends(optimality):
    a, b, mean, least = ratio_figure(optimality).data
    assert list(a.x) == [0.5, 1, 3]
    assert list(b.x) == [-0.5, 1, 2]
    np.testing.assert_allclose(mean.x, [0, 1, 2.5])
    assert list(least.x) == [0.5, -0.5]
    assert np.ravel(least.customdata).tolist() == [0.5, -2.0]
    assert list(ratio_figure(optimality, limits=(0, 1)).data[0].x) == [0.5, 1, 1]


def test_each_map_is_drawn_from_its_minimum_to_its_maximum():
    rise = np.linspace(3, 7, 16 * 24).reshape(16, 24)
    mask = np.zeros((16, 24), dtype=bool)
    mask[4:8, 4:8] = True
    figure = gallery_figure(IMAGE, {"rise": rise, "<b>flat</b>": np.ones((16, 24))}, mask)
    assert [a.text for a in figure.layout.annotations] == ["the image", "rise", "&lt;b&gt;flat&lt;/b&gt;"]
    heats = [trace for trace in figure.data if trace.type == "heatmap"]
    np.testing.assert_allclose(heats[0].z, (rise - 3) / 4, rtol=1e-5)
    assert not np.asarray(heats[1].z).any()
    outlines = [trace for trace in figure.data if trace.type == "scatter" and trace.mode == "lines"]
    assert len(outlines) == 6  # a line and its halo in each panel
    x, y = (np.array([v for v in values if v is not None]) for values in (outlines[1].x, outlines[1].y))
    assert (x.min(), x.max(), y.min(), y.max()) == (4, 8, 4, 8)


@pytest.mark.parametrize("maps", [{}, {"a": np.zeros((3, 3))}])
def test_maps_that_do_not_fit_are_refused(maps):
    with pytest.raises(ValueError, match=r"maps are \(H, W\) = \(16, 24\), at least one"):
        gallery_figure(IMAGE, maps)


def test_names_are_escaped_everywhere(table, optimality):
    for frame in (optimality.gaps, optimality.ratios):
        frame["sample"] = HOSTILE_NAME
    optimality.gaps["method"] = HOSTILE_NAME
    table["method"] = table["method"].replace("greedy", HOSTILE_NAME)
    figures = [
        interval_figure(table, ["insertion_auc"], HOSTILE_NAME),
        tradeoff_figure(table, title=HOSTILE_NAME),
        frontier_figure(64, title=HOSTILE_NAME),
        gap_figure(optimality, HOSTILE_NAME),
        ratio_figure(optimality, HOSTILE_NAME),
        gallery_figure(IMAGE, {HOSTILE_NAME: np.eye(16, 24)}),
    ]
    for figure in figures:
        assert_escaped(figure)


def test_methods_named_like_numbers_stay_names(table):
    table["method"] = table["method"].replace("greedy", "32")
    figure = interval_figure(table, ["insertion_auc"])
    assert figure.layout.yaxis.type == "category"
    assert "32" in figure.data[0].y


def test_metrics_are_drawn_one_below_the_other(table):
    figure = interval_figure(table, ["insertion_auc", "pointing_mask", "forward_passes"])
    domains = [figure.layout[name].domain for name in ("yaxis", "yaxis2", "yaxis3")]
    assert domains[0][0] > domains[1][1] > domains[2][1]
