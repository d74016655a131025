"""Plan a scene: choose objects and places for which every relation of the caption is clearly true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .language import Phrase
from .shapes import BACKGROUNDS, COLORS, FURNITURE, SHAPES, SIZES, draw_patch

IMAGE_SIZE = 168
"""Side of a scene in pixels; it is the side of the bundled model's input too, which avoids resampling."""

RELATIONS = ("left of", "above", "below", "in front of", "behind")
ARRANGEMENTS = ("list", "group", "table")
PAIRS = ("table_cup", "table_only", "table_book")
Arrangement = Literal["list", "group", "table"]
Pair = Literal["table_cup", "table_only", "table_book"]
Name = tuple[str | None, str | None, str]
"""Size, colour and shape of an object; None leaves a choice open."""

_HALF = {"small": (13.0, 16.0), "large": (23.0, 28.0), "cup": (10.5, 12.5), "book": (11.0, 13.0), "table": (35.0, 41.0)}
_TABLE_HEIGHT = 0.62  # from the centre down to the feet, in half extents; the table top ends 0.42 above the centre
_MARGIN = 3.0
_HIDDEN = (0.12, 0.6)  # least and greatest overlap of two objects, as a share of the smaller one


@dataclass
class Plan:
    """Everything about a scene except its pixels, in units of pixels at `IMAGE_SIZE`.

    Parameters
    ----------
    shapes : list of str
        Shape of each of the N objects.
    colors, sizes : list of (str or None)
        Colour and size of each object; None where the shape has none.
    half : ndarray of float, (N,)
        Half extents.
    x, y : ndarray of float, (N,)
        Centres.
    phrases : list of Phrase
        How the caption names the objects, from left to right.
    relations : list of str
        Relation of each phrase to the next.
    background : str
        One of `eagle_nb.scenes.shapes.BACKGROUNDS`.
    pair : {"table_cup", "table_only", "table_book"}, optional
        What stands on the table; None without a table.
    tablecloth : bool
        Whether the table has a cloth.
    """

    shapes: list[str]
    colors: list[str | None]
    sizes: list[str | None]
    half: np.ndarray
    x: np.ndarray
    y: np.ndarray
    phrases: list[Phrase]
    relations: list[str]
    background: str
    pair: Pair | None = None
    tablecloth: bool = False

    def back_to_front(self) -> list[int]:
        """Return the drawing order: hidden objects before those that hide them, a table before what stands on it.

        Returns
        -------
        list of int
            Indices of the objects.
        """
        order = list(range(len(self.shapes)))
        depth = [0.0] * len(order)
        for k, r in enumerate(self.relations):
            depth[k + 1] = depth[k] + {"in front of": 1, "behind": -1}.get(r, 0)
        for phrase in self.phrases:
            if phrase.carries is not None:
                depth[phrase.carries] = depth[phrase.objects[0]] + 0.5
        return sorted(order, key=lambda k: -depth[k])


def plan_scene(
    rng: np.random.Generator,
    arrangement: Arrangement | None = None,
    objects: int | Sequence[str] | None = None,
    relation: str | None = None,
    pair: Pair | None = None,
    tablecloth: bool | None = None,
    background: str | None = None,
) -> Plan:
    """Choose the objects of a scene and their places.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of every choice that the other arguments leave open.
    arrangement : {"list", "group", "table"}, optional
        See `eagle_nb.scenes.draw`.
    objects : int or sequence of str, optional
        Number or names of the objects; see `eagle_nb.scenes.draw`.
    relation : str, optional
        One of `RELATIONS`: relation of the first object to the second.
    pair : {"table_cup", "table_only", "table_book"}, optional
        What stands on the table.
    tablecloth : bool, optional
        Whether the table has a cloth.
    background : str, optional
        One of `eagle_nb.scenes.shapes.BACKGROUNDS`.

    Returns
    -------
    Plan
        The scene, not yet drawn.

    Raises
    ------
    ValueError
        If an argument is unknown, arguments contradict each other, or the objects do not fit beside each other.

    Examples
    --------
    >>> plan_scene(np.random.default_rng(0), objects=["red circle", "blue star"]).shapes
    ['circle', 'star']
    """
    _check(arrangement, relation, pair, tablecloth, background)
    named = None if objects is None or isinstance(objects, int) else [_parse(name) for name in objects]
    number = objects if isinstance(objects, int) else None
    if named is not None:
        arrangement = _arrangement_of(named, arrangement, pair)
    elif pair is not None or tablecloth is not None:
        arrangement = "table"
    elif relation is not None and arrangement is None:
        arrangement = "list"
    for _ in range(60):
        chosen = arrangement or str(rng.choice(ARRANGEMENTS, p=(0.70, 0.18, 0.12)))
        plan = _plan(rng, chosen, number, named, relation, pair, tablecloth, background)
        if plan is not None:
            return plan
    raise ValueError("these objects do not fit beside each other; ask for fewer or smaller ones")


