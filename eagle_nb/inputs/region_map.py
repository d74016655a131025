"""RegionMap: which region each pixel of the pictures belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np

from .cutting import MAX_REGIONS, check_pictures
from .layout import Layout


@dataclass(frozen=True, eq=False)
class RegionMap:
    """A partition of one or several pictures: every pixel belongs to exactly one region, or is never hidden.

    Several pictures have one numbering of regions. A region may lie in one picture, be a whole picture, or extend over several frames.

    Parameters
    ----------
    labels : ndarray of int, (H, W)
        The region of each pixel of the canvas, 0 … n - 1, none of them empty. -1 between pictures, and in pictures that are never
        hidden.
    segmenter : str
        How it was made: the name of a segmenter, "labels", "masks", "whole" or "tubes".
    parameters : dict
        Parameters of the segmenter.
    layout : Layout, optional
        Where the pictures lie on the canvas; by default it is a single picture.

    Raises
    ------
    ValueError
        If the labels do not have this form.
    TypeError
        If they are not integers.

    Examples
    --------
    >>> regions = RegionMap(np.array([[0, 0, 1], [0, 0, 1]]))
    >>> len(regions), regions.shape, regions.area.round(3)
    (2, (2, 3), array([0.667, 0.333]))
    """

    labels: np.ndarray = field(repr=False)
    segmenter: str = "labels"
    parameters: dict[str, Any] = field(default_factory=dict)
    layout: Layout = None  # type: ignore[assignment]  # that of a single picture is known from the labels

    def __post_init__(self) -> None:
        labels = np.asarray(self.labels)
        if labels.ndim != 2 or labels.size == 0:
            raise ValueError(f"a region map must be (H, W) and not empty, got shape {labels.shape}")
        if not np.issubdtype(labels.dtype, np.integer):
            raise TypeError(f"a region map holds integers, got {labels.dtype}")
        if self.layout is None:
            object.__setattr__(self, "layout", Layout((labels.shape[::-1],)))
        if self.layout.shape != labels.shape:
            raise ValueError(f"the region map has shape {labels.shape}, the canvas of its pictures {self.layout.shape}")
        n = int(labels.max()) + 1
        lowest = 0 if len(self.layout) == 1 else -1
        if (
            n < 1
            or n > MAX_REGIONS
            or labels.min() < lowest
            or (np.bincount(labels[labels >= 0], minlength=n) == 0).any()
        ):
            raise ValueError(
                f"region labels must be 0 … n - 1 without gaps and n ≤ {MAX_REGIONS}; "
                "Regions.from_labels renumbers any map"
            )
        if (labels[self.layout.numbers < 0] >= 0).any():
            raise ValueError(
                "a region lies between the pictures; make regions of several pictures by Regions.from_labels"
            )
        labels = labels.astype(np.int32)
        labels.setflags(write=False)
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        height, width = self.shape
        extent = f"{width} × {height} pixels" if len(self.layout) == 1 else f"{len(self.layout)} pictures"
        return f"Regions({self.n} by {self.segmenter}, {extent})"

    @cached_property
    def n(self) -> int:
        """Number of regions."""
        return int(self.labels.max()) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the map in pixels."""
        return self.labels.shape  # type: ignore[return-value]

    @property
    def maps(self) -> list[np.ndarray]:
        """The region of each pixel, one int32 (H, W) per picture; -1 in pictures that are never hidden."""
        return self.layout.split(self.labels)

    @cached_property
    def area(self) -> np.ndarray:
        """Fraction of all pixels that can be hidden that each region covers: float64 (n,), sums to 1."""
        sizes = np.bincount(self.labels[self.labels >= 0], minlength=self.n)
        return np.asarray(sizes / sizes.sum())

    @cached_property
    def picture_area(self) -> np.ndarray:
        """Fraction of each picture that each region covers: float64 (n, P)."""
        counts = [np.bincount(part[part >= 0], minlength=self.n) / part.size for part in self.maps]
        return np.stack(counts, axis=1)

    @property
    def pictures(self) -> np.ndarray:
        """The picture in which most of each region lies: int (n,)."""
        return np.asarray(self.picture_area.argmax(axis=1))

    @property
    def explained_pictures(self) -> list[int]:
        """The pictures that regions can hide."""
        return np.flatnonzero(self.picture_area.sum(axis=0)).tolist()

    def pixels(self, shown: np.ndarray) -> np.ndarray:
        """Return the pixels that a coalition shows.

        Parameters
        ----------
        shown : ndarray of bool, (n,)
            The coalition.

        Returns
        -------
        ndarray of bool, (H, W)
            True where the image is shown.
        """
        return self.paint(np.asarray(shown, dtype=bool), True)

    def paint(self, values: np.ndarray, outside: Any = np.nan) -> np.ndarray:
        """Return a map that has the value of its region in every pixel.

        Parameters
        ----------
        values : ndarray, (n,) or (n, C)
            A value of each region.
        outside : scalar
            The value of pixels that belong to no region.

        Returns
        -------
        ndarray, (H, W) or (H, W, C)
            The map, of the type of `values`.

        Examples
        --------
        >>> RegionMap(np.array([[0, 0, 1]])).paint(np.array([0.5, 1.0]))
        array([[0.5, 0.5, 1. ]])
        """
        values = np.asarray(values)
        if (self.labels >= 0).all():
            return np.asarray(values[self.labels])
        last = np.full((1, *values.shape[1:]), outside, dtype=values.dtype)
        return np.asarray(np.concatenate([values, last])[self.labels])

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Return the mean of a map over each region.

        Parameters
        ----------
        values : ndarray, (H, W)
            A map of the image.

        Returns
        -------
        ndarray of float64, (n,)
            Means.

        Raises
        ------
        ValueError
            If the map has another shape.

        Examples
        --------
        >>> RegionMap(np.array([[0, 0, 1]])).mean(np.array([[1.0, 3.0, 5.0]]))
        array([2., 5.])
        """
        if np.shape(values) != self.shape:
            raise ValueError(f"the map has shape {np.shape(values)}, the regions {self.shape}")
        inside = self.labels >= 0
        labels = self.labels[inside]
        total = np.bincount(labels, np.asarray(values, dtype=np.float64)[inside], minlength=self.n)
        return np.asarray(total / np.bincount(labels, minlength=self.n))

    def boundaries(self) -> np.ndarray:
        """Return the pixels at the border between regions.

        Returns
        -------
        ndarray of bool, (H, W)
            True at a border.
        """
        from skimage.segmentation import find_boundaries

        return np.asarray(find_boundaries(self.labels, mode="inner"))

    def only(self, pictures: Sequence[int]) -> Self:
        """Return the regions that lie in some pictures, renumbered; the other pictures are never hidden.

        Parameters
        ----------
        pictures : sequence of int
            Numbers of pictures.

        Returns
        -------
        RegionMap
            The partition of these pictures.

        Raises
        ------
        ValueError
            If no region lies in them, or a number is out of range.
        """
        chosen = check_pictures(pictures, len(self.layout))
        labels = np.where(np.isin(self.layout.numbers, chosen), self.labels, -1)
        values = np.unique(labels[labels >= 0])
        if len(values) == 0:
            raise ValueError(f"no region lies in the pictures {chosen}")
        number = np.full(self.n + 1, -1)
        number[values] = np.arange(len(values))
        return type(self)(number[labels], self.segmenter, self.parameters, self.layout)
