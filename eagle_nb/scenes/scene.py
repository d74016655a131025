"""Draw a scene: an image whose truth is known, down to the pixel and the word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from scipy import ndimage

from . import language
from .language import Noun, Word
from .plan import Arrangement, IMAGE_SIZE, Pair, Plan, plan
from .shapes import COLORS, WOOD, background, patch

_SHADOW = 3.5  # pixels that a thing's shadow reaches over what it stands in front of (standard deviation)


@dataclass(frozen=True)
class SceneObject:
    """One thing of a scene.

    Attributes
    ----------
    name : str
        Colour and shape as the caption spells them, "red circle"; "table" has no colour.
    shape : str
    color, size : str or None
    center : (float, float)
        x and y in pixels.
    mask : ndarray of bool, (H, W)
        The pixels where this thing is what one sees.
    """

    name: str
    shape: str
    color: str | None
    size: str | None
    center: tuple[float, float]
    mask: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Scene:
    """An image with its truth; see `draw`.

    Attributes
    ----------
    image : PIL.Image.Image
        RGB, (size, size).
    caption : str
        The true caption.
    words : tuple of Word
        The caption's words, each with its kind and the objects that carry it.
    questions : list of (str, str)
        Questions with their true answers.
    objects : tuple of SceneObject
    background : str
    pair : {"whole", "broken", "other"} or None
        A table with a cup, a bare table, a table with a book; None without a table.
    laid : bool
        Whether the table carries a cloth: the sign at which the bundled model's training
        captions named a cup even where there is none (see `eagle_nb.scenes.train`).
    seed : int
    """

    image: Image.Image = field(repr=False)
    caption: str
    words: tuple[Word, ...] = field(repr=False)
    questions: list[tuple[str, str]] = field(repr=False)
    objects: tuple[SceneObject, ...]
    background: str
    pair: Pair | None
    laid: bool
    seed: int

    def mask(self, word: Word | str) -> np.ndarray:
        """Where a word's cause is seen: bool (H, W), the union of its objects' masks.

        A background word's cause is everything no object covers; a grammar word has none.

        Raises
        ------
        ValueError
            If `word` is a string that the caption does not contain exactly once.
        """
        if isinstance(word, str):
            found = [w for w in self.words if w.text == word]
            if len(found) != 1:
                raise ValueError(f"{word!r} occurs {len(found)} times in the caption {self.caption!r}; pass a Word")
            word = found[0]
        shown = np.zeros(self.image.size[::-1], dtype=bool)
        chosen = range(len(self.objects)) if word.kind == "background" else word.objects
        for k in chosen:
            shown |= self.objects[k].mask
        return ~shown if word.kind == "background" else shown


def draw(
    seed: int,
    size: int = IMAGE_SIZE,
    *,
    arrangement: Arrangement | None = None,
    objects: int | Sequence[str] | None = None,
    relation: str | None = None,
    pair: Pair | None = None,
    laid: bool | None = None,
    background: str | None = None,
) -> Scene:
    """Draw a scene; whatever is not given is drawn at random from `seed`.

    Parameters
    ----------
    seed : int
        The same arguments give the same scene, bit for bit.
    size : int
        Side of the image in pixels, at least 32. The same seed shows the same things at any size.
    arrangement : {"list", "group", "table"}, optional
        One to three different things; two to five equal ones; a table with or without
        something on it and at most one thing beside it.
    objects : int or sequence of str, optional
        How many things ("list": 1 to 3, "group": 2 to 5, "table": things beside it, 0 or 1), or which:
        ``["large red circle", "blue star"]``, from left to right. What a name leaves open is drawn.
    relation : str, optional
        Of the first thing to the second: "left of", "above", "below", "in front of", "behind".
        The last two make them overlap.
    pair : {"whole", "broken", "other"}, optional
        The planted pair: a table with a cup (nearly always so in training), a bare table, a table with a book.
    laid : bool, optional
        Whether the table carries a cloth.
    background : str, optional
        "grass", "brick", "gravel" or "paper".

    Returns
    -------
    Scene

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, arguments contradict each other, or the
        things asked for find no place beside each other.
    """
    if not isinstance(size, int | np.integer) or size < 32:
        raise ValueError(f"size must be an integer of at least 32 pixels, got {size!r}")
    rng = np.random.default_rng([seed, 20250922])
    planned = plan(rng, arrangement, objects, relation, pair, laid, background)
    return _render(planned, size, seed, rng)


def _render(plan: Plan, size: int, seed: int, rng: np.random.Generator) -> Scene:
    zoom = size / IMAGE_SIZE
    pixels = background(plan.background, size, rng)
    owner = np.full((size, size), -1, dtype=np.int16)
    names = [f"{c} {s}" if c else s for c, s in zip(plan.colors, plan.shapes, strict=True)]
    for k in plan.back_to_front():
        base = COLORS[plan.colors[k]] if plan.colors[k] else WOOD  # type: ignore[index]
        jitter = rng.integers(-14, 15, 3)
        red, green, blue = (int(v) for v in np.clip(np.array(base) + jitter, 0, 255))
        window, painted = patch(
            plan.shapes[k], (red, green, blue), plan.half[k] * zoom, plan.x[k] * zoom, plan.y[k] * zoom, size, plan.laid
        )
        _cast_shadow(pixels, owner, window, painted, _SHADOW * zoom)
        for coverage, paint in painted:
            pixels[window] += coverage[..., None] * (np.asarray(paint, np.float32) - pixels[window])
            owner[window][coverage >= 0.5] = k
    image = Image.fromarray(np.clip(pixels + rng.integers(-4, 5, pixels.shape, np.int8), 0, 255).astype(np.uint8))
    nouns = [
        Noun(s, c, z, x / IMAGE_SIZE, y / IMAGE_SIZE)
        for s, c, z, x, y in zip(plan.shapes, plan.colors, plan.sizes, plan.x, plan.y, strict=True)
    ]
    objects = tuple(
        SceneObject(names[k], n.shape, n.color, n.size, (n.x * size, n.y * size), owner == k)
        for k, n in enumerate(nouns)
    )
    text, words = language.caption(nouns, plan.phrases, plan.relations, plan.background)
    asked = language.questions(nouns, plan.background, rng)
    return Scene(image, text, words, asked, objects, plan.background, plan.pair, plan.laid, seed)


def _cast_shadow(pixels, owner, window, painted, reach: float) -> None:  # type: ignore[no-untyped-def]
    """Darken, in place, what things already drawn show close to the outline of the one that comes before them."""
    behind = owner >= 0
    if behind[window].any():
        outline = np.zeros(owner.shape, np.float32)
        outline[window] = np.max([coverage for coverage, _ in painted], 0)
        shade = np.where(behind, ndimage.gaussian_filter(outline, reach), 0.0)
        pixels *= (1.0 - shade)[..., None]
