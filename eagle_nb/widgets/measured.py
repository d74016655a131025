"""Reliance as the browser reads it: of tokens and of words, None where it is not measured."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..attribution.explanation import Explanation
from ..inputs.response import Response
from ..metrics.reliance import TargetReliance, measure_target
from ..scoring.objective import target_probability


def measuring_explanation(explanations: Sequence[Explanation], tokens: Sequence[int]) -> int | None:
    """Return which explanation measures some tokens: that of the same tokens, else the smallest that contains them.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.
    tokens : sequence of int
        Indices of tokens.

    Returns
    -------
    int or None
        Its index; None if no explanation contains the tokens, or there are none.
    """
    wanted = {int(k) for k in tokens}
    around = [k for k, e in enumerate(explanations) if wanted <= set(e.tokens)] if wanted else []
    return min(around, key=lambda k: (len(explanations[k].tokens), k), default=None)


def opening_word(explanations: Sequence[Explanation]) -> int:
    """Return the explanation whose target owes most to the image.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.

    Returns
    -------
    int
        Its index.
    """
    return max(range(len(explanations)), key=lambda k: explanations[k].target_reliance.score)


def token_scores(explanations: Sequence[Explanation]) -> dict[str, np.ndarray]:
    """Return the reliance of every token by each definition.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.

    Returns
    -------
    dict of str to ndarray of float64, (T,)
        "paper", "area" and "difference". The first two are measured by the explanation that contains the token, and NaN elsewhere.
    """
    first = explanations[0].reliance
    paper, area = (np.full(len(first), np.nan) for _ in range(2))
    for k in range(len(first)):
        measuring = measuring_explanation(explanations, [k])
        if measuring is not None:
            reliance = explanations[measuring].reliance[k]
            paper[k], area[k] = reliance.score, reliance.score_area
    return {"paper": paper, "area": area, "difference": first.difference}


def word_reliance(explanations: Sequence[Explanation], tokens: Sequence[int]) -> TargetReliance:
    """Return the reliance of a word as a whole.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.
    tokens : sequence of int
        Tokens of the word.

    Returns
    -------
    TargetReliance
        Measured along the order of the explanation that contains the word; without one, only both probabilities and their difference.
    """
    measuring = measuring_explanation(explanations, tokens)
    e = explanations[measuring or 0]
    reliance = measure_target(target_probability(e.insertion, tokens, e.aggregate), e.area)
    return reliance if measuring is not None else reliance._replace(score=math.nan, score_area=math.nan)


def reliance_payload(response: Response, explanations: Sequence[Explanation]) -> dict[str, Any]:
    """Return the reliance of tokens and words as the browser reads it.

    Parameters
    ----------
    response : Response
        The response.
    explanations : sequence of Explanation
        Explanations of it.

    Returns
    -------
    dict
        "reliance" of each token and "wordReliance" of each word, by definition; None without explanations.
    """
    if not explanations:
        return {"reliance": None, "wordReliance": None}
    words = [word_reliance(explanations, word.tokens) for word in response.words if word.tokens]
    return {
        "reliance": {name: numbers(values) for name, values in token_scores(explanations).items()},
        "wordReliance": {
            "paper": numbers(w.score for w in words),
            "area": numbers(w.score_area for w in words),
            "difference": numbers(w.difference for w in words),
        },
    }


def target_payload(explanation: Explanation) -> dict[str, float | None]:
    """Return the reliance of an explanation's target as the browser reads it.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    dict
        Its reliance by definition, and the probability for the whole and for the blank image.
    """
    r = explanation.target_reliance
    values = {"paper": r.score, "area": r.score_area, "difference": r.difference, "full": r.p_full, "blank": r.p_blank}
    return dict(zip(values, numbers(values.values()), strict=True))


def numbers(values: Iterable[float]) -> list[float | None]:
    """Return numbers as JSON can hold them.

    Parameters
    ----------
    values : iterable of float
        Numbers.

    Returns
    -------
    list of float or None
        None for what is not finite: it was not measured, and no number may stand for it.
    """
    return [float(v) if math.isfinite(v) else None for v in values]
