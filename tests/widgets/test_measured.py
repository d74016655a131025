"""Reliance of tokens and words: measured by the right explanation, or not at all."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.widgets import measured

from .answers import Model, make_response

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
    assert measured.measuring_explanation(explanations, [1, 2]) == 1
    assert measured.measuring_explanation(explanations, [2]) == 1
    assert measured.measuring_explanation(explanations, [3]) == 0
    assert measured.measuring_explanation(explanations, [2, 3]) == 0
    assert measured.measuring_explanation(explanations, [0]) is None
    assert measured.measuring_explanation(explanations, []) is None


def test_tokens_that_no_explanation_contains_are_not_measured(phrase, purple):
    scores = measured.token_scores([phrase, purple])
    assert np.isnan(scores["paper"]).tolist() == [True, False, False, False, True]
    assert scores["paper"][1] == purple.reliance.score[1]
    assert scores["area"][3] == phrase.reliance.score_area[3]
    assert np.isfinite(scores["difference"]).all()


def test_a_word_of_several_tokens_has_its_own_number(response, phrase, purple):
    assert measured.word_reliance([phrase, purple], [1, 2]) == purple.target_reliance
    curve = np.asarray(phrase.insertion, dtype=float)[:, [1, 2]].mean(1)
    assert measured.word_reliance([phrase], [1, 2]).score == pytest.approx((curve - curve.min()).mean())
    unmeasured = measured.word_reliance([phrase], [0])
    assert math.isnan(unmeasured.score)
    assert unmeasured.difference == pytest.approx(phrase.reliance.difference[0])


def test_what_was_not_measured_is_sent_as_null(response, phrase):
    payload = measured.reliance_payload(response, [phrase])
    assert payload["reliance"]["paper"][0] is None
    assert payload["wordReliance"]["paper"][0] is None
    assert payload["wordReliance"]["difference"][0] is not None
    assert "NaN" not in json.dumps(payload)
    assert measured.reliance_payload(response, []) == {"reliance": None, "wordReliance": None}
    assert measured.numbers([0.0, math.nan, math.inf, 0.5]) == [0.0, None, None, 0.5]


def test_the_word_that_owes_most_opens(phrase, purple):
    best = max((phrase, purple), key=lambda e: e.target_reliance.score)
    assert [phrase, purple][measured.opening_word([phrase, purple])] is best
    assert measured.opening_word([phrase]) == 0
