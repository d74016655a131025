"""Plan a scene: which things stand where, so that every relation its caption tells is plainly true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .language import Phrase
from .shapes import BACKGROUNDS, COLORS, FURNITURE, SHAPES, SIZES, patch

IMAGE_SIZE = 168
"""Side of a scene in pixels, and of the bundled model's input: drawn at this size, no image is resampled."""

RELATIONS = ("left of", "above", "below", "in front of", "behind")
ARRANGEMENTS = ("list", "group", "table")
PAIRS = ("whole", "broken", "other")
Arrangement = Literal["list", "group", "table"]
Pair = Literal["whole", "broken", "other"]

_HALF = {"small": (13.0, 16.0), "large": (23.0, 28.0), "cup": (10.5, 12.5), "book": (11.0, 13.0), "table": (35.0, 41.0)}
_TABLE_HEIGHT = 0.62  # of the half extent, below the centre; the top's edge is 0.42 above it
_MARGIN = 3.0
_HIDDEN = (0.12, 0.6)  # of the smaller of two things that overlap, the share that the other covers or is covered by


@dataclass
class Plan:
    """Everything about a scene but its pixels, in units of pixels at `IMAGE_SIZE`."""

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
    laid: bool = False

    def back_to_front(self) -> list[int]:
        """Drawing order: what is behind comes first, what stands on a table after it."""
        order = list(range(len(self.shapes)))
        depth = [0.0] * len(order)
        for k, r in enumerate(self.relations):
            depth[k + 1] = depth[k] + {"in front of": 1, "behind": -1}.get(r, 0)
        for phrase in self.phrases:
            if phrase.carries is not None:
                depth[phrase.carries] = depth[phrase.objects[0]] + 0.5
        return sorted(order, key=lambda k: -depth[k])


def plan(
    rng: np.random.Generator,
    arrangement: Arrangement | None,
    objects: int | Sequence[str] | None,
    relation: str | None,
    pair: Pair | None,
    laid: bool | None,
    background: str | None,
) -> Plan:
    """Choose things and places; see `eagle_nb.scenes.draw`.

    Raises
    ------
    ValueError
        If arguments are unknown, contradict each other, or the things find no place.
    """
    _check(arrangement, relation, pair, laid, background)
    named = None if objects is None or isinstance(objects, int) else [_parse(name) for name in objects]
    number = objects if isinstance(objects, int) else None
    if named is not None:
        arrangement = _arrangement_of(named, arrangement, pair)
    elif pair is not None or laid is not None:
        arrangement = "table"
    elif relation is not None and arrangement is None:
        arrangement = "list"
    for _ in range(60):
        chosen = arrangement or str(rng.choice(ARRANGEMENTS, p=(0.70, 0.18, 0.12)))
        found = _plan(rng, chosen, number, named, relation, pair, laid, background)
        if found is not None:
            return found
    raise ValueError("found no place for these things beside each other; ask for fewer or smaller ones")


def _check(arrangement, relation, pair, laid, background) -> None:  # type: ignore[no-untyped-def]
    known = {
        "arrangement": (arrangement, ARRANGEMENTS),
        "relation": (relation, RELATIONS),
        "pair": (pair, PAIRS),
        "background": (background, BACKGROUNDS),
    }
    for name, (value, allowed) in known.items():
        if value is not None and value not in allowed:
            raise ValueError(f"unknown {name} {value!r}; known: {', '.join(allowed)}")
    if arrangement not in (None, "table") and (pair is not None or laid is not None):
        raise ValueError(f"pair and laid belong to a table, not to arrangement={arrangement!r}")
    if arrangement == "group" and relation is not None:
        raise ValueError("a group has no relation; use arrangement='list'")


def _parse(name: str) -> tuple[str | None, str | None, str]:
    """("large", "red", "circle") from a name; None where it leaves a choice open."""
    *adjectives, shape = name.split() or [""]
    size = next((a for a in adjectives if a in SIZES), None)
    color = next((a for a in adjectives if a in COLORS), None)
    unknown = [a for a in adjectives if a not in (size, color)]
    if shape not in SHAPES + FURNITURE or unknown or len(adjectives) != (size is not None) + (color is not None):
        raise ValueError(
            f"cannot draw {name!r}; a thing is [size] [color] shape with size in {SIZES}, "
            f"color in {tuple(COLORS)}, shape in {SHAPES + FURNITURE}"
        )
    if shape in FURNITURE and (size or (shape == "table" and color)):
        raise ValueError(f"cannot draw {name!r}; a cup or a book has a colour only, a table neither size nor colour")
    return size, color, shape


def _arrangement_of(named, arrangement, pair) -> Arrangement:  # type: ignore[no-untyped-def]
    tables = sum(shape == "table" for *_, shape in named)
    if arrangement == "group":
        raise ValueError("for a group give objects as a number; names are for arrangement='list' or 'table'")
    if tables > 1 or not 1 <= len(named) <= (2 if tables else 3):
        raise ValueError(f"objects must name 1 to 3 things, or one table and at most one more, got {len(named)}")
    if tables and arrangement == "list":
        raise ValueError("a table needs arrangement='table'")
    if not tables and (arrangement == "table" or pair is not None):
        raise ValueError("arrangement='table' and pair need a 'table' among objects")
    return "table" if tables else "list"


