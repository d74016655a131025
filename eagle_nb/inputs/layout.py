"""Layout: several pictures side by side on one canvas, so that one map holds a value for every pixel of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, sqrt
from typing import Any

import numpy as np
from PIL import Image

GAP = 0.02
"""Distance between pictures, as a share of the longest side."""

BACKGROUND = (255, 255, 255)
"""Colour of the canvas between pictures."""


@dataclass(frozen=True)
class Layout:
    """Where pictures lie on their common canvas.

    The canvas of one picture is the picture. Several stand in rows, in reading order, as many per row as there are rows.

    Parameters
    ----------
    sizes : tuple of (int, int)
        Width and height of each picture.

    Raises
    ------
    ValueError
        If there is no picture.

    Examples
    --------
    >>> layout = Layout(((4, 2), (4, 2)))
    >>> layout.size, layout.boxes
    ((9, 2), ((0, 0, 4, 2), (5, 0, 9, 2)))
    >>> [part.shape for part in layout.split(np.zeros((2, 9)))]
    [(2, 4), (2, 4)]
    """

    sizes: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "sizes", tuple((int(w), int(h)) for w, h in self.sizes))
        if not self.sizes:
            raise ValueError("there is no picture; give at least one")

    def __len__(self) -> int:
        return len(self.sizes)

    @classmethod
    def of(cls, pictures: Sequence[Image.Image]) -> Layout:
        """Return the layout of pictures.

        Parameters
        ----------
        pictures : sequence of PIL.Image.Image
            The pictures.

        Returns
        -------
        Layout
            Their layout.
        """
        return cls(tuple(picture.size for picture in pictures))

    @cached_property
    def boxes(self) -> tuple[tuple[int, int, int, int], ...]:
        """Left, top, right and bottom of each picture on the canvas, in pixels."""
        columns = ceil(sqrt(len(self.sizes)))
        gap = max(1, round(GAP * max(max(size) for size in self.sizes)))
        boxes, top = [], 0
        for first in range(0, len(self.sizes), columns):
            row, left = self.sizes[first : first + columns], 0
            for width, height in row:
                boxes.append((left, top, left + width, top + height))
                left += width + gap
            top += max(height for _, height in row) + gap
        return tuple(boxes)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas."""
        return max(box[2] for box in self.boxes), max(box[3] for box in self.boxes)

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the canvas: the shape of its maps."""
        return self.size[1], self.size[0]

    @cached_property
    def numbers(self) -> np.ndarray:
        """The picture that each pixel of the canvas belongs to: int16 (H, W); -1 between pictures."""
        numbers = np.full(self.shape, -1, dtype=np.int16)
        for k, (left, top, right, bottom) in enumerate(self.boxes):
            numbers[top:bottom, left:right] = k
        numbers.setflags(write=False)
        return numbers

    def compose(self, pictures: Sequence[Image.Image]) -> Image.Image:
        """Return the canvas with its pictures.

        Parameters
        ----------
        pictures : sequence of PIL.Image.Image
            RGB, of the sizes of the layout.

        Returns
        -------
        PIL.Image.Image
            The canvas; a single picture as it is.
        """
        if len(pictures) == 1:
            return pictures[0]
        canvas = Image.new("RGB", self.size, BACKGROUND)
        for picture, box in zip(pictures, self.boxes, strict=True):
            canvas.paste(picture, box)
        return canvas

    def join(self, maps: Sequence[np.ndarray], outside: Any) -> np.ndarray:
        """Return one map of the canvas from a map of each picture.

        Parameters
        ----------
        maps : sequence of ndarray, (H, W)
            A map of each picture.
        outside : scalar
            Value between pictures.

        Returns
        -------
        ndarray, (H, W)
            The map of the canvas.

        Raises
        ------
        ValueError
            If the number of maps or a shape does not fit.
        """
        if len(maps) != len(self):
            raise ValueError(f"there are {len(maps)} maps and {len(self)} pictures; give one map per picture")
        joined = np.full(self.shape, outside, dtype=np.asarray(maps[0]).dtype)
        for k, (part, (left, top, right, bottom)) in enumerate(zip(maps, self.boxes, strict=True)):
            if np.shape(part) != (bottom - top, right - left):
                raise ValueError(
                    f"map {k} has shape {np.shape(part)}; picture {k} has {right - left} × {bottom - top} pixels"
                )
            joined[top:bottom, left:right] = part
        return joined

    def split(self, canvas: Any) -> list[Any]:
        """Return the part of each picture.

        Parameters
        ----------
        canvas : ndarray, (H, W) or (H, W, C); Tensor, (3, H, W); or PIL.Image.Image
            A map, a float picture or a picture of the canvas.

        Returns
        -------
        list
            One part per picture, of the type of `canvas`.
        """
        if len(self) == 1:
            return [canvas]
        if isinstance(canvas, Image.Image):
            return [canvas.crop(box) for box in self.boxes]
        if isinstance(canvas, np.ndarray):
            return [canvas[top:bottom, left:right] for left, top, right, bottom in self.boxes]
        return [canvas[..., top:bottom, left:right] for left, top, right, bottom in self.boxes]
