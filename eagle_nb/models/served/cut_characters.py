"""Characters that a model writes in several tokens, which llama.cpp neither forces by a grammar nor reports one by one."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

FILLER_BYTES = 3
"""Length of an ASCII token after which llama.cpp looks no further back for an incomplete character."""

LISTED = 1000
"""How many of the most probable tokens are asked for; a token outside them gets an upper bound."""

STEP = 1e3
"""Difference between the biases of successive tokens, far above any difference of logits."""


@dataclass(frozen=True)
class Part:
    """Successive tokens of an answer that are scored in the same way.

    Attributes
    ----------
    start, stop : int
        Their positions.
    before : str
        The text before them.
    data : tuple of bytes
        Their bytes, if they cut a character.
    """

    start: int
    stop: int
    before: str
    data: tuple[bytes, ...] = ()

    @property
    def cut(self) -> bool:
        """Whether the tokens are parts of a character.

        Returns
        -------
        bool
            True if so.
        """
        return bool(self.data)


def parts_of(pieces: Sequence[bytes]) -> list[Part]:
    """Divide the tokens of an answer into those of whole characters and those that cut one.

    Parameters
    ----------
    pieces : sequence of bytes
        The tokens' bytes.

    Returns
    -------
    list of Part
        In order; the tokens of each cut character are a part of their own.

    Examples
    --------
    >>> snow = "☃".encode()
    >>> [(part.start, part.stop, part.before, part.cut) for part in parts_of([b"a", snow[:1], snow[1:], b"b"])]
    [(0, 1, '', False), (1, 3, 'a', True), (3, 4, 'a☃', False)]
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    groups: list[list[int]] = []  # tokens between successive ends of characters
    pending: list[int] = []
    texts, text = [], ""
    for k, piece in enumerate(pieces):
        if not pending:
            texts.append(text)
        text += decoder.decode(piece)
        pending.append(k)
        if not decoder.getstate()[0]:
            groups.append(pending)
            pending = []
    if pending:
        groups.append(pending)

    parts: list[Part] = []
    for group, before in zip(groups, texts, strict=True):
        start, stop = group[0], group[-1] + 1
        if len(group) > 1 or "\ufffd" in pieces[start].decode(errors="replace"):
            parts.append(Part(start, stop, before, tuple(pieces[start:stop])))
        elif parts and not parts[-1].cut:
            parts[-1] = Part(parts[-1].start, stop, parts[-1].before)
        else:
            parts.append(Part(start, stop, before))
    return parts


def bias_to(ids: Sequence[int]) -> dict[str, Any]:
    """Return sampling parameters under which llama.cpp generates tokens in an order, without a grammar.

    Each token's bias is above that of its successor, and a token that has occurred is penalised below all of them. Reported
    log-probabilities are those without bias and penalty. Holds for distinct tokens.

    Parameters
    ----------
    ids : sequence of int
        Distinct token ids.

    Returns
    -------
    dict
        Fields of the request.
    """
    count = len(ids)
    biases = {str(token): STEP * (count - k) for k, token in enumerate(ids)}
    return {"logit_bias": biases, "presence_penalty": STEP * (count + 1), "repeat_last_n": max(count - 1, 1)}
