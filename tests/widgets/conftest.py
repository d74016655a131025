"""Fixtures of the tests of the widgets."""

from __future__ import annotations

import numpy as np
import pytest

import eagle_nb as eagle
from eagle_nb.inputs.regions import Regions
from eagle_nb.widgets import MaskPainter

from ..conftest import ToyModel
from ..conftest import make_response as make_toy_response
from .answers import make_explanation, make_response
from .painters import TOKENS, CountingScorer


@pytest.fixture
def response():
    return make_response(TOKENS)


@pytest.fixture
def quarters(response):
    """Four bands of the image: 1/8, 1/8, 1/4 and 1/2 of it."""
    height, width = response.image.height, response.image.width
    labels = np.repeat(np.searchsorted([0.125, 0.25, 0.5], np.arange(width) / width, side="right")[None], height, 0)
    return Regions.from_labels(labels)


@pytest.fixture
def scorer():
    return CountingScorer(4)


@pytest.fixture
def painter(response, quarters, scorer):
    return MaskPainter(None, response, scorer=scorer, regions=quarters, tokens="red circle")


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


@pytest.fixture(scope="module")
def words():
    """Explanations of six words of one answer."""
    response = make_toy_response(["a", " red", " tri", "angle", " on", " red", " grass", "."])
    return eagle.explain_each(ToyModel(), response, regions=8, progress=False)
