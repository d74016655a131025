"""A painted mask beside an explanation, and two answers word by word."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.widgets import MaskPainter
from eagle_nb.widgets.painting import Comparison, changes

from .answers import Model


def test_comparison_says_which_is_better():
    assert str(Comparison("show", 0.31, 0.08, 0.124, 0.11, 4)) == (
        "Yours: 0.31 with 12 % of the image shown. EAGLE's first 4 regions at equal area (11 %): 0.08. "
        "Higher is better here: you are ahead by 0.23."
    )
    hidden = str(Comparison("hide", 0.31, 0.08, 0.06, 0.05, 1))
    assert hidden.endswith("first region at equal area (5.0 %): 0.08. Lower is better here: EAGLE is ahead by 0.23.")
    assert "nothing to compare" in str(Comparison("hide", 0.31, 0.97, 0.01, 0.0, 0))
    assert str(Comparison("show", 0.5, 0.5, 0.2, 0.2, 3)).endswith("the two are even.")


def test_changed_words_are_told_from_those_that_stay():
    assert changes("a red circle.", "a small blue circle.") == [
        ("same", "a"), ("gone", " red"), ("new", " small blue"), ("same", " circle."),
    ]  # fmt: skip
    assert changes("红色圆", "蓝色圆") == [("gone", "红"), ("new", "蓝"), ("same", "色圆")]
    assert changes("it isn't", "it is") == [("same", "it"), ("gone", " isn't"), ("new", " is")]
    assert changes("yes", "") == [("gone", "yes")]
    assert changes("yes", "yes") == [("same", "yes")]


def test_comparison_takes_the_first_regions_of_at_most_the_same_area(explanation):
    order, area = explanation.order.tolist(), explanation.area
    painter = MaskPainter(Model(), explanation.response, explanation=explanation)
    assert painter.comparison is None  # nothing painted
    painter.mode = "show"
    for regions in ([order[-1]], order[2:6], order[:5], order[1:]):
        painter.painted = regions
        own = float(explanation.regions.area[regions].sum())
        count = max(k for k in range(17) if area[k] <= own + 1e-9)
        compared = painter.comparison
        assert compared.regions == count
        assert compared.eagle == pytest.approx(explanation.insertion[count, [1, 2, 3, 4]].mean())
        assert compared.own == pytest.approx(np.mean(painter.probabilities))
        assert compared.eagle_area <= compared.area + 1e-9
    painter.painted = order[:5]
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)
    painter.mode = "hide"
    assert painter.comparison.eagle == pytest.approx(explanation.deletion[5, [1, 2, 3, 4]].mean())
    assert painter.comparison.own == pytest.approx(painter.comparison.eagle, abs=1e-6)
