"""Samples from the bundled scenes, whose truth is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..scenes import CAPTION_PROMPT, Scene, draw
from ..scenes.shapes import PLURALS
from .collection import Samples, gather
from .fields import mask_box
from .sample import Sample, SampleObject

_OPENINGS = {
    "yes/no": "is there a ",
    "count": "how many ",
    "color": "what color is the ",
    "place": "where is the ",
    "background": "what is the ",
}
KINDS = ("caption", "object", *_OPENINGS)


def from_scenes(seeds: int | Iterable[int], kind: str = "caption", **drawn: Any) -> Samples:
    """Samples from drawn scenes.

    Parameters
    ----------
    seeds : int or iterable of int
        How many scenes, from seed 0; or which. Training of the bundled model draws from seed 1,000,000 upwards.
    kind : {"caption", "object", "yes/no", "count", "color", "place", "background"}
        - "caption": one sample per scene, its answer the true caption;
        - "object": the same, once for every thing that is the only one of its name, with the name as label;
        - the others: every question of that kind about the scene. The answer is without its full stop.
    **drawn
        Passed to `eagle_nb.scenes.draw`: size, arrangement, objects, relation, pair, laid, background.

    Returns
    -------
    Samples
        Objects have box and mask. An object that the label means by its shape alone ("cup", or "circle" in "how many
        circles are there?") bears the label as its name. A seed given twice is used once; the second is skipped and counted.

    Raises
    ------
    ValueError
        If the kind is unknown, or a scene cannot be drawn as asked.

    Examples
    --------
    >>> sample = from_scenes([7], kind="background")[0]
    >>> sample.prompt, sample.id
    ('what is the background?', 'scene-7')
    """
    if kind not in KINDS:
        raise ValueError(f"unknown kind {kind!r}; known kinds: {', '.join(KINDS)}")
    if isinstance(seeds, int | np.integer):
        if seeds < 0:
            raise ValueError(f"the number of scenes must not be negative, got {seeds}")
        seeds = range(int(seeds))
    scenes = [draw(int(seed), **drawn) for seed in seeds]
    return gather(scenes, lambda _, scene: _samples(scene, kind), f"drawn scenes, {kind}")


def _samples(scene: Scene, kind: str) -> Iterator[Sample]:
    asked = list(_asked(scene, kind))
    for k, (prompt, answer, label) in enumerate(asked):
        name = f"scene-{scene.seed}" + (f"-{k}" if len(asked) > 1 else "")
        objects = _objects(scene, label)
        yield Sample(name, scene.image, prompt, answer, objects, label, extra={"seed": scene.seed})


def _asked(scene: Scene, kind: str) -> Iterator[tuple[str, str, str | None]]:
    """Prompt, answer and label."""
    if kind == "caption":
        yield CAPTION_PROMPT, scene.caption, None
    elif kind == "object":
        names = [o.name for o in scene.objects]
        for name in names:
            if names.count(name) == 1:
                yield CAPTION_PROMPT, scene.caption, name
    else:
        for question, answer in scene.questions:
            if question.startswith(_OPENINGS[kind]):
                label = question.removeprefix(_OPENINGS[kind]).removesuffix("?").removesuffix(" are there")
                label = next((name for name, many in PLURALS.items() if label == many), label)
                yield question, answer.removesuffix("."), None if kind == "background" else label


def _objects(scene: Scene, label: str | None) -> tuple[SampleObject, ...]:
    found = []
    for o in scene.objects:
        found.append(SampleObject(o.shape if label == o.shape else o.name, mask_box(o.mask), o.mask))
    return tuple(found)
