"""A lesson whose every probability is known."""

from __future__ import annotations

import numpy as np

import eagle_nb as eagle
from eagle_nb import hallucination
from eagle_nb.inputs.response import token_spans
from eagle_nb.scenes import draw
from eagle_nb.teaching import Lesson, check

from ..widgets.answers import make_correction

N = 9
ALL = frozenset(range(N))
WORDS = ["a", " small", " red", " circle", " left", " of", " a", " large", " blue", " star", " on", " brick", "."]
CONSTANT = {"a": 0.61, "small": 0.62, "of": 0.97, "large": 0.63, "star": 0.64, "on": 0.65, "brick": 0.66, ".": 0.67}


def probability(word, shown):
    """Probability of a word with some regions shown; the truth of every exercise follows from it."""
    values = {
        "red": 0.1 + 0.7 * (0 in shown) * (0.1 + 0.9 * (4 in shown)) + 0.15 * (7 in shown) * (8 not in shown),
        "circle": 0.2 + 0.5 * (0 in shown) + 0.1 * (8 in shown),
        "left": 0.25
        + 0.6 * (0 in shown and (1 in shown or 2 in shown))
        + 0.02 * (1 in shown)
        + 0.2 * (5 in shown) * (0 not in shown),
        "blue": 0.1 + 0.8 * max(0.9 * (1 in shown), 0.75 * (2 in shown)),
    }
    return values.get(word, CONSTANT.get(word))


def insight(word, regions):
    return probability(word, set(regions))


def necessity(word, regions):
    return 1 - probability(word, ALL - set(regions))


class KnownScorer:
    """Score the words of a response by `probability`."""

    def __init__(self, response, n_regions):
        self.words, self.n_regions = [token.strip() for token in response.tokens], n_regions

    def __call__(self, shown):
        sets = [set(np.flatnonzero(row)) for row in shown]
        return np.array([[probability(word, s) for word in self.words] for s in sets], dtype=np.float32)


class KnownModel:
    """A model that is scored by `probability`."""

    def scorer(self, response, regions, fill, target_ids=None):
        return KnownScorer(response, regions.n)


def known_case() -> hallucination.CaseStudy:
    """A hallucination that removing four regions corrects."""
    correction = make_correction()
    counter = hallucination.CounterToken(0, 7, "no")
    return hallucination.CaseStudy(correction.statement, counter, correction, hallucination.diagnose(correction))


class KnownLesson(Lesson):
    """A lesson with a known hallucination."""

    case = known_case()


def known_lesson() -> Lesson:
    scene = draw(9, objects=["small red circle", "large blue star"], relation="left of")
    prefixes = ["".join(WORDS[: k + 1]) for k in range(len(WORDS))]
    response = eagle.Response(scene.image, "describe", prefixes[-1], list(range(13)), *token_spans(prefixes))
    return KnownLesson(KnownModel(), scene, response, eagle.Regions.grid(scene.image, N))


def message_for(lesson, exercise, answer):
    """Return what the student reads about a wrong answer."""
    feedback = check(exercise, answer, lesson)
    assert not feedback.correct
    return feedback.message
