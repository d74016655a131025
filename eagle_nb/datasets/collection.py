"""Samples: what a loader returns, with an account of the rows it had to skip."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar, overload

import numpy as np

from .sample import Sample

Row = TypeVar("Row")


class Skipped(NamedTuple):
    """A row that could not be used.

    Attributes
    ----------
    row : int
        Counted from 0, as in ``rows[row]``; a CSV file's header is not counted.
    reason : str
    """

    row: int
    reason: str


class Samples(Sequence[Sample]):
    """A sequence of `Sample`; slices and `sample` are `Samples` too.

    Parameters
    ----------
    samples : iterable of Sample
    skipped : iterable of (int, str)
    source : str
        Where they were read from.

    Attributes
    ----------
    skipped : list of Skipped
        Row number and reason of every row that could not be used. A part of the samples keeps the whole list.
    source : str

    Examples
    --------
    >>> from PIL import Image
    >>> picture = Image.new("RGB", (8, 8))
    >>> samples = Samples([Sample("a", picture, "what?"), Sample("b", picture, "where?")], [(1, "no image")])
    >>> samples
    Samples: 2 read, 1 row skipped (row 1: no image)
    >>> [s.id for s in samples[1:]]
    ['b']
    """

    def __init__(self, samples: Iterable[Sample], skipped: Iterable[tuple[int, str]] = (), source: str = "") -> None:
        self._samples = tuple(samples)
        self.skipped = [Skipped(int(row), str(reason)) for row, reason in skipped]
        self.source = source

    def __len__(self) -> int:
        return len(self._samples)

    @overload
    def __getitem__(self, index: int) -> Sample: ...
    @overload
    def __getitem__(self, index: slice) -> Samples: ...
    def __getitem__(self, index: int | slice) -> Sample | Samples:
        if isinstance(index, slice):
            return Samples(self._samples[index], self.skipped, self.source)
        return self._samples[index]

    def __repr__(self) -> str:
        text = f"Samples{f' from {self.source}' if self.source else ''}: {len(self)} read"
        return text + (f", {self._account()}" if self.skipped else "")

    def sample(self, n: int, seed: int = 0) -> Samples:
        """A random choice without repeats, in the order of the data set; the same for the same seed.

        Raises
        ------
        ValueError
            If there are fewer than `n`, or `n` is negative.
        """
        if not 0 <= n <= len(self):
            raise ValueError(f"cannot choose {n} of {len(self)} samples; n must be 0 … {len(self)}")
        chosen = np.sort(np.random.default_rng(seed).permutation(len(self))[:n])
        return Samples((self._samples[k] for k in chosen), self.skipped, self.source)

    def _account(self) -> str:
        row, reason = self.skipped[0]
        more = ", …" if len(self.skipped) > 1 else ""
        return f"{len(self.skipped)} row{'s' * (len(self.skipped) > 1)} skipped (row {row}: {reason}{more})"


def gather(
    rows: Iterable[Row],
    build: Callable[[int, Row], Iterable[Sample]],
    source: str,
    lost: Iterable[tuple[int, str]] = (),
) -> Samples:
    """Build samples row by row; a row whose `build` raises ValueError or OSError is skipped, counted and warned of.

    Parameters
    ----------
    rows : iterable
    build : callable
        From a row and its number to its samples; a ValueError says what is wrong with the row, an OSError why its file
        cannot be opened.
    source : str
    lost : iterable of (int, str)
        What was skipped before.
    """
    samples: list[Sample] = []
    skipped = [Skipped(*entry) for entry in lost]
    first: dict[str, int] = {}
    for k, row in enumerate(rows):
        try:
            made = list(build(k, row))
            for sample in made:
                if first.setdefault(sample.id, k) != k:
                    raise ValueError(f"its id {sample.id!r} is already that of row {first[sample.id]}")
        except (ValueError, OSError) as error:
            skipped.append(Skipped(k, str(error)))
            continue
        samples += made
    result = Samples(samples, skipped, source)
    if skipped:
        warnings.warn(f"{result!r}; all of them are in .skipped", stacklevel=3)
    return result
