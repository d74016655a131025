"""Answers to samples: recorded elsewhere, or generated now, with the tokens to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ..inputs.images import ImageLike
from ..inputs.labels import find_label
from ..inputs.response import Response
from ..protocols import Model
from .sample import Sample


@runtime_checkable
class _Spelling(Protocol):
    """What a recorded answer needs of a model: a part of `eagle_nb.protocols.AnsweringModel`."""

    def decode(self, token_ids: Sequence[int]) -> str: ...

    def respond(self, image: ImageLike, prompt: str, answer: str | Sequence[int]) -> Response: ...


def answer_sample(model: Model, sample: Sample) -> tuple[Response, list[int]]:
    """Answer a sample, and choose the tokens to explain.

    A recorded answer is used as it is, with the tokens that were explained; `recorded_targets` returns the tokens that
    a list may record instead of them. Otherwise the model answers, and the tokens are those of the sample's label, in
    upper or lower case, or of its plural in -s or -es. They are the whole answer if the sample has no label, or if only
    the prompt mentions it.

    Parameters
    ----------
    model : Model
        The model.
    sample : Sample
        The sample.

    Returns
    -------
    response : Response
        The answer, T tokens.
    tokens : list of int
        Indices of the tokens to explain, ascending.

    Raises
    ------
    ValueError
        If neither the answer nor the prompt mentions the label, or the model cannot spell the recorded answer.
    TypeError
        If the answer is recorded and the model does not accept given answers.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> sample = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[0]
    >>> response, tokens = answer_sample(eagle.load_model(), sample)
    >>> [response.tokens[k] for k in tokens]
    [' red', ' circle']
    """
    if sample.recorded is not None or sample.words or sample.token_ids:
        response = recorded_response(model, sample)
        if targets := recorded_targets(model, response, sample):
            return response, sorted(targets)
        if "explained" in sample.extra or "positions" in sample.extra:
            return response, recorded_tokens(response, sample)
    else:
        response = model.generate(sample.image, sample.prompt)
    label = (sample.label or "").strip()
    if mentions := find_label(response.text, label):
        return response, response.tokens_in(*mentions[0])
    if label and not find_label(sample.prompt, label):
        raise ValueError(
            f"{label!r} is not in the answer, as a word, nor in the prompt of sample {sample.id!r}; the tokens of the "
            f"answer are {response.tokens}"
        )
    return response, response.resolve(None)


def recorded_response(model: Model, sample: Sample) -> Response:
    """Make a Response of the recorded answer of a sample.

    The recorded token ids are used if the model decodes them to the recorded text, with or without a last token that
    ends the answer. Otherwise the tokenizer of the model spells the text.

    Parameters
    ----------
    model : AnsweringModel
        The model; ``respond(image, prompt, answer)`` and ``decode(token_ids)`` are required.
    sample : Sample
        A sample with a recorded answer.

    Returns
    -------
    Response
        The answer, token by token.

    Raises
    ------
    ValueError
        If the sample has no recorded answer, or the model cannot spell it.
    TypeError
        If the model does not accept given answers.
    """
    if not isinstance(model, _Spelling):
        raise TypeError(f"a {type(model).__name__} does not accept given answers: it lacks respond() or decode()")
    text = _recorded_text(sample)
    if not text.strip():
        raise ValueError(
            f"sample {sample.id!r} has no recorded answer; use model.generate(sample.image, sample.prompt)"
        )
    response = model.respond(sample.image, sample.prompt, _own_ids(model, sample) or text.strip())
    if _normalized(response.text) != _normalized(text):
        raise ValueError(f"the model cannot spell the recorded answer {text!r}; its tokens give {response.text!r}")
    return response


def recorded_tokens(response: Response, sample: Sample, whole_word: bool = True) -> list[int]:
    """Return the tokens that a published list explains, in a response of `recorded_response`.

    The recorded positions are used if the response has the recorded token ids. Otherwise the tokens are those of the
    explained word, in upper or lower case, or of its plural in -s or -es.

    Parameters
    ----------
    response : Response
        The answer.
    sample : Sample
        A sample of `eagle_nb.datasets.from_published`.
    whole_word : bool
        Whether all tokens of the words at the recorded positions are returned ("snowboarding" for "snowboard"), or of
        the mention of the word. False returns the recorded positions alone, as the published code does, or the first
        token of the mention.

    Returns
    -------
    list of int
        Indices of the tokens; all tokens if neither a position nor a word is recorded.

    Raises
    ------
    ValueError
        If the positions do not apply and the word is not in the answer.
    """
    word = sample.extra.get("explained")
    mentions = [response.tokens_in(*span) for span in find_label(response.text, word)] if word else []
    positions = sample.extra.get("positions", []) if _has_recorded_ids(response, sample) else []
    recorded = [p for p in positions if 0 <= p < len(response)]
    if recorded:
        return _widened(response, recorded, mentions) if whole_word else recorded
    if not word:
        return list(range(len(response)))
    if not mentions:
        raise ValueError(f"{word!r} is not in the answer of sample {sample.id!r}; its tokens are {response.tokens}")
    return mentions[0] if whole_word else mentions[0][:1]


def recorded_targets(model: Model, response: Response, sample: Sample) -> dict[int, int]:
    """Return the counter tokens that a published list records.

    A counter token is the token of the correct answer at the position of a wrong one. There are none if the response
    has other tokens than the recorded ones, because the ids then belong to another model.

    Parameters
    ----------
    model : Model
        The model.
    response : Response
        Its answer to the sample.
    sample : Sample
        A sample of `eagle_nb.datasets.from_published`, with "positions" and "counter_ids" in ``extra``.

    Returns
    -------
    dict of int to int
        Position in the answer to token id, for ``target_ids=`` of `eagle_nb.explain`.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.4: the published metrics of RePOPE follow the counter tokens.
    """
    positions, ids = sample.extra.get("positions") or [], sample.extra.get("counter_ids") or []
    size = getattr(model, "vocabulary_size", None)
    if not _has_recorded_ids(response, sample) or not ids or (size is not None and max(ids) >= size):
        return {}
    return {int(k): int(target) for k, target in zip(positions, ids, strict=False) if k < len(response)}


def _recorded_text(sample: Sample) -> str:
    """Return the recorded answer as text."""
    return sample.recorded if sample.recorded is not None else "".join(sample.words or [])


def _has_recorded_ids(response: Response, sample: Sample) -> bool:
    """Return whether the tokens of a response are the recorded ones."""
    return list(response.token_ids) == (sample.token_ids or [])[: len(response)]


def _own_ids(model: _Spelling, sample: Sample) -> list[int] | None:
    """Return the recorded token ids, without one that ends the answer, if they are those of the model; else None."""
    ids = sample.token_ids or []
    size = getattr(model, "vocabulary_size", None)
    if not ids or min(ids) < 0 or (size is not None and max(ids) >= size):
        return None
    text = _normalized(_recorded_text(sample))
    return next((part for part in (ids, ids[:-1]) if part and _normalized(model.decode(part)) == text), None)


def _widened(response: Response, positions: list[int], mentions: list[list[int]]) -> list[int]:
    """Return the positions with all other tokens of the mention, or else of the word, that each of them is part of."""
    units = [*mentions, *(list(w.tokens) for w in response.words)]
    return sorted({t for p in positions for t in next((u for u in units if p in u), [p])})


def _normalized(text: str) -> str:
    """Return a text with single spaces."""
    return " ".join(text.split())
