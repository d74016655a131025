"""Samples from drawn scenes, with known ground truth."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from ..inputs.masks import mask_box
from ..scenes.language import CAPTION_PROMPT
from ..scenes.scene import Scene, draw
from ..scenes.shapes import PLURALS
from .collection import Samples, collect
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
    """Make samples from drawn scenes.

    Parameters
    ----------
    seeds : int or iterable of int
        Number of scenes, from seed 0, or the seeds. The bundled model was trained on scenes from seed 1,000,000
        upwards.
    kind : {"caption", "object", "yes/no", "count", "color", "place", "background"}
        - "caption": one sample per scene, with the true caption as its answer;
        - "object": the same, once for every object whose name is unique in its scene, with the name as its label;
        - the others: every question of that kind, with the answer without its full stop.
    **drawn
        Arguments of `eagle_nb.scenes.draw`: size, arrangement, objects, relation, pair, tablecloth, background.

    Returns
    -------
    Samples
        The objects have boxes and masks. An object that the label means by its shape alone ("cup", or "circle" in "how
        many circles are there?") has the label as its name. A repeated seed is skipped.

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
    return collect(scenes, lambda _, scene: _samples(scene, kind), f"drawn scenes, {kind}")


def _samples(scene: Scene, kind: str) -> Iterator[Sample]:
    """Make the samples of one scene."""
    questions = list(_questions(scene, kind))
    for k, (prompt, answer, label) in enumerate(questions):
        name = f"scene-{scene.seed}" + (f"-{k}" if len(questions) > 1 else "")
        objects = _objects(scene, label)
        yield Sample(name, scene.image, prompt, answer, objects, label, extra={"seed": scene.seed})


def _questions(scene: Scene, kind: str) -> Iterator[tuple[str, str, str | None]]:
    """Yield prompt, answer and label of each question of a kind."""
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
                label = next((shape for shape, plural in PLURALS.items() if label == plural), label)
                yield question, answer.removesuffix("."), None if kind == "background" else label


def _objects(scene: Scene, label: str | None) -> tuple[SampleObject, ...]:
    """Return the objects of a scene, named by their shape where the label is a shape."""
    return tuple(SampleObject(o.shape if label == o.shape else o.name, mask_box(o.mask), o.mask) for o in scene.objects)
