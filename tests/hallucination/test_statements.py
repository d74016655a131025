"""Statements of answers, and the answers that withdraw them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import STATES, find_statements, wrong_statements

from .models import IMAGE, question, response_of


def test_a_yes_or_no_is_one_statement():
    (statement,) = find_statements(question("No."), response_of([" ", "Yes", ",", " a", " cup"]))
    facts = (statement.kind, statement.text, statement.name, statement.correct, statement.tokens)
    assert facts == ("yes/no", "Yes", "yes", False, [1])
    answers = ("no", " NO, ", "yes", "perhaps", "")
    assert [statement.withdrawn(answer) for answer in answers] == [True, True, False, False, False]
    assert [statement.state(answer) for answer in answers] == ["corrected", "corrected", "still says it", None, None]


def test_a_right_answer_is_a_correct_statement():
    (statement,) = find_statements(question("yes"), response_of(["Yes"]))
    assert statement.correct is True
    assert [statement.state(answer) for answer in ("yes.", "no.")] == ["still says it", "another wrong answer"]
    assert wrong_statements(question("yes"), statement.response) == []


def test_an_answer_that_is_neither_is_not_wrong():
    (statement,) = find_statements(question("yes"), response_of(["I", " see", " a", " cup"]))
    assert (statement.correct, statement.name) == (None, "neither")
    assert statement.state("yes") is None
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


def test_another_answer_about_an_object_has_three_states():
    truth = Sample("t", IMAGE, "describe", "a table.", objects=(SampleObject("table"),))
    statements = find_statements(truth, response_of(["a", " table", " with", " a", " cup", " and", " a", " book"]))
    by_name = {s.name: s for s in statements}
    states = {
        "a table.": "corrected",
        "a table with a book.": "corrected",  # another statement of the same answer
        "a table with a star.": "another wrong answer",
        "two cups.": "still says it",
        " ": None,
    }
    assert {answer: by_name["cup"].state(answer) for answer in states} == states
    assert by_name["table"].state("a cup.") is None  # leaving out what is there is not wrong
    assert by_name["table"].withdrawn("a cup.")
    unknown = replace(by_name["cup"], sample=replace(truth, objects=None))
    assert (unknown.state("a table."), unknown.withdrawn("a table.")) == (None, True)
    assert set(filter(None, states.values())) == set(STATES)


def test_a_sample_without_truth_is_an_error():
    with pytest.raises(ValueError, match="does not say which objects"):
        find_statements(Sample("u", IMAGE, "describe", "a table."), response_of(["a", " table"]))


def test_the_word_of_an_answer_in_another_script():
    sample = replace(question("नहीं"), prompt="क्या कप है?")
    (statement,) = find_statements(sample, response_of(["ह", "ाँ", ",", " है"]), languages="hi")
    assert (statement.text, statement.tokens, statement.correct) == ("हाँ", [0, 1], False)


def test_a_thinking_block_states_nothing():
    (statement,) = find_statements(question("yes"), response_of(["<think>", "yes", " maybe", "</think>", " No", "."]))
    assert (statement.text, statement.tokens, statement.correct) == ("No", [4], False)
    truth = Sample("t", IMAGE, "describe", "a table.", objects=(SampleObject("table"),))
    response = response_of(["<think>", "a", " cup", "?", "</think>", "a", " table"])
    assert [s.name for s in find_statements(truth, response)] == ["table"]
