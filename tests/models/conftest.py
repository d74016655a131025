"""Fixtures of the tests of models: a tiny checkpoint of random weights."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle

from ..families import others, tiny  # noqa: F401  (others registers its families)

PROMPT = "What is in the image?"


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tiny.save("llava", tmp_path_factory.mktemp("llava") / "model")


@pytest.fixture
def model(folder):
    return eagle.load_model(folder, device="cpu")


@pytest.fixture
def image():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8))


def scoring(model, image, n=4, answer="a red circle", **options):
    """A scorer of a given answer over a grid."""
    response = model.respond(image, PROMPT, answer)
    return model.scorer(response, eagle.Regions.grid(image, n), Image.new("RGB", image.size), **options)
