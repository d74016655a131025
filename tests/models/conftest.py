"""Fixtures: a tiny checkpoint of random weights, and an image."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle

from ..families import others, tiny  # noqa: F401  (others registers its families)


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tiny.save("llava", tmp_path_factory.mktemp("llava") / "model")


@pytest.fixture
def model(folder):
    return eagle.load_model(folder, device="cpu")


@pytest.fixture
def image():
    return Image.fromarray(np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8))
