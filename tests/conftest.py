"""Fixtures shared by the tests. Tiers: unit tests load no model; markers name the others."""

from __future__ import annotations

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")
if "PYTEST_XDIST_WORKER" in os.environ:  # the workers use all cores, so each has one thread
    for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.response import token_spans


class TableScorer:
    """A set function given for all 2**n subsets, so that everything about it can be enumerated."""

    def __init__(self, n: int, tokens: int = 1, seed: int = 0) -> None:
        self.n_regions = n
        self.table = np.random.default_rng(seed).random((2**n, tokens)).astype(np.float32)
        self.calls: list[np.ndarray] = []

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        assert shown.dtype == bool
        assert shown.shape[1] == self.n_regions
        self.calls.append(shown.copy())
        return self.table[shown @ (1 << np.arange(self.n_regions))]


class ToyModel:
    """A model without weights: each token is carried by regions of chosen importance."""

    vocabulary_size = 50

    def __init__(self, weights: np.ndarray | None = None) -> None:
        self.weights = weights
        self.scored = 0

    def decode(self, token_ids: list[int]) -> str:
        return f" <{token_ids[0]}>"

    def scorer(self, response, regions, fill, target_ids=None):
        model, t = self, len(response)
        weights = np.random.default_rng(1).random((regions.n, t)) if self.weights is None else self.weights

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                model.scored += len(shown)
                return ((shown @ weights) / weights.sum(0)).astype(np.float32)

        return Scorer()


def make_response(pieces: list[str], size: tuple[int, int] = (24, 16)) -> eagle.Response:
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    prefixes = ["".join(pieces[: k + 1]) for k in range(len(pieces))]
    tokens, spans = token_spans(prefixes)
    return eagle.Response(image, "what?", "".join(pieces), list(range(1, len(pieces) + 1)), tokens, spans)


@pytest.fixture
def response() -> eagle.Response:
    return make_response(["a", " red", " tri", "angle", " on", " red", " grass", "."])


@pytest.fixture
def toy() -> ToyModel:
    return ToyModel()


@pytest.fixture(scope="session")
def bundled():
    return eagle.load_model()
