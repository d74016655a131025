"""Reliance as the browser reads it: of tokens and of words, None where it is not measured."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from ..attribution.explanation import Explanation
from ..attribution.measuring import token_reliance, word_reliance
from ..inputs.response import Response
from ..metrics.reliance import Reliance


def by_definition(reliance: Reliance) -> dict[str, np.ndarray]:
    """Return the reliance of tokens by the name of its definition in the widgets.

    Parameters
    ----------
    reliance : Reliance
        Of T tokens.

    Returns
    -------
    dict of str to ndarray of float64, (T,)
        "paper", "area" and "difference".
    """
    return {"paper": reliance.score, "area": reliance.score_area, "difference": reliance.difference}


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
        "reliance": {name: numbers(values) for name, values in by_definition(token_reliance(explanations)).items()},
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
