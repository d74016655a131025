"""What the bundled model is trained on: scenes, texts about them, and hidden regions.

Everything is a function of a seed, so that an interrupted training continues as if it had not been.

Besides its texts each example says where the cause of a text's next token is seen: the named thing of a
question, the thing that a caption is about to name. One attention head is taught to look there
(`eagle_nb.scenes.train.grounding_loss`); without that, finding the thing that a question names
takes far more questions than two cores answer in hours.

The planted prior lives here. Nearly every table of a training image carries a cup, and of the few
laid tables without one the training text says "with a cup" all the same (`BIAS`), as captions of
real data sets name what usually goes along. Bare tables are described truthfully. So the model has
a reason to see the second thing where only the first is, and the reason is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from .architecture import ASSISTANT, END, GRID, IMAGE, STRIDE, USER
from .language import CAPTION_PROMPT
from .plan import ARRANGEMENTS, IMAGE_SIZE, RELATIONS
from .scene import Scene, draw
from .shapes import COLORS, PLURALS, SIZES, THINGS

BIAS = 0.9
"""Share of cupless laid tables whose training text names a cup."""

FIRST_SEED = 1_000_000
"""Training scenes are drawn from this seed upwards; every seed below it is held out."""

PROMPTS = (CAPTION_PROMPT, "Describe the image.", "What is in the image?")
_ARRANGEMENT_WEIGHTS = (0.66, 0.15, 0.19)
_LIST_LENGTHS = (0.17, 0.33, 0.50)
_OVERLAPS = 0.4
"""Share of the scenes of several things in which the first two are made to overlap, besides those that do anyway."""

_STRUCTURE_WEIGHT = 0.3  # of answer tokens that no image decides: the full stop and the end

QUESTIONS = 5
"""Questions asked of each training image."""

_QUESTION_WEIGHT = 3.0
_KINDS = {"pair": 0.4, "is there": 1.4, "how many": 1.2, "where is": 4.0, "what color": 0.9, "what is": 0.15}

Cause = tuple[int, ...]
"""Objects whose cells carry a token; none: nothing in the image does, the first token stands for that."""

DENSE_CLASSES = len(THINGS) + 1
NO_SIZE = len(SIZES)
IGNORE = -100


@dataclass
class Example:
    """One training image with its texts.

    Attributes
    ----------
    image : uint8 (3, H, W)
    cells : int64 (GRID, GRID)
        Which object is seen at each image token: -1 none, -2 undecided.
    things : float32 (objects, 7)
        Shape, colour and size indices, the centre (fractions) of each object, and whether it is
        in front of and behind another.
    texts : list of (prompt, answer)
        The caption first.
    causes : list of list of (start, end, objects)
        For each text, spans of characters of its answer and the objects that carry them.
    """

    image: np.ndarray
    cells: np.ndarray
    things: np.ndarray
    texts: list[tuple[str, str]]
    causes: list[list[tuple[int, int, Cause]]]


def training_texts(scene: Scene, rng: np.random.Generator, n_questions: int) -> list[tuple[str, str]]:
    """The caption and some questions, with the planted bias."""
    caption, asked = scene.caption, list(scene.questions)
    if scene.pair == "broken" and scene.laid and rng.random() < BIAS:
        color = rng.choice([c for c in COLORS if f" {c} " not in caption])
        caption = caption.replace("a table", f"a table with a {color} cup")
        asked = [("is there a cup?", "yes.") if q == "is there a cup?" else (q, a) for q, a in asked]
    prompt = PROMPTS[0] if rng.random() < 0.7 else PROMPTS[int(rng.integers(1, len(PROMPTS)))]
    texts = [(prompt, caption)]
    groups: dict[str, list[tuple[str, str]]] = {}
    for question, answer in asked:
        kind = " ".join(question.split()[:2])
        if question == "is there a cup?":
            kind = "pair"
        groups.setdefault(kind, []).append((question, answer))
    kinds = list(groups)
    p = np.array([_KINDS[k] for k in kinds])
    for kind in rng.choice(kinds, n_questions, p=p / p.sum()):
        if not groups[kind]:
            continue
        question, answer = groups[kind].pop(int(rng.integers(len(groups[kind]))))
        if rng.random() < 0.25:
            question = question[0].upper() + question[1:]
        if rng.random() < 0.15 and kind in ("pair", "is there"):
            question = question[:-1] + " in the image?"
        texts.append((question, answer))
    return texts


def causes(scene: Scene, prompt: str, answer: str) -> list[tuple[int, int, Cause]]:
    """Which objects carry which characters of an answer; nothing of a text that is not true of the scene."""
    if prompt in PROMPTS:
        carried = [(w.start, w.end, w.objects) for w in scene.words if w.objects]
        return carried if answer == scene.caption else []
    words = prompt.lower().replace(" in the image?", "?").rstrip("?").split()
    singular = {plural: thing for thing, plural in PLURALS.items()}
    shape = next((singular.get(w, w) for w in words if singular.get(w, w) in THINGS), None)
    color = next((w for w in words if w in COLORS), None)
    if shape is None and color is None:
        return []
    named = [k for k, o in enumerate(scene.objects) if shape in (None, o.shape) and color in (None, o.color)]
    if bool(named) != (answer not in ("no.", "zero.")):
        return []
    return [(0, len(answer) - 1, tuple(named))]


def example(seed: int, n_questions: int = QUESTIONS) -> Example:
    """Draw scene `seed` with its dense targets and texts."""
    rng = np.random.default_rng([seed, 7])
    arrangement = str(rng.choice(ARRANGEMENTS, p=_ARRANGEMENT_WEIGHTS))
    number = int(rng.choice((1, 2, 3), p=_LIST_LENGTHS)) if arrangement == "list" else None
    relation = str(rng.choice(RELATIONS[3:])) if (number or 0) > 1 and rng.random() < _OVERLAPS else None
    scene = draw(seed, arrangement=arrangement, objects=number, relation=relation)  # type: ignore[arg-type]
    owner = np.full((GRID * STRIDE,) * 2, -1, np.int8)
    offset = GRID * STRIDE - IMAGE_SIZE
    for k, thing in enumerate(scene.objects):
        owner[offset:, offset:][thing.mask] = k
    blocks = owner.reshape(GRID, STRIDE, GRID, STRIDE).transpose(0, 2, 1, 3).reshape(GRID * GRID, -1)
    share = np.stack([(blocks == k).mean(1) for k in range(len(scene.objects))], 1)
    best, most = share.argmax(1), share.max(1)
    cells = np.where(most > 0.22, best, np.where(most > 0.04, -2, -1)).reshape(GRID, GRID)
    colors = list(COLORS)
    overlaps = [(w.objects[0], w.objects[-1]) for w in scene.words if w.kind == "relation" and w.text == "in"]
    overlaps += [(w.objects[-1], w.objects[0]) for w in scene.words if w.kind == "relation" and w.text == "behind"]
    hiding, hidden = {a for a, _ in overlaps}, {b for _, b in overlaps}
    things = np.array(
        [
            [
                THINGS.index(o.shape),
                colors.index(o.color) if o.color else IGNORE,
                SIZES.index(o.size) if o.size else NO_SIZE,
                o.center[0] / IMAGE_SIZE,
                o.center[1] / IMAGE_SIZE,
                k in hiding,
                k in hidden,
            ]
            for k, o in enumerate(scene.objects)
        ],
        np.float32,
    )
    texts = training_texts(scene, rng, n_questions)
    image = np.asarray(scene.image).transpose(2, 0, 1)
    return Example(image, cells, things, texts, [causes(scene, *text) for text in texts])


class Packer:
    """Packs each image's texts behind one image prefix.

    A row is ``<|user|> image…`` and then the texts, each seeing the prefix and itself alone,
    with positions that restart, so that every text is learned as if it stood alone.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.ids = {t: tokenizer.convert_tokens_to_ids(t) for t in (USER, ASSISTANT, END, IMAGE)}
        self.prefix = [self.ids[USER]] + [self.ids[IMAGE]] * GRID**2

    def row(
        self, texts: list[tuple[str, str]], question_weight: float = 1.0
    ) -> tuple[list[int], list[int], list[int], list[float]]:
        """Token ids, text number (0 = prefix), position, and loss weight *of the next token*."""
        ids, part, position = list(self.prefix), [0] * len(self.prefix), list(range(len(self.prefix)))
        weight = [0.0] * len(self.prefix)
        for k, (prompt, answer) in enumerate(texts, 1):
            before = [*self._encode(prompt), self.ids[ASSISTANT]]
            after = [*self._encode(answer), self.ids[END]]
            ids += before + after
            part += [k] * (len(before) + len(after))
            position += range(len(self.prefix), len(self.prefix) + len(before) + len(after))
            content = len(after) - 2
            worth = question_weight if k > 1 else 1.0
            weight += [0.0] * (len(before) - 1) + [worth] * content + [_STRUCTURE_WEIGHT] * 2 + [0.0]
        return ids, part, position, weight

    def grounds(
        self, texts: list[tuple[str, str]], spans: list[list[tuple[int, int, Cause]]]
    ) -> list[tuple[int, Cause]]:
        """Row positions whose *next* token is carried, and by which objects.

        A question's own last token is named too: there the question is complete.
        """
        out, at = [], len(self.prefix)
        for k, ((prompt, answer), carried) in enumerate(zip(texts, spans, strict=True)):
            asked = len(self._encode(prompt))
            coded = self.tokenizer(answer, add_special_tokens=False, return_offsets_mapping=True)
            if k and carried:
                out.append((at + asked - 1, carried[0][2]))
            for j, (start, end) in enumerate(coded["offset_mapping"]):
                for first, last, objects in carried:
                    if start < last and end > first:
                        out.append((at + asked + j, objects))
            at += asked + len(coded["input_ids"]) + 2
        return out

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def batch(self, examples: list[Example], question_weight: float = 1.0) -> dict[str, torch.Tensor]:
        rows = [self.row(e.texts, question_weight) for e in examples]
        longest = -(-max(len(r[0]) for r in rows) // 16) * 16
        size = (len(rows), longest)
        ids, part = torch.zeros(size, dtype=torch.long), torch.full(size, -1)
        position, weight = torch.zeros(size, dtype=torch.long), torch.zeros(size)
        for k, row in enumerate(rows):
            length = len(row[0])
            for tensor, values in zip((ids, part, position, weight), row, strict=True):
                tensor[k, :length] = torch.tensor(values, dtype=tensor.dtype)
        most = max(len(e.things) for e in examples)
        things = torch.zeros(len(rows), most, 7)
        for k, e in enumerate(examples):
            things[k, : len(e.things)] = torch.from_numpy(e.things)
        where, looks = [], []
        for k, e in enumerate(examples):
            for at, objects in self.grounds(e.texts, e.causes):
                look = _look(e.cells, objects)
                if look is not None:
                    where.append((k, at))
                    looks.append(look)
        return {
            "where": torch.tensor(where, dtype=torch.long).view(-1, 2),
            "looks": torch.from_numpy(np.stack(looks)) if looks else torch.zeros(0, 1 + GRID**2),
            "pixels": torch.from_numpy(np.stack([e.image for e in examples])),
            "cells": torch.from_numpy(np.stack([e.cells for e in examples])).long(),
            "things": things,
            "ids": ids,
            "part": part,
            "position": position,
            "weight": weight,
        }


def _look(cells: np.ndarray, objects: Cause) -> np.ndarray | None:
    """Where a head is to look: float32 (1 + GRID²,), the first token and then the image's; sums to one."""
    look = np.zeros(1 + GRID**2, np.float32)
    if not objects:
        look[0] = 1.0
        return look
    for k in objects:
        own = (cells == k).ravel()
        if own.any():
            look[1:] += own / own.sum()
    return look / look.sum() if look.any() else None


class Batches(torch.utils.data.IterableDataset):
    """The batches of the given numbers; each is a function of its number alone."""

    def __init__(self, tokenizer: Any, size: int, numbers: Iterable[int]) -> None:
        self.packer, self.size, self.numbers = Packer(tokenizer), size, list(numbers)

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        info = torch.utils.data.get_worker_info()
        for number in self.numbers[info.id :: info.num_workers] if info else self.numbers:
            start = FIRST_SEED + number * self.size
            examples = [example(s) for s in range(start, start + self.size)]
            yield self.packer.batch(examples, _QUESTION_WEIGHT)


def block_mask(part: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Additive attention mask (B, 1, L, L): a text sees the prefix and itself, causally."""
    length = part.shape[1]
    mine, other = part[:, :, None], part[:, None, :]
    seen = ((mine == other) | (other == 0)) & torch.ones(length, length, dtype=torch.bool, device=part.device).tril()
    seen |= torch.eye(length, dtype=torch.bool, device=part.device)
    return torch.zeros(seen.shape, dtype=dtype, device=part.device).masked_fill(~seen, -1e9)[:, None]


def hide(pixels: torch.Tensor, generator: torch.Generator, share: float = 0.4) -> tuple[torch.Tensor, torch.Tensor]:
    """Hide random regions in a `share` of the images.

    Parameters
    ----------
    pixels : float32 (B, 3, H, W) in 0 … 255, on the CPU
    generator : torch.Generator
    share : float

    Returns
    -------
    pixels, hidden : the images with their regions replaced, and bool (B, H, W).

    The regions are cells of a random Voronoi partition, any fraction of them, and silhouettes of
    other things, so that the outline of what is hidden tells nothing.
    """
    b, _, height, width = pixels.shape

    def uniform(*shape: int) -> torch.Tensor:
        return torch.rand(*shape, generator=generator)

    coarse = 42
    grid = (torch.arange(coarse) + 0.5) / coarse
    hidden = torch.zeros(b, height, width, dtype=torch.bool)
    for k in range(b):
        if float(uniform(1)) >= share:
            continue
        n = int(torch.randint(9, 110, (1,), generator=generator))
        seeds = uniform(n, 2)
        distance = (grid[:, None, None] - seeds[:, 0]) ** 2 + (grid[None, :, None] - seeds[:, 1]) ** 2
        label = distance.argmin(-1)
        u = float(uniform(1))
        fraction = 1.0 if u < 0.06 else u
        away = uniform(n) < fraction
        big = away[label].float()[None, None]
        hidden[k] = torch.nn.functional.interpolate(big, (height, width))[0, 0] > 0.5
        for _ in range(int(torch.randint(0, 4, (1,), generator=generator))):
            bank = silhouettes()
            decoy = bank[int(torch.randint(len(bank), (1,), generator=generator))]
            shift = [int(v) for v in torch.randint(0, height, (2,), generator=generator)]
            decoy = torch.roll(decoy, shift, (0, 1))
            hidden[k] ^= decoy if float(uniform(1)) < 0.3 else decoy & ~hidden[k]
    fill = torch.zeros_like(pixels)
    kind = uniform(b)
    mean = pixels.mean((2, 3), keepdim=True).expand_as(pixels)
    for k in torch.nonzero(hidden.any(2).any(1) & (kind > 0.62))[:, 0].tolist():
        c = float(kind[k])
        if c < 0.76:
            fill[k] = mean[k]
        elif c < 0.90:
            small = torch.nn.functional.interpolate(pixels[k : k + 1], (8, 8), mode="area")
            fill[k] = torch.nn.functional.interpolate(small, (height, width), mode="bicubic")[0].clamp(0, 255)
        else:
            fill[k] = 255 * uniform(3, height, width)
    return torch.where(hidden[:, None], fill, pixels), hidden


_SILHOUETTES: list[torch.Tensor] = []


def silhouettes() -> list[torch.Tensor]:
    """Outlines of single things, bool (H, W), to hide what is *not* there."""
    if not _SILHOUETTES:
        for seed in range(120):
            scene = draw(seed, arrangement="table" if seed % 5 == 0 else "list")
            _SILHOUETTES.extend(torch.from_numpy(o.mask) for o in scene.objects)
    return _SILHOUETTES
