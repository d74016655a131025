"""The file format of explanations: one ``.npz`` file without pickle."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.files import missing, replacing
from ..inputs.regions import Regions
from ..inputs.response import Response, ResponseWord
from ..search.trace import SearchTrace
from .formats import EXPLANATIONS, wrong_format

FORMAT = f"{EXPLANATIONS} 3"
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
    path = Path(path)
    if path.suffix != ".npz":
        path = path.with_name(path.name + ".npz")
    first = explanations[0]
    r, regions = first.response, first.regions
    text: dict[str, Any] = {
        "format": FORMAT,
        "words": None if words is None else [[w.text, w.start, w.end, list(w.tokens)] for w in words],
        "response": {
            "prompt": r.prompt, "text": r.text, "token_ids": [int(i) for i in r.token_ids], "tokens": r.tokens,
            "spans": [list(s) for s in r.spans], "model": r.model, "revision": r.revision,
        },
        "regions": {"segmenter": regions.segmenter, "parameters": regions.parameters},
        "explanations": [],
    }  # fmt: skip
    arrays: dict[str, np.ndarray] = {
        "image": _png(r.image),
        "fill_picture": _png(first.fill_picture),
        "labels": regions.labels,
    }
    if r.probabilities is not None:
        arrays["probabilities"] = r.probabilities
    for k, e in enumerate(explanations):
        trace = e.trace
        text["explanations"].append(
            {
                "tokens": list(trace.tokens), "weights": list(trace.weights), "search": trace.search,
                "aggregate": trace.aggregate,
                "forward_passes": trace.forward_passes, "seconds": trace.seconds, "target_tokens": e.target_tokens,
                "fill": e.fill, "provenance": e.provenance,
            }
        )  # fmt: skip
        arrays |= {f"{name}.{k}": getattr(trace, name) for name in TRACE_ARRAYS}
        arrays[f"target_ids.{k}"] = np.asarray(e.target_ids)
    content = np.frombuffer(json.dumps(text, default=_jsonable).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, text=content, **arrays)  # type: ignore[arg-type]
    return path


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
    path = Path(path)
    if not path.is_file():
        raise missing(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            if not hasattr(file, "files") or "text" not in file.files:
                raise ValueError("it holds no explanation")
            data = {name: file[name] for name in file.files}
        text = json.loads(bytes(data["text"]).decode())
        if text.get("format") != FORMAT:
            raise ValueError(wrong_format(text.get("format"), FORMAT))
        return _parsed(text, data)
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ValueError(
            f"{str(path)!r} is not an explanation saved by eagle_nb, or it is truncated: {error}"
        ) from error


def _parsed(text: dict[str, Any], data: dict[str, np.ndarray]) -> SavedExplanations:
    """Build the parts of explanations from the content of a file."""
    r = text["response"]
    response = Response(
        image=_picture(data["image"]),
        prompt=r["prompt"],
        text=r["text"],
        token_ids=r["token_ids"],
        tokens=r["tokens"],
        spans=[(int(a), int(b)) for a, b in r["spans"]],
        probabilities=data.get("probabilities"),
        model=r["model"],
        revision=r["revision"],
    )
    regions = Regions(data["labels"], text["regions"]["segmenter"], text["regions"]["parameters"])
    fill_picture = _picture(data["fill_picture"])
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


def _png(image: Image.Image) -> np.ndarray:
    """Encode an image as bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return np.frombuffer(buffer.getvalue(), np.uint8)


def _picture(data: np.ndarray) -> Image.Image:
    """Decode an image."""
    return Image.open(io.BytesIO(data.tobytes())).convert("RGB")


def _jsonable(value: Any) -> Any:
    """Replace NumPy's values by Python's own."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    return str(value)
