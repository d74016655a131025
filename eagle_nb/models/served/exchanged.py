"""What is exchanged with a server: messages, tokens, and the scores of an answer's tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

Messages = list[dict[str, Any]]
"""Messages as chat completions take them; pictures are ``image_url`` parts with PNG data URLs."""


@dataclass(frozen=True)
class ServedToken:
    """A token as a server reports it.

    Attributes
    ----------
    id : int
        Its id in the server's vocabulary; where the server reports none, an id that is derived from the text.
    text : str
        Its text; a replacement character for a part of a character.
    log_probability : float
        Natural logarithm of its probability; NaN where the server reports none.
    data : bytes or None
        Its bytes, where the server reports them.
    """

    id: int
    text: str
    log_probability: float = float("nan")
    data: bytes | None = None


@dataclass(frozen=True)
class AnswerTokens:
    """A sequence of tokens to be scored: an answer, or the beginning of one with another token at its end.

    Attributes
    ----------
    ids : tuple of int
        T token ids.
    pieces : tuple of str
        Their T texts.
    positions : tuple of int
        The positions that are scored, ascending. A tier may score all of them.
    text : str
        The text of all tokens; `pieces` may not spell it where a character is cut.
    """

    ids: tuple[int, ...]
    pieces: tuple[str, ...]
    positions: tuple[int, ...]
    text: str


@dataclass(frozen=True, eq=False)
class TokenScores:
    """What a server reports about the tokens of an answer.

    Attributes
    ----------
    log_probabilities : ndarray of float, (T,)
        Natural logarithms; NaN at positions that were not asked for.
    floored : ndarray of bool, (T,)
        Whether the server did not list the token, so that the value is an upper bound.
    low, high : ndarray of float, (T,), or None
        Confidence limits of the *probabilities*, of a tier that estimates them.
    """

    log_probabilities: np.ndarray
    floored: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None

    @classmethod
    def exact(cls, log_probabilities: Sequence[float] | np.ndarray) -> TokenScores:
        """Make the scores of a tier that reports every token.

        Parameters
        ----------
        log_probabilities : sequence of float
            T values.

        Returns
        -------
        TokenScores
            None of them floored.
        """
        values = np.asarray(log_probabilities, dtype=np.float64)
        return cls(values, np.zeros(len(values), dtype=bool))
