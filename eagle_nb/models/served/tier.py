"""The interface of tiers: ways of asking a server for the probabilities of an answer's tokens."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from .endpoint import Endpoint
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores


class TierUnavailable(Exception):
    """A server that does not offer a tier; the message says what is missing."""


class Tier(ABC):
    """One way of asking a server for the probabilities of an answer's tokens.

    Parameters
    ----------
    endpoint : Endpoint
        The server.

    Attributes
    ----------
    endpoint : Endpoint
        The server.
    name : str
        What ``tier=`` calls it.
    start : str
        What to start a server with so that it offers the tier.
    has_ids : bool
        Whether the ids are those of the model's vocabulary, so that texts can be encoded and counterfactual targets be given by id.
    all_at_once : bool
        Whether one request scores all tokens.
    teacher_forced : bool
        Whether scores are those of the answer's own tokens after their own beginnings, so that they equal the generated ones.
    """

    name: ClassVar[str]
    start: ClassVar[str]
    has_ids: ClassVar[bool] = True
    all_at_once: ClassVar[bool] = True
    teacher_forced: ClassVar[bool] = True

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint

    def with_template(self, options: Mapping[str, Any]) -> Tier:
        """Return the same tier with options of the chat template.

        Parameters
        ----------
        options : mapping
            The options.

        Returns
        -------
        Tier
            The tier itself where there are none.
        """
        if not options:
            return self
        other = copy.copy(self)
        other.endpoint = self.endpoint.with_template(options)
        return other

    @abstractmethod
    async def probe(self, messages: Messages) -> None:
        """Check with as few requests as possible whether the server offers the tier.

        Parameters
        ----------
        messages : list of dict
            A short question about a small picture.

        Raises
        ------
        TierUnavailable
            If it does not; the message says what is missing.
        """

    @abstractmethod
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
            The new tokens with their log-probabilities, the end token excluded.
        """

    @abstractmethod
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
            (of `eagle_nb.errors`) If the server scored other tokens than the answer's.
        """

    @abstractmethod
    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into tokens, as the beginning of an answer.

        Parameters
        ----------
        messages : list of dict
            The question, with its pictures.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Its tokens; they need no log-probabilities.

        Raises
        ------
        TierUnavailable
            If the server cannot say.
        """

    async def encode(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text that is a counterfactual target; by default as `split` does.

        Parameters
        ----------
        messages : list of dict
            A question.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Its tokens.
        """
        return await self.split(messages, text)

    async def decode(self, token_ids: Sequence[int]) -> str:
        """Return the text of token ids.

        Parameters
        ----------
        token_ids : sequence of int
            The ids.

        Returns
        -------
        str
            Their text; ``<id>`` for an id whose text the server has not reported.
        """
        known = self.endpoint.vocabulary
        return "".join(known.get(int(number), f"<{number}>") for number in token_ids)
