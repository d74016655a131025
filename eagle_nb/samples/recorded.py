"""A recorded answer of another run, as a Response of the model at hand."""

from __future__ import annotations

import re
from typing import Any

from ..response import Response
from .sample import Sample


def recorded_response(model: Any, sample: Sample) -> Response:
    """The recorded answer of a sample as a Response.

    Token ids are taken as given where the model decodes them to the recorded text, with or without a last token that
    ends the answer. Otherwise the model's own tokenizer spells the text.

    Parameters
    ----------
    model : HuggingFaceModel
        Anything with ``respond(image, prompt, answer)`` and ``decode(token_ids)``.
    sample : Sample

    Returns
    -------
    Response

    Raises
    ------
    ValueError
        If the sample holds no recorded answer, or the model cannot spell it.
    TypeError
        If the model takes no given answers.
    """
    if not hasattr(model, "respond") or not hasattr(model, "decode"):
        raise TypeError(f"a {type(model).__name__} takes no given answers: it lacks respond() or decode()")
    text = sample.recorded if sample.recorded is not None else "".join(sample.words or [])
    if not text.strip():
        raise ValueError(
            f"sample {sample.id!r} holds no recorded answer; use model.generate(sample.image, sample.prompt)"
        )
    response: Response = model.respond(sample.image, sample.prompt, _given_ids(model, sample) or text.strip())
    if _plain(response.text) != _plain(text):
        raise ValueError(f"the model cannot spell the recorded answer {text!r}; its tokens give {response.text!r}")
    return response


def _given_ids(model: Any, sample: Sample) -> list[int] | None:
    """The recorded token ids, without one that ends the answer, if they are this model's; else None."""
    ids = sample.token_ids or []
    size = getattr(model, "vocabulary_size", None)
    if not ids or min(ids) < 0 or (size is not None and max(ids) >= size):
        return None
    text = sample.recorded if sample.recorded is not None else "".join(sample.words or [])
    return next((part for part in (ids, ids[:-1]) if part and _plain(model.decode(part)) == _plain(text)), None)


def recorded_tokens(response: Response, sample: Sample, whole_word: bool = True) -> list[int]:
    """Indices of the tokens that a published list has explained, in a response from `recorded_response`.

    Parameters
    ----------
    response : Response
    sample : Sample
    whole_word : bool
        All tokens of the word; False takes its first one alone, as the published code does.

    Returns
    -------
    list of int
        All tokens where the list names no word.

    Raises
    ------
    ValueError
        If the word is not in the answer.
    """
    word = sample.extra.get("explained")
    if word is None:
        return list(range(len(response)))
    pattern = rf"(?<!\w){re.escape(word)}(?!\w)"
    found = [response.tokens_in(*m.span()) for m in re.finditer(pattern, response.text, re.IGNORECASE)]
    if not found:
        raise ValueError(f"{word!r} is not in the answer of sample {sample.id!r}; its tokens are {response.tokens}")
    given = list(response.token_ids) == (sample.token_ids or [])[: len(response)]
    recorded = sample.extra.get("positions", [])
    tokens = next((t for t in found if given and set(t) & set(recorded)), found[0])
    return tokens if whole_word else tokens[:1]


def _plain(text: str) -> str:
    return " ".join(text.split())
