"""The arguments of widgets."""

from __future__ import annotations

import pytest

from eagle_nb.widgets.checks import check_explanations, check_indices, check_optional_explanations, check_token


def test_indices_are_sorted_and_distinct():
    assert check_indices([3, 1, 3], 4) == [1, 3]
    assert check_indices([], 4) == []
    for value in (4, -1, 1.5, True):
        with pytest.raises(ValueError, match=f"region {value} is out of range 0 … 3"):
            check_indices([0, value], 4, "region")


def test_one_explanation_or_several(explanation, words):
    assert check_explanations("Explorer", explanation) == ([explanation], [])
    explanations, names = check_explanations("Explorer", words)
    assert explanations == list(words.values())
    assert names == ["a", "red", "triangle", "on", "red#2", "grass"]
    assert check_optional_explanations("Explorer", None) == ([], [])
    for check in (check_explanations, check_optional_explanations):
        with pytest.raises(TypeError, match="Explorer needs an Explanation, got str"):
            check("Explorer", "cup")


def test_a_token_or_none():
    assert check_token(None, 3) is None
    assert check_token(2, 3) == 2
    with pytest.raises(ValueError, match="token must be None or 0 … 2, got 3"):
        check_token(3, 3)
