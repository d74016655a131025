"""Tier ``tokens``: the beginning of the answer is given, and the next token's most probable candidates are read; one request per token."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...errors import PrefixError, RefusedRequestError
from ...inputs.text import word_spans
from .bounds import floor_bound
from .concurrency import together
from .endpoint import (
    PREFILL,
    Endpoint,
    begun_answer,
    entry_bytes,
    entry_id,
    first_choice,
    log_probability,
    piece_id,
    reported_tokens,
)
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .tier import Tier, TierUnavailable

TRIES = 2
"""Retries of a request that finds out what a server offers."""

SAME = 0.05
"""Largest difference of log-probabilities between a token as it was generated and after its beginning, when a server is probed."""


class TokensTier(Tier):
    """Score each token as the continuation of the tokens before it.

    A token outside the listed ones gets an upper bound, see `eagle_nb.models.served.bounds`.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name = "tokens"
    start = "a server that continues an assistant's message and reports top_logprobs: vLLM, SGLang or llama-server"
    has_ids = False
    all_at_once = False

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._prefill: dict[str, Any] = PREFILL[0] if endpoint.kind != "llama.cpp" else PREFILL[1]

    async def probe(self, messages: Messages) -> None:
        """Check whether the server lists candidates, and continues the beginning of an answer.

        Parameters
        ----------
        messages : list of dict
            A short question about a small picture.

        Raises
        ------
        TierUnavailable
            If it does not.
        """
        try:
            tokens = await self.write(messages, 4)
        except RefusedRequestError as error:
            raise TierUnavailable(str(error)) from error
        if not tokens:
            raise TierUnavailable("the server ignores logprobs: its answer lists no tokens")
        failure: RefusedRequestError | PrefixError | None = None
        for options in [self._prefill, *(other for other in PREFILL if other != self._prefill)]:
            self._prefill = options
            try:
                await self.check_prefix(messages, tokens)
                return
            except (RefusedRequestError, PrefixError) as error:
                failure = error
        raise TierUnavailable(str(failure)) from failure

    async def check_prefix(self, messages: Messages, tokens: Sequence[ServedToken]) -> None:
        """Check that two tokens of an answer are continued with the third one.

        Parameters
        ----------
        messages : list of dict
            The question.
        tokens : sequence of ServedToken
            The answer as the server generated it.

        Raises
        ------
        PrefixError
            If the server begins a new answer instead.
        """
        places = [k for k in (2, 1, 3) if k < len(tokens) and _is_text(tokens[:k])]
        if not places:
            return
        count = places[0]
        begun = "".join(token.text for token in tokens[:count])
        listed = await self._candidates(messages, begun, TRIES)
        value = {entry_id(entry): float(entry["logprob"]) for entry in listed}.get(tokens[count].id)
        expected = tokens[count].log_probability
        if value is None or abs(value - expected) > SAME:
            found = (
                "is not listed" if value is None else f"has the log-probability {value:.3f} instead of {expected:.3f}"
            )
            raise PrefixError(
                f"the server does not continue the beginning of an answer: after {begun!r}, the token {tokens[count].text!r} {found}; "
                f"start {self.start}"
            )

    async def write(
        self, messages: Messages, max_new_tokens: int, prefix: AnswerTokens | None = None
    ) -> list[ServedToken]:
        """Answer greedily.

        Parameters
        ----------
        messages : list of dict
            The question.
        max_new_tokens : int
            Maximum number of tokens.
        prefix : AnswerTokens, optional
            What the answer begins with.

        Returns
        -------
        list of ServedToken
            The new tokens.
        """
        begun = prefix.text if prefix is not None else ""
        body = self._begun(messages, begun) | {"max_tokens": max_new_tokens, "logprobs": True, "top_logprobs": 1}
        return self.endpoint.learn(reported_tokens(first_choice(await self.endpoint.chat(body))))

    async def score(self, messages: Messages, answer: AnswerTokens) -> TokenScores:
        """Score the tokens of an answer, one request per token.

        Parameters
        ----------
        messages : list of dict
            The question, with masked pictures.
        answer : AnswerTokens
            The tokens; only its `positions` are asked for.

        Returns
        -------
        TokenScores
            Log-probabilities and bounds; NaN at other positions.
        """
        values = np.full(len(answer.ids), np.nan)
        floored = np.zeros(len(answer.ids), dtype=bool)
        scored = await together(self._score_one(messages, answer, t) for t in answer.positions)
        for t, (value, bounded) in zip(answer.positions, scored, strict=True):
            values[t], floored[t] = value, bounded
        return TokenScores(values, floored)

    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into tokens: at each place the longest listed candidate that continues it, else the next word.

        Parameters
        ----------
        messages : list of dict
            The question, with its pictures.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Its tokens.
        """
        tokens: list[ServedToken] = []
        begun = ""
        while len(begun) < len(text):
            rest = text[len(begun) :]
            listed = await self._candidates(messages, begun)
            fitting = [entry for entry in listed if entry["token"] and rest.startswith(str(entry["token"]))]
            if fitting:
                best = max(fitting, key=lambda entry: len(str(entry["token"])))
                piece = str(best["token"])
                tokens.append(ServedToken(entry_id(best), piece, float(best["logprob"]), entry_bytes(best)))
            else:
                piece = next_word(rest)
                tokens.append(ServedToken(piece_id(piece.encode()), piece, floor_bound([e["logprob"] for e in listed])))
            begun += piece
        return self.endpoint.learn(tokens)

    async def encode(self, messages: Messages, text: str) -> list[ServedToken]:
        """Make a token of a word that is a counterfactual target.

        Parameters
        ----------
        messages : list of dict
            Not used.
        text : str
            The word, as the server would list it.

        Returns
        -------
        list of ServedToken
            One token.

        Raises
        ------
        ValueError
            If the text is empty or has several words.
        """
        if not text or len(text.split()) > 1:
            raise ValueError(f"a server without token ids can only look up a single word, got {text!r}")
        return self.endpoint.learn([ServedToken(piece_id(text.encode()), text)])

    async def _score_one(self, messages: Messages, answer: AnswerTokens, t: int) -> tuple[float, bool]:
        """Return the log-probability of one token, or its bound."""
        if t and self._is_cut(answer, t - 1):
            return (
                0.0,
                True,
            )  # no text ends inside a character, so nothing is known but that the probability is at most 1
        listed = await self._candidates(messages, "".join(answer.pieces[:t]))
        values = [float(entry["logprob"]) for entry in listed]
        own = [value for entry, value in zip(listed, values, strict=True) if entry_id(entry) == answer.ids[t]]
        return (own[0], False) if own else (floor_bound(values), True)

    def _is_cut(self, answer: AnswerTokens, t: int) -> bool:
        """Return whether a token ends inside a character."""
        text = self.endpoint.vocabulary.get(answer.ids[t], "")
        return text.endswith("\ufffd") and answer.pieces[t] == text.rstrip("\ufffd")

    async def _candidates(self, messages: Messages, begun: str, retries: int | None = None) -> list[Mapping[str, Any]]:
        """Return the most probable next tokens, each once."""
        body = self._begun(messages, begun) | {"max_tokens": 1, "logprobs": True, "top_logprobs": self.endpoint.top}
        choice = first_choice(await self.endpoint.chat(body, retries))
        content = (choice.get("logprobs") or {}).get("content") or []
        if not content:
            return []  # the answer ends here: every other token may have any probability
        listed = {entry_id(entry): entry for entry in [content[0], *(content[0].get("top_logprobs") or [])]}
        return [entry for entry in listed.values() if math.isfinite(log_probability(entry))]

    def _begun(self, messages: Messages, begun: str) -> dict[str, Any]:
        """Return the part of a request that holds the question and the beginning of the answer."""
        return begun_answer(messages, begun, self._prefill)


def _is_text(tokens: Sequence[ServedToken]) -> bool:
    """Return whether tokens end with a whole character."""
    try:
        b"".join(token.data if token.data is not None else token.text.encode() for token in tokens).decode()
    except UnicodeDecodeError:
        return False
    return True


def next_word(text: str) -> str:
    """Return the beginning of a text up to the end of its first word.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    str
        The word with what stands before it; the whole text where there is no word.

    Examples
    --------
    >>> next_word(" red ball"), next_word("...")
    (' red', '...')
    """
    return text[: next((end for _, end in word_spans(text)), len(text))]
