"""Which explanation measures the reliance of a token or a word, and what it measures.

Figures, still pictures and widgets all colour an answer by these numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..metrics.reliance import Reliance, TargetReliance, measure_target
from ..scoring.objective import target_probability
from .explanation import Explanation


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


def most_reliant(explanations: Sequence[Explanation]) -> int:
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


def token_reliance(explanations: Sequence[Explanation]) -> Reliance:
    """Return the reliance of every token, each measured by the explanation that contains it.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.

    Returns
    -------
    Reliance
        Of all T tokens; NaN where no explanation contains the token.
    """
    first = explanations[0].reliance
    score, area = np.full(len(first), np.nan), np.full(len(first), np.nan)
    for k in range(len(first)):
        measuring = measuring_explanation(explanations, [k])
        if measuring is not None:
            reliance = explanations[measuring].reliance
            score[k], area[k] = reliance.score[k], reliance.score_area[k]
    return replace(first, score=score, score_area=area)


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
        Of the explanation of just this word; else of the word's joint probability along the order of the smallest explanation that
        contains it. Without one, only both probabilities and their difference.
    """
    measuring = measuring_explanation(explanations, tokens)
    e = explanations[measuring or 0]
    if e.tokens == list(tokens):
        return e.target_reliance
    reliance = measure_target(target_probability(e.insertion, tokens, "joint"), e.area)
    return reliance if measuring is not None else reliance._replace(score=math.nan, score_area=math.nan)


def measured_units(explanations: Sequence[Explanation]) -> list[tuple[list[int], TargetReliance]]:
    """Divide an answer into words and single tokens, each with its reliance.

    Parameters
    ----------
    explanations : sequence of Explanation
        Explanations of one answer.

    Returns
    -------
    list of (list of int, TargetReliance)
        In the order of the answer. A word of which only a part was explained is divided into its tokens.
    """
    response = explanations[0].response
    explained = {k for e in explanations for k in e.tokens}
    words = {word.tokens[0]: list(word.tokens) for word in response.words if word.tokens}
    units: list[list[int]] = []
    for k in range(len(response)):
        if units and k in units[-1]:
            continue
        word = words.get(k, [k])
        whole = measuring_explanation(explanations, word) is not None or not explained & set(word)
        units.append(word if whole else [k])
    return [(unit, word_reliance(explanations, unit)) for unit in units]
