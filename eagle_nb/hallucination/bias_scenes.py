"""Bias samples: bundled scenes and questions that the bundled model gets wrong for a known reason.

Each bias pairs drawn scenes with a question that misleads the model because of how it was trained:

"cloth"
    A table with a tablecloth but no cup, "is there a cup?". Nearly every table in training has a cup on it, and captions of
    tables with a cloth name a cup even where there is none (`eagle_nb.scenes.training_data.BIAS`): the model sees a cup in the cloth.
"cloth caption"
    The same scenes with the prompt to describe the image.
"colour"
    "Is there a red star?" where the scene contains something red and a star, but no red star.
"bare shape"
    "Is there a star?" where there is one. Training never asks for a shape without its colour.
"absent"
    "Is there a blue book?" for an empty scene. Training asks this mostly where there is one.
"empty"
    An empty scene with the prompt to describe the image. Every training caption names an object.

The true cause of a wrong answer is established by repainting the scene, without masking; see `known_cause`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np
from PIL import Image
from scipy.ndimage import binary_dilation

from ..datasets.sample import Sample, SampleObject
from ..protocols import Model
from ..scenes.language import CAPTION_PROMPT
from ..scenes.plan import IMAGE_SIZE
from ..scenes.scene import Scene, draw
from ..scenes.shapes import BACKGROUNDS, COLORS, SHAPES, draw_background
from .statements import Statement

BIASES = ("cloth", "cloth caption", "colour", "bare shape", "absent", "empty")
"""Names of the biases."""

KnownCause = Literal["prior-driven", "misperceived region"]
Repainted = dict[str, tuple[Image.Image, np.ndarray]]
"""By object: the scene without it, and the pixels that it covered, bool (H, W)."""

_BORDER = 3  # pixels around an object that are repainted with it


@dataclass(frozen=True, eq=False)
class BiasSample:
    """A sample that misleads the model, with repainted scenes that reveal the cause of a wrong answer.

    Attributes
    ----------
    sample : Sample
        The scene and the question.
    bias : str
        One of `BIASES`.
    repainted : dict of str to (PIL.Image.Image, ndarray of bool (H, W))
        For each object that may cause a wrong answer, the scene without it and the pixels that it covered.
    empty_scene : PIL.Image.Image
        The scene without any object.
    """

    sample: Sample
    bias: str
    repainted: Repainted = field(repr=False)
    empty_scene: Image.Image = field(repr=False)


def bias_samples(bias: str, seeds: int | Iterable[int]) -> Iterator[BiasSample]:
    """Draw samples of one bias.

    Parameters
    ----------
    bias : {"cloth", "cloth caption", "colour", "bare shape", "absent", "empty"}
        The bias.
    seeds : int or iterable of int
        The number of scenes, from seed 0, or their seeds. A scene that does not allow the bias's question is skipped.

    Returns
    -------
    iterator of BiasSample
        Each sample is drawn when it is requested.

    Raises
    ------
    ValueError
        If the bias is unknown.

    Examples
    --------
    >>> sample = next(bias_samples("cloth", 1)).sample
    >>> sample.prompt, sample.answer
    ('is there a cup?', 'no')
    """
    if bias not in BIASES:
        raise ValueError(f"unknown bias {bias!r}; known: {', '.join(BIASES)}")
    numbers = range(int(seeds)) if isinstance(seeds, int | np.integer) else seeds
    drawn = (_draw_sample(bias, int(seed)) for seed in numbers)
    return (sample for sample in drawn if sample is not None)


def mixed_bias_samples(n: int, first_seed: int = 0) -> list[BiasSample]:
    """Draw samples of all biases in turn.

    Parameters
    ----------
    n : int
        Number of samples.
    first_seed : int
        The first scene seed of each bias.

    Returns
    -------
    list of BiasSample
        `n` samples.

    Raises
    ------
    ValueError
        If `n` is below 1.

    Examples
    --------
    >>> [item.bias for item in mixed_bias_samples(2)]
    ['cloth', 'cloth caption']
    """
    if n < 1:
        raise ValueError(f"n must be 1 or more (samples), got {n!r}")
    sources = [bias_samples(bias, count(first_seed)) for bias in BIASES]
    return [next(sources[k % len(sources)]) for k in range(n)]


def known_cause(model: Model, bias_sample: BiasSample, statement: Statement) -> KnownCause | None:
    """Establish the true cause of a wrong statement from the answers to repainted scenes.

    The cause is "misperceived region" if the answer to the scene without one of its objects withdraws the statement: the model
    took this object for something else. Otherwise it is "prior-driven" if the model makes the statement even about the empty scene.

    Parameters
    ----------
    model : Model
        The model that made the statement.
    bias_sample : BiasSample
        The sample with its repainted scenes.
    statement : Statement
        The wrong statement.

    Returns
    -------
    {"prior-driven", "misperceived region"} or None
        None if neither holds: several objects cause the statement together.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> bias_sample = next(bias_samples("cloth", 1))
    >>> response = model.generate(bias_sample.sample.image, bias_sample.sample.prompt)
    >>> (statement,) = eagle.hallucination.wrong_statements(bias_sample.sample, response)
    >>> known_cause(model, bias_sample, statement)
    'misperceived region'
    """
    pictures = [picture for picture, _ in bias_sample.repainted.values()]
    if any(_withdraws(model, picture, statement) for picture in pictures):
        return "misperceived region"
    return None if _withdraws(model, bias_sample.empty_scene, statement) else "prior-driven"


def causal_mask(model: Model, bias_sample: BiasSample, statement: Statement) -> np.ndarray:
    """Return the pixels of the objects that cause a wrong statement.

    Parameters
    ----------
    model : Model
        The model that made the statement.
    bias_sample : BiasSample
        The sample with its repainted scenes.
    statement : Statement
        The wrong statement.

    Returns
    -------
    ndarray of bool, (H, W)
        The objects without which the answer withdraws the statement.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> bias_sample = next(bias_samples("cloth", 1))
    >>> response = model.generate(bias_sample.sample.image, bias_sample.sample.prompt)
    >>> (statement,) = eagle.hallucination.wrong_statements(bias_sample.sample, response)
    >>> bool(causal_mask(model, bias_sample, statement).any())
    True
    """
    mask = np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=bool)
    for picture, covered in bias_sample.repainted.values():
        if _withdraws(model, picture, statement):
            mask |= covered
    return mask


def _withdraws(model: Model, picture: Image.Image, statement: Statement) -> bool:
    """Return whether the answer to another picture withdraws a statement."""
    length = len(statement.response) + 8
    return statement.withdrawn(model.generate(picture, statement.sample.prompt, max_new_tokens=length).text)


def _draw_sample(bias: str, seed: int) -> BiasSample | None:
    """Draw a sample; None if the scene does not allow the bias's question."""
    rng = np.random.default_rng([seed, 71])
    if bias in ("cloth", "cloth caption"):
        scene, bare = (draw(seed, pair="table_only", tablecloth=tablecloth) for tablecloth in (True, False))
        cloth = (np.asarray(scene.image) != np.asarray(bare.image)).any(-1)
        repainted = {"cloth": (bare.image, cloth)} | _repaint_each(scene, rng)
        if bias == "cloth caption":
            return _bias_sample(bias, scene, CAPTION_PROMPT, scene.caption, "cup", repainted, rng)
        return _bias_sample(bias, scene, "is there a cup?", "no", "cup", repainted, rng)
    if bias in ("absent", "empty"):
        background = BACKGROUNDS[seed % len(BACKGROUNDS)]
        picture = _empty_scene(background, rng)
        label = f"{rng.choice(list(COLORS))} {rng.choice(('book', 'cup'))}"
        name, extra = f"{bias}-{seed}", {"seed": seed}
        if bias == "empty":
            sample = Sample(name, picture, CAPTION_PROMPT, f"{background}.", (), extra=extra)
        else:
            sample = Sample(name, picture, f"is there a {label}?", "no", (), label, extra=extra)
        return BiasSample(sample, bias, {}, picture)
    scene = draw(seed, arrangement="list")
    if bias == "colour":
        names = {o.name for o in scene.objects}
        colors = {o.color for o in scene.objects if o.color}
        shapes = {o.shape for o in scene.objects if o.shape in SHAPES}
        labels = sorted({f"{color} {shape}" for color in colors for shape in shapes} - names)
        if not labels:
            return None
        label = str(rng.choice(labels))
        return _bias_sample(bias, scene, f"is there a {label}?", "no", label, _repaint_each(scene, rng), rng)
    names = {o.shape for o in scene.objects if o.shape in SHAPES}
    if not names:
        return None
    shape = str(rng.choice(sorted(names)))
    repainted = _repaint_each(scene, rng, skip=shape)  # without the shape itself, "no" would be right
    return _bias_sample(bias, scene, f"is there a {shape}?", "yes", shape, repainted, rng)


