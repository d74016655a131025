"""Headlines: the answer with its numbers, for every kind of answer."""

import numpy as np
import pytest

import eagle_nb as eagle

from ..conftest import make_response


class Function:
    """A model of one token whose probability is a function of the coalition."""

    def __init__(self, function):
        self.function = function

    def scorer(self, response, regions, fill, target_ids=None):
        function = self.function

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                return np.array([[function(row)] for row in shown], dtype=np.float32)

        return Scorer()


@pytest.mark.parametrize(
    ("function", "headline"),
    [
        (lambda s: 0.1 + 0.85 * s[1], "One region, 25 % of the image, is enough for “cup”: 0.10 → 0.95. Without it: 0.95 → 0.10."),
        (lambda s: 0.97, "“cup” does not depend on the image. Its probability is 0.97 with every region hidden, 0.97 with the whole image."),
        (lambda s: 0.9 - 0.1 * s.sum(), "The image makes “cup” less probable: 0.90 with every region hidden, 0.50 with the whole image."),
        (
            lambda s: 0.1 + 0.8 * (s[0] or s[2]),
            "One region, 25 % of the image, is enough for “cup”: 0.10 → 0.90. Hiding it changes little, 0.90 → 0.90: other regions are "
            "enough, too.",
        ),
        (
            lambda s: 0.05 + 0.9 * (s.sum() == 4),
            "Without one region, 25 % of the image, “cup” is lost: 0.95 → 0.05. It takes all regions to raise its "
            "probability from 0.05 to 0.95.",
        ),
        (lambda s: 0.02 + 0.3 * s[3], "One region, 25 % of the image, raises “cup” to its highest probability: 0.02 → 0.32. Without it: 0.32 → 0.02."),
        (
            lambda s: 0.1 + 0.2 * s.sum(),
            "Without 3 regions, 75 % of the image, “cup” is lost: 0.90 → 0.30. It takes all regions to raise its probability from 0.10 to 0.90.",
        ),
        (lambda s: 0.9 + 0.06 * s[0], "“cup” hardly depends on the image. Its probability is 0.90 with every region hidden, 0.96 with the whole image."),
    ],
)  # fmt: skip
def test_the_headline(function, headline):
    response = make_response([" cup"], size=(8, 8))
    e = eagle.explain(
        Function(function), response, regions=eagle.Regions.grid(response.image, 4), search="greedy", progress=False
    )
    assert e.headline == headline


def test_a_long_selection_is_cut():
    e = eagle.explain(Function(lambda s: 0.5), make_response([" cup" * 40], size=(8, 8)), regions=2, progress=False)
    assert "…” does not depend" in e.headline
