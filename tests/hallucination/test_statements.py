"""Statements of answers, and the answers that withdraw them."""

from __future__ import annotations

import pytest

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import find_statements, wrong_statements

from .models import IMAGE, question, response_of


def test_a_yes_or_no_is_one_statement():
    (statement,) = find_statements(question("No."), response_of([" ", "Yes", ",", " a", " cup"]))
    facts = (statement.kind, statement.text, statement.name, statement.correct, statement.tokens)
    assert facts == ("yes/no", "Yes", "yes", False, [1])
    answers = ("no", " NO, ", "yes", "perhaps", "")
    assert [statement.withdrawn(answer) for answer in answers] == [True, True, False, False, False]


def test_a_right_answer_is_a_correct_statement():
    (statement,) = find_statements(question("yes"), response_of(["Yes"]))
    assert statement.correct is True
    assert wrong_statements(question("yes"), statement.response) == []


def test_an_answer_that_is_neither_is_not_wrong():
    (statement,) = find_statements(question("yes"), response_of(["I", " see", " a", " cup"]))
    assert (statement.correct, statement.name) == (None, "neither")
    assert wrong_statements(question("yes"), statement.response) == []


def test_every_named_object_is_a_statement():
    truth = Sample("t", IMAGE, "describe", "a table.", objects=(SampleObject("table"), SampleObject("red circle")))
    response = response_of(["a", " table", " with", " a", " red", " cup", " and", " a", " book", "."])
    by_name = {s.name: s for s in find_statements(truth, response)}
    assert {name: s.correct for name, s in by_name.items()} == {"table": True, "cup": False, "book": False}
    assert [s.name for s in wrong_statements(truth, response)] == ["cup", "book"]
    cup = by_name["cup"]
    assert cup.tokens == [5]
    assert cup.withdrawn("a table on grass.")
    assert cup.withdrawn("a table with a book.")  # the first answer also names the book
    assert not cup.withdrawn("a table with a blue cup.")
    assert not cup.withdrawn("a table with a star.")  # another absent object instead
    assert not cup.withdrawn(" ")


def test_a_sample_without_truth_is_an_error():
    with pytest.raises(ValueError, match="does not say which objects"):
        find_statements(Sample("u", IMAGE, "describe", "a table."), response_of(["a", " table"]))
