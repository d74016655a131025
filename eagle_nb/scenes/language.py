"""The language of the scenes: captions whose words have known causes, and questions.

The grammar determines the cause of every word::

    caption  = phrase, {relation, phrase}, "on", background, "."
    phrase   = "a", size, colour, shape
             | "a", colour, ("cup" | "book")
             | "a table", ["with", "a", colour, ("cup" | "book")]
             | "a group of", count, size, colour, shapes
    relation = "left of" | "above" | "below" | "in front of" | "behind"

Objects are named from left to right. A word is of kind *grammar* if the grammar allows no other word in its place,
whatever the image shows ("a", "of", "front"). All other words are carried by an *object* (size, colour, shape, count),
by a *relation* or by the *background*.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .shapes import BACKGROUNDS, COLORS, PLURALS, SHAPES

CAPTION_PROMPT = "describe the image."
"""The prompt that the bundled model answers with a caption."""

NUMBERS = ("zero", "one", "two", "three", "four", "five")
PLACES = ("top left", "top", "top right", "left", "center", "right", "bottom left", "bottom", "bottom right")
Kind = Literal["object", "relation", "background", "grammar"]


@dataclass(frozen=True)
class Word:
    """One word of a caption and its cause.

    Parameters
    ----------
    text : str
        The word.
    start, end : int
        Character span in the caption.
    kind : {"object", "relation", "background", "grammar"}
        What carries it.
    objects : tuple of int
        Indices into ``scene.objects`` of the objects that carry it; of a relation, the objects on both sides.
    prior : bool
        Whether the planted prior supports it too: "with" and "cup" after "table".

    Examples
    --------
    >>> from eagle_nb.scenes import draw
    >>> word = draw(0, objects=["red circle"]).words[2]
    >>> word.text, word.kind, word.objects
    ('red', 'object', (0,))
    """

    text: str
    start: int
    end: int
    kind: Kind
    objects: tuple[int, ...] = ()
    prior: bool = False


@dataclass(frozen=True)
class Noun:
    """The attributes of an object that captions and questions mention.

    Parameters
    ----------
    shape : str
        One of `eagle_nb.scenes.shapes.SHAPE_NAMES`.
    color, size : str or None
        None where the shape has none.
    x, y : float
        Centre, as fractions of width and height.
    """

    shape: str
    color: str | None
    size: str | None
    x: float
    y: float


@dataclass(frozen=True)
class Phrase:
    """One phrase of the grammar.

    Parameters
    ----------
    objects : tuple of int
        Indices of the objects that it names; several in a group.
    carries : int, optional
        Index of the object that stands on the table.
    """

    objects: tuple[int, ...]
    carries: int | None = None


def caption(
    nouns: Sequence[Noun], phrases: Sequence[Phrase], relations: Sequence[str], background: str
) -> tuple[str, tuple[Word, ...]]:
    """Write the caption of a scene.

    Parameters
    ----------
    nouns : sequence of Noun
        The objects.
    phrases : sequence of Phrase
        The phrases, from left to right.
    relations : sequence of str
        The relation of each phrase to the next, one fewer than phrases.
    background : str
        Name of the background.

    Returns
    -------
    text : str
        The caption.
    words : tuple of Word
        Its words with their causes.

    Examples
    --------
    >>> caption([Noun("star", "blue", "small", 0.5, 0.5)], [Phrase((0,))], [], "grass")[0]
    'a small blue star on grass.'
    """
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
            carried, cause = nouns[phrase.carries], (phrase.carries,)
            say("with", "object", cause, prior=True)
            say("a", "grammar")
            say(str(carried.color), "object", cause)
            say(carried.shape, "object", cause, prior=True)
    say("on", "background")
    say(background, "background")

    words, at = [], 0
    for text, kind, objects, prior in parts:
        words.append(Word(text, at, at + len(text), kind, objects, prior))
        at += len(text) + 1
    return " ".join(w.text for w in words) + ".", tuple(words)


def place(x: float, y: float, margin: float = 0.035) -> str | None:
    """Name the ninth of the image that a point lies in.

    Parameters
    ----------
    x, y : float
        The point, as fractions of width and height.
    margin : float
        Points closer than this to a border between ninths have no name.

    Returns
    -------
    str or None
        One of `PLACES`, or None close to a border.

    Examples
    --------
    >>> place(0.1, 0.5), place(0.34, 0.5)
    ('left', None)
    """
    if min(abs(v - t) for v in (x, y) for t in (1 / 3, 2 / 3)) < margin:
        return None
    return PLACES[3 * int(y * 3) + int(x * 3)]


def questions(nouns: Sequence[Noun], background: str, rng: np.random.Generator) -> list[tuple[str, str]]:
    """Ask questions about a scene.

    "Yes" and "no" are equally frequent among the answers to "is there a …?". Half of the "no" questions combine the
    colour of one object with the shape of another, wherever the scene permits.

    Parameters
    ----------
    nouns : sequence of Noun
        The objects.
    background : str
        Name of the background.
    rng : numpy.random.Generator
        Source of the choices.

    Returns
    -------
    list of (str, str)
        Questions and their true answers.

    Examples
    --------
    >>> questions([Noun("star", "blue", "small", 0.5, 0.5)], "grass", np.random.default_rng(0))[-1]
    ('what is the background?', 'grass.')
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
        location = place(noun.x, noun.y)
        if location and sum(m.shape == noun.shape and m.color == noun.color for m in nouns) == 1:
            asked.append((f"where is the {name}?", f"{location}."))
        if noun.color and shapes.count(noun.shape) == 1:
            asked.append((f"what color is the {noun.shape}?", f"{noun.color}."))
    asked.append(("what is the background?", f"{background}."))
    return asked


def vocabulary() -> list[str]:
    """List every word of captions, questions and answers once.

    Returns
    -------
    list of str
        Words and punctuation marks, sorted.

    Examples
    --------
    >>> "purple" in vocabulary()
    True
    """
    sentences = (
        "small large cup book table with a group of on left above below in front behind",
        "is there a how many are things where the what color background yes no . ?",
    )
    words = [CAPTION_PROMPT, *SHAPES, *PLURALS.values(), *COLORS, *BACKGROUNDS, *NUMBERS, *PLACES, *sentences]
    text = " ".join(words)
    return sorted(set(text.replace(".", " . ").split()))
