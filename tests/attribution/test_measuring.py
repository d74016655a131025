"""Reliance of tokens and words: measured by the right explanation, or not at all."""

from __future__ import annotations

import math

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.attribution import measuring

from ..widgets.answers import Model, make_response

TOKENS = ["a", " pur", "ple", " cup", "."]


@pytest.fixture(scope="module")
def response():
    return make_response(TOKENS)


@pytest.fixture(scope="module")
def phrase(response):
    return eagle.explain(Model(), response, tokens="purple cup", regions=6, progress=False)


@pytest.fixture(scope="module")
def purple(response, phrase):
    return eagle.explain(Model(), response, tokens="purple", regions=phrase.regions, aggregate="joint", progress=False)


def test_the_smallest_explanation_measures(phrase, purple):
    explanations = [phrase, purple]
    assert measuring.measuring_explanation(explanations, [1, 2]) == 1
    assert measuring.measuring_explanation(explanations, [2]) == 1
    assert measuring.measuring_explanation(explanations, [3]) == 0
    assert measuring.measuring_explanation(explanations, [2, 3]) == 0
    assert measuring.measuring_explanation(explanations, [0]) is None
    assert measuring.measuring_explanation(explanations, []) is None


def test_tokens_that_no_explanation_contains_are_not_measured(phrase, purple):
    reliance = measuring.token_reliance([phrase, purple])
    assert np.isnan(reliance.score).tolist() == [True, False, False, False, True]
    assert reliance.score[1] == purple.reliance.score[1]
    assert reliance.score_area[3] == phrase.reliance.score_area[3]
    assert np.isfinite(reliance.difference).all()


def test_a_word_of_several_tokens_has_its_own_number(response, phrase, purple):
    assert measuring.word_reliance([phrase, purple], [1, 2]) == purple.target_reliance
    curve = np.asarray(phrase.insertion, dtype=float)[:, [1, 2]].prod(1)  # not the mean of its tokens
    assert measuring.word_reliance([phrase], [1, 2]).score == pytest.approx((curve - curve.min()).mean())
    unmeasured = measuring.word_reliance([phrase], [0])
    assert math.isnan(unmeasured.score)
    assert unmeasured.difference == pytest.approx(phrase.reliance.difference[0])


def test_the_word_that_owes_most_opens(phrase, purple):
    best = max((phrase, purple), key=lambda e: e.target_reliance.score)
    assert [phrase, purple][measuring.most_reliant([phrase, purple])] is best
    assert measuring.most_reliant([phrase]) == 0


def test_an_answer_in_measured_units(response, phrase, purple):
    units = measuring.measured_units([phrase])
    assert [tokens for tokens, _ in units] == [[0], [1, 2], [3], [4]]
    assert units[1][1] == measuring.word_reliance([phrase], [1, 2])
    assert [math.isnan(reliance.score) for _, reliance in units] == [True, False, False, True]
    part = eagle.explain(Model(), response, tokens=[2], regions=phrase.regions, progress=False)
    units = {tuple(tokens): reliance.score for tokens, reliance in measuring.measured_units([part])}
    assert list(units) == [(0,), (1,), (2,), (3,), (4,)]
    assert math.isnan(units[1,])
    assert units[2,] == part.reliance.score[2]