def _check(
    arrangement: str | None,
    relation: str | None,
    pair: str | None,
    tablecloth: bool | None,
    background: str | None,
) -> None:
    """Validate the arguments of `plan_scene`."""
    choices = {
        "arrangement": (arrangement, ARRANGEMENTS),
        "relation": (relation, RELATIONS),
        "pair": (pair, PAIRS),
        "background": (background, BACKGROUNDS),
    }
    for name, (value, allowed) in choices.items():
        if value is not None and value not in allowed:
            raise ValueError(f"unknown {name} {value!r}; known: {', '.join(allowed)}")
    if arrangement not in (None, "table") and (pair is not None or tablecloth is not None):
        raise ValueError(f"pair and tablecloth belong to a table, not to arrangement={arrangement!r}")
    if arrangement == "group" and relation is not None:
        raise ValueError("a group has no relation; use arrangement='list'")


def _parse(name: str) -> Name:
    """Split a name, such as "large red circle", into size, colour and shape."""
    *adjectives, shape = name.split() or [""]
    size = next((a for a in adjectives if a in SIZES), None)
    color = next((a for a in adjectives if a in COLORS), None)
    unknown = [a for a in adjectives if a not in (size, color)]
    if shape not in SHAPES + FURNITURE or unknown or len(adjectives) != (size is not None) + (color is not None):
        raise ValueError(
            f"cannot draw {name!r}; a name is [size] [color] shape with size in {SIZES}, "
            f"color in {tuple(COLORS)}, shape in {SHAPES + FURNITURE}"
        )
    if shape in FURNITURE and (size or (shape == "table" and color)):
        raise ValueError(
            f"cannot draw {name!r}; a cup or a book has only a colour, a table has neither size nor colour"
        )
    return size, color, shape


def _arrangement_of(named: list[Name], arrangement: str | None, pair: str | None) -> Arrangement:
    """Return the arrangement that the named objects require."""
    tables = sum(shape == "table" for *_, shape in named)
    if arrangement == "group":
        raise ValueError("a group takes objects as a number; names need arrangement='list' or 'table'")
    if tables > 1 or not 1 <= len(named) <= (2 if tables else 3):
        raise ValueError(f"objects takes 1 to 3 names, or one table and at most one more name, got {len(named)}")
    if tables and arrangement == "list":
        raise ValueError("a table needs arrangement='table'")
    if not tables and (arrangement == "table" or pair is not None):
        raise ValueError("arrangement='table' and pair need a 'table' among objects")
    return "table" if tables else "list"


