"""The data that the browser needs of a response or an explanation: numbers as they are, arrays and images as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..attribution.explanation import Explanation
from ..inputs.response import Response
from ..inputs.text import isolated, printable, shortened
from ..viz.outlined import outlined_meaning, outlined_step
from .measured import numbers, reliance_payload, target_payload
from .picture_data import picture_payload

MAX_CANDIDATES = 1024
"""Number of regions up to which the table of candidates (N × N) goes to the browser."""


def response_payload(response: Response, explanations: Sequence[Explanation] = ()) -> dict[str, Any]:
    """Return what the browser needs of a response.

    Parameters
    ----------
    response : Response
        The response.
    explanations : sequence of Explanation
        Explanations of it, which measure the reliance of its tokens and words.

    Returns
    -------
    dict
        Tokens, words, probabilities and reliance; None where it is not measured.
    """
    probabilities = response.probabilities
    return {
        "tokens": [printable(token, lines=True) for token in response.tokens],
        "words": [list(word.tokens) for word in response.words if word.tokens],
        "probabilities": None if probabilities is None else numbers(probabilities),
        **reliance_payload(response, explanations),
        "search": None,
    }


def explanation_payload(explanation: Explanation, pictures: bool = True) -> dict[str, Any]:
    """Return what the browser needs of an explanation.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    pictures : bool
        Whether the view draws images.

    Returns
    -------
    dict
        Numbers as they are, arrays and images as bytes.
    """
    search = search_payload(explanation) | picture_payload(
        explanation.response, explanation.regions, explanation.fill_picture, pictures
    )
    return {**response_payload(explanation.response, [explanation]), "search": search}


def search_payload(explanation: Explanation) -> dict[str, Any]:
    """Return what the browser needs of a search, without its pictures.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    dict
        Order, curves, candidates, and the numbers of the explained tokens together.
    """
    e, trace = explanation, explanation.trace
    return {
        "name": printable(e.selected_text),
        "targets": [printable(token, lines=True) for token in e.target_tokens],
        "explained": e.tokens,
        "aggregate": e.aggregate,
        "order": e.order.tolist(),
        "area": e.area.tolist(),
        "objective": numbers(trace.objective),
        "decided": [bool(d) for d in trace.decided],
        "insertion": floats(e.insertion),
        "deletion": floats(e.deletion),
        "targetInsertion": numbers(e.target_insertion),
        "targetDeletion": numbers(e.target_deletion),
        "candidates": floats(trace.candidates) if e.regions.n <= MAX_CANDIDATES else None,
        "headline": e.headline,
        "scores": numbers(e.region_scores()),
        "evidence": numbers(e.evidence),
        "evidenceScale": e.evidence_scale,
        "sufficient": e.sufficient_step,
        "outlined": e.order[: outlined_step(e)].tolist(),
        "outlinedMeaning": outlined_meaning(e),
        "reliance": target_payload(e),
        "insertionAuc": e.insertion_auc,
        "deletionAuc": e.deletion_auc,
        "note": note(e),
        **({} if len(e.regions.layout) == 1 else {"pictureEvidence": numbers(e.picture_evidence)}),
    }


def explanations_payload(
    explanations: Sequence[Explanation], names: Sequence[str], pictures: bool = True
) -> dict[str, Any]:
    """Return what the browser needs of one or several explanations of one answer.

    Parameters
    ----------
    explanations : sequence of Explanation
        The explanations.
    names : sequence of str
        Their words; empty for a single explanation.
    pictures : bool
        Whether the view draws images.

    Returns
    -------
    dict
        The first explanation completely, and of each what differs.
    """
    first = explanation_payload(explanations[0], pictures)
    if not names:
        return first
    each = [
        {"name": printable(name), "search": search_payload(explanation)}
        for name, explanation in zip(names, explanations, strict=True)
    ]
    return {**first, **reliance_payload(explanations[0].response, explanations), "each": each}


def words_payload(
    explanations: Sequence[Explanation], names: Sequence[str], own: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return what the browser needs to switch between several explained words.

    Parameters
    ----------
    explanations : sequence of Explanation
        The explanations.
    names : sequence of str
        Their words; empty for fewer than two.
    own : sequence of dict
        What each word adds to the data.

    Returns
    -------
    dict
        Empty without names.
    """
    if not names:
        return {}
    return {
        "each": [
            part | {"name": printable(name), "search": {"explained": e.tokens, "sufficient": e.sufficient_step}}
            for name, e, part in zip(names, explanations, own, strict=True)
        ]
    }


def prompt_line(response: Response) -> str:
    """Return the prompt on one line.

    Parameters
    ----------
    response : Response
        The response.

    Returns
    -------
    str
        Empty without a prompt.
    """
    return f"Prompt: “{isolated(shortened(response.prompt, 200))}”" if response.prompt.strip() else ""


def note(explanation: Explanation) -> str:
    """Return in one line what was asked, and how it was explained.

    Parameters
    ----------
    explanation : Explanation
        The explanation.

    Returns
    -------
    str
        Prompt, explained text, regions, fill, search, areas and model.
    """
    e = explanation
    parts = [
        prompt_line(e.response),
        f"explained: “{isolated(e.selected_text)}”"
        if len(e.selected_text) <= 80
        else f"explained: {len(e.tokens)} tokens",
        f"{e.regions.n} {e.regions.segmenter} region{'s' * (e.regions.n != 1)}",
        f"fill {e.fill}",
        f"search {e.trace.search}, {e.forward_passes} forward passes",
        f"insertion AUC {e.insertion_auc:.3f}, deletion AUC {e.deletion_auc:.3f}",
    ]
    if e.response.model:
        parts.append(f"model {e.response.model}")
    return " · ".join(part for part in parts if part)


def floats(values: np.ndarray) -> bytes:
    """Return numbers as float32, little-endian.

    Parameters
    ----------
    values : ndarray
        Numbers.

    Returns
    -------
    bytes
        In C order.
    """
    return np.ascontiguousarray(values, dtype="<f4").tobytes()
