"""Tier ``sglang``: SGLang's own interface; the answer is sent as token ids and scored in one request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...errors import RefusedRequestError, TierError, TokenMismatchError
from .endpoint import Endpoint
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .prompt_ids import PromptIds, image_urls, tokenized
from .tier import Tier, TierUnavailable

SAMPLING_PARAMS = {"temperature": 0, "top_p": 1, "top_k": -1, "min_p": 0, "repetition_penalty": 1, "presence_penalty": 0, "frequency_penalty": 0}  # fmt: skip
"""Greedy decoding, whatever a checkpoint's defaults are."""


class SGLangTier(Tier):
    """Score an answer as the end of the prompt, both as token ids.

    The placeholders of pictures expand inside the server, so positions are counted from the end of the prompt.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name = "sglang"
    start = "SGLang: python -m sglang.launch_server --model-path MODEL"

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
                await self._scored(messages, [token.id for token in tokens])
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
        ids = [*await self._prompt_ids(self.endpoint, messages), *(prefix.ids if prefix is not None else ())]
        meta = await self._ask(messages, ids, {"max_new_tokens": max_new_tokens}, -1)
        tokens = _tokens(meta, "output_token_logprobs")
        reason = meta.get("finish_reason")
        if (
            tokens
            and isinstance(reason, Mapping)
            and reason.get("type") == "stop"
            and reason.get("matched") == tokens[-1].id
        ):
            tokens.pop()
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
        tokens = await self._scored(messages, list(answer.ids))
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
        return await self._scored(messages, ids) if ids else []

    async def _scored(self, messages: Messages, ids: list[int]) -> list[ServedToken]:
        """Return an answer's tokens with their log-probabilities."""
        prompt = await self._prompt_ids(self.endpoint, messages)
        # Expanded placeholders move the answer to the right, so this start comes early enough.
        meta = await self._ask(messages, [*prompt, *ids], {"max_new_tokens": 1}, max(len(prompt) - 1, 0))
        tokens = _tokens(meta, "input_token_logprobs")[-len(ids) :]
        if [token.id for token in tokens] != ids:
            raise TokenMismatchError(
                f"the server scored other tokens than the answer's: its prompt ends with {[token.id for token in tokens]}, the answer is {ids}"
            )
        if any(token.log_probability != token.log_probability for token in tokens):
            raise TokenMismatchError("the server reports no log-probability of one of the answer's tokens")
        return self.endpoint.learn(tokens)

    async def _ask(self, messages: Messages, ids: list[int], sampling: dict[str, Any], start: int) -> dict[str, Any]:
        """Send token ids and return what the server reports about them."""
        body = {
            "input_ids": ids,
            "image_data": image_urls(messages),
            "sampling_params": SAMPLING_PARAMS | {"skip_special_tokens": False} | sampling,
            "return_logprob": True,
            "logprob_start_len": start,
            "return_text_in_logprobs": True,
            "stream": False,
        }
        meta = (await self.endpoint.native("/generate", body)).get("meta_info")
        if not isinstance(meta, dict) or "output_token_logprobs" not in meta:
            raise TierError(f"the answer of /generate has no log-probabilities; start {self.start}")
        return meta


def _tokens(meta: Mapping[str, Any], name: str) -> list[ServedToken]:
    """Read tokens as SGLang reports them: log-probability, id, text."""
    out = []
    for value, number, *rest in meta.get(name) or []:
        text = str(rest[0]) if rest and rest[0] is not None else ""
        out.append(ServedToken(int(number), text, float("nan") if value is None else float(value)))
    return out