def _plan(rng, arrangement, number, named, relation, pair, laid, ground) -> Plan | None:  # type: ignore[no-untyped-def]
    """Choose things and places; None where they found no place."""
    ground = ground or str(rng.choice(BACKGROUNDS))
    if arrangement == "group":
        return _plan_group(rng, _number(number, 2, 5, rng, None), ground)
    carried = None
    if arrangement == "table":
        laid = bool(rng.random() < 0.5) if laid is None else laid
        if pair is None:
            missing = 0.06 if laid else 0.20
            u = rng.random()
            pair = "broken" if u < missing else "other" if u < missing + 0.06 else "whole"
        extra = named or [(None, None, "table")] + [(None, None, str(rng.choice(SHAPES)))] * _number(
            number, 0, 1, rng, (0.4, 0.6)
        )
        if named is None and len(extra) == 2 and rng.random() < 0.5:
            extra = extra[::-1]
        things = list(extra)
        if pair != "broken":
            carried = "cup" if pair == "whole" else "book"
    else:
        laid = False
        if named is None:
            count = _number(number, 2 if relation else 1, 3, rng, (0.35, 0.65) if relation else (0.28, 0.37, 0.35))
            things = [_any_shape(rng) for _ in range(count)]
        else:
            things = list(named)
    if relation is not None and len(things) < 2:
        if named is None and number is None:
            return None
        raise ValueError(f"relation={relation!r} needs two things")
    full = _complete(things, rng)
    if full is None:
        return None
    shapes, colors, sizes = full
    half = np.array([rng.uniform(*_HALF[size or shape]) for shape, size in zip(shapes, sizes, strict=True)])
    relations = [_relation(k, shapes, relation, rng) for k in range(len(shapes) - 1)]
    where = _place_chain(shapes, half, relations, rng)
    if where is None:
        return None
    x, y = where
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
    return Plan(shapes, colors, sizes, half, x, y, phrases, relations, ground, pair, bool(laid))


def _plan_group(rng: np.random.Generator, count: int, ground: str) -> Plan | None:
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
    same = [shape] * count
    everything = [Phrase(tuple(range(count)))]
    return Plan(same, [color] * count, [size] * count, half, x[k], y[k], everything, [], ground)


def _number(asked: int | None, low: int, high: int, rng: np.random.Generator, p) -> int:  # type: ignore[no-untyped-def]
    if asked is None:
        return int(rng.choice(np.arange(low, high + 1), p=p))
    if not low <= asked <= high:
        raise ValueError(f"objects must be {low} to {high} here, got {asked}")
    return asked


def _any_shape(rng: np.random.Generator) -> tuple[str | None, str | None, str]:
    return None, None, str(rng.choice([*SHAPES, "cup", "book"], p=[0.94 / 7] * 7 + [0.035, 0.025]))


def _complete(things, rng):  # type: ignore[no-untyped-def]
    """Draw what the names leave open; None where two things came out with one name."""
    shapes = [shape for *_, shape in things]
    sizes = [None if s in FURNITURE else size or str(rng.choice(SIZES)) for size, _, s in things]
    colors = [None if s == "table" else color or str(rng.choice(list(COLORS))) for _, color, s in things]
    if len(set(zip(shapes, colors, strict=True))) < len(shapes):
        if all(color for _, color, _ in things):
            raise ValueError("two things have the same colour and shape; only a group has equal things")
        return None
    return shapes, colors, sizes


def _relation(k: int, shapes: list[str], first: str | None, rng: np.random.Generator) -> str:
    if k == 0 and first is not None:
        return first
    probabilities = (0.34, 0.26, 0.26, 0.07, 0.07)
    return str(rng.choice(RELATIONS, p=probabilities))


def _overlap(x1, y1, r1, x2, y2, r2, gap):  # type: ignore[no-untyped-def]
    """Whether two boxes come closer than `gap`; works elementwise."""
    return (np.abs(x1 - x2) < r1 + r2 + gap) & (np.abs(y1 - y2) < r1 + r2 + gap)


def _place_chain(shapes, half, relations, rng):  # type: ignore[no-untyped-def]
    """Places from left to right in which every relation of neighbours is plainly true."""
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
        if all(
            _plainly_overlap(shapes[k : k + 2], half[k : k + 2], x[t, k : k + 2], y[t, k : k + 2]) for k in overlapping
        ):
            return x[t], y[t]
    return None


def _plainly_overlap(shapes, half, x, y) -> bool:  # type: ignore[no-untyped-def]
    """Whether of two things, as wide as they are drawn, one hides a good part of the other and leaves most to see."""
    covered = []
    for k in range(2):
        window, painted = patch(shapes[k], (0, 0, 0), half[k], x[k], y[k], IMAGE_SIZE, False)
        whole = np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=bool)
        for coverage, _ in painted:
            whole[window] |= coverage >= 0.5
        covered.append(whole)
    shared = (covered[0] & covered[1]).sum() / min(covered[0].sum(), covered[1].sum())
    return bool(_HIDDEN[0] <= shared <= _HIDDEN[1])
