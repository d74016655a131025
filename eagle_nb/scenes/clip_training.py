"""Training examples of the clip model: clips, their captions, and what carries each word.

Everything is a function of a seed, so an interrupted training run resumes exactly.

A caption reports only what is seen to happen. Where the moment of a change is hidden, that is, where no two successive
frames of it show the object's place, the training caption says "stays", whatever the other frames show. The word of a
change therefore has one cause: the object in the frames of its moment. Attributes are named as they are in the whole
clip, so their probabilities under masking become an expectation given what is visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

from .architecture import ASSISTANT, END, IMAGE, USER
from .clip import Clip, ask_color, draw_clip, draw_several
from .clip_architecture import CLIP_GRID, CLIP_STRIDE
from .clip_hiding import hide_clip
from .clip_language import CLIP_PROMPT, ClipWord, clip_caption
from .clip_plan import EVENTS, FRAME_SIZE, Actor, ClipPlan
from .shapes import COLORS, SHAPES

FIRST_SEED = 1_000_000
"""First seed of the training clips; every seed below it is held out."""

SEVERAL_EVERY = 4
"""Of this many batches, the last consists of several pictures with a question."""

HIDDEN = 0.35
"""Share of the clips in which something is hidden."""

IGNORE = -100
"""Class of cells that the loss ignores."""

_CELLS = CLIP_GRID**2
_COVERED = 0.2  # share of a cell that an object must cover to be its content


@dataclass
class ClipExample:
    """One training clip with its text.

    Parameters
    ----------
    pixels : ndarray of uint8, (F, H, W, 3)
        The frames, with hidden regions filled.
    prompt, answer : str
        The text.
    words : tuple of ClipWord
        The words of the answer.
    cells : ndarray of float32, (F, CELLS, 8)
        Of each image token the class of its shape (0 for none), of its colour and of what happens there (0 for
        nothing), the object's centre as fractions of the frame's sides, and of what happens the object's shape, its
        first colour and whether it is the first event or the second.
    looks : list of (ClipWord, ndarray of float32 (2, F, CELLS))
        Words, and where each of the two grounded heads is to look for them.
    more : list of ClipExample
        Further turns about the same pictures.
    """

    pixels: np.ndarray
    prompt: str
    answer: str
    words: tuple[ClipWord, ...]
    cells: np.ndarray
    looks: list[tuple[ClipWord, np.ndarray]]
    more: list[ClipExample] = field(default_factory=list)


def to_cells(masks: np.ndarray) -> np.ndarray:
    """Return which share of each image token's cell a mask covers.

    Parameters
    ----------
    masks : ndarray of bool, (..., H, W)
        Masks.

    Returns
    -------
    ndarray of float, (..., CELLS)
        Shares.
    """
    half = CLIP_STRIDE // 2  # token (i, j) is centred on pixel (16 i, 16 j)
    shifted = np.zeros(masks.shape, bool)
    shifted[..., half:, half:] = masks[..., :-half, :-half]
    shape = (*masks.shape[:-2], CLIP_GRID, CLIP_STRIDE, CLIP_GRID, CLIP_STRIDE)
    return np.asarray(shifted.reshape(shape).mean((-3, -1)).reshape(*masks.shape[:-2], _CELLS))


def seen_steps(clip: Clip, hidden: np.ndarray) -> list[list[int]]:
    """Find the steps of each event that are seen.

    Parameters
    ----------
    clip : Clip
        The clip.
    hidden : ndarray of bool, (F, H, W)
        Hidden pixels.

    Returns
    -------
    list of list of int
        Of each event, the frames of its moment that show the object's place and whose predecessor does. The event is
        seen if there are any.

    Examples
    --------
    >>> clip = draw_clip(0, events=["moves right"])
    >>> hidden = np.zeros((6, 80, 80), bool)
    >>> hidden[clip.events[0].start + 1] = True
    >>> seen_steps(clip, hidden) == [[clip.events[0].start]]
    True
    """
    found = []
    for event in clip.events:
        places = clip.objects[event.actor].places
        visible = [(hidden[f] & places[f]).sum() < 0.5 * places[f].sum() for f in range(len(places))]
        found.append([f for f in event.frames[1:] if visible[f] and visible[f - 1]])
    return found


def clip_example(seed: int, share: float = HIDDEN) -> ClipExample:
    """Draw a training clip with its dense targets and its caption.

    Parameters
    ----------
    seed : int
        Seed of the clip.
    share : float
        Probability that something is hidden.

    Returns
    -------
    ClipExample
        The example.
    """
    clip = draw_clip(seed)
    pixels, hidden = hide_clip(np.stack([np.asarray(f) for f in clip.frames]), np.random.default_rng([seed, 8]), share)
    steps = seen_steps(clip, hidden)
    actors = [Actor(o.shape, o.color, 0.0) for o in clip.objects]
    for actor, o in zip(actors, clip.objects, strict=True):
        actor.present = np.asarray(o.masks.any((1, 2)))
        actor.colors = [o.color] * len(pixels)
    for event in clip.events:
        if event.color is not None:
            actors[event.actor].colors[event.start :] = [event.color] * (len(pixels) - event.start)
    answer, words = clip_caption(ClipPlan(actors, list(clip.events)), [bool(s) for s in steps])
    visible = np.asarray(to_cells(~hidden) > 0.4)
    covers: np.ndarray = np.stack([to_cells(o.masks) for o in clip.objects])
    places = np.stack([to_cells(o.places) for o in clip.objects])
    cells = dense_targets(covers, visible, actors, [o.places for o in clip.objects])
    happens = np.zeros((len(clip.events), *visible.shape), bool)
    for k, (event, frames) in enumerate(zip(clip.events, steps, strict=True)):
        own = places[event.actor, frames]
        happens[k, frames] = own >= np.minimum(_COVERED, own.max(1, keepdims=True))
        o = clip.objects[event.actor]
        cells[happens[k], 2] = 1 + EVENTS.index(event.kind)
        cells[happens[k], 5:] = SHAPES.index(o.shape), list(COLORS).index(o.color), k
    looks, clause = [], 0
    for word in words:
        clause += word.text == "then"
        if word.kind == "grammar" or not clip.events:
            continue
        event = clip.events[clause]
        own = np.zeros(visible.shape, np.float32)
        frames = [event.start - 1]
        if word.kind == "object":  # close to the event where the object is visible there, and it is seen
            near = [f for f in word.frames if f in event.frames and steps[clause]]
            frames = near or list(word.frames)
        own[frames] = (covers if word.kind == "object" else places)[word.objects[0], frames]
        own *= visible
        about = happens[clause] * visible if word.objects[0] == event.actor and steps[clause] else own
        looks.append((word, np.stack([about, own]).astype(np.float32)))
    return ClipExample(pixels, CLIP_PROMPT, answer, words, cells, looks)


def several_example(seed: int, number: int, share: float = HIDDEN) -> ClipExample:
    """Draw several training pictures with a question about each, one after the other.

    Parameters
    ----------
    seed : int
        Seed of the pictures.
    number : int
        Number of pictures.
    share : float
        Probability that something is hidden.

    Returns
    -------
    ClipExample
        The example.
    """
    several, rng = draw_several(seed, number), np.random.default_rng([seed, 8])
    pixels, hidden = hide_clip(np.stack([np.asarray(f) for f in several.images]), rng, share)
    visible = to_cells(~hidden) > 0.4
    cells = np.full((*visible.shape, 8), IGNORE, np.float32)
    turns = []
    for k in [several.index, *(int(k) for k in rng.permutation(number) if k != several.index)]:
        question, answer, words = ask_color(several.objects, k)
        own = (to_cells(several.objects[k].masks) * visible).astype(np.float32)
        turns.append(ClipExample(pixels, question, answer, words, cells, [(words[0], np.stack([own, own]))]))
    turns[0].more = turns[1:]
    return turns[0]


def dense_targets(covers: np.ndarray, visible: np.ndarray, actors: list[Actor], places: list[np.ndarray]) -> np.ndarray:
    """Write what is visible at each image token, without what happens there.

    Parameters
    ----------
    covers : ndarray of float, (N, F, CELLS)
        Share of each cell that each object covers.
    visible : ndarray of bool, (F, CELLS)
        Cells that are not hidden.
    actors : list of Actor
        The objects.
    places : list of ndarray of bool (F, H, W)
        Their outlines.

    Returns
    -------
    ndarray of float32, (F, CELLS, 8)
        As `ClipExample.cells`.
    """
    best, most = covers.argmax(0), covers.max(0)
    cells = np.zeros((*visible.shape, 8), np.float32)
    cells[..., 0] = np.where(most > 0.05, IGNORE, 0)
    cells[..., 1] = IGNORE
    for k, (actor, place) in enumerate(zip(actors, places, strict=True)):
        for f in range(len(visible)):
            own = (best[f] == k) & (most[f] > _COVERED)
            if own.any():
                rows, columns = np.nonzero(place[f])
                cells[f, own, 0] = 1 + SHAPES.index(actor.shape)
                cells[f, own, 1] = list(COLORS).index(actor.colors[f])
                cells[f, own, 3:5] = columns.mean() / FRAME_SIZE, rows.mean() / FRAME_SIZE
    cells[~visible, :2] = IGNORE
    return cells


class ClipPacker:
    """Make batches: ``<|user|> image… prompt <|assistant|> answer <|end|>`` and further turns, padded.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The processor's tokenizer.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.ids = {t: tokenizer.convert_tokens_to_ids(t) for t in (USER, ASSISTANT, END, IMAGE)}

    def batch(self, examples: list[ClipExample]) -> dict[str, torch.Tensor]:
        """Make a batch of B examples of F frames, padded to L tokens.

        Parameters
        ----------
        examples : list of ClipExample
            The examples.

        Returns
        -------
        dict of str to torch.Tensor
            "ids" (B, L); "weight" (B, L), the loss weight of the *next* token; "pixels" uint8 (B, F, H, W, 3); "cells"
            (B, F, CELLS, 8); "where" (M, 2), rows and positions whose next token has a cause, and the nouns of
            questions; "looks" (M, 2, F · CELLS), where the grounded heads are to look there; "asks" (K, 3), rows and
            positions of the nouns of questions and of the tokens that answer them.
        """
        rows, weights, where, looks, asks = [], [], [], [], []
        light = {"grammar": 0.2, "object": 1.0, "change": 2.0}
        for b, e in enumerate(examples):
            row: list[int] = []
            weight: list[float] = []
            for k, turn in enumerate([e, *e.more]):
                coded = self.tokenizer(turn.answer, add_special_tokens=False, return_offsets_mapping=True)
                row += [self.ids[USER], *([] if k else [self.ids[IMAGE]] * (len(e.pixels) * _CELLS))]
                row += [*self.tokenizer.encode(turn.prompt, add_special_tokens=False), self.ids[ASSISTANT]]
                weight += [0.0] * (len(row) - 1 - len(weight))
                if turn.prompt.endswith("?"):  # the question's noun itself finds its object
                    where.append((b, len(row) - 3))
                    asks.append((b, len(row) - 3, len(row) - 1))
                    looks.append(turn.looks[0][1].reshape(2, -1))
                for j, (start, end) in enumerate(coded["offset_mapping"]):
                    word = next((w for w in turn.words if start < w.end and end > w.start), None)
                    weight.append(1.0 if word is None else light[word.kind])
                    for own in (look for about, look in turn.looks if about is word):
                        where.append((b, len(row) - 1 + j))
                        looks.append(own.reshape(2, -1))
                row += [*coded["input_ids"], self.ids[END]]
                weight += [0.2, 0.0]
            rows.append(row)
            weights.append(weight)
        longest = -(-max(len(r) for r in rows) // 8) * 8
        ids, weight_of = torch.zeros(len(rows), longest, dtype=torch.long), torch.zeros(len(rows), longest)
        for b, (row, weight) in enumerate(zip(rows, weights, strict=True)):
            ids[b, : len(row)] = torch.tensor(row)
            weight_of[b, : len(row)] = torch.tensor(weight)
        frames = len(examples[0].pixels)
        return {
            "ids": ids,
            "weight": weight_of,
            "pixels": torch.from_numpy(np.stack([e.pixels for e in examples])),
            "cells": torch.from_numpy(np.stack([e.cells for e in examples])),
            "asks": torch.tensor(asks, dtype=torch.long).view(-1, 3),
            "where": torch.tensor(where, dtype=torch.long).view(-1, 2),
            "looks": torch.from_numpy(np.stack(looks)) if looks else torch.zeros(0, 2, frames * _CELLS),
        }


class ClipBatches(torch.utils.data.IterableDataset):
    """The batches of some numbers; each is a function of its number alone.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The processor's tokenizer.
    size : int
        Examples per batch.
    numbers : iterable of int
        Numbers of the batches; batch k holds the clips from seed ``FIRST_SEED + k * size`` on.
    rank, processes : int
        Which share of each batch to draw, and of how many.
    hidden : float
        Probability that something is hidden in a clip.
    several_every : int
        Of this many batches, the last consists of several pictures with questions.
    """

    def __init__(
        self,
        tokenizer: Any,
        size: int,
        numbers: Iterable[int],
        rank: int = 0,
        processes: int = 1,
        hidden: float = HIDDEN,
        several_every: int = SEVERAL_EVERY,
    ) -> None:
        self.packer, self.size, self.numbers = ClipPacker(tokenizer), size, list(numbers)
        self.rank, self.processes, self.hidden, self.several_every = rank, processes, hidden, several_every

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        """Make the batches."""
        for number in self.numbers:
            seeds = range(FIRST_SEED + number * self.size, FIRST_SEED + (number + 1) * self.size)
            seeds = seeds[self.rank :: self.processes]
            kind, last = divmod(number, self.several_every)
            if last == self.several_every - 1:
                yield self.packer.batch([several_example(s, 2 + kind % 3, self.hidden) for s in seeds])
            else:
                yield self.packer.batch([clip_example(s, self.hidden) for s in seeds])
