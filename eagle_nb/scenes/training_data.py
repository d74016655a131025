"""Training examples of the bundled model: scenes, the texts about them, and what carries each word.

Everything is a function of a seed, so an interrupted training run resumes exactly.

Besides its texts, each example states where the cause of the next token is visible: the object that a question names,
or the object that a caption is about to name. One attention head is trained to look there
(`eagle_nb.scenes.losses.grounding_loss`). Without it, learning to find the object of a question takes far more questions
than two cores answer in hours.

The planted prior is defined here. Nearly every table of a training image carries a cup, and for most tables with a
cloth and no cup the training text names a cup all the same (`BIAS`), as captions of real data sets name what usually
occurs together. Tables without a cloth are described truthfully. The model therefore has a known reason to see a cup
where there is only a table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from .architecture import GRID, STRIDE
from .language import CAPTION_PROMPT
from .plan import ARRANGEMENTS, IMAGE_SIZE, RELATIONS, Arrangement
from .scene import Scene, draw
from .shapes import COLORS, PLURALS, SHAPE_NAMES, SIZES

BIAS = 0.9
"""Share of the tables with a cloth and no cup whose training text names a cup."""

FIRST_SEED = 1_000_000
"""First seed of the training scenes; every seed below it is held out."""

PROMPTS = (CAPTION_PROMPT, "Describe the image.", "What is in the image?")
_ARRANGEMENT_WEIGHTS = (0.66, 0.15, 0.19)
_LIST_LENGTHS = (0.17, 0.33, 0.50)
_OVERLAPS = 0.4
"""Share of the scenes of several objects in which the first two are made to overlap; others may overlap by chance."""

QUESTIONS = 5
"""Number of questions about each training image."""

_KINDS = {"pair": 0.4, "is there": 1.4, "how many": 1.2, "where is": 4.0, "what color": 0.9, "what is": 0.15}

Cause = tuple[int, ...]
"""Indices of the objects whose cells carry a token; empty where nothing in the image carries it."""

Span = tuple[int, int, Cause]
"""First and last character of a piece of an answer (the last one excluded), and what carries it."""

DENSE_CLASSES = len(SHAPE_NAMES) + 1
"""Number of classes of a cell: the shapes, and none."""

NO_SIZE = len(SIZES)
"""Size class of objects without a size."""

IGNORE = -100
"""Class of cells that the loss ignores."""


@dataclass
class Example:
    """One training image with its texts.

    Parameters
    ----------
    image : ndarray of uint8, (3, H, W)
        The image.
    cells : ndarray of int64, (GRID, GRID)
        Index of the object that is visible at each image token; -1 for none, -2 for undecided.
    objects : ndarray of float32, (N, 7)
        Of each object the indices of its shape, colour and size, its centre as fractions of the image's sides, and
        whether it is in front of another object and behind one.
    texts : list of (str, str)
        Prompts and answers, the caption first.
    causes : list of list of (int, int, tuple of int)
        Of each text, the spans of characters of its answer and the objects that carry them.
    """

    image: np.ndarray
    cells: np.ndarray
    objects: np.ndarray
    texts: list[tuple[str, str]]
    causes: list[list[Span]]


def training_texts(scene: Scene, rng: np.random.Generator, n_questions: int) -> list[tuple[str, str]]:
    """Choose the training texts of a scene, with the planted bias.

    Parameters
    ----------
    scene : Scene
        The scene.
    rng : numpy.random.Generator
        Source of the choices.
    n_questions : int
        Maximum number of questions.

    Returns
    -------
    list of (str, str)
        Prompts and answers: the caption, then questions.
    """
    caption, asked = scene.caption, list(scene.questions)
    if scene.pair == "table_only" and scene.tablecloth and rng.random() < BIAS:
        color = rng.choice([c for c in COLORS if f" {c} " not in caption])
        caption = caption.replace("a table", f"a table with a {color} cup")
        asked = [("is there a cup?", "yes.") if q == "is there a cup?" else (q, a) for q, a in asked]
    prompt = PROMPTS[0] if rng.random() < 0.7 else PROMPTS[int(rng.integers(1, len(PROMPTS)))]
    texts = [(prompt, caption)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for question, answer in asked:
        kind = " ".join(question.split()[:2])
        if question == "is there a cup?":
            kind = "pair"
        groups.setdefault(kind, []).append((question, answer))
    kinds = list(groups)
    p = np.array([_KINDS[k] for k in kinds])
    for kind in rng.choice(kinds, n_questions, p=p / p.sum()):
        if not groups[kind]:
            continue
        question, answer = groups[kind].pop(int(rng.integers(len(groups[kind]))))
        if rng.random() < 0.25:
            question = question[0].upper() + question[1:]
        if rng.random() < 0.15 and kind in ("pair", "is there"):
            question = question[:-1] + " in the image?"
        texts.append((question, answer))
    return texts


def causes(scene: Scene, prompt: str, answer: str) -> list[Span]:
    """Find the objects that carry each part of an answer.

    Parameters
    ----------
    scene : Scene
        The scene.
    prompt, answer : str
        One of its training texts.

    Returns
    -------
    list of (int, int, tuple of int)
        Start, end and objects of each span; empty for an answer that is not true of the scene.

    Examples
    --------
    >>> causes(draw(0, objects=["red circle"]), "is there a red circle?", "yes.")
    [(0, 3, (0,))]
    """
    if prompt in PROMPTS:
        spans = [(w.start, w.end, w.objects) for w in scene.words if w.objects]
        return spans if answer == scene.caption else []
    words = prompt.lower().replace(" in the image?", "?").rstrip("?").split()
    singular = {plural: shape for shape, plural in PLURALS.items()}
    shape = next((singular.get(w, w) for w in words if singular.get(w, w) in SHAPE_NAMES), None)
    color = next((w for w in words if w in COLORS), None)
    if shape is None and color is None:
        return []
    named = [k for k, o in enumerate(scene.objects) if shape in (None, o.shape) and color in (None, o.color)]
    if bool(named) != (answer not in ("no.", "zero.")):
        return []
    return [(0, len(answer) - 1, tuple(named))]


def example(seed: int, n_questions: int = QUESTIONS) -> Example:
    """Draw a training scene with its dense targets and texts.

    Parameters
    ----------
    seed : int
        Seed of the scene.
    n_questions : int
        Maximum number of questions.

    Returns
    -------
    Example
        The example.
    """
    rng = np.random.default_rng([seed, 7])
    arrangement = str(rng.choice(ARRANGEMENTS, p=_ARRANGEMENT_WEIGHTS))
    number = int(rng.choice((1, 2, 3), p=_LIST_LENGTHS)) if arrangement == "list" else None
    relation = str(rng.choice(RELATIONS[3:])) if (number or 0) > 1 and rng.random() < _OVERLAPS else None
    scene = draw(seed, arrangement=cast(Arrangement, arrangement), objects=number, relation=relation)
    owner = np.full((GRID * STRIDE,) * 2, -1, np.int8)
    offset = GRID * STRIDE - IMAGE_SIZE
    for k, o in enumerate(scene.objects):
        owner[offset:, offset:][o.mask] = k
    blocks = owner.reshape(GRID, STRIDE, GRID, STRIDE).transpose(0, 2, 1, 3).reshape(GRID * GRID, -1)
    share = np.stack([(blocks == k).mean(1) for k in range(len(scene.objects))], 1)
    best, most = share.argmax(1), share.max(1)
    cells = np.where(most > 0.22, best, np.where(most > 0.04, -2, -1)).reshape(GRID, GRID)
    colors = list(COLORS)
    overlaps = [(w.objects[0], w.objects[-1]) for w in scene.words if w.kind == "relation" and w.text == "in"]
    overlaps += [(w.objects[-1], w.objects[0]) for w in scene.words if w.kind == "relation" and w.text == "behind"]
    front, behind = {a for a, _ in overlaps}, {b for _, b in overlaps}
    objects = np.array(
        [
            [
                SHAPE_NAMES.index(o.shape),
                colors.index(o.color) if o.color else IGNORE,
                SIZES.index(o.size) if o.size else NO_SIZE,
                o.center[0] / IMAGE_SIZE,
                o.center[1] / IMAGE_SIZE,
                k in front,
                k in behind,
            ]
            for k, o in enumerate(scene.objects)
        ],
        np.float32,
    )
    texts = training_texts(scene, rng, n_questions)
    image = np.asarray(scene.image).transpose(2, 0, 1)
    return Example(image, cells, objects, texts, [causes(scene, *text) for text in texts])
