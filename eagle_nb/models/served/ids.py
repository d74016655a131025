"""Tier ``ids``: vLLM's token-in, token-out interface; the answer is sent as token ids and scored in one request."""

from __future__ import annotations

from typing import Any

from ...errors import RefusedRequestError, TierError
from .endpoint import Endpoint, first_choice
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .prompt_ids import PromptIds, answer_tokens, image_parts, prompt_entries, tokenized
from .tier import Tier, TierUnavailable

PATH = "/inference/v1/generate"
"""The interface."""

SAMPLING_PARAMS = {"temperature": 0, "top_p": 1, "top_k": -1, "min_p": 0, "repetition_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0}  # fmt: skip
"""Greedy decoding, whatever a checkpoint's defaults are."""


class IdsTier(Tier):
    """Score an answer as the end of the prompt, both as token ids.

    Exact also for answers that do not survive being text.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name = "ids"
    start = "vLLM with its token interface: vllm serve MODEL --enable-scale-out"

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._prompt_ids = PromptIds()

    async def probe(self, messages: Messages) -> None:
        """Check whether the server takes token ids and reports their log-probabilities.

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
            tokens = await self.write(messages, 2)
            if tokens:
                answer = AnswerTokens(tuple(t.id for t in tokens), tuple(t.text for t in tokens), (0,), "")
                await self.score(messages, answer)
        except (RefusedRequestError, TierError) as error:
            raise TierUnavailable(str(error)) from error

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
        begun = list(prefix.ids) if prefix is not None else []
        answer = await self._ask(messages, begun, {"max_tokens": max_new_tokens, "logprobs": 1})
        choice = first_choice(answer)
        ids = [int(number) for number in choice.get("token_ids") or []]
        values = [float(entry["logprob"]) for entry in (choice.get("logprobs") or {}).get("content") or []]
        if choice.get("finish_reason") == "stop":
            ids = ids[:-1]
        if not ids:
            return []
        pieces = await self._pieces(messages, begun + ids)
        texts = [token.text for token in pieces[len(begun) :]]
        values += [float("nan")] * (len(ids) - len(values))
        return [ServedToken(number, text, value) for number, text, value in zip(ids, texts, values, strict=False)]

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
        tokens = await self._pieces(messages, list(answer.ids))
        return TokenScores.exact([token.log_probability for token in tokens])

    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into tokens.

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
        body = {"model": self.endpoint.model, "prompt": text, "add_special_tokens": False}
        ids = await tokenized(self.endpoint, body)
        return await self._pieces(messages, ids) if ids else []

    async def _pieces(self, messages: Messages, ids: list[int]) -> list[ServedToken]:
        """Return an answer's tokens with their log-probabilities."""
        answer = await self._ask(messages, ids, {"max_tokens": 1, "prompt_logprobs": 0})
        try:
            found, entries = prompt_entries(answer)
        except TierUnavailable as error:
            raise TierError(f"{error}; start {self.start}") from error
        return self.endpoint.learn(answer_tokens(found, entries, ids))

    async def _ask(self, messages: Messages, ids: list[int], sampling: dict[str, Any]) -> dict[str, Any]:
        """Send a prompt with the beginning of an answer."""
        body = {
            "model": self.endpoint.model,
            "token_ids": [*await self._prompt_ids(self.endpoint, messages), *ids],
            "content_parts": image_parts(messages),
            "sampling_params": SAMPLING_PARAMS | sampling,
            "return_token_ids": True,
        }
        return await self.endpoint.native(PATH, body)
