"""Samples: what a loader returns, with the rows that it skipped."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple, TypeVar, overload

import numpy as np

from ..errors import MissingImageError
from ..inputs.text import printable
from .sample import Sample

Row = TypeVar("Row")


class Skipped(NamedTuple):
    """A row that could not be used.

    Parameters
    ----------
    row : int
        Number of the row, from 0; the header of a CSV file does not count.
    reason : str
        What is wrong with it.
    """

    row: int
    reason: str


class Samples(Sequence[Sample]):
    """A sequence of `Sample`; slices and random selections are `Samples` too.

    Parameters
    ----------
    samples : iterable of Sample
        The samples.
    skipped : iterable of (int, str)
        Number and reason of every row that could not be used.
    source : str
        Where they were read from.

    Attributes
    ----------
    skipped : list of Skipped
        The skipped rows; a selection keeps the whole list.
    source : str
        Where they were read from.

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
        return printable(text + (f", {self._skipped_summary()}" if self.skipped else ""))

    def sample(self, n: int, rng: int | np.integer | np.random.Generator | None = 0) -> Samples:
        """Select samples at random, without replacement and in the order of the data set.

        Parameters
        ----------
        n : int
            Number of samples.
        rng : int, numpy.random.Generator or None
            Seed or generator of the selection.

        Returns
        -------
        Samples
            The selection.

        Raises
        ------
        ValueError
            If `n` is negative or above the number of samples.
        """
        if not 0 <= n <= len(self):
            raise ValueError(f"cannot choose {n} of {len(self)} samples; n must be 0 … {len(self)}")
        chosen = np.sort(np.random.default_rng(rng).permutation(len(self))[:n])
        return Samples((self._samples[k] for k in chosen), self.skipped, self.source)

    def _skipped_summary(self) -> str:
        """Return the number of skipped rows, and the first of them."""
        row, reason = self.skipped[0]
        more = ", …" if len(self.skipped) > 1 else ""
        return f"{len(self.skipped)} row{'s' * (len(self.skipped) > 1)} skipped (row {row}: {reason}{more})"


def collect(
    rows: Iterable[Row],
    build: Callable[[int, Row], Iterable[Sample]],
    source: str,
    skipped: Iterable[tuple[int, str]] = (),
) -> Samples:
    """Build samples row by row; skip a row whose `build` raises ValueError or OSError.

    A warning names the number of skipped rows.

    Parameters
    ----------
    rows : iterable
        The rows.
    build : callable
        ``build(k, row)`` makes the samples of row number k. Its ValueError says what is wrong with the row, its OSError
        why a file cannot be opened.
    source : str
        Where the rows come from.
    skipped : iterable of (int, str)
        Rows that were skipped before.

    Returns
    -------
    Samples
        The samples and the skipped rows.

    Raises
    ------
    MissingImageError
        (a ValueError) If no row can be used because every image is missing; it names the first and their number.

    Examples
    --------
    >>> def build(k, row):
    ...     yield Sample(row, np.zeros((8, 8, 3), np.uint8), "what?")
    >>> [s.id for s in collect(["a", "b"], build, "two rows")]
    ['a', 'b']
    """
    samples: list[Sample] = []
    unused = [Skipped(*entry) for entry in skipped]
    first: dict[str, int] = {}
    missing = 0
    for k, row in enumerate(rows):
        try:
            built = list(build(k, row))
            for sample in built:
                if first.setdefault(sample.id, k) != k:
                    raise ValueError(f"row {first[sample.id]} has the same id {sample.id!r}; ids must differ")
        except (ValueError, OSError) as error:
            unused.append(Skipped(k, str(error)))
            missing += isinstance(error, MissingImageError)
            continue
        samples += built
    if missing and not samples and missing == len(unused):
        raise MissingImageError(f"none of the {missing} images of {source} exists; the first: {unused[0].reason}")
    result = Samples(samples, unused, source)
    if unused:
        warnings.warn(f"{result!r}; all of them are in .skipped", stacklevel=3)
    return result
