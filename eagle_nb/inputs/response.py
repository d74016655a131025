"""Response: what a model said about an image, token by token."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image


@dataclass(frozen=True)
class ResponseWord:
    """A word of the answer: its text without punctuation around it, character span and token indices."""

    text: str
    start: int
    end: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Response:
    """A generated answer.

    Attributes
    ----------
    image : PIL.Image.Image
        The RGB image that was looked at.
    prompt : str
    text : str
        The answer.
    token_ids : list of int
        T ids; the token that ended the answer is not among them.
    tokens : list of str
        What each token adds to the text; the second half of a character that takes two tokens adds "".
    spans : list of (int, int)
        Character span of each token in `text`; tokens that share a character share its span.
    probabilities : ndarray of float32, (T,), or None
        Probability of each token when it was generated.
    model : str
        Name or folder of the model.
    revision : str
    """

    image: Image.Image = field(repr=False)
    prompt: str
    text: str
    token_ids: list[int] = field(repr=False)
    tokens: list[str] = field(repr=False)
    spans: list[tuple[int, int]] = field(repr=False)
    probabilities: np.ndarray | None = field(default=None, repr=False)
    model: str = ""
    revision: str = ""

    def __post_init__(self) -> None:
        n = len(self.token_ids)
        if len(self.tokens) != n or len(self.spans) != n:
            raise ValueError(f"{n} token ids, {len(self.tokens)} tokens and {len(self.spans)} spans do not match")
        if self.probabilities is not None and np.shape(self.probabilities) != (n,):
            raise ValueError(f"probabilities must have shape ({n},), got {np.shape(self.probabilities)}")
        for start, end in self.spans:
            if not 0 <= start <= end <= len(self.text):
                raise ValueError(
                    f"the token span ({start}, {end}) lies outside the text of {len(self.text)} characters"
                )

    def __len__(self) -> int:
        return len(self.token_ids)

    def find(self, text: str, occurrence: int = 0) -> list[int]:
        """Indices of the tokens that spell `text`.

        Parameters
        ----------
        text : str
            A word, phrase or piece of the answer. Whole words are preferred to parts of words.
        occurrence : int
            Which one, if it is said more than once; 0 is the first.

        Returns
        -------
        list of int
            All tokens that have a character in it.

        Raises
        ------
        ValueError
            If the answer does not contain it (so often); the message lists the answer's tokens.
        """
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"give the text to find as a non-empty string, got {text!r}")
        wanted = re.escape(text.strip())
        matches = list(re.finditer(rf"(?<!\w){wanted}(?!\w)", self.text)) or list(re.finditer(wanted, self.text))
        if not 0 <= occurrence < len(matches):
            said = "not in the answer" if not matches else f"in the answer {len(matches)} times only"
            raise ValueError(f"{text!r} is {said}; its tokens are {self.tokens}")
        return self.tokens_in(matches[occurrence].start(), matches[occurrence].end())

    def tokens_in(self, start: int, end: int) -> list[int]:
        """Indices of the tokens that have a character in ``text[start:end]``."""
        return [
            k for k, (a, b) in enumerate(self.spans) if a < end and b > start and self.text[max(a, start) : min(b, end)]
        ]

    @cached_property
    def words(self) -> list[ResponseWord]:
        """The answer's words, punctuation stripped, with their tokens."""
        words = []
        for match in re.finditer(r"\S+", self.text):
            core = re.search(r"\w(?:.*\w)?", match.group(), re.DOTALL)
            if core is None:
                continue
            start, end = match.start() + core.start(), match.start() + core.end()
            words.append(ResponseWord(core.group(), start, end, tuple(self.tokens_in(start, end))))
        return words

    def targets(self, target_ids: Mapping[int, int] | None, vocabulary_size: int | None = None) -> list[int]:
        """The token id to follow at each position: the generated ones, but for counterfactual targets.

        Parameters
        ----------
        target_ids : mapping of position to token id, or None
        vocabulary_size : int, optional

        Raises
        ------
        TypeError
            If `target_ids` is no mapping.
        ValueError
            If a position or an id is out of range.
        """
        ids = [int(i) for i in self.token_ids]
        if target_ids is None:
            return ids
        if not isinstance(target_ids, Mapping):
            raise TypeError(f"target_ids maps positions to token ids, {{0: 42}}, got {target_ids!r}")
        for position, target in target_ids.items():
            if _outside(position, len(ids)):
                raise ValueError(
                    f"target_ids names position {position!r}, out of range 0 … {len(ids) - 1}; tokens are {self.tokens}"
                )
            if _outside(target, vocabulary_size or 2**31):
                known = f"; ids are 0 … {vocabulary_size - 1}" if vocabulary_size else ""
                raise ValueError(f"target_ids gives token id {target!r} at position {position}{known}")
            ids[position] = int(target)
        return ids

    def resolve(self, tokens: str | int | Sequence[int] | None) -> list[int]:
        """What `explain` accepts as tokens, as a sorted list of distinct indices.

        Raises
        ------
        ValueError
            If it is empty, repeated, out of range, or text that was not said.
        TypeError
            If it is of another type.
        """
        selected: Any = getattr(tokens, "selected", tokens)  # a TokenPicker
        if selected is None:
            return list(range(len(self)))
        if isinstance(selected, str):
            return self.find(selected)
        if isinstance(selected, int | np.integer) and not isinstance(selected, bool):
            selected = [int(selected)]
        try:
            indices = [int(k) for k in selected if not isinstance(k, bool | str | float)]
            if len(indices) != len(list(selected)):
                raise TypeError
        except TypeError:
            raise TypeError(f"tokens must be None, a text, an index or a list of indices, got {tokens!r}") from None
        if not indices:
            raise ValueError("tokens is empty; give at least one index, or None for all")
        for k in indices:
            if not 0 <= k < len(self):
                raise ValueError(
                    f"token index {k} is out of range 0 … {len(self) - 1}; the answer's tokens are {self.tokens}"
                )
        if len(set(indices)) < len(indices):
            raise ValueError(f"tokens repeats an index: {indices}")
        return sorted(indices)


def _outside(k: object, size: int) -> bool:
    return isinstance(k, bool) or not isinstance(k, int | np.integer) or not 0 <= k < size


def token_spans(pieces: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Tokens and character spans from the decoded prefixes of an answer.

    Parameters
    ----------
    pieces : sequence of str
        Entry k is the decoding of the first k + 1 tokens; the last one is the text. A prefix that
        ends inside a character decodes to a replacement character there.

    Returns
    -------
    tokens, spans

    Examples
    --------
    >>> token_spans(["a", "a r\ufffd", "a ré"])
    (['a', ' r', 'é'], [(0, 1), (1, 4), (3, 4)])
    """
    text = pieces[-1] if pieces else ""
    stable = [min(_common(p, text), len(p)) for p in pieces]
    tokens: list[str] = []
    spans: list[tuple[int, int]] = []
    done = 0
    for k, length in enumerate(stable):
        cut = length < len(pieces[k])  # this token ends inside a character
        start = done
        if k and stable[k - 1] < len(pieces[k - 1]):
            start = stable[k - 1]  # it also completes the character before it
        end = length
        if cut:
            following = next((s for s in stable[k + 1 :] if s > length), len(text))
            end = min(length + 1, following, len(text))
        spans.append((min(start, end), end))
        tokens.append(text[done:length])
        done = max(done, length)
    return tokens, spans


def _common(a: str, b: str) -> int:
    n = min(len(a), len(b))
    for k in range(n):
        if a[k] != b[k]:
            return k
    return n
