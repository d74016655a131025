"""Token ids of prompts, answers and texts, as servers report them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from ...errors import TierError, TokenMismatchError
from .endpoint import PREFILL, Endpoint, begun_answer
from .exchanged import Messages, ServedToken
from .tier import TierUnavailable

PNG_HEADER = 54
"""Characters of a PNG's data URL that hold its size; the token ids of a prompt depend on no other part of a picture."""


class PromptIds:
    """Asks a server for the token ids of prompts, once per prompt."""

    def __init__(self) -> None:
        self._cached: dict[str, list[int]] = {}

    async def __call__(self, endpoint: Endpoint, messages: Messages) -> list[int]:
        """Return the ids of a prompt, image placeholders not expanded.

        Parameters
        ----------
        endpoint : Endpoint
            The server, with ``/tokenize``.
        messages : list of dict
            The question.

        Returns
        -------
        list of int
            The ids up to the beginning of the answer.

        Raises
        ------
        TierUnavailable
            If the server does not say.
        """
        options = endpoint.extra_body.get("chat_template_kwargs")
        key = json.dumps([messages, options], default=str, sort_keys=True)
        for url in image_urls(messages):
            key = key.replace(url, url[:PNG_HEADER])
        if key not in self._cached:
            body = {"model": endpoint.model, "add_generation_prompt": True, **begun_answer(messages, "", PREFILL[0])}
            self._cached[key] = await tokenized(endpoint, body | ({"chat_template_kwargs": options} if options else {}))
        return self._cached[key]


async def tokenized(endpoint: Endpoint, body: Mapping[str, Any]) -> list[int]:
    """Ask a server to tokenize messages or a text.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    body : mapping
        The request to ``/tokenize``.

    Returns
    -------
    list of int
        Token ids.

    Raises
    ------
    TierUnavailable
        If the answer holds none.
    """
    answer = await endpoint.native("/tokenize", body)
    ids = answer.get("tokens")
    if not isinstance(ids, list) or not all(isinstance(number, int) for number in ids):
        raise TierUnavailable(f"/tokenize answers without token ids: {str(answer)[:200]}")
    return [int(number) for number in ids]


def image_urls(messages: Messages) -> list[str]:
    """Return the data URLs of the pictures in messages.

    Parameters
    ----------
    messages : list of dict
        The messages.

    Returns
    -------
    list of str
        One per picture, in order.
    """
    return [str(part["image_url"]["url"]) for part in image_parts(messages)]


def image_parts(messages: Messages) -> list[dict[str, Any]]:
    """Return the parts of messages that hold pictures.

    Parameters
    ----------
    messages : list of dict
        The messages.

    Returns
    -------
    list of dict
        One per picture, in order.
    """
    contents = [message.get("content") for message in messages]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    return [part for part in parts if part.get("type") == "image_url"]


def prompt_entries(answer: Mapping[str, Any]) -> tuple[list[int], list[Any]]:
    """Return the token ids and the log-probability entries of a prompt.

    Parameters
    ----------
    answer : mapping
        An answer with vLLM's ``prompt_logprobs``.

    Returns
    -------
    ids : list of int
        The prompt's token ids.
    entries : list of mapping or None
        For each token, what is reported by token id.

    Raises
    ------
    TierUnavailable
        If the answer has no ``prompt_logprobs``.
    TierError
        If its parts do not fit each other.
    """
    entries = answer.get("prompt_logprobs")
    if not isinstance(entries, list) or not entries:
        raise TierUnavailable("the answer has no prompt_logprobs")
    ids = answer.get("prompt_token_ids")
    if not isinstance(ids, list):  # each entry then holds the prompt's own token first
        ids = [int(next(iter(entry))) if entry else -1 for entry in entries]
    if len(ids) != len(entries):
        raise TierError(f"the server reports {len(ids)} prompt tokens and {len(entries)} prompt_logprobs")
    return [int(number) for number in ids], entries


def answer_tokens(ids: Sequence[int], entries: Sequence[Any], expected: Sequence[int]) -> list[ServedToken]:
    """Return the tokens at the end of a prompt, which is an answer.

    Parameters
    ----------
    ids : sequence of int
        The prompt's token ids.
    entries : sequence of mapping or None
        Their entries.
    expected : sequence of int
        The answer's T token ids.

    Returns
    -------
    list of ServedToken
        T tokens with their log-probabilities.

    Raises
    ------
    TokenMismatchError
        If the prompt ends with other tokens, or the server does not report one of them.
    """
    count = len(expected)
    tail = list(ids[len(ids) - count :]) if count <= len(ids) else list(ids)
    if tail != list(expected):
        raise TokenMismatchError(
            f"the server scored other tokens than the answer's: its prompt ends with {tail}, the answer is {list(expected)}. Its text "
            "does not keep the tokens, or the server opens a new turn instead of continuing the answer; start vLLM with --enable-scale-out "
            'and use tier="ids", which sends token ids'
        )
    tokens = []
    for number, entry in zip(expected, entries[len(entries) - count :], strict=True):
        value = (entry or {}).get(str(number), (entry or {}).get(number))
        if not isinstance(value, Mapping) or not isinstance(value.get("logprob"), int | float):
            raise TokenMismatchError(f"the server reports no log-probability of the answer's token {number}")
        tokens.append(ServedToken(int(number), str(value.get("decoded_token") or ""), float(value["logprob"])))
    return tokens