def _plan(
    rng: np.random.Generator,
    arrangement: str,
    number: int | None,
    named: list[Name] | None,
    relation: str | None,
    pair: Pair | None,
    tablecloth: bool | None,
    background: str | None,
) -> Plan | None:
    """Choose objects and places once; None if the objects do not fit."""
    background = background or str(rng.choice(BACKGROUNDS))
    if arrangement == "group":
        return _plan_group(rng, _number(number, 2, 5, rng, None), background)
    carried = None
    if arrangement == "table":
        tablecloth = bool(rng.random() < 0.5) if tablecloth is None else tablecloth
        if pair is None:
            without = 0.06 if tablecloth else 0.20
            u = rng.random()
            pair = "table_only" if u < without else "table_book" if u < without + 0.06 else "table_cup"
        names = named or [(None, None, "table")] + [(None, None, str(rng.choice(SHAPES)))] * _number(
            number, 0, 1, rng, (0.4, 0.6)
        )
        if named is None and len(names) == 2 and rng.random() < 0.5:
            names = names[::-1]
        names = list(names)
        if pair != "table_only":
            carried = "cup" if pair == "table_cup" else "book"
    else:
        tablecloth = False
        if named is None:
            count = _number(number, 2 if relation else 1, 3, rng, (0.35, 0.65) if relation else (0.28, 0.37, 0.35))
            names = [_any_shape(rng) for _ in range(count)]
        else:
            names = list(named)
    if relation is not None and len(names) < 2:
        if named is None and number is None:
            return None
        raise ValueError(f"relation={relation!r} needs two objects")
    completed = _complete(names, rng)
    if completed is None:
        return None
    shapes, colors, sizes = completed
    half = np.array([rng.uniform(*_HALF[size or shape]) for shape, size in zip(shapes, sizes, strict=True)])
    relations = [_relation(k, relation, rng) for k in range(len(shapes) - 1)]
    centers = _place_chain(shapes, half, relations, rng)
    if centers is None:
        return None
    x, y = centers
    phrases = [Phrase((k,)) for k in range(len(shapes))]
    if carried is not None:
        t = shapes.index("table")
        radius = rng.uniform(*_HALF[carried])
        x = np.append(x, x[t] + rng.uniform(-0.5, 0.5) * half[t])
        y = np.append(y, y[t] - 0.25 * half[t] - radius * 0.95)
        if y[-1] < radius + _MARGIN:
            return None
        others = [k for k in range(len(shapes)) if k != t]
        if any(_overlap(x[-1], y[-1], radius, x[k], y[k], half[k], 2.0) for k in others):
            return None
        half = np.append(half, radius)
        shapes, sizes = [*shapes, carried], [*sizes, None]
        colors = [*colors, str(rng.choice([c for c in COLORS if c not in colors]))]
        phrases[t] = Phrase((t,), carries=len(shapes) - 1)
    return Plan(shapes, colors, sizes, half, x, y, phrases, relations, background, pair, bool(tablecloth))


def _plan_group(rng: np.random.Generator, count: int, background: str) -> Plan | None:
    """Choose `count` equal objects and their places; None if they do not fit."""
    shape, size = str(rng.choice(SHAPES)), str(rng.choice(SIZES, p=(0.7, 0.3) if count < 5 else (1, 0)))
    color = str(rng.choice(list(COLORS)))
    half = rng.uniform(*_HALF[size], 1).repeat(count) * rng.uniform(0.97, 1.03, count)
    low, high = half + _MARGIN, IMAGE_SIZE - half - _MARGIN
    x, y = rng.uniform(low, high, (2, 200, count))
    order = np.argsort(x, axis=1)
    x, y = np.take_along_axis(x, order, 1), np.take_along_axis(y, order, 1)
    good = np.ones(len(x), dtype=bool)
    for i in range(count):
        for j in range(i):
            good &= ~_overlap(x[:, i], y[:, i], half[i], x[:, j], y[:, j], half[j], 2.0)
    if not good.any():
        return None
    k = int(np.argmax(good))
    phrases = [Phrase(tuple(range(count)))]
    return Plan([shape] * count, [color] * count, [size] * count, half, x[k], y[k], phrases, [], background)


def _number(asked: int | None, low: int, high: int, rng: np.random.Generator, p: tuple[float, ...] | None) -> int:
    """Return a number of objects from `low` to `high`, drawn with probabilities `p` where none is asked for."""
    if asked is None:
        return int(rng.choice(np.arange(low, high + 1), p=p))
    if not low <= asked <= high:
        raise ValueError(f"objects must be {low} to {high} here, got {asked}")
    return asked


def _any_shape(rng: np.random.Generator) -> Name:
    """Draw the shape of an object of a list."""
    return None, None, str(rng.choice([*SHAPES, "cup", "book"], p=[0.94 / 7] * 7 + [0.035, 0.025]))


