"""Response: the answer of a model about an image, token by token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from .layout import Layout
from .messages import Conversation, Message, short_form
from .text import find_text, quoted, word_spans
from .thinking import thinking_blocks


@dataclass(frozen=True)
class ResponseWord:
    """A word of the answer.

    Attributes
    ----------
    text : str
        The word, without punctuation around it.
    start, end : int
        Character span in the answer.
    tokens : tuple of int
        Indices of the tokens that spell it.
    """

    text: str
    start: int
    end: int
    tokens: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Response:
    """A generated answer.

    Attributes
    ----------
    images : tuple of PIL.Image.Image
        The RGB pictures that the model saw, in order, the frames of videos among them. A single picture may be given as it is.
    prompt : str
        The question or instruction: the last text of the user.
    text : str
        The answer.
    token_ids : list of int
        T ids, without the token that ended the answer.
    tokens : list of str
        What each token adds to the text; the second half of a character that takes two tokens adds "".
    spans : list of (int, int)
        Character span of each token in `text`; tokens that share a character share its span.
    probabilities : ndarray of float32, (T,), or None
        Probability of each token when it was generated.
    model : str
        Name or folder of the model.
    revision : str
        Revision of the model.
    conversation : Conversation
        The messages that were answered; by default the pictures, then the prompt.

    Raises
    ------
    ValueError
        If the parts do not fit each other.
    """

    images: tuple[Image.Image, ...] = field(repr=False)
    prompt: str
    text: str
    token_ids: list[int] = field(repr=False)
    tokens: list[str] = field(repr=False)
    spans: list[tuple[int, int]] = field(repr=False)
    probabilities: np.ndarray | None = field(default=None, repr=False)
    model: str = ""
    revision: str = ""
    conversation: Conversation = None  # type: ignore[assignment]  # by default made from the pictures and the prompt

    def __post_init__(self) -> None:
        given: Any = self.images
        object.__setattr__(self, "images", (given,) if isinstance(given, Image.Image) else tuple(given))
        if self.conversation is None:
            object.__setattr__(self, "conversation", short_form(self.prompt, len(self.images)))
        if sum(self.conversation.picture_counts()) != len(self.images):
            raise ValueError(
                f"the messages hold {sum(self.conversation.picture_counts())} pictures, the response {len(self.images)}"
            )
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

    def __repr__(self) -> str:
        texts = {name: quoted(getattr(self, name)) for name in ("prompt", "text", "model", "revision")}
        return f"Response({', '.join(f'{name}={text}' for name, text in texts.items())})"

    @property
    def image(self) -> Image.Image:
        """The picture, if there is one only.

        Raises
        ------
        ValueError
            If there are several.
        """
        if len(self.images) > 1:
            raise ValueError(f"the response is about {len(self.images)} pictures; use response.images")
        return self.images[0]

    @property
    def messages(self) -> tuple[Message, ...]:
        """The messages that were answered, without pixels."""
        return self.conversation.messages

    @cached_property
    def layout(self) -> Layout:
        """Where the pictures lie on their canvas."""
        return Layout.of(self.images)

    @cached_property
    def canvas(self) -> Image.Image:
        """All pictures side by side; the picture itself, if there is one only."""
        return self.layout.compose(self.images)

    @property
    def timestamps(self) -> np.ndarray:
        """Time of each picture in seconds: float64 (P,); NaN for pictures that are no frames, or of a video without times."""
        times = np.full(len(self.images), np.nan)
        for video in self.conversation.videos:
            if video.timestamps:
                times[video.first : video.first + video.count] = video.timestamps
        return times

    def find(self, text: str, occurrence: int | None = None) -> list[int]:
        """Return the indices of the tokens that spell a text.

        Only whole words match, in Unicode's normal form C, with typographic apostrophes and no-break spaces equal to the plain ones.
        Upper and lower case differ, unless the answer contains the text in another case only.

        Parameters
        ----------
        text : str
            A word or phrase of the answer.
        occurrence : int, optional
            Which one, if the answer contains it more than once; 0 is the first. By default the first outside a thinking block, or else the
            first.

        Returns
        -------
        list of int
            All tokens that have a character in it.

        Raises
        ------
        ValueError
            If the answer does not contain it, or contains it less often; the message lists the places, or the answer's tokens.

        Examples
        --------
        >>> response = Response(Image.new("RGB", (2, 2)), "?", "a red ball", [5, 6, 7], ["a", " red", " ball"], [(0, 1), (1, 5), (5, 10)])
        >>> response.find("red ball")
        [1, 2]
        """
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"give the text to find as a non-empty string, got {text!r}")
        places = find_text(self.text, text) or find_text(self.text, text, ignore_case=True)
        if not places:
            raise ValueError(f"{text!r} is not in the answer as whole words; its tokens are {self.tokens}")
        if occurrence is None:
            blocks = thinking_blocks(self.text)
            outside = [place for place in places if not any(a <= place[0] < b for a, b in blocks)]
            return self.tokens_in(*(outside or places)[0])
        if (
            isinstance(occurrence, bool)
            or not isinstance(occurrence, int | np.integer)
            or not 0 <= occurrence < len(places)
        ):
            shown = ", ".join(f"{k}: {self._around(*place)!r}" for k, place in enumerate(places))
            raise ValueError(
                f"the answer contains {text!r} {len(places)} times ({shown}); occurrence must be 0 … {len(places) - 1}, got {occurrence!r}"
            )
        return self.tokens_in(*places[occurrence])

    def tokens_in(self, start: int, end: int) -> list[int]:
        """Return the indices of the tokens that have a character in ``text[start:end]``.

        Parameters
        ----------
        start, end : int
            Character span in the answer.

        Returns
        -------
        list of int
            Ascending indices.
        """
        return [
            k for k, (a, b) in enumerate(self.spans) if a < end and b > start and self.text[max(a, start) : min(b, end)]
        ]

    @cached_property
    def words(self) -> list[ResponseWord]:
        """The answer's words with their tokens; see `eagle_nb.inputs.text.word_spans`."""
        return [ResponseWord(self.text[a:b], a, b, tuple(self.tokens_in(a, b))) for a, b in word_spans(self.text)]

    def targets(self, target_ids: Mapping[int, int] | None, vocabulary_size: int | None = None) -> list[int]:
        """Return the token id to score at each position: the generated ones, except for counterfactual targets.

        Parameters
        ----------
        target_ids : mapping of int to int, or None
            Token id by position.
        vocabulary_size : int, optional
            Ids must be below it.

        Returns
        -------
        list of int
            T ids.

        Raises
        ------
        TypeError
            If `target_ids` is not a mapping.
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
                valid = f"; ids are 0 … {vocabulary_size - 1}" if vocabulary_size else ""
                raise ValueError(f"target_ids gives token id {target!r} at position {position}{valid}")
            ids[position] = int(target)
        return ids

    def resolve(self, tokens: Any) -> list[int]:
        """Return what ``tokens=`` selects.

        Parameters
        ----------
        tokens : None, str, int, sequence of int, sequence of bool or TokenPicker
            All tokens, a text of the answer, an index, indices, a boolean mask of all tokens (NumPy, torch, pandas or a list), or the
            selection of a picker.

        Returns
        -------
        list of int
            Distinct indices, ascending.

        Raises
        ------
        ValueError
            If the selection is empty, repeats an index, is out of range, is a mask of another length, or is a text that the answer does
            not contain.
        TypeError
            If it is of another type.

        Examples
        --------
        >>> response = Response(Image.new("RGB", (2, 2)), "?", "a red", [5, 6], ["a", " red"], [(0, 1), (1, 5)])
        >>> response.resolve("red"), response.resolve([False, True]), response.resolve(None)
        ([1], [1], [0, 1])
        """
        selected: Any = getattr(tokens, "selected", tokens)  # a TokenPicker
        if selected is None:
            return list(range(len(self)))
        if isinstance(selected, str):
            return self.find(selected)
        if getattr(selected, "ndim", None) == 0 and not isinstance(selected, np.bool_):
            return self.resolve(selected.item())  # an array or a tensor without axes
        if isinstance(selected, int) and not isinstance(selected, bool):
            selected = [selected]
        indices = self._indices(selected, tokens)
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

    def _indices(self, selected: Any, tokens: Any) -> list[int]:
        """Return the indices of a sequence of indices or of a boolean mask."""
        wrong = TypeError(
            f"tokens must be None, a text, an index, a list of indices or a boolean mask of all tokens, got {tokens!r}"
        )
        if (
            isinstance(selected, bytes | bytearray | Mapping)
            or not hasattr(selected, "__iter__")
            or getattr(selected, "ndim", 1) != 1
        ):
            raise wrong
        values = [getattr(k, "item", lambda k=k: k)() for k in selected]
        if values and all(isinstance(k, bool) for k in values):
            if len(values) != len(self):
                raise ValueError(f"a boolean mask selects among all {len(self)} tokens, it has {len(values)} entries")
            return [k for k, chosen in enumerate(values) if chosen]
        if any(isinstance(k, bool) or not isinstance(k, int) for k in values):
            raise wrong
        return [int(k) for k in values]

    def _around(self, start: int, end: int, reach: int = 12) -> str:
        """Return a place in the answer with some text around it."""
        left, right = max(0, start - reach), min(len(self.text), end + reach)
        return f"{'…' * (left > 0)}{self.text[left:right]}{'…' * (right < len(self.text))}"


def _outside(k: object, size: int) -> bool:
    """Whether a value is not an integer in 0 … size - 1."""
    return isinstance(k, bool) or not isinstance(k, int | np.integer) or not 0 <= k < size


def token_spans(pieces: Sequence[str]) -> tuple[list[str], list[tuple[int, int]]]:
    """Compute tokens and character spans from the decoded prefixes of an answer.

    Parameters
    ----------
    pieces : sequence of str
        Entry k is the decoding of the first k + 1 tokens; the last one is the text. A prefix that ends inside a character decodes to
        a replacement character there.

    Returns
    -------
    tokens : list of str
        What each token adds to the text.
    spans : list of (int, int)
        Character span of each token.

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
    """Return the length of the common beginning of two texts."""
    n = min(len(a), len(b))
    for k in range(n):
        if a[k] != b[k]:
            return k
    return n
