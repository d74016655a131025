"""A model without weights that answers yes or no, depending on the regions that are shown."""

from __future__ import annotations

import numpy as np
from PIL import Image

import eagle_nb as eagle
from eagle_nb import hallucination
from eagle_nb.datasets import Sample
from eagle_nb.inputs import Regions, Response

LABELS = np.array([[0, 1, 1, 2, 2, 2, 3, 3, 3, 3]])
"""Four regions that cover 10, 20, 30 and 40 % of the image."""

REGIONS = Regions.from_labels(LABELS)
VOCABULARY = ["", "yes", "no", ".", "maybe"]
IMAGE = Image.fromarray(np.full((1, 10, 3), 200, np.uint8))


class RegionScorer:
    """Probabilities of "yes" (or of the counterfactual target) and of the full stop."""

    n_regions = 4

    def __init__(self, model, target):
        self.model, self.target = model, target

    def __call__(self, shown):
        p_yes = self.model.p_yes(shown)
        first = p_yes if VOCABULARY[self.target] == "yes" else 1 - p_yes
        return np.stack([first, np.ones_like(first)], 1).astype(np.float32)


class AnsweringScorer(RegionScorer):
    """A scorer that also answers: "yes" or "no" by its probability, then a full stop, then the end."""

    def generate(self, shown, max_new_tokens=128, prefix=()):
        return [[VOCABULARY.index(word) for word in (self.model.answer(row)[:-1], ".")] for row in shown]

    def next_token(self, shown, prefix=()):
        probabilities = np.zeros((len(shown), len(VOCABULARY)), np.float32)
        if len(prefix) == 0:
            probabilities[:, 1] = self.model.p_yes(shown)
            probabilities[:, 2] = 1 - probabilities[:, 1]
        else:
            probabilities[:, 3 if len(prefix) == 1 else 0] = 1.0
        return probabilities

    def distributions(self, shown):
        return np.stack([self.next_token(shown), self.next_token(shown, [1])], 1)


class RegionModel:
    """Says "yes." while a region of `needs` is shown; p(yes) is 0.9 minus 0.8 times the share of `weights` that is hidden."""

    vocabulary_size = len(VOCABULARY)
    end_ids = (0,)
    fingerprint = "regions"

    def __init__(self, needs, weights, batched=True, otherwise="no."):
        self.needs, self.weights, self.otherwise = set(needs), np.array(weights, float), otherwise
        self.make_scorer = AnsweringScorer if batched else RegionScorer
        self.generated = 0

    def encode(self, text):
        return [VOCABULARY.index(text.strip().lower())]

    def decode(self, token_ids):
        return "".join(VOCABULARY[i] for i in token_ids)

    def answer(self, shown):
        return "yes." if self.needs & set(np.flatnonzero(shown)) or not self.needs else self.otherwise

    def generate(self, image, prompt, max_new_tokens=128):
        self.generated += 1
        visible = np.asarray(image)[0, :, 0] > 0
        text = self.answer([visible[LABELS[0] == k].all() for k in range(4)])
        words, end = [text[:-1], "."], len(text)
        ids = [VOCABULARY.index(word) for word in words]
        return Response(image, prompt, text, ids, words, [(0, end - 1), (end - 1, end)])

    def p_yes(self, shown):
        hidden = ~np.asarray(shown, bool) @ self.weights
        return 0.9 - 0.8 * hidden / (self.weights.sum() or 1.0)

    def scorer(self, response, regions, fill, target_ids=None):
        return self.make_scorer(self, (target_ids or {}).get(0, VOCABULARY.index("yes")))


def one_region_model(**options) -> RegionModel:
    """Region 1 (20 % of the image) alone makes the model say yes."""
    return RegionModel([1], [0, 5, 1, 2], **options)


def constant_model() -> RegionModel:
    """The model always says yes."""
    return RegionModel([], [0] * 4)


def question(truth="no", name="q") -> Sample:
    """A yes/no question about the image."""
    return Sample(name, IMAGE, "is there a cup?", truth)


def case_of(model, **options) -> hallucination.CaseStudy:
    """Study the wrong answer of a model."""
    return hallucination.study(model, question(), regions=REGIONS, search="greedy", progress=False, **options)


def response_of(pieces) -> eagle.Response:
    """A response whose tokens are these texts."""
    text, ends = "".join(pieces), np.cumsum([len(piece) for piece in pieces]).tolist()
    spans = list(zip([0, *ends[:-1]], ends, strict=True))
    return Response(IMAGE, "?", text, list(range(1, len(pieces) + 1)), pieces, spans)
