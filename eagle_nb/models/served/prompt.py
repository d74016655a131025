"""Tier ``prompt``: chat completions with ``prompt_logprobs``; one request scores all tokens (vLLM)."""

from __future__ import annotations

from typing import Any

from ...errors import RefusedRequestError, TierError
from .endpoint import PREFILL, begun_answer, first_choice, reported_tokens
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .prompt_ids import answer_tokens, prompt_entries, tokenized
from .tier import Tier, TierUnavailable

TRIES = 2
"""Retries of a request that finds out what a server offers."""


class PromptTier(Tier):
    """Score an answer as the end of the prompt.

    The answer is the beginning of the assistant's message, and the server reports the log-probability of every prompt token. The answer
    is sent as text, so its token ids are compared.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name = "prompt"
    start = "vLLM 0.10 or later: vllm serve MODEL --dtype float32 (or the checkpoint's own type)"

    async def probe(self, messages: Messages) -> None:
        """Check whether the server reports the log-probabilities of a prompt.

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
            choice = first_choice(await self.endpoint.chat({"messages": messages, "max_tokens": 4}, TRIES))
            answer = await self._prompt(messages, str((choice.get("message") or {}).get("content") or "The"), TRIES)
        except RefusedRequestError as error:
            raise TierUnavailable(str(error)) from error
        prompt_entries(answer)

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
        body = begun_answer(messages, begun, PREFILL[0]) | {"max_tokens": max_new_tokens, "logprobs": True}
        body |= {"top_logprobs": 1, "return_token_ids": True}
        choice = first_choice(await self.endpoint.chat(body))
        ids = choice.get("token_ids")
        tokens = reported_tokens(choice, ids if isinstance(ids, list) else None)
        if not tokens:  # the server reports the text alone
            tokens = await self.split(messages, begun + str((choice.get("message") or {}).get("content") or ""))
        elif not isinstance(ids, list):
            own = await self.split(messages, "".join(token.text for token in tokens))
            if len(own) == len(tokens):
                tokens = [ServedToken(a.id, a.text, b.log_probability) for a, b in zip(own, tokens, strict=True)]
            else:
                tokens = own
        return self.endpoint.learn(tokens)

    async def score(self, messages: Messages, answer: AnswerTokens) -> TokenScores:
        """Score the tokens of an answer in one request.

        Parameters
        ----------
        messages : list of dict
            The question, with masked pictures.
        answer : AnswerTokens
            The tokens.

        Returns
        -------
        TokenScores
            Exact log-probabilities.
        """
        try:
            ids, entries = prompt_entries(await self._prompt(messages, answer.text))
        except TierUnavailable as error:
            raise TierError(f"{error}; start {self.start}") from error
        tokens = self.endpoint.learn(answer_tokens(ids, entries, answer.ids))
        return TokenScores.exact([token.log_probability for token in tokens])

    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into tokens: what the prompt holds more than without it.

        Parameters
        ----------
        messages : list of dict
            The question, with its pictures.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Its tokens, with the log-probabilities that they have as an answer.
        """
        if not text:
            return []
        ids, entries = prompt_entries(await self._prompt(messages, text))
        start, _ = prompt_entries(await self._prompt(messages, ""))
        if ids[: len(start)] == start and len(ids) > len(start):
            own = ids[len(start) :]
        else:  # the template writes something else before an answer that is given
            body = {"model": self.endpoint.model, "prompt": text, "add_special_tokens": False}
            own = await tokenized(self.endpoint, body)
        return self.endpoint.learn(answer_tokens(ids, entries, own))

    async def decode(self, token_ids: Any) -> str:
        """Return the text of token ids.

        Parameters
        ----------
        token_ids : sequence of int
            The ids.

        Returns
        -------
        str
            Their text.
        """
        ids = [int(number) for number in token_ids]
        if all(number in self.endpoint.vocabulary for number in ids):
            return await super().decode(ids)
        try:
            answer = await self.endpoint.native("/detokenize", {"model": self.endpoint.model, "tokens": ids}, TRIES)
        except RefusedRequestError:
            return await super().decode(ids)
        return str(answer.get("prompt", ""))

    async def _prompt(self, messages: Messages, text: str, retries: int | None = None) -> dict[str, Any]:
        """Ask for the log-probabilities of a prompt with the beginning of an answer."""
        body = begun_answer(messages, text, PREFILL[0]) | {"max_tokens": 1, "prompt_logprobs": 0}
        return await self.endpoint.chat(body | {"return_token_ids": True}, retries)
