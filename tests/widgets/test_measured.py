"""Reliance as the browser reads it: null where it was not measured."""

from __future__ import annotations

import json
import math

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


def test_what_was_not_measured_is_sent_as_null(response, phrase):
    payload = measured.reliance_payload(response, [phrase])
    assert payload["reliance"]["paper"][0] is None
    assert payload["wordReliance"]["paper"][0] is None
    assert payload["wordReliance"]["difference"][0] is not None
    assert "NaN" not in json.dumps(payload)
    assert measured.reliance_payload(response, []) == {"reliance": None, "wordReliance": None}
    assert measured.numbers([0.0, math.nan, math.inf, 0.5]) == [0.0, None, None, 0.5]
