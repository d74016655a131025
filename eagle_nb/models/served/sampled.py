"""Tier ``sampled``: no probabilities; the share of sampled answers that contain a word, with a confidence interval."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from scipy import stats

from ...errors import RefusedRequestError
from ...inputs.text import find_text, word_spans
from .concurrency import together
from .endpoint import Endpoint, piece_id
from .exchanged import AnswerTokens, Messages, ServedToken, TokenScores
from .tier import Tier, TierUnavailable

LEVEL = 0.95
"""Level of the confidence intervals."""


class SampledTier(Tier):
    """Score a word by how often it occurs in sampled answers.

    Every coalition is answered several times at temperature 1. The score of a word is the share of the answers that contain it, wherever
    in the answer; punctuation counts as a word. What is estimated is thus not the probability of a token after the tokens before it, but
    that the model says the word at all.

    Parameters
    ----------
    endpoint : Endpoint
        The server; its `samples` is the number of answers per coalition.
    """

    name = "sampled"
    start = "any server that answers about images"
    has_ids = False
    teacher_forced = False

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self._several = True  # until the server ignores or refuses `n`

    async def probe(self, messages: Messages) -> None:
        """Check whether the server answers.

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
            await self.write(messages, 1)
        except RefusedRequestError as error:
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
            Not supported.

        Returns
        -------
        list of ServedToken
            The words and punctuation of the answer.

        Raises
        ------
        ValueError
            If a prefix is given.
        """
        if prefix is not None:
            raise ValueError('tier="sampled" cannot continue the beginning of an answer')
        (text,) = _texts(await self.endpoint.chat({"messages": messages, "max_tokens": max_new_tokens}))[:1]
        return await self.split(messages, text)

    async def score(self, messages: Messages, answer: AnswerTokens) -> TokenScores:
        """Count the sampled answers that contain each word.

        Parameters
        ----------
        messages : list of dict
            The question, with masked pictures.
        answer : AnswerTokens
            The words.

        Returns
        -------
        TokenScores
            Logarithms of the shares, with confidence limits.
        """
        texts = await self._samples(messages, 2 * len(answer.ids) + 16)
        counts = np.array([sum(contains(text, piece) for text in texts) for piece in answer.pieces])
        limits = np.array([share_interval(int(count), len(texts)) for count in counts])
        with np.errstate(divide="ignore"):
            values = np.log(counts / len(texts))
        return TokenScores(values, np.zeros(len(counts), dtype=bool), limits[:, 0], limits[:, 1])

    async def split(self, messages: Messages, text: str) -> list[ServedToken]:
        """Split a text into words and punctuation.

        Parameters
        ----------
        messages : list of dict
            Not used.
        text : str
            The text.

        Returns
        -------
        list of ServedToken
            Words with the space before them, and punctuation.
        """
        return self.endpoint.learn([ServedToken(piece_id(piece.encode()), piece) for piece in word_pieces(text)])

    async def _samples(self, messages: Messages, max_tokens: int) -> list[str]:
        """Return sampled answers: in one request, or in as many as the server needs."""
        body = {"messages": messages, "max_tokens": max_tokens, "temperature": 1}
        texts: list[str] = []
        wanted = self.endpoint.samples
        if self._several and wanted > 1:
            try:
                texts = _texts(await self.endpoint.chat(body | {"n": wanted}))
            except RefusedRequestError:
                texts = []
            self._several = len(texts) > 1
        answers = await together(self.endpoint.chat(body) for _ in range(wanted - len(texts)))
        return texts + [text for answer in answers for text in _texts(answer)[:1]]


def _texts(answer: dict[str, Any]) -> list[str]:
    """Return the texts of all choices."""
    return [str((choice.get("message") or {}).get("content") or "") for choice in answer.get("choices") or []]


def word_pieces(text: str) -> list[str]:
    """Split a text into words, each with the spaces before it, and what stands between them.

    Parameters
    ----------
    text : str
        The text.

    Returns
    -------
    list of str
        Pieces that spell the text.

    Examples
    --------
    >>> word_pieces("a red ball.")
    ['a', ' red', ' ball', '.']
    """
    pieces: list[str] = []
    done = 0
    for start, end in word_spans(text):
        between = text[done:start]
        if between.strip():  # punctuation stands for itself
            cut = len(between.rstrip())
            pieces.append(between[:cut])
            between = between[cut:]
        pieces.append(between + text[start:end])
        done = end
    if text[done:]:
        pieces.append(text[done:])
    return pieces


def contains(text: str, piece: str) -> bool:
    """Return whether an answer contains a word, whatever its case, or a punctuation mark.

    Parameters
    ----------
    text : str
        The answer.
    piece : str
        The word, with or without spaces around it.

    Returns
    -------
    bool
        Whether it does, as a whole word.

    Examples
    --------
    >>> contains("A red ball.", " red"), contains("A reddish ball.", " red"), contains("A ball.", ".")
    (True, False, True)
    """
    word = piece.strip()
    if not any(character.isalnum() for character in word):
        return word in text
    return bool(find_text(text, word, ignore_case=True))


@cache
def share_interval(count: int, samples: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the confidence interval of a share.

    Parameters
    ----------
    count : int
        Samples that contain the word.
    samples : int
        All samples.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper limit.

    References
    ----------
    Clopper and Pearson (1934): exact limits of a binomial proportion, which cover at least at their level.

    Examples
    --------
    >>> low, high = share_interval(0, 32)
    >>> low, round(high, 3)
    (0.0, 0.109)
    """
    tail = (1 - level) / 2
    low = float(stats.beta.ppf(tail, count, samples - count + 1)) if count else 0.0
    high = float(stats.beta.ppf(1 - tail, count + 1, samples - count)) if count < samples else 1.0
    return low, high
