"""Plan a clip: choose objects, what happens to them, and when.

At most two things happen in a clip, one after the other. A change takes one step from a frame to the next, a movement
two. Before and after, everything is still, so that every change has one moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .shapes import COLORS, SHAPES

FRAME_SIZE = 80
"""Side of a frame in pixels; it is the side of the clip model's input too, which avoids resampling."""

FRAMES = 6
"""Number of frames of a clip."""

DIRECTIONS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
EVENTS = (*(f"moves {d}" for d in DIRECTIONS), "appears", "vanishes", "turns", "passes behind")
"""Everything that an object can do."""

_EVENT_WEIGHTS = (0.09, 0.09, 0.09, 0.09, 0.16, 0.16, 0.16, 0.16)
_COUNT_WEIGHTS = (0.08, 0.36, 0.56)  # nothing happens, one event, two events
_SECOND_OBJECT = 0.45  # how often a clip of fewer than three objects has another one, which does nothing
_HALF = (10.0, 12.5)
_MARGIN = 2
_TRIES = 12  # places tried for each object before the clip is planned anew
_DISTANCE = (24, 34)  # least and greatest length of a movement, in pixels

Box = tuple[int, int, int, int]


@dataclass
class Event:
    """Something that an object does.

    Parameters
    ----------
    actor : int
        Index of the object.
    kind : str
        One of `EVENTS`.
    start : int
        The first frame that differs from the one before.
    color : str, optional
        The new colour of an object that turns.
    behind : int, optional
        Index of the object that the actor passes behind.
    """

    actor: int
    kind: str
    start: int
    color: str | None = None
    behind: int | None = None

    @property
    def steps(self) -> int:
        """Number of steps from a frame to the next that it takes."""
        return 2 if self.kind.startswith(("moves", "passes")) else 1

    @property
    def frames(self) -> tuple[int, ...]:
        """The moment: the last frame before it and those in which it happens."""
        return tuple(range(self.start - 1, self.start + self.steps))


@dataclass
class Actor:
    """One object of a clip.

    Parameters
    ----------
    shape, color : str
        Its shape and its first colour.
    half : float
        Half extent, in pixels.
    path : ndarray of int, (F, 2)
        x and y of its centre in each frame.
    colors : list of str
        Its colour in each frame.
    present : ndarray of bool, (F,)
        Whether it is there.
    """

    shape: str
    color: str
    half: float
    path: np.ndarray = field(default_factory=lambda: np.zeros((FRAMES, 2), int))
    colors: list[str] = field(default_factory=list)
    present: np.ndarray = field(default_factory=lambda: np.ones(FRAMES, bool))


@dataclass
class ClipPlan:
    """Everything about a clip except its pixels.

    Parameters
    ----------
    actors : list of Actor
        The objects, from back to front.
    events : list of Event
        What happens, in the order of time.
    """

    actors: list[Actor]
    events: list[Event]


def plan_clip(rng: np.random.Generator, events: Sequence[str] | None = None) -> ClipPlan:
    """Plan a clip.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the choices.
    events : sequence of str, optional
        What happens, in the order of time: at most two of `EVENTS`, and "passes behind" at most once.

    Returns
    -------
    ClipPlan
        The plan.

    Raises
    ------
    ValueError
        If `events` names something unknown or too much.

    Examples
    --------
    >>> plan = plan_clip(np.random.default_rng(0), ["appears"])
    >>> plan.events[0].kind, plan.actors[plan.events[0].actor].present[[0, -1]].tolist()
    ('appears', [False, True])
    """
    if events is not None:
        unknown = [e for e in events if e not in EVENTS]
        if unknown or isinstance(events, str):
            raise ValueError(f"unknown events {unknown or events!r}; give a list of {', '.join(EVENTS)}")
        if len(events) > 2 or list(events).count("passes behind") > 1:
            raise ValueError(f"a clip has at most two events, one of them 'passes behind'; got {list(events)}")
    kinds = list(_choose_events(rng) if events is None else events)
    while True:
        plan = _try(rng, kinds)
        if plan is not None:
            return plan