def _complete(
    names: list[Name], rng: np.random.Generator
) -> tuple[list[str], list[str | None], list[str | None]] | None:
    """Draw the colours and sizes that names leave open; None if two objects get the same name."""
    shapes = [shape for *_, shape in names]
    sizes = [None if s in FURNITURE else size or str(rng.choice(SIZES)) for size, _, s in names]
    colors = [None if s == "table" else color or str(rng.choice(list(COLORS))) for _, color, s in names]
    if len(set(zip(shapes, colors, strict=True))) < len(shapes):
        if all(color for _, color, _ in names):
            raise ValueError("two objects have the same colour and shape; only a group has equal objects")
        return None
    return shapes, colors, sizes


def _relation(k: int, first: str | None, rng: np.random.Generator) -> str:
    """Draw the relation of object k to the next; `first` fixes that of object 0."""
    if k == 0 and first is not None:
        return first
    probabilities = (0.34, 0.26, 0.26, 0.07, 0.07)
    return str(rng.choice(RELATIONS, p=probabilities))


def _overlap(
    x1: np.ndarray, y1: np.ndarray, r1: float, x2: np.ndarray, y2: np.ndarray, r2: float, gap: float
) -> np.ndarray:
    """Return whether two squares of half sides r1 and r2 come closer than `gap`, elementwise."""
    return np.asarray((np.abs(x1 - x2) < r1 + r2 + gap) & (np.abs(y1 - y2) < r1 + r2 + gap))


def _place_chain(
    shapes: list[str], half: np.ndarray, relations: list[str], rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    """Find centres from left to right for which every relation of neighbours is clearly true; None if there are none."""
    n, tries = len(half), 400
    low, high = half + _MARGIN, IMAGE_SIZE - half - _MARGIN
    x = np.sort(rng.uniform(low, high, (tries, n)), axis=1)
    y = rng.uniform(low, high, (tries, n))
    for k, shape in enumerate(shapes):
        if shape == "table":
            y[:, k] = rng.uniform(70, IMAGE_SIZE - _MARGIN - _TABLE_HEIGHT * half[k], tries)
    overlapping = [k for k, r in enumerate(relations) if r in ("in front of", "behind")]
    for k in overlapping:
        reach = rng.uniform(0.45, 0.88, tries) * (half[k] + half[k + 1])
        angle = rng.uniform(-1.0, 1.0, tries)
        x[:, k + 1] = x[:, k] + reach * np.cos(angle)
        y[:, k + 1] = y[:, k] + reach * np.sin(angle)
    good = ((x >= low) & (x <= high) & (y <= high)).all(1) & (y >= low).all(1)
    for k, r in enumerate(relations):
        dx, dy = x[:, k + 1] - x[:, k], y[:, k + 1] - y[:, k]
        good &= dx >= 13
        if r == "left of":
            good &= np.abs(dy) <= 15
        elif r == "above":
            good &= dy >= 30
        elif r == "below":
            good &= dy <= -30
    for i in range(n):
        for j in range(i):
            if not (i == j + 1 and j in overlapping):
                good &= ~_overlap(x[:, i], y[:, i], half[i], x[:, j], y[:, j], half[j], 2.0)
    for t in np.flatnonzero(good)[:60]:
        pairs = [slice(k, k + 2) for k in overlapping]
        if all(_clearly_overlap(shapes[pair], half[pair], x[t, pair], y[t, pair]) for pair in pairs):
            return x[t], y[t]
    return None


def _clearly_overlap(shapes: list[str], half: np.ndarray, x: np.ndarray, y: np.ndarray) -> bool:
    """Return whether one of two objects, as drawn, hides a good part of the other and leaves most of it visible."""
    covered = []
    for k in range(2):
        window, layers = draw_patch(shapes[k], (0, 0, 0), half[k], x[k], y[k], IMAGE_SIZE)
        mask = np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=bool)
        for coverage, _ in layers:
            mask[window] |= coverage >= 0.5
        covered.append(mask)
    shared = (covered[0] & covered[1]).sum() / min(covered[0].sum(), covered[1].sum())
    return bool(_HIDDEN[0] <= shared <= _HIDDEN[1])
