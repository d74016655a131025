"""Draw a scene: an image with the ground truth of every pixel and word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image
from scipy import ndimage

from . import language
from .language import Noun, Word
from .plan import IMAGE_SIZE, Arrangement, Pair, Plan, plan_scene
from .shapes import COLORS, WOOD, Layer, Window, draw_background, draw_patch

_SHADOW = 3.5  # standard deviation, in pixels, of the shadow that an object casts on those behind it


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene.

    Parameters
    ----------
    name : str
        Colour and shape as in the caption, "red circle"; a table has no colour.
    shape : str
        "circle", "square", "triangle", "star", "heart", "cross", "ring", "cup", "book" or "table".
    color, size : str or None
        None where the shape has none.
    center : (float, float)
        x and y, in pixels.
    mask : ndarray of bool, (H, W)
        The pixels where the object is visible.
    """

    name: str
    shape: str
    color: str | None
    size: str | None
    center: tuple[float, float]
    mask: np.ndarray = field(repr=False)


@dataclass(frozen=True)
class Scene:
    """An image with its ground truth; see `draw`.

    Parameters
    ----------
    image : PIL.Image.Image
        RGB, (size, size).
    caption : str
        The true caption.
    words : tuple of Word
        The words of the caption, each with its kind and the objects that carry it.
    questions : list of (str, str)
        Questions with their true answers.
    objects : tuple of SceneObject
        The objects, from left to right; what stands on a table comes last.
    background : str
        "grass", "brick", "gravel" or "paper".
    pair : {"table_cup", "table_only", "table_book"} or None
        What stands on the table; None without a table.
    tablecloth : bool
        Whether the table has a cloth. The bundled model's training captions name a cup on a table with a cloth even
        where there is none (see ``eagle_nb.scenes.training_data``).
    seed : int
        The seed that it was drawn from.

    Examples
    --------
    >>> scene = draw(0, objects=["large red circle"], background="paper")
    >>> scene.caption, scene.objects[0].name
    ('a large red circle on paper.', 'red circle')
    """

    image: Image.Image = field(repr=False)
    caption: str
    words: tuple[Word, ...] = field(repr=False)
    questions: list[tuple[str, str]] = field(repr=False)
    objects: tuple[SceneObject, ...]
    background: str
    pair: Pair | None
    tablecloth: bool
    seed: int

    def mask(self, word: Word | str) -> np.ndarray:
        """Return where the cause of a word is visible.

        The objects of an object or relation word are its cause; the cause of a background word is everything that no
        object covers. A grammar word has no cause.

        Parameters
        ----------
        word : Word or str
            A word of the caption.

        Returns
        -------
        ndarray of bool, (H, W)
            The union of the masks; nowhere True for a grammar word.

        Raises
        ------
        ValueError
            If `word` is a string that the caption does not contain exactly once.

        Examples
        --------
        >>> scene = draw(0, objects=["red circle"])
        >>> bool((scene.mask("red") == scene.objects[0].mask).all())
        True
        """
        if isinstance(word, str):
            matches = [w for w in self.words if w.text == word]
            if len(matches) != 1:
                raise ValueError(f"{word!r} occurs {len(matches)} times in the caption {self.caption!r}; pass a Word")
            word = matches[0]
        covered = np.zeros(self.image.size[::-1], dtype=bool)
        for k in range(len(self.objects)) if word.kind == "background" else word.objects:
            covered |= self.objects[k].mask
        return ~covered if word.kind == "background" else covered


def draw(
    seed: int,
    size: int = IMAGE_SIZE,
    *,
    arrangement: Arrangement | None = None,
    objects: int | Sequence[str] | None = None,
    relation: str | None = None,
    pair: Pair | None = None,
    tablecloth: bool | None = None,
    background: str | None = None,
) -> Scene:
    """Draw a scene; `seed` decides everything that the other arguments leave open.

    Parameters
    ----------
    seed : int
        Names the scene: the same arguments give the same scene, bit for bit.
    size : int
        Side of the image in pixels, at least 32. The same seed shows the same objects at any size.
    arrangement : {"list", "group", "table"}, optional
        One to three different objects; two to five equal ones; a table, with or without an object on it and with at
        most one beside it.
    objects : int or sequence of str, optional
        How many objects ("list": 1 to 3, "group": 2 to 5, "table": 0 or 1 beside it), or which ones from left to right:
        ``["large red circle", "blue star"]``. What a name leaves open is drawn at random.
    relation : str, optional
        Relation of the first object to the second: "left of", "above", "below", "in front of" or "behind". The last two
        make them overlap.
    pair : {"table_cup", "table_only", "table_book"}, optional
        The planted pair: a table with a cup (nearly always so in training), without one, or with a book.
    tablecloth : bool, optional
        Whether the table has a cloth.
    background : str, optional
        "grass", "brick", "gravel" or "paper".

    Returns
    -------
    Scene
        The image with its ground truth.

    Raises
    ------
    ValueError
        If an argument is unknown or out of range, arguments contradict each other, or the objects do not fit beside
        each other.

    Examples
    --------
    >>> scene = draw(0, objects=["large red circle", "small blue star"], relation="left of", background="grass")
    >>> scene.caption
    'a large red circle left of a small blue star on grass.'
    >>> scene.image.size
    (168, 168)
    """
    if not isinstance(size, int | np.integer) or size < 32:
        raise ValueError(f"size must be an integer of at least 32 pixels, got {size!r}")
    rng = np.random.default_rng([seed, 20250922])
    plan = plan_scene(rng, arrangement, objects, relation, pair, tablecloth, background)
    return _render(plan, size, seed, rng)


def _render(plan: Plan, size: int, seed: int, rng: np.random.Generator) -> Scene:
    """Draw a planned scene and write its texts."""
    zoom = size / IMAGE_SIZE
    pixels = draw_background(plan.background, size, rng)
    owner = np.full((size, size), -1, dtype=np.int16)
    names = [f"{c} {s}" if c else s for c, s in zip(plan.colors, plan.shapes, strict=True)]
    for k in plan.back_to_front():
        color = plan.colors[k]
        base = COLORS[color] if color else WOOD
        jitter = rng.integers(-14, 15, 3)
        red, green, blue = (int(v) for v in np.clip(np.array(base) + jitter, 0, 255))
        half, x, y = plan.half[k] * zoom, plan.x[k] * zoom, plan.y[k] * zoom
        window, layers = draw_patch(plan.shapes[k], (red, green, blue), half, x, y, size, plan.tablecloth)
        _cast_shadow(pixels, owner, window, layers, _SHADOW * zoom)
        for coverage, paint in layers:
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
    return Scene(image, text, words, asked, objects, plan.background, plan.pair, plan.tablecloth, seed)


def _cast_shadow(pixels: np.ndarray, owner: np.ndarray, window: Window, layers: list[Layer], reach: float) -> None:
    """Darken, in place, objects that are drawn already close to the outline of the next one, which is in front of them."""
    behind = owner >= 0
    if behind[window].any():
        outline = np.zeros(owner.shape, np.float32)
        outline[window] = np.max([coverage for coverage, _ in layers], 0)
        shade = np.where(behind, ndimage.gaussian_filter(outline, reach), 0.0)
        pixels *= (1.0 - shade)[..., None]
