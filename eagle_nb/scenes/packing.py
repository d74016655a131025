"""Batches of training examples: the texts of an image packed into one row, and what carries each token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import torch

from .architecture import ASSISTANT, END, GRID, IMAGE, USER
from .training_data import FIRST_SEED, Cause, Example, Span, example

_STRUCTURE_WEIGHT = 0.3  # loss weight of the tokens that no image decides: the full stop and the end token
_QUESTION_WEIGHT = 3.0


class Packer:
    """Pack the texts of an image behind one image prefix.

    A row is ``<|user|> image…`` followed by the texts. Each text attends only to the prefix and itself, and its
    positions start behind the prefix, so every text is learned as if it were the only one.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The tokenizer of `eagle_nb.scenes.architecture.build_tokenizer`.
    """

    def __init__(self, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self.ids = {t: tokenizer.convert_tokens_to_ids(t) for t in (USER, ASSISTANT, END, IMAGE)}
        self.prefix = [self.ids[USER]] + [self.ids[IMAGE]] * GRID**2

    def row(
        self, texts: list[tuple[str, str]], question_weight: float = 1.0
    ) -> tuple[list[int], list[int], list[int], list[float]]:
        """Pack texts into one row.

        Parameters
        ----------
        texts : list of (str, str)
            Prompts and answers, the caption first.
        question_weight : float
            Loss weight of the answers to questions.

        Returns
        -------
        ids : list of int
            Token ids.
        part : list of int
            Number of the text that each token belongs to; 0 is the prefix.
        position : list of int
            Position of each token.
        weight : list of float
            Loss weight of the *next* token.
        """
        ids, part, position = list(self.prefix), [0] * len(self.prefix), list(range(len(self.prefix)))
        weight = [0.0] * len(self.prefix)
        for k, (prompt, answer) in enumerate(texts, 1):
            before = [*self._encode(prompt), self.ids[ASSISTANT]]
            after = [*self._encode(answer), self.ids[END]]
            ids += before + after
            part += [k] * (len(before) + len(after))
            position += range(len(self.prefix), len(self.prefix) + len(before) + len(after))
            content = len(after) - 2
            content_weight = question_weight if k > 1 else 1.0
            weight += [0.0] * (len(before) - 1) + [content_weight] * content + [_STRUCTURE_WEIGHT] * 2 + [0.0]
        return ids, part, position, weight

    def token_causes(self, texts: list[tuple[str, str]], spans: list[list[Span]]) -> list[tuple[int, Cause]]:
        """Find what carries the next token at each position of a row.

        Parameters
        ----------
        texts : list of (str, str)
            Prompts and answers, as in `row`.
        spans : list of list of (int, int, tuple of int)
            Of each text, the spans of its answer and what carries them.

        Returns
        -------
        list of (int, tuple of int)
            Positions and the objects that carry the *next* token; among them the last token of each question, where the
            question is complete.
        """
        positions: list[tuple[int, Cause]] = []
        start_of_text = len(self.prefix)
        for k, ((prompt, answer), carried) in enumerate(zip(texts, spans, strict=True)):
            asked = len(self._encode(prompt))
            coded = self.tokenizer(answer, add_special_tokens=False, return_offsets_mapping=True)
            if k and carried:
                positions.append((start_of_text + asked - 1, carried[0][2]))
            for j, (start, end) in enumerate(coded["offset_mapping"]):
                for first, last, objects in carried:
                    if start < last and end > first:
                        positions.append((start_of_text + asked + j, objects))
            start_of_text += asked + len(coded["input_ids"]) + 2
        return positions

    def _encode(self, text: str) -> list[int]:
        return list(self.tokenizer.encode(text, add_special_tokens=False))

    def batch(self, examples: list[Example], question_weight: float = 1.0) -> dict[str, torch.Tensor]:
        """Make a batch of B examples, padded to L tokens.

        Parameters
        ----------
        examples : list of Example
            The examples.
        question_weight : float
            Loss weight of the answers to questions.

        Returns
        -------
        dict of str to torch.Tensor
            "ids", "part", "position" and "weight" (B, L) as of `row`; "pixels" uint8 (B, 3, H, W); "cells" (B, GRID,
            GRID); "objects" (B, N, 7); "where" (M, 2), rows and positions whose next token has a cause; "looks" (M, 1 +
            GRID²), where the grounded head is to look there.
        """
        rows = [self.row(e.texts, question_weight) for e in examples]
        longest = -(-max(len(r[0]) for r in rows) // 16) * 16
        size = (len(rows), longest)
        ids, part = torch.zeros(size, dtype=torch.long), torch.full(size, -1)
        position, weight = torch.zeros(size, dtype=torch.long), torch.zeros(size)
        for k, row in enumerate(rows):
            length = len(row[0])
            for tensor, values in zip((ids, part, position, weight), row, strict=True):
                tensor[k, :length] = torch.tensor(values, dtype=tensor.dtype)
        most = max(len(e.objects) for e in examples)
        objects = torch.zeros(len(rows), most, 7)
        for k, e in enumerate(examples):
            objects[k, : len(e.objects)] = torch.from_numpy(e.objects)
        where, looks = [], []
        for k, e in enumerate(examples):
            for index, cause in self.token_causes(e.texts, e.causes):
                look = _look(e.cells, cause)
                if look is not None:
                    where.append((k, index))
                    looks.append(look)
        return {
            "where": torch.tensor(where, dtype=torch.long).view(-1, 2),
            "looks": torch.from_numpy(np.stack(looks)) if looks else torch.zeros(0, 1 + GRID**2),
            "pixels": torch.from_numpy(np.stack([e.image for e in examples])),
            "cells": torch.from_numpy(np.stack([e.cells for e in examples])).long(),
            "objects": objects,
            "ids": ids,
            "part": part,
            "position": position,
            "weight": weight,
        }


def _look(cells: np.ndarray, objects: Cause) -> np.ndarray | None:
    """Return where a head is to look: weights of the first token and the image's, float32 (1 + GRID²,), that sum to 1."""
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
    """The batches of some numbers; each is a function of its number alone.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The tokenizer of `eagle_nb.scenes.architecture.build_tokenizer`.
    size : int
        Examples per batch.
    numbers : iterable of int
        Numbers of the batches; batch k holds the scenes from seed ``FIRST_SEED + k * size`` on.
    """

    def __init__(self, tokenizer: Any, size: int, numbers: Iterable[int]) -> None:
        self.packer, self.size, self.numbers = Packer(tokenizer), size, list(numbers)

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        """Make the batches, one worker's share of them in a worker process."""
        info = torch.utils.data.get_worker_info()
        for number in self.numbers[info.id :: info.num_workers] if info else self.numbers:
            start = FIRST_SEED + number * self.size
            examples = [example(s) for s in range(start, start + self.size)]
            yield self.packer.batch(examples, _QUESTION_WEIGHT)


def block_mask(part: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Make the attention mask of packed rows: a text attends to the prefix and itself, causally.

    Parameters
    ----------
    part : torch.Tensor of int, (B, L)
        Number of the text of each token; 0 is the prefix.
    dtype : torch.dtype
        Type of the mask.

    Returns
    -------
    torch.Tensor, (B, 1, L, L)
        0 where a token attends to another, -1e9 elsewhere; added to the attention scores.
    """
    length = part.shape[1]
    query, key = part[:, :, None], part[:, None, :]
    causal = torch.ones(length, length, dtype=torch.bool, device=part.device).tril()
    visible = ((query == key) | (key == 0)) & causal
    visible |= torch.eye(length, dtype=torch.bool, device=part.device)
    return torch.zeros(visible.shape, dtype=dtype, device=part.device).masked_fill(~visible, -1e9)[:, None]
