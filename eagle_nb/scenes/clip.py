"""Draw a clip, or several pictures: frames with the ground truth of every pixel, word and moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from .clip_language import ClipWord, clip_caption, spell
from .clip_plan import FRAME_SIZE, FRAMES, Actor, ClipPlan, Event, plan_clip
from .shapes import BACKGROUNDS, COLORS, SHAPES, draw_background, draw_layers


@dataclass(frozen=True)
class ClipObject:
    """One object of a clip.

    Parameters
    ----------
    name : str
        Colour and shape as in the caption, "red circle"; the colour is the first one if it changes.
    shape, color : str
        Its shape and its first colour.
    masks : ndarray of bool, (F, H, W)
        The pixels of each frame where the object is visible.
    places : ndarray of bool, (F, H, W)
        Its whole outline in each frame, also where it is covered or not there (not yet, or no longer).
    """

    name: str
    shape: str
    color: str
    masks: np.ndarray = field(repr=False)
    places: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Clip:
    """Frames with their ground truth; see `draw_clip`.

    Parameters
    ----------
    frames : list of PIL.Image.Image
        F frames, RGB, of `FRAME_SIZE` pixels.
    caption : str
        The true caption.
    words : tuple of ClipWord
        The words of the caption, each with its kind and the objects and frames that carry it.
    objects : tuple of ClipObject
        The objects.
    events : tuple of Event
        What happens, in the order of time.
    background : str
        "grass", "brick", "gravel" or "paper".
    seed : int
        The seed that it was drawn from.

    Examples
    --------
    >>> clip = draw_clip(0, events=["appears"])
    >>> [w.text for w in clip.words if w.kind == "change"], clip.objects[0].masks.any((1, 2))[[0, -1]].tolist()
    (['appears'], [False, True])
    """

    frames: list[Image.Image] = field(repr=False)
    caption: str
    words: tuple[ClipWord, ...] = field(repr=False)
    objects: tuple[ClipObject, ...]
    events: tuple[Event, ...]
    background: str
    seed: int

    def mask(self, word: ClipWord) -> np.ndarray:
        """Return where and when the cause of a word is.

        Parameters
        ----------
        word : ClipWord
            A word of the caption.

        Returns
        -------
        ndarray of bool, (F, H, W)
            Of an attribute, the visible pixels of its objects in its frames. Of a change, their places in its moment:
            an object that vanishes is missed where it was. Nowhere True for a grammar word.
        """
        covered = np.zeros((len(self.frames), FRAME_SIZE, FRAME_SIZE), bool)
        for k in word.objects:
            own = self.objects[k].places if word.kind == "change" else self.objects[k].masks
            covered[list(word.frames)] |= own[list(word.frames)]
        return covered


def draw_clip(seed: int, *, events: Sequence[str] | None = None) -> Clip:
    """Draw a clip of six frames; `seed` decides everything that `events` leaves open.

    Parameters
    ----------
    seed : int
        Names the clip: the same arguments give the same clip, bit for bit.
    events : sequence of str, optional
        What happens, in the order of time: at most two of "moves left", "moves right", "moves up", "moves down",
        "appears", "vanishes", "turns" (changes its colour) and "passes behind" (at most once).

    Returns
    -------
    Clip
        The frames with their ground truth.

    Raises
    ------
    ValueError
        If `events` names something unknown or too much.

    Examples
    --------
    >>> clip = draw_clip(3, events=["moves right", "vanishes"])
    >>> clip.caption
    'a red star moves right, then a blue heart vanishes.'
    >>> len(clip.frames), clip.objects[0].masks.shape
    (6, (6, 80, 80))
    """
    rng = np.random.default_rng([seed, 20251104])
    plan = plan_clip(rng, events)
    background, pixels, masks, places = render(plan, rng)
    text, words = clip_caption(plan)
    objects = tuple(
        ClipObject(f"{a.color} {a.shape}", a.shape, a.color, masks[k], places[k]) for k, a in enumerate(plan.actors)
    )
    frames = [Image.fromarray(p) for p in pixels]
    return Clip(frames, text, words, objects, tuple(plan.events), background, seed)


def render(plan: ClipPlan, rng: np.random.Generator) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    """Draw the frames of a planned clip.

    Parameters
    ----------
    plan : ClipPlan
        The plan of N objects.
    rng : numpy.random.Generator
        Source of background, shades and noise.

    Returns
    -------
    background : str
        Name of the background.
    pixels : ndarray of uint8, (F, H, W, 3)
        The frames.
    masks, places : ndarray of bool, (N, F, H, W)
        The visible pixels of each object, and its whole outline.
    """
    background = str(rng.choice(BACKGROUNDS))
    ground = draw_background(background, FRAME_SIZE, rng)
    pixels = np.repeat(ground[None], FRAMES, 0)
    owner = np.full((FRAMES, FRAME_SIZE, FRAME_SIZE), -1, np.int8)
    places = np.zeros((len(plan.actors), FRAMES, FRAME_SIZE, FRAME_SIZE), bool)
    for k, actor in enumerate(plan.actors):
        side = 2 * int(np.ceil(actor.half + 1))
        jitter = rng.integers(-14, 15, 3)
        drawn = {}
        for color in dict.fromkeys(actor.colors):
            red, green, blue = (int(v) for v in np.clip(np.array(COLORS[color]) + jitter, 0, 255))
            drawn[color] = draw_layers(actor.shape, (red, green, blue), side, actor.half, 0.0, 0.0)
        outline = np.max([coverage for coverage, _ in drawn[actor.color]], 0) >= 0.5
        for f in range(FRAMES):
            left, top = (int(v) - side // 2 for v in actor.path[f])
            window = np.s_[f, top : top + side, left : left + side]
            places[k][window] = outline
            if actor.present[f]:
                owner[window][outline] = k
                for coverage, paint in drawn[actor.colors[f]]:
                    pixels[window] += coverage[..., None] * (np.asarray(paint, np.float32) - pixels[window])
    noise = rng.integers(-4, 5, pixels.shape, np.int8)
    masks = np.stack([owner == k for k in range(len(plan.actors))])
    return background, np.clip(pixels + noise, 0, 255).astype(np.uint8), masks, places


@dataclass(frozen=True)
class Several:
    """Unrelated pictures with a question that one of them answers; see `draw_several`.

    Parameters
    ----------
    images : list of PIL.Image.Image
        Two to four pictures, RGB, of `FRAME_SIZE` pixels.
    question, answer : str
        "what color is the star?" and "blue."
    words : tuple of ClipWord
        The word of the answer; its frame is the picture's index.
    objects : tuple of ClipObject
        The object of each picture, with masks and places over all pictures.
    index : int
        The picture that answers the question.
    seed : int
        The seed that they were drawn from.
    """

    images: list[Image.Image] = field(repr=False)
    question: str
    answer: str
    words: tuple[ClipWord, ...] = field(repr=False)
    objects: tuple[ClipObject, ...]
    index: int
    seed: int

    @property
    def mask(self) -> np.ndarray:
        """The object asked for in its picture, bool (H, W)."""
        return np.asarray(self.objects[self.index].masks[self.index])


def draw_several(seed: int, number: int | None = None) -> Several:
    """Draw unrelated pictures of one object each, and a question about one of them.

    Parameters
    ----------
    seed : int
        Names the pictures: the same arguments give the same pictures, bit for bit.
    number : int, optional
        Number of pictures, 2 to 4. Drawn at random by default.

    Returns
    -------
    Several
        The pictures with the question and its truth.

    Raises
    ------
    ValueError
        If `number` is out of range.

    Examples
    --------
    >>> several = draw_several(1, 3)
    >>> several.question, several.answer, several.index
    ('what color is the square?', 'yellow.', 0)
    """
    if number is not None and number not in (2, 3, 4):
        raise ValueError(f"number must be 2, 3 or 4, got {number!r}")
    rng = np.random.default_rng([seed, 20251105])
    number = int(rng.integers(2, 5)) if number is None else number
    shapes = [str(s) for s in rng.choice(SHAPES, number, replace=False)]
    colors = [str(c) for c in rng.choice(list(COLORS), number, replace=False)]
    images, objects = [], []
    for k, (shape, color) in enumerate(zip(shapes, colors, strict=True)):
        pixels, mask = _still(shape, color, rng)
        images.append(Image.fromarray(pixels))
        masks = np.zeros((number, *mask.shape), bool)
        masks[k] = mask
        objects.append(ClipObject(f"{color} {shape}", shape, color, masks, masks))
    index = int(rng.integers(number))
    question, answer, words = ask_color(objects, index)
    return Several(images, question, answer, words, tuple(objects), index, seed)


def ask_color(objects: Sequence[ClipObject], index: int) -> tuple[str, str, tuple[ClipWord, ...]]:
    """Ask about the object of one picture.

    Parameters
    ----------
    objects : sequence of ClipObject
        The object of each picture.
    index : int
        The picture.

    Returns
    -------
    question, answer : str
        The question and its true answer.
    words : tuple of ClipWord
        The words of the answer.
    """
    answer, words = spell([[(objects[index].color, "object", (index,), (index,))]])
    return f"what color is the {objects[index].shape}?", answer, words


def _still(shape: str, color: str, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw a picture of one object; return its pixels and the object's mask."""
    plan = plan_clip(rng, [])
    actor = Actor(shape, color, plan.actors[0].half, plan.actors[0].path, [color] * FRAMES)
    _, pixels, masks, _ = render(ClipPlan([actor], []), rng)
    return pixels[0], masks[0, 0]
