"""Feedback and hints as a student sees them."""

from __future__ import annotations

from eagle_nb.teaching import EXERCISES, check, hint


def test_feedback_is_escaped(lesson):
    feedback = check("ex1", "<b>", lesson)
    assert "&lt;b&gt;" in feedback._repr_html_() and "<b>'" not in feedback._repr_html_()
    assert repr(feedback) == "ex1: not yet. A region is a whole number from 0 to 8, got '<b>'."
    assert repr(check("ex1", 0, lesson)).startswith("ex1: correct. Yes: hiding region 0")


def test_hints_open_one_after_another():
    steps = EXERCISES["ex1"].hints
    assert repr(hint("ex1")) == f"ex1, hint 1: {steps[0]}\nMore: hint('ex1', 2)"
    assert repr(hint("ex1", 3)).count("hint") == 3
    page = hint("ex1")._repr_html_()
    assert page.count("<details") == 3 and "<details open" not in page
    assert page.index(steps[0][:20]) < page.index(steps[1][:20]) < page.index(steps[2][:20])
    assert hint("ex1", 2)._repr_html_().count("<details open") == 1