def _choose_events(rng: np.random.Generator) -> list[str]:
    count = int(rng.choice(3, p=_COUNT_WEIGHTS))
    while True:
        kinds = [str(k) for k in rng.choice(EVENTS, count, p=_EVENT_WEIGHTS)]
        if kinds.count("passes behind") < 2:
            return kinds


def _try(rng: np.random.Generator, kinds: list[str]) -> ClipPlan | None:
    """Plan once; None if the objects do not fit."""
    number = max(1, len(kinds)) + ("passes behind" in kinds)
    if kinds and number < 3 and rng.random() < _SECOND_OBJECT:
        number += 1
    shapes = [str(s) for s in rng.choice(SHAPES, number, replace=False)]
    names = list(COLORS)
    actors = [Actor(s, names[rng.integers(len(names))], float(rng.uniform(*_HALF))) for s in shapes]
    events: list[Event] = []
    boxes: list[Box] = []
    placed: set[int] = set()
    steps = [Event(0, k, 1).steps for k in kinds]
    starts = _starts(rng, steps)
    for k, (kind, start) in enumerate(zip(kinds, starts, strict=True)):
        event = Event(k, kind, start)
        if kind == "turns":
            event.color = str(rng.choice([c for c in names if c != actors[k].color]))
        if kind == "passes behind":
            event.behind = len(kinds)
            placed.add(event.behind)
        events.append(event)
        placed.add(k)
    groups: list[tuple[Actor, Event | None, Actor | None]] = [
        (actors[e.actor], e, None if e.behind is None else actors[e.behind]) for e in events
    ]
    for actor, happening, other in groups + [(actors[k], None, None) for k in range(number) if k not in placed]:
        for _ in range(_TRIES):
            box = _place(rng, actor, happening, other)
            if box is not None and not any(_overlap(box, b) for b in boxes):
                boxes.append(box)
                break
        else:
            return None
    for actor in actors:
        actor.colors = [actor.color] * FRAMES
    for event in events:
        actor = actors[event.actor]
        if event.kind == "turns" and event.color is not None:
            actor.colors = [actor.color] * event.start + [event.color] * (FRAMES - event.start)
        elif event.kind == "appears":
            actor.present[: event.start] = False
        elif event.kind == "vanishes":
            actor.present[event.start :] = False
    return ClipPlan(actors, events)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _starts(rng: np.random.Generator, steps: list[int]) -> list[int]:
    """Draw the first frame of each event, one after the other."""
    spare = FRAMES - 1 - sum(steps)
    gaps = np.sort(rng.integers(0, spare + 1, len(steps)))
    return [1 + int(gap) + sum(steps[:k]) for k, gap in enumerate(gaps)]


def _place(rng: np.random.Generator, actor: Actor, event: Event | None, other: Actor | None) -> Box | None:
    """Give an object its path, and the object that it passes behind its place; return the box of all of it."""
    reach = int(np.ceil(actor.half)) + _MARGIN
    track = np.zeros((FRAMES, 2), int)
    if event is not None and event.steps == 2:
        if other is not None:
            across = int(np.ceil(actor.half + other.half)) + 1
            half, direction = across, np.array(list(DIRECTIONS.values())[rng.integers(4)])
            offset = np.array([1, 1] - np.abs(direction)) * int(rng.choice([-1, 1])) * int(rng.integers(4, 8))
            reach = max(reach, int(np.ceil(other.half)) + _MARGIN)
        else:
            half, direction = int(rng.integers(*_DISTANCE)) // 2, np.array(DIRECTIONS[event.kind.split()[1]])
            offset = np.zeros(2, int)
        for f in range(FRAMES):
            track[f] = direction * half * (min(max(f - event.start + 1, 0), 2) - 1) + offset
    low = reach - np.minimum(track.min(0), 0)
    high = FRAME_SIZE - reach - np.maximum(track.max(0), 0)
    if (low >= high).any():
        return None
    center = np.array([rng.integers(low[0], high[0]), rng.integers(low[1], high[1])])
    actor.path = center + track
    corners = [actor.path.min(0) - reach, actor.path.max(0) + reach]
    if other is not None:
        other.path = np.repeat(center[None], FRAMES, 0)
        corners = [np.minimum(corners[0], center - reach), np.maximum(corners[1], center + reach)]
    (x0, y0), (x1, y1) = corners
    return int(x0), int(y0), int(x1), int(y1)
