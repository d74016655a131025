"""Counter tokens of yes/no answers and of named objects."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eagle_nb.datasets import Sample, SampleObject
from eagle_nb.hallucination import find_counter_token, find_statements, wrong_statements

from .models import IMAGE, one_region_model, question, response_of

SPELLINGS = {"Yes": 11, " Yes": 12, "YES": 13, "yes": 14, "No": 21, " No": 22, "NO": 23, "no": 24}
VOCABULARY = ["a", " table", " with", " cup", " book", " on", " grass", " star"]
ANSWER = [0, 1, 2, 0, 3]


class SpellingModel:
    """A model whose tokenizer has an id for every spelling, with a leading space or without."""

    def encode(self, text):
        return [SPELLINGS.get(text, 99)]

    def decode(self, token_ids):
        return "".join(text for i in token_ids for text, known in SPELLINGS.items() if known == i)

    def generate(self, image, prompt, max_new_tokens=128):
        raise AssertionError

    def scorer(self, response, regions, fill, target_ids=None):
        raise AssertionError


class CaptionScorer:
    """Next-best tokens by position, and continuations by prefix; all others continue with " star"."""

    n_regions = 1

    def __init__(self, model):
        self.model = model

    def __call__(self, shown):
        raise AssertionError

    def distributions(self, shown):
        probabilities = np.zeros((1, len(ANSWER), len(VOCABULARY)), np.float32)
        for t, (first, second, *p_second) in self.model.best.items():
            probabilities[0, t, [first, second]] = 0.6, (*p_second, 0.3)[0]
        return probabilities

    def next_token(self, shown, prefix=()):
        raise AssertionError

    def generate(self, shown, max_new_tokens=128, prefix=()):
        return [[*prefix, *self.model.continuations.get(tuple(prefix), [7])]]


class CaptionModel(SpellingModel):
    """A model that says "a table with a cup" and knows what else it might have said."""

    def __init__(self):
        self.best = {0: [0, 7], 1: [1, 7], 2: [2, 5], 3: [0, 7], 4: [3, 4]}
        self.continuations = {(0, 1, 5): [6], (0, 1, 2, 0, 4): [6], (0, 1, 2, 7): [6], (0, 7): [6], (7,): [6]}

    def scorer(self, response, regions, fill, target_ids=None):
        return CaptionScorer(self)

    def decode(self, token_ids):
        return "".join(VOCABULARY[i] for i in token_ids)


@pytest.fixture
def cup():
    """The wrong statement of the caption."""
    truth = Sample("t", IMAGE, "describe", "a table.", objects=(SampleObject("table"),))
    (statement,) = wrong_statements(truth, replace(response_of([VOCABULARY[i] for i in ANSWER]), token_ids=ANSWER))
    return statement


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [("Yes", 11, 21), (" Yes", 12, 22), ("YES", 13, 23), ("yes", 14, 24)],
)
def test_the_opposite_is_spelled_like_the_answer(text, own, expected):
    (statement,) = find_statements(question("no"), replace(response_of([text]), token_ids=[own]))
    counter = find_counter_token(SpellingModel(), statement)
    assert (counter.position, counter.token_id) == (0, expected)


def test_an_answer_that_is_neither_has_no_counter_token():
    (statement,) = find_statements(question("yes"), response_of(["I", " see", " a", " cup"]))
    with pytest.raises(ValueError, match="neither yes nor no"):
        find_counter_token(one_region_model(), statement)


def test_the_counter_token_of_an_object_is_where_the_answer_commits_itself(cup):
    """Only " on" in place of " with" leads to an answer without absent objects."""
    assert find_counter_token(CaptionModel(), cup)[:3] == (2, 5, "on")


def test_the_next_best_word_is_the_last_resort(cup):
    model = CaptionModel()
    model.continuations[(0, 1, 5)] = [7]  # nothing leads to another answer
    assert find_counter_token(model, cup)[:3] == (4, 4, "book")


def test_improbable_tokens_are_not_tried(cup):
    model = CaptionModel()
    model.best[2] = [2, 5, 0.0005]
    assert find_counter_token(model, cup)[:3] == (4, 4, "book")


def test_a_model_without_a_tokenizer_is_asked_for_the_counter_token(cup):
    class Bare:
        generate = scorer = None

    with pytest.raises(TypeError, match=r"Bare lacks encode\(text\) or decode\(token_ids\).*counter="):
        find_counter_token(Bare(), cup)
