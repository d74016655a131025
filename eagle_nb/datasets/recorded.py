"""A recorded answer of another run, as a Response of the model at hand."""

from __future__ import annotations

import re
from typing import Any

from ..inputs.response import Response
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

    The recorded positions count where the response has the recorded token ids. Otherwise the word is looked for, without
    regard to case, or its plural in -s or -es where it is not said itself.

    Parameters
    ----------
    response : Response
    sample : Sample
    whole_word : bool
        All tokens of the words at the recorded positions, "snowboarding" for a "snowboard"; of the word that was looked
        for otherwise. False takes the positions alone, as the published code does, or the first token of the word.

    Returns
    -------
    list of int
        All tokens where neither a position nor a word is known.

    Raises
    ------
    ValueError
        If the positions do not apply and the word is not in the answer.
    """
    word = sample.extra.get("explained")
    mentions = _mentions(response, word) if word else []
    given = list(response.token_ids) == (sample.token_ids or [])[: len(response)]
    recorded = [p for p in sample.extra.get("positions", []) if given and 0 <= p < len(response)]
    if recorded:
        return _widened(response, recorded, mentions) if whole_word else recorded
    if not word:
        return list(range(len(response)))
    if not mentions:
        raise ValueError(f"{word!r} is not in the answer of sample {sample.id!r}; its tokens are {response.tokens}")
    return mentions[0] if whole_word else mentions[0][:1]


def _mentions(response: Response, word: str) -> list[list[int]]:
    """The tokens of each mention of a word, and behind them those of its plural."""
    found = re.finditer(rf"(?<!\w){re.escape(word)}(?:s|es)?(?!\w)", response.text, re.IGNORECASE)
    return [response.tokens_in(*m.span()) for m in sorted(found, key=lambda m: len(m.group()))]


def _widened(response: Response, positions: list[int], mentions: list[list[int]]) -> list[int]:
    """The positions with the rest of the mention, or else the word, that each of them lies in."""
    units = [*mentions, *(list(w.tokens) for w in response.words)]
    return sorted({t for p in positions for t in next((u for u in units if p in u), [p])})


def _plain(text: str) -> str:
    return " ".join(text.split())
