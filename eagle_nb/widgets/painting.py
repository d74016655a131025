"""What a mask painter records and compares: trials, comparisons at equal area, and changes of the answer."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

import numpy as np

from ..inputs.text import percent

_PIECE = re.compile(r"\s*(?:[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|\w+(?:['’]\w+)*|[^\w\s])")


@dataclass(frozen=True)
class Comparison:
    """A comparison of painted regions with the first regions of an explanation's order that cover at most the same area.

    Attributes
    ----------
    mode : {"hide", "show"}
        Whether the regions are hidden, or nothing but them is shown.
    own, eagle : float
        Mean probability of the selected tokens with either hidden ("hide": lower is better) or shown alone ("show": higher is
        better).
    area, eagle_area : float
        Shares of the image.
    regions : int
        Number of the order's regions; 0 where its first region is larger than the painted one.
    """

    mode: str
    own: float
    eagle: float
    area: float
    eagle_area: float
    regions: int

    def __str__(self) -> str:
        done = "shown" if self.mode == "show" else "hidden"
        own = f"Yours: {self.own:.2f} with {percent(self.area)} of the image {done}."
        if self.regions == 0:
            return f"{own} EAGLE's first region is larger than that, so there is nothing to compare."
        first = "first region" if self.regions == 1 else f"first {self.regions} regions"
        lead = (self.own - self.eagle) * (1 if self.mode == "show" else -1)
        leader = "you are" if lead > 0 else "EAGLE is"
        who = "the two are even" if abs(lead) < 0.005 else f"{leader} ahead by {abs(lead):.2f}"
        better = "Higher" if self.mode == "show" else "Lower"
        return (
            f"{own} EAGLE's {first} at equal area ({percent(self.eagle_area)}): {self.eagle:.2f}. "
            f"{better} is better here: {who}."
        )


@dataclass(frozen=True)
class Trial:
    """A coalition that was scored.

    Attributes
    ----------
    painted : tuple of int
        Painted regions.
    mode : {"hide", "show"}
        Whether they are hidden, or nothing but them is shown.
    probabilities : ndarray of float32, (T,)
        Probability of every token.
    answer : str or None
        The answer, if it was generated.
    """

    painted: tuple[int, ...]
    mode: str
    probabilities: np.ndarray
    answer: str | None


def changes(before: str, after: str) -> list[tuple[str, str]]:
    """Compare two answers piece by piece.

    Pieces are words, punctuation marks and, in scripts without spaces, characters; each with the white space before it.

    Parameters
    ----------
    before, after : str
        The answers.

    Returns
    -------
    list of (str, str)
        ("same", text), ("new", text) and, of the answer before, ("gone", text).

    Examples
    --------
    >>> changes("a red circle", "a blue circle")
    [('same', 'a'), ('gone', ' red'), ('new', ' blue'), ('same', ' circle')]
    """
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    steps = difflib.SequenceMatcher(None, [p.strip() for p in old], [p.strip() for p in new], autojunk=False)
    pieces = []
    for kind, a, b, c, d in steps.get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(new[c:d])))
            continue
        pieces += [(k, text) for k, text in (("gone", "".join(old[a:b])), ("new", "".join(new[c:d]))) if text]
    return pieces
