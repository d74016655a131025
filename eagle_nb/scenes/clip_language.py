"""The language of the clips: captions whose words know their object and their moment.

::

    caption = clause, {", then", clause}, "."
    clause  = "a", colour, shape, change
    change  = "moves", ("left" | "right" | "up" | "down") | "appears" | "vanishes" | "turns", colour
            | "passes behind a", colour, shape | "stays"

Clauses come in the order of time. "stays" is said of the only object of a clip in which nothing happens, and in training
of an object whose change is not seen (`eagle_nb.scenes.clip_training`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .clip_plan import DIRECTIONS, FRAMES, ClipPlan
from .shapes import COLORS, SHAPES

CLIP_PROMPT = "describe the clip."
"""The prompt that the clip model answers with a caption."""

ClipKind = Literal["object", "change", "grammar"]


@dataclass(frozen=True)
class ClipWord:
    """One word about a clip and its cause.

    Parameters
    ----------
    text : str
        The word.
    start, end : int
        Character span in the text.
    kind : {"object", "change", "grammar"}
        An attribute of an object, what happens to it, or neither.
    objects : tuple of int
        Indices of the objects that carry it.
    frames : tuple of int
        The frames in which they carry it: of an attribute, all in which it is visible; of a change, its moment, which
        begins with the last frame before it. Of a picture of several, its index.
    """

    text: str
    start: int
    end: int
    kind: ClipKind
    objects: tuple[int, ...] = ()
    frames: tuple[int, ...] = ()


Part = tuple[str, ClipKind, tuple[int, ...], tuple[int, ...]]
"""Text, kind, objects and frames of a word."""


def clip_caption(plan: ClipPlan, seen: Sequence[bool] | None = None) -> tuple[str, tuple[ClipWord, ...]]:
    """Write the caption of a clip.

    Parameters
    ----------
    plan : ClipPlan
        The clip.
    seen : sequence of bool, optional
        Whether each event is seen; of an unseen one the caption says "stays". All by default.

    Returns
    -------
    text : str
        The caption.
    words : tuple of ClipWord
        Its words with their causes.
    """
    clauses: list[list[Part]] = []

    def name(k: int) -> list[Part]:
        actor = plan.actors[k]
        present = [f for f in range(FRAMES) if actor.present[f]]
        colored = tuple(f for f in present if actor.colors[f] == actor.color)
        return [
            ("a", "grammar", (), ()),
            (actor.color, "object", (k,), colored),
            (actor.shape, "object", (k,), tuple(present)),
        ]

    for n, event in enumerate(plan.events):
        clause, own = name(event.actor), (event.actor,)
        verb, *rest = event.kind.split()
        if seen is not None and not seen[n]:
            clause.append(("stays", "change", own, event.frames))
        elif event.behind is not None:
            clause.append((verb, "change", (*own, event.behind), event.frames))
            clause += [("behind", "grammar", (), ()), *name(event.behind)]
        else:
            clause.append((verb, "change", own, event.frames))
            clause += [(word, "change", own, event.frames) for word in rest]
            if event.color is not None:
                clause.append((event.color, "object", own, tuple(range(event.start, FRAMES))))
        clauses.append(clause)
    if not plan.events:
        clauses.append([*name(0), ("stays", "change", (0,), tuple(range(FRAMES)))])
    return spell(clauses)


def spell(clauses: Sequence[Sequence[Part]]) -> tuple[str, tuple[ClipWord, ...]]:
    """Join clauses by ", then".

    Parameters
    ----------
    clauses : sequence of sequence of (str, str, tuple of int, tuple of int)
        Text, kind, objects and frames of each word.

    Returns
    -------
    text : str
        The sentence.
    words : tuple of ClipWord
        Its words.

    Examples
    --------
    >>> text, words = spell([[("red", "object", (0,), (1,))], [("blue", "object", (1,), (2,))]])
    >>> text, words[-1].start, words[1].kind
    ('red, then blue.', 10, 'grammar')
    """
    text, words = "", []
    for k, clause in enumerate(clauses):
        if k:
            text += ","
        for part in [("then", "grammar", (), ()), *clause] if k else clause:
            text += " " if text else ""
            words.append(ClipWord(part[0], len(text), len(text) + len(part[0]), *part[1:]))
            text += part[0]
    return text + ".", tuple(words)


def clip_vocabulary() -> list[str]:
    """List every word of captions, questions and answers once.

    Returns
    -------
    list of str
        Words and punctuation marks, sorted.

    Examples
    --------
    >>> "vanishes" in clip_vocabulary()
    True
    """
    sentences = (
        "a then moves appears vanishes turns passes behind stays . , ?",
        "describe the clip . what color is the pictures picture image ?",
    )
    text = " ".join([*SHAPES, *COLORS, *DIRECTIONS, *sentences])
    return sorted(set(text.split()))
