"""The figure of a robustness report."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from eagle_nb.evaluation import RobustnessReport
from eagle_nb.viz import robustness_figure
from eagle_nb.viz.palette import VARIED_COLORS

from ..widgets.answers import make_explanation
from .escaping import HOSTILE_NAME, assert_escaped


@pytest.fixture(scope="module")
def report():
    explanation = make_explanation()
    stability = np.linspace(0, 1, 16)
    variations = pd.DataFrame(
        {
            "varied": ["regions", "fill", "fill", "seed"],
            "to": ["32", "mean", "<b>blur</b>", "1"],
            "regions": [32, 16, 16, 16],
            "correlation": [0.5, -0.25, 1.0, np.nan],
            "top_kept": [True, False, True, None],
            "forward_passes": [100, 80, 80, 0],
            "skipped": ["", "", "", "the budget is spent"],
        }
    )
    pixels = stability[explanation.regions.labels].astype(np.float32)
    return RobustnessReport(explanation, variations, pixels, stability)


def test_the_figure_lights_what_is_stable(report):
    (heat,) = (trace for trace in robustness_figure(report).data if trace.type == "heatmap")
    np.testing.assert_allclose(heat.z, report.pixel_stability[1::2, 1::2])
    pixel, region, label = np.moveaxis(np.asarray(heat.customdata), -1, 0)
    np.testing.assert_array_equal(label, report.explanation.regions.labels[1::2, 1::2])
    np.testing.assert_allclose(pixel, region, rtol=1e-6)


def test_each_completed_variation_has_a_bar(report):
    figure = robustness_figure(report)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [bar.name for bar in bars] == ["regions", "fill"]
    assert [bar.marker.color for bar in bars] == [VARIED_COLORS["regions"], VARIED_COLORS["fill"]]
    assert [list(bar.y) for bar in bars] == [["regions: 32"], ["fill: mean", "fill: &lt;b&gt;blur&lt;/b&gt;"]]
    assert [list(bar.x) for bar in bars] == [[0.5], [-0.25, 1.0]]
    assert list(figure.layout.xaxis2.range) == [-0.25, 1]


def test_the_title_is_the_summary(report):
    title = robustness_figure(report).layout.title.text
    plain = title.replace("<br>", " ").replace("\u00a0", " ")
    assert plain == report.summary.replace("<", "&lt;").replace(">", "&gt;")
    assert max(map(len, title.split("<br>"))) <= 60


def test_names_of_variations_are_escaped(report):
    variations = report.variations.assign(to=[HOSTILE_NAME, "mean", "<b>blur</b>", "1"])
    assert_escaped(robustness_figure(dataclasses.replace(report, variations=variations)))


def test_a_correlation_that_is_not_defined_is_said(report):
    variations = report.variations.assign(correlation=[np.nan, -0.25, 1.0, np.nan])
    bars = [t for t in robustness_figure(dataclasses.replace(report, variations=variations)).data if t.type == "bar"]
    assert list(bars[0].text) == ["not defined"]