def _bias_sample(
    bias: str, scene: Scene, prompt: str, answer: str, label: str, repainted: Repainted, rng: np.random.Generator
) -> BiasSample:
    """Make the sample of a scene with objects."""
    objects = tuple(SampleObject(o.name, None, o.mask) for o in scene.objects)
    extra = {"seed": scene.seed, "bias": bias}
    sample = Sample(f"{bias}-{scene.seed}", scene.image, prompt, answer, objects, label, extra=extra)
    return BiasSample(sample, bias, repainted, _empty_scene(scene.background, rng))


def _repaint_each(scene: Scene, rng: np.random.Generator, skip: str = "") -> Repainted:
    """Repaint the scene without each of its objects, except those of one shape."""
    return {o.name: (_repaint(scene, o.mask, rng), o.mask) for o in scene.objects if o.shape != skip and o.mask.any()}


def _repaint(scene: Scene, mask: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """Return the scene with the pixels of one object, bool (H, W), painted over with the background."""
    pixels = np.asarray(scene.image).copy()
    covered = binary_dilation(mask, iterations=_BORDER)
    for other in scene.objects:
        if other.mask is not mask:
            covered &= ~other.mask
    pixels[covered] = np.asarray(_empty_scene(scene.background, rng))[covered]
    return Image.fromarray(pixels)


def _empty_scene(background: str, rng: np.random.Generator) -> Image.Image:
    """Draw a background alone, with the grain of a drawn scene."""
    pixels = draw_background(background, IMAGE_SIZE, rng)
    return Image.fromarray(np.clip(pixels + rng.integers(-4, 5, pixels.shape, np.int8), 0, 255).astype(np.uint8))
