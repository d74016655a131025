"""The file format of explanations: one ``.npz`` file without pickle."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.regions import Regions
from ..inputs.response import Response, ResponseWord
from ..search.trace import SearchTrace
from .formats import EXPLANATIONS
from .npz import FAILURES, pack_picture, pack_response, read_npz, unpack_picture, unpack_response, unreadable, write_npz

FORMAT = f"{EXPLANATIONS} 4"
"""The format of saved files."""

TRACE_ARRAYS = (
    "order",
    "insertion",
    "deletion",
    "objective",
    "candidates",
    "decided",
    "coalitions",
    "rounds",
    "evidence",
)
"""Arrays of a trace."""


@dataclass(frozen=True, eq=False)
class SavedExplanations:
    """The content of a file of explanations.

    Attributes
    ----------
    response : Response
        The response of all explanations.
    regions : Regions
        Their regions.
    fill_picture : PIL.Image.Image
        What hidden regions showed.
    parts : list of tuple
        For each explanation its trace, target ids, target tokens, fill and provenance.
    words : list of ResponseWord or None
        The words of an ExplanationSet; None for a single explanation.
    """

    response: Response
    regions: Regions
    fill_picture: Image.Image
    parts: list[tuple[SearchTrace, np.ndarray, list[str], str, dict[str, Any]]]
    words: list[ResponseWord] | None


def write_explanations(
    path: str | os.PathLike[str],
    explanations: Sequence[Any],
    words: Sequence[ResponseWord] | None = None,
) -> Path:
    """Write explanations of one response to one file.

    Parameters
    ----------
    path : path
        The file; ".npz" is added where it is missing.
    explanations : sequence of Explanation
        They share response, regions and fill.
    words : sequence of ResponseWord, optional
        Of an ExplanationSet; None for a single explanation.

    Returns
    -------
    pathlib.Path
        The file.
    """
    first = explanations[0]
    facts, arrays = pack_response(first.response, "response")
    arrays |= {"fill_picture": pack_picture(first.fill_picture), "labels": first.regions.labels}
    parts = []
    for k, e in enumerate(explanations):
        trace = e.trace
        parts.append(
            {
                "tokens": list(trace.tokens), "weights": list(trace.weights), "search": trace.search,
                "aggregate": trace.aggregate,
                "forward_passes": trace.forward_passes, "seconds": trace.seconds, "target_tokens": e.target_tokens,
                "fill": e.fill, "provenance": e.provenance,
            }
        )  # fmt: skip
        arrays |= {f"{name}.{k}": getattr(trace, name) for name in TRACE_ARRAYS}
        arrays[f"target_ids.{k}"] = np.asarray(e.target_ids)
    description = {
        "format": FORMAT,
        "words": None if words is None else [[w.text, w.start, w.end, list(w.tokens)] for w in words],
        "response": facts,
        "regions": {"segmenter": first.regions.segmenter, "parameters": first.regions.parameters},
        "explanations": parts,
    }
    return write_npz(path, description, arrays)


def read_explanations(path: str | os.PathLike[str]) -> SavedExplanations:
    """Read what `write_explanations` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.

    Returns
    -------
    SavedExplanations
        The content, not yet checked as explanations.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or was not written by this package.
    """
    description, arrays = read_npz(path, FORMAT)
    try:
        return _parsed(description, arrays)
    except FAILURES as error:
        raise unreadable(path, FORMAT, error) from error


def _parsed(text: dict[str, Any], data: dict[str, np.ndarray]) -> SavedExplanations:
    """Build the parts of explanations from the content of a file."""
    response = unpack_response(text["response"], data, "response")
    regions = Regions(data["labels"], text["regions"]["segmenter"], text["regions"]["parameters"], response.layout)
    fill_picture = unpack_picture(data["fill_picture"])
    parts = []
    for k, e in enumerate(text["explanations"]):
        trace = SearchTrace(
            **{name: data[f"{name}.{k}"] for name in TRACE_ARRAYS},
            tokens=tuple(e["tokens"]),
            weights=(e["weights"][0], e["weights"][1]),
            search=e["search"],
            aggregate=e["aggregate"],
            forward_passes=e["forward_passes"],
            seconds=e["seconds"],
        )
        parts.append((trace, data[f"target_ids.{k}"], e["target_tokens"], e["fill"], e["provenance"]))
    words = text["words"]
    spelled = None if words is None else [ResponseWord(w, int(a), int(b), tuple(at)) for w, a, b, at in words]
    return SavedExplanations(response, regions, fill_picture, parts, spelled)
