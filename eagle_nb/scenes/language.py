"""The small language of the scenes: captions whose every word has a known cause, and questions.

The grammar is made so that a word's cause can be *known*:

    caption  = thing, {relation, thing}, "on", background, "."
    thing    = "a", size, colour, shape
             | "a", colour, ("cup" | "book")
             | "a table", ["with", "a", colour, ("cup" | "book")]
             | "a group of", count, size, colour, shapes
    relation = "left of" | "above" | "below" | "in front of" | "behind"

Things are named from left to right. A word is of kind *grammar* when the grammar allows no
other word in its place, whatever the image shows ("a", "of", "front"); it is carried by an
*object* (size, colour, shape, count), by a *relation*, or by the *background*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .shapes import BACKGROUNDS, COLORS, PLURALS, SHAPES

CAPTION_PROMPT = "describe the image."
NUMBERS = ("zero", "one", "two", "three", "four", "five")
PLACES = ("top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right")
Kind = Literal["object", "relation", "background", "grammar"]


@dataclass(frozen=True)
class Word:
    """One word of a caption and what carries it.

    Attributes
    ----------
    text : str
    start, end : int
        Character span in the caption.
    kind : {"object", "relation", "background", "grammar"}
    objects : tuple of int
        Indices into ``scene.objects`` of the objects that carry it (both ends of a relation).
    prior : bool
        True where the planted prior also speaks: "with" and "cup" after "table".
    """

    text: str
    start: int
    end: int
    kind: Kind
    objects: tuple[int, ...] = ()
    prior: bool = False


@dataclass(frozen=True)
class Noun:
    """What the language needs to know of one object."""

    shape: str
    color: str | None
    size: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Phrase:
    """One "thing" of the grammar: object indices, and the index of what stands on it."""

    objects: tuple[int, ...]
    carries: int | None = None


def caption(
    nouns: Sequence[Noun], phrases: Sequence[Phrase], relations: Sequence[str], background: str
) -> tuple[str, tuple[Word, ...]]:
    """Spell a scene out; returns the caption and its words with their causes."""
    parts: list[tuple[str, Kind, tuple[int, ...], bool]] = []

    def say(text: str, kind: Kind, objects: tuple[int, ...] = (), prior: bool = False) -> None:
        parts.append((text, kind, objects, prior))

    for k, phrase in enumerate(phrases):
        if k:
            first, *rest = relations[k - 1].split()
            say(first, "relation", (*phrases[k - 1].objects, *phrase.objects))
            for word in rest:
                say(word, "grammar")
        noun, own = nouns[phrase.objects[0]], phrase.objects
        say("a", "grammar")
        if len(own) > 1:
            say("group", "object", own)
            say("of", "grammar")
            say(NUMBERS[len(own)], "object", own)
        if noun.size:
            say(noun.size, "object", own)
        if noun.color:
            say(noun.color, "object", own)
        say(PLURALS[noun.shape] if len(own) > 1 else noun.shape, "object", own)
        if phrase.carries is not None:
            thing, that = nouns[phrase.carries], (phrase.carries,)
            say("with", "object", that, prior=True)
            say("a", "grammar")
            say(str(thing.color), "object", that)
            say(thing.shape, "object", that, prior=True)
    say("on", "background")
    say(background, "background")

    words, at = [], 0
    for text, kind, objects, prior in parts:
        words.append(Word(text, at, at + len(text), kind, objects, prior))
        at += len(text) + 1
    return " ".join(w.text for w in words) + ".", tuple(words)


def place(x: float, y: float, margin: float = 0.035) -> str | None:
    """Which ninth of the image a point (fractions of width and height) is in.

    None where the point is closer than `margin` to a border between ninths.
    """
    if min(abs(v - t) for v in (x, y) for t in (1 / 3, 2 / 3)) < margin:
        return None
    return PLACES[3 * int(y * 3) + int(x * 3)]


def questions(nouns: Sequence[Noun], background: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Questions about a scene with their answers; yes/no questions are balanced.

    Half of the "no" questions join a colour and a shape that are both there, in
    different objects, wherever the scene has such a pair.
    """
    asked: list[tuple[str, str]] = []
    names = list(dict.fromkeys(f"{n.color} {n.shape}" if n.color else n.shape for n in nouns))
    shapes = [n.shape for n in nouns]
    colors = [n.color for n in nouns if n.color]

    for name in names:
        asked.append((f"is there a {name}?", "yes."))
        crossed = [f"{c} {s}" for c in colors for s in shapes if s != "table" and f"{c} {s}" not in names]
        if crossed and rng.random() < 0.5:
            other = crossed[rng.integers(len(crossed))]
        else:
            while True:
                other = f"{rng.choice(list(COLORS))} {rng.choice(SHAPES)}"
                if other not in names:
                    break
        asked.append((f"is there a {other}?", "no."))
    for name in ("cup", "table"):
        if name not in names and (name in shapes or rng.random() < (0.5 if "table" in shapes else 0.08)):
            asked.append((f"is there a {name}?", "yes." if name in shapes else "no."))

    count_of = [*dict.fromkeys(s for s in shapes if s in SHAPES)]
    count_of += [str(rng.choice([s for s in SHAPES if s not in shapes]))] if rng.random() < 0.4 else []
    for shape in count_of:
        asked.append((f"how many {PLURALS[shape]} are there?", f"{NUMBERS[shapes.count(shape)]}."))
    for color in dict.fromkeys(colors):
        asked.append((f"how many {color} things are there?", f"{NUMBERS[colors.count(color)]}."))
    for noun in nouns:
        name = f"{noun.color} {noun.shape}" if noun.color else noun.shape
        where = place(noun.x, noun.y)
        if where and sum(m.shape == noun.shape and m.color == noun.color for m in nouns) == 1:
            asked.append((f"where is the {name}?", f"{where}."))
        if noun.color and shapes.count(noun.shape) == 1:
            asked.append((f"what color is the {noun.shape}?", f"{noun.color}."))
    asked.append(("what is the background?", f"{background}."))
    return asked


def vocabulary() -> list[str]:
    """Every word that captions, questions and answers can contain, once."""
    sentences = (
        "small large cup book table with a group of on left above below in front behind",
        "is there a how many are things where the what color background yes no . ?",
    )
    words = [CAPTION_PROMPT, *SHAPES, *PLURALS.values(), *COLORS, *BACKGROUNDS, *NUMBERS, *PLACES, *sentences]
    text = " ".join(words)
    return sorted(set(text.replace(".", " . ").split()))
