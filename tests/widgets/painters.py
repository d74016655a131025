"""A scorer and a model for the tests of the mask painter."""

from __future__ import annotations

import numpy as np

from .answers import LeaningScorer, Model, make_response

TOKENS = ["a", " red", " circle", "."]


class CountingScorer:
    """The first token's probability is the shown regions' share; the k-th halves it k times. Counts its calls."""

    def __init__(self, n_regions, tokens=4):
        self.n_regions, self.tokens, self.batches = n_regions, tokens, []
        self.during = lambda: None

    def __call__(self, shown):
        self.batches.append(len(shown))
        self.during()
        return (shown.mean(1)[:, None] * 0.5 ** np.arange(self.tokens)).astype(np.float32)


class SeeingModel(Model):
    """Names what it sees in the pixels: the red disc and the blue square of `picture`."""

    def __init__(self):
        self.asked = 0

    def scorer(self, response, regions, fill, target_ids=None):
        return LeaningScorer(regions.n, len(response))

    def generate(self, image, prompt, max_new_tokens=128):
        self.asked += 1
        rgb = np.asarray(image, dtype=int)
        red = (rgb[..., 0] - rgb[..., 2] > 140).sum() > 300
        blue = (rgb[..., 2] - rgb[..., 0] > 140).sum() > 200
        things = [" red circle"] * bool(red) + [" blue square"] * bool(blue) or [" wall"]
        return make_response(["a", " and a".join(things), "."])
