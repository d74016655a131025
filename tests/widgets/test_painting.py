"""A comparison in words, and two answers piece by piece."""

from __future__ import annotations

from eagle_nb.widgets.painting import Comparison, changes


def test_comparison_says_which_is_better():
    assert str(Comparison("show", 0.31, 0.08, 0.124, 0.11, 4)) == (
        "Yours: 0.31 with 12 % of the image shown. EAGLE's first 4 regions at equal area (11 %): 0.08. "
        "Higher is better here: you are ahead by 0.23."
    )
    hidden = str(Comparison("hide", 0.31, 0.08, 0.06, 0.05, 1))
    assert hidden.endswith("first region at equal area (5.0 %): 0.08. Lower is better here: EAGLE is ahead by 0.23.")
    assert "nothing to compare" in str(Comparison("hide", 0.31, 0.97, 0.01, 0.0, 0))
    assert str(Comparison("show", 0.5, 0.5, 0.2, 0.2, 3)).endswith("the two are even.")


def test_changed_words_differ_from_those_that_stay():
    assert changes("a red circle.", "a small blue circle.") == [
        ("same", "a"), ("gone", " red"), ("new", " small blue"), ("same", " circle."),
    ]  # fmt: skip
    assert changes("红色圆", "蓝色圆") == [("gone", "红"), ("new", "蓝"), ("same", "色圆")]
    assert changes("it isn't", "it is") == [("same", "it"), ("gone", " isn't"), ("new", " is")]
    assert changes("yes", "") == [("gone", "yes")]
    assert changes("yes", "yes") == [("same", "yes")]
