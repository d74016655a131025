"""llama.cpp: the answer is forced by a grammar of token literals, and its log-probabilities are those before the grammar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from ...errors import RefusedRequestError, TierError, TokenMismatchError
from .bounds import floor_bound
from .cut_characters import FILLER_BYTES, LISTED, Part, bias_to, parts_of
from .endpoint import Endpoint, begun_answer, entry_bytes, first_choice, log_probability, reported_tokens
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .tier import Tier, TierUnavailable

TOLERANCE = 0.02
"""Difference of a log-probability with and without the grammar that the probe accepts (nat); half precision needs some."""

ANY = "any ::= <[0]> | !<[0]> | ."
"""A rule of llama.cpp's grammars that allows every token; literals do not match a part of a character, the dot does."""

FILLERS = " the and image there What color"
"""A text in which a token of at least `FILLER_BYTES` ASCII characters is sought."""


class ForcedTier(Tier):
    """Score all tokens of an answer by one request, in which a grammar leaves nothing else to be generated.

    The server reports the probabilities of the model, not those after the grammar. Two properties of llama.cpp need care: it refuses
    token literals of parts of a character ("Unexpected empty grammar stack"), and it does not report tokens after which a character is
    incomplete. Such tokens are read from the list of the most probable tokens (see `cut_characters`), by one request each, and the text
    before them is given as the beginning of an assistant's message.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name: ClassVar[str] = "forced"
    start: ClassVar[str] = "llama-server -m MODEL.gguf --mmproj MMPROJ.gguf --jinja"

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._parts: dict[tuple[int, ...], list[Part]] = {}
        self._filler: tuple[int, bytes] | None = None

    async def probe(self, messages: Messages) -> None:
        """Force the second most probable token and compare its log-probability with the listed one.

        Parameters
        ----------
        messages : list of dict
            A short question about a small picture.

        Raises
        ------
        TierUnavailable
            If the server reports no ids, ignores the grammar, or reports log-probabilities after it.
        """
        try:
            choice = first_choice(await self.endpoint.chat({"messages": messages, **_listing(1, 8)}))
        except RefusedRequestError as error:
            raise TierUnavailable(f"the server refuses the question: {error.text or error}") from error
        listed = ((choice.get("logprobs") or {}).get("content") or [{}])[0].get("top_logprobs") or []
        whole = [entry for entry in listed[1:] if "id" in entry and entry_bytes(entry) and is_whole(entry_bytes(entry))]
        if not whole:
            raise TierUnavailable("the server's log-probabilities name no token ids")
        for wanted in whole:
            try:
                entries = await self._entries(messages, [wanted["id"]])
                break
            except RefusedRequestError as error:  # a token that ends the answer cannot be forced
                refusal = error
        else:
            raise TierUnavailable(f"the server refuses a grammar of token literals: {refusal.text or refusal}")
        if len(entries) != 1 or entries[0].get("id") != wanted["id"]:
            raise TierUnavailable("the server ignores the field `grammar`")
        if not abs(log_probability(entries[0]) - log_probability(wanted)) <= TOLERANCE:
            raise TierUnavailable("the server reports log-probabilities after the grammar, not the model's")

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
            What the answer begins with; forced by its ids, or by its text if it cuts a character.

        Returns
        -------
        list of ServedToken
            The new tokens. Those after which a character is incomplete have no log-probability. llama.cpp does not report their ids
            either; they are those of the answer's text.

        Raises
        ------
        TokenMismatchError
            If the answer holds bytes that are no characters, or does not begin with the prefix.
        """
        begun, forced, rule = "", prefix.ids if prefix else (), {}
        if prefix is not None and forced:
            if any(part.cut for part in await self._parts_of(prefix)):
                begun, forced = prefix.text, ()
            else:
                rule = {"grammar": f"{grammar(forced)} any*\n{ANY}"}
        question = begun_answer(messages, begun, {})
        answer = await self.endpoint.chat({**question, **_listing(len(forced) + max_new_tokens, 0), **rule})
        choice = first_choice(answer)
        tokens = reported_tokens(choice)
        generated = int((answer.get("usage") or {}).get("completion_tokens") or 0)
        if generated - len(tokens) > (choice.get("finish_reason") == "stop"):
            content = str(choice["message"].get("content") or "")  # llama.cpp repeats the beginning of the answer in it
            tokens = await self._complete(content.removeprefix(_begun(question["messages"])), tokens)
        if tuple(token.id for token in tokens[: len(forced)]) != forced:
            raise TokenMismatchError("the server does not begin its answer with the tokens that the grammar forces")
        return self.endpoint.learn(tokens[len(forced) :])

    async def score(self, messages: Messages, answer: AnswerTokens) -> TokenScores:
        """Score the tokens of an answer, teacher-forced.

        Parameters
        ----------
        messages : list of dict
            The question, with masked pictures.
        answer : AnswerTokens
            The tokens.

        Returns
        -------
        TokenScores
            T log-probabilities.

        Raises
        ------
        TokenMismatchError
            If the server scored other tokens than the answer's, or if an answer that cuts characters is not split by the server's
            tokenizer as it was generated.
        """
        scores = TokenScores(np.full(len(answer.ids), np.nan), np.zeros(len(answer.ids), dtype=bool))
        for part in await self._parts_of(answer):
            asked = [k for k in answer.positions if part.start <= k < part.stop]
            if part.cut:
                for k in asked:
                    scores.log_probabilities[k], scores.floored[k] = await self._listed(messages, answer, part, k)
            elif asked:
                stop = asked[-1] + 1
                ids = answer.ids[part.start : stop]
                entries = await self._forced(messages, answer, ids, part.before)
                scores.log_probabilities[part.start : stop] = [log_probability(entry) for entry in entries]
        if np.isnan(scores.log_probabilities[list(answer.positions)]).any():
            raise TierError(
                f"the server's log-probabilities of {answer.text!r} are no numbers; check its weights and precision"
            )
        return scores

    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into tokens by the server's tokenizer.

        Parameters
        ----------
        messages : list of dict
            Not used.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Its tokens.
        """
        return self.endpoint.learn(await self._tokenize(text))

    async def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids, as the server's tokenizer does.

        Parameters
        ----------
        token_ids : sequence of int
            The ids.

        Returns
        -------
        str
            Their text, a replacement character for a part of a character; ``<id>`` for an id that is not in the vocabulary.
        """
        try:
            text = str((await self.endpoint.native("/detokenize", {"tokens": list(token_ids)}))["content"])
        except RefusedRequestError:
            return await super().decode(token_ids)
        if len(token_ids) == 1:
            self.endpoint.learn([ServedToken(token_ids[0], text)])
        return text

    async def _tokenize(self, text: str) -> list[ServedToken]:
        """Split a text; names of special tokens stand for these, as in the beginning of an answer and in transformers."""
        body = {"content": text, "add_special": False, "parse_special": True, "with_pieces": True}
        tokens = (await self.endpoint.native("/tokenize", body))["tokens"]
        pieces = [bytes(p) if isinstance(p, list) else p.encode() for p in (token["piece"] for token in tokens)]
        return [
            ServedToken(token["id"], piece.decode(errors="replace"), data=piece)
            for token, piece in zip(tokens, pieces, strict=True)
        ]

    async def _entries(self, messages: Messages, ids: Sequence[int], before: str = "") -> list[dict[str, Any]]:
        """Return what the server reports about forced tokens."""
        body = {**begun_answer(messages, before, {}), **_listing(len(ids), 0), "grammar": grammar(ids)}
        choice = first_choice(await self.endpoint.chat(body))
        return list((choice.get("logprobs") or {}).get("content") or [])

    async def _forced(
        self, messages: Messages, answer: AnswerTokens, ids: Sequence[int], before: str
    ) -> list[dict[str, Any]]:
        """Return what the server reports about forced tokens, if they are those."""
        try:
            entries = await self._entries(messages, ids, before)
        except RefusedRequestError as error:
            if "grammar" not in error.text:
                raise
            raise TokenMismatchError(f"the server cannot force the answer {answer.text!r}: {error}") from error
        reported = [entry.get("id") for entry in entries]
        if len(reported) < len(ids) and reported == list(ids[: len(reported)]):
            raise TierError(
                f"the server stopped after {len(reported)} of {len(ids)} tokens: its context is full; start it with a larger --ctx-size, or "
                "explain a shorter answer"
            )
        if reported != list(ids):
            raise TokenMismatchError(f"the server scored the tokens {reported} instead of {list(ids)}")
        return entries

    async def _parts_of(self, answer: AnswerTokens) -> list[Part]:
        """Return the parts that are scored by a request each; found once per answer."""
        if answer.ids not in self._parts:
            known = self.endpoint.vocabulary
            texts = [known[token] if token in known else await self.decode([token]) for token in answer.ids]
            if all(is_whole(text.encode()) for text in texts):
                self._parts[answer.ids] = [Part(0, len(answer.ids), "")]
            else:
                tokens = await self._tokenize(answer.text)
                parts = parts_of([token.data or b"" for token in tokens])
                same = tuple(token.id for token in tokens) == answer.ids
                for part in parts:
                    before = await self._tokenize(part.before)
                    same = same and tuple(token.id for token in before) == answer.ids[: part.start]
                if not same:
                    raise TokenMismatchError(
                        f"the answer {answer.text!r} holds characters of several tokens, and llama.cpp's tokenizer does not split "
                        "it as it was generated, so it cannot be scored by this server; explain it as "
                        "model.respond(image, prompt, response.text), or start an answer without such characters"
                    )
                self._parts[answer.ids] = parts
        return self._parts[answer.ids]

    async def _listed(self, messages: Messages, answer: AnswerTokens, part: Part, k: int) -> tuple[float, bool]:
        """Read a token that cuts a character from the list of the most probable ones."""
        if self._filler is None:
            ascii_tokens = [(t.id, t.data or b"") for t in await self._tokenize(FILLERS)]
            long = [(i, data) for i, data in ascii_tokens if len(data) >= FILLER_BYTES and data.isascii()]
            if not long:
                raise TierError(
                    "the server's vocabulary lacks a token of three letters, which scoring a part of a character needs"
                )
            self._filler = long[0]
        filler, data = self._filler
        forced = answer.ids[part.start : k]
        question, bias = begun_answer(messages, part.before, {}), bias_to([*forced, filler])
        body = {**question, **_listing(len(forced) + 1, LISTED), **bias}
        entries = (first_choice(await self.endpoint.chat(body)).get("logprobs") or {}).get("content") or []
        written = b"".join(part.data[: k - part.start]) + data
        if not entries or entries[-1].get("id") != filler or b"".join(map(entry_bytes, entries)) != written:
            raise TokenMismatchError(
                f"the server could not be brought to write the parts of a character of {answer.text!r} in the answer's order; "
                "explain the other tokens: tokens=[…]"
            )
        listed = {entry["id"]: log_probability(entry) for entry in entries[-1]["top_logprobs"]}
        value = listed.get(answer.ids[k])
        return (floor_bound(list(listed.values())), True) if value is None else (float(value), False)

    async def _complete(self, text: str, reported: Sequence[ServedToken]) -> list[ServedToken]:
        """Add the tokens after which a character is incomplete: llama.cpp reports them together with the one that completes it."""
        text = text.rstrip("\ufffd")  # the last character may be cut by the limit of tokens
        if "\ufffd" in text:
            raise TokenMismatchError(
                f"the answer {text!r} holds bytes that are no characters; llama.cpp does not report their tokens"
            )
        tokens, values, end = await self._tokenize(text), {}, 0
        for token in reported:
            end += len(token.data or b"")
            values[end, token.id] = token.log_probability
        out, end = [], 0
        for token in tokens:
            end += len(token.data or b"")
            out.append(ServedToken(token.id, token.text, values.get((end, token.id), math.nan), token.data))
        return out


def grammar(ids: Sequence[int]) -> str:
    """Return a grammar that leaves nothing else to be generated.

    Parameters
    ----------
    ids : sequence of int
        Token ids.

    Returns
    -------
    str
        In the notation of llama.cpp.

    Examples
    --------
    >>> grammar([74, 230])
    'root ::= <[74]> <[230]>'
    """
    return "root ::= " + " ".join(f"<[{i}]>" for i in ids)


def is_whole(data: bytes) -> bool:
    """Return whether bytes consist of whole characters.

    Parameters
    ----------
    data : bytes
        The bytes of a token; a replacement character stands for a part of a character.

    Returns
    -------
    bool
        True if so.
    """
    return "\ufffd" not in data.decode(errors="replace")


def _listing(tokens: int, top: int) -> dict[str, Any]:
    """Return the fields that ask for log-probabilities of greedily generated tokens."""
    return {"max_tokens": tokens, "logprobs": True, "top_logprobs": max(top, 1)}


def _begun(messages: Messages) -> str:
    """Return what an assistant's message at the end begins the answer with."""
    last = messages[-1]
    return str(last["content"]) if last["role"] == "assistant" else ""
