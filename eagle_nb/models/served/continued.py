"""Tier ``continued``: the continuation of the answer is asked for in the question, as in the published notebook; one request per token."""

from __future__ import annotations

import math
from typing import Any

from ...errors import RefusedRequestError
from .bounds import floor_bound
from .exchanged import AnswerTokens, Messages
from .tier import TierUnavailable
from .tokens import TokensTier

INSTRUCTION = "You have begun your answer with:\n{begun}\nContinue it exactly where it stops. Write only what comes next; repeat nothing."
"""What is appended to the question, with the beginning of the answer."""


class ContinuedTier(TokensTier):
    """Score each token as the first one of a continuation that is asked for.

    For servers that begin a new turn instead of continuing an assistant's message. The model reads another prompt than when it answered,
    so the scores are not those of the answer: they show where the word comes from, and their level may be off.

    Parameters
    ----------
    endpoint : Endpoint
        The server.
    """

    name = "continued"
    start = "a server that reports top_logprobs"
    teacher_forced = False

    async def probe(self, messages: Messages) -> None:
        """Check whether the server lists candidates.

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
            listed = await self._candidates(messages, "")
        except RefusedRequestError as error:
            raise TierUnavailable(str(error)) from error
        if len(listed) < 2:
            raise TierUnavailable("the server ignores top_logprobs: it lists no candidates")

    async def _score_one(self, messages: Messages, answer: AnswerTokens, t: int) -> tuple[float, bool]:
        """Return the log-probability of one token with or without a space before it, or its bound."""
        listed = await self._candidates(messages, "".join(answer.pieces[:t]))
        values = [float(entry["logprob"]) for entry in listed]
        word = answer.pieces[t].strip() or answer.pieces[t]
        own = [
            math.exp(value)
            for entry, value in zip(listed, values, strict=True)
            if (str(entry["token"]).strip() or str(entry["token"])) == word
        ]
        return (
            (math.log(min(math.fsum(own), 1.0)), False) if own and math.fsum(own) > 0 else (floor_bound(values), True)
        )

    def _begun(self, messages: Messages, begun: str) -> dict[str, Any]:
        """Return the question with the request to continue the beginning of the answer."""
        return {"messages": asked_to_continue(messages, begun)}


def asked_to_continue(messages: Messages, begun: str) -> Messages:
    """Append the request to continue an answer to the last message of the user.

    Parameters
    ----------
    messages : list of dict
        The question.
    begun : str
        The beginning of the answer.

    Returns
    -------
    list of dict
        The messages.

    Examples
    --------
    >>> asked_to_continue([{"role": "user", "content": "what?"}], "")
    [{'role': 'user', 'content': 'what?'}]
    """
    if not begun:
        return messages
    last, request = messages[-1], INSTRUCTION.format(begun=begun)
    content = last.get("content")
    if isinstance(content, str):
        return [*messages[:-1], {**last, "content": f"{content}\n\n{request}"}]
    return [*messages[:-1], {**last, "content": [*(content or []), {"type": "text", "text": request}]}]
