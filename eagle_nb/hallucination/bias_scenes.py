"""Bundled cases of known cause: mistakes that the bundled model makes, and why.

Each kind is a set of drawn scenes with a question that tempts the model, for a reason that lies in its training:

"cloth"
    A laid table without a cup, "is there a cup?". In training nearly every table carries a cup, and laid ones are
    called so even without (`eagle_nb.scenes.training_data.BIAS`): the cloth is what the model sees a cup in.
"cloth caption"
    The same scenes, to be described.
"colour"
    "Is there a red star?" where a red thing and a star are there, but no red star.
"bare shape"
    "Is there a star?" where one is. Training never asks for a shape without its colour.
"absent"
    "Is there a blue book?" of an empty scene, a texture alone. Training asks it mostly where there is one.
"empty"
    An empty scene, to be described. Training has no caption without a thing.

Which cause a mistake has is decided by painting, not by masking: see `known_cause`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

import numpy as np
from PIL import Image
from scipy.ndimage import binary_dilation

from ..datasets import Sample, SampleObject
from ..scenes import CAPTION_PROMPT, IMAGE_SIZE, Scene, draw
from ..scenes.shapes import BACKGROUNDS, COLORS, SHAPES, background
from .statements import Claim

BIASES = ("cloth", "cloth caption", "colour", "bare shape", "absent", "empty")
Cause = Literal["prior-driven", "misperceived region"]

_BORDER = 3  # pixels around a thing that are painted over with it


@dataclass(frozen=True, eq=False)
class BiasedSample:
    """A sample that tempts the model, with the pictures that tell the cause of a mistake.

    Attributes
    ----------
    sample : Sample
    bias : str
    without : dict of str to (PIL.Image.Image, ndarray of bool (H, W))
        For each thing that may be to blame, the scene without it and the pixels it covered.
    empty : PIL.Image.Image
        The scene without anything.
    """

    sample: Sample
    bias: str
    without: dict[str, tuple[Image.Image, np.ndarray]] = field(repr=False)
    empty: Image.Image = field(repr=False)


def biased(bias: str, seeds: int | Iterable[int]) -> Iterator[BiasedSample]:
    """Samples of one bias, drawn when they are asked for.

    Parameters
    ----------
    bias : {"cloth", "cloth caption", "colour", "bare shape", "absent", "empty"}
    seeds : int or iterable of int
        How many scenes, from seed 0; or which. A scene that offers no question of the kind gives none.

    Raises
    ------
    ValueError
        If the bias is unknown.
    """
    if bias not in BIASES:
        raise ValueError(f"unknown bias {bias!r}; known: {', '.join(BIASES)}")
    numbers = range(int(seeds)) if isinstance(seeds, int | np.integer) else seeds
    made = (_make(bias, int(seed)) for seed in numbers)
    return (sample for sample in made if sample is not None)


def tempting(n: int, first_seed: int = 0) -> list[BiasedSample]:
    """`n` samples of all biases in turn.

    Raises
    ------
    ValueError
        If `n` is below 1.
    """
    if n < 1:
        raise ValueError(f"n is a number of samples, 1 or more, got {n!r}")
    sources = [biased(bias, count(first_seed)) for bias in BIASES]
    return [next(sources[k % len(sources)]) for k in range(n)]


def known_cause(model: Any, biased_sample: BiasedSample, claim: Claim) -> Cause | None:
    """Why the model made a mistake, from answers to repainted scenes.

    If the scene without one of its things gets an answer that no longer makes the claim, that thing was taken for
    something else: "misperceived region". Else, if even the scene without anything gets an answer that makes the claim:
    "prior-driven". Else None: several things did it together.
    """

    def kept(image: Image.Image) -> bool:
        said = model.generate(image, claim.sample.prompt, max_new_tokens=len(claim.response) + 8)
        return not claim.withdrawn(said.text)

    if any(not kept(picture) for picture, _ in biased_sample.without.values()):
        return "misperceived region"
    return "prior-driven" if kept(biased_sample.empty) else None


def culprits(model: Any, biased_sample: BiasedSample, claim: Claim) -> np.ndarray:
    """The pixels of the things whose painting over withdraws the claim: bool (H, W)."""
    found = np.zeros((IMAGE_SIZE, IMAGE_SIZE), dtype=bool)
    for picture, mask in biased_sample.without.values():
        said = model.generate(picture, claim.sample.prompt, max_new_tokens=len(claim.response) + 8)
        if claim.withdrawn(said.text):
            found |= mask
    return found


def _make(bias: str, seed: int) -> BiasedSample | None:
    rng = np.random.default_rng([seed, 71])
    if bias in ("cloth", "cloth caption"):
        scene, bare = (draw(seed, pair="broken", laid=laid) for laid in (True, False))
        cloth = (np.asarray(scene.image) != np.asarray(bare.image)).any(-1)
        without = {"cloth": (bare.image, cloth)} | _each(scene, rng)
        question = CAPTION_PROMPT if bias == "cloth caption" else "is there a cup?"
        return _biased(bias, scene, question, scene.caption if bias == "cloth caption" else "no", "cup", without, rng)
    if bias in ("absent", "empty"):
        kind = BACKGROUNDS[seed % len(BACKGROUNDS)]
        picture = texture(kind, rng)
        thing = f"{rng.choice(list(COLORS))} {rng.choice(('book', 'cup'))}"
        prompt, answer = (CAPTION_PROMPT, f"{kind}.") if bias == "empty" else (f"is there a {thing}?", "no")
        label = None if bias == "empty" else thing
        sample = Sample(f"{bias}-{seed}", picture, prompt, answer, (), label, extra={"seed": seed})
        return BiasedSample(sample, bias, {}, picture)
    scene = draw(seed, arrangement="list")
    if bias == "colour":
        names = {o.name for o in scene.objects}
        crossed = [
            f"{a.color} {b.shape}"
            for a in scene.objects
            for b in scene.objects
            if a.color and b.shape in SHAPES and f"{a.color} {b.shape}" not in names
        ]
        if not crossed:
            return None
        thing = str(rng.choice(sorted(set(crossed))))
        return _biased(bias, scene, f"is there a {thing}?", "no", thing, _each(scene, rng), rng)
    shapes = sorted({o.shape for o in scene.objects if o.shape in SHAPES})
    if not shapes:
        return None
    shape = str(rng.choice(shapes))
    others = _each(scene, rng, leave=shape)  # without the shape itself "no" would be right
    return _biased(bias, scene, f"is there a {shape}?", "yes", shape, others, rng)


def _biased(  # type: ignore[no-untyped-def]
    bias: str, scene: Scene, prompt: str, answer: str, label: str, without, rng: np.random.Generator
) -> BiasedSample:
    objects = tuple(SampleObject(o.name, None, o.mask) for o in scene.objects)
    sample = Sample(
        f"{bias}-{scene.seed}", scene.image, prompt, answer, objects, label, extra={"seed": scene.seed, "bias": bias}
    )
    return BiasedSample(sample, bias, without, texture(scene.background, rng))


def _each(scene: Scene, rng: np.random.Generator, leave: str = "") -> dict[str, tuple[Image.Image, np.ndarray]]:
    """The scene without each of its things but those of one shape."""
    return {o.name: (without(scene, o.mask, rng), o.mask) for o in scene.objects if o.shape != leave and o.mask.any()}


def without(scene: Scene, mask: np.ndarray, rng: np.random.Generator) -> Image.Image:
    """The scene with the pixels of a mask, bool (H, W), painted over with its background."""
    painted = np.asarray(scene.image).copy()
    grown = binary_dilation(mask, iterations=_BORDER)
    others = [o.mask for o in scene.objects if o.mask is not mask]
    for other in others:
        grown &= ~other
    painted[grown] = np.asarray(texture(scene.background, rng))[grown]
    return Image.fromarray(painted)


def texture(kind: str, rng: np.random.Generator) -> Image.Image:
    """An empty scene: a background alone, with the grain of a drawn scene."""
    pixels = background(kind, IMAGE_SIZE, rng)
    return Image.fromarray(np.clip(pixels + rng.integers(-4, 5, pixels.shape, np.int8), 0, 255).astype(np.uint8))
