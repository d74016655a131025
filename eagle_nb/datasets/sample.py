"""Sample: an image, what is asked about it, and what is true of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.images import ImageLike, open_image

Box = tuple[float, float, float, float]
Mask = np.ndarray | Callable[[], np.ndarray]


class SampleObject:
    """One thing that is truly in the image.

    Parameters
    ----------
    name : str
        What it is called: "cup", "red circle".
    box : (left, top, right, bottom) in pixels, optional
    mask : ndarray of bool (H, W), or a function that returns it, optional
        A function is called whenever `mask` is asked for, so that a data set's masks need not fit into memory.

    Attributes
    ----------
    name : str
    box : (left, top, right, bottom) in pixels, or None

    Raises
    ------
    ValueError
        If the name is empty, the box has no area, or the mask is no bool (H, W).
    """

    __slots__ = ("_mask", "box", "name")

    def __init__(self, name: str, box: Box | None = None, mask: Mask | None = None) -> None:
        if not name.strip():
            raise ValueError("an object needs a name")
        if box is not None:
            left, top, right, bottom = (float(v) for v in box)
            if not (left < right and top < bottom and np.isfinite([left, top, right, bottom]).all()):
                raise ValueError(f"the box of {name!r} must be (left, top, right, bottom) in pixels, got {box}")
        self.name, self.box, self._mask = name, box, mask
        if not callable(mask):
            self._check(mask)

    @property
    def mask(self) -> np.ndarray | None:
        """The pixels it covers: bool (H, W), or None where that is not known."""
        if not callable(self._mask):
            return self._mask
        made = self._mask()
        self._check(made)
        return made

    @property
    def target(self) -> np.ndarray | Box | None:
        """The mask where there is one, else the box: what the pointing game aims at."""
        return self.mask if self._mask is not None else self.box

    def __repr__(self) -> str:
        return f"SampleObject({self.name!r}, box={self.box}, {'no ' if self._mask is None else ''}mask)"

    def _check(self, mask: np.ndarray | None) -> None:
        if mask is not None and (np.ndim(mask) != 2 or np.asarray(mask).dtype != bool):
            raise ValueError(f"the mask of {self.name!r} must be bool (H, W)")


@dataclass(frozen=True, eq=False)
class Sample:
    """One row of a data set.

    Attributes
    ----------
    id : str
    source : path, bytes, ndarray or PIL.Image.Image, or a function that returns one
        Where the image comes from; it is opened when `image` is asked for.
    prompt : str
    answer : str or None
        The reference answer: a caption, or "yes" / "no".
    objects : tuple of SampleObject
        What is in the image. `None` where that is not known; `()` says that nothing is.
    token_ids, words : list or None
        A recorded answer of another run: its token ids and their texts.
    label : str or None
        Of the word that is asked about ("cup" in "Is there a cup?").
    extra : mapping
        Whatever else the row holds.
    recorded : str or None
        The text of the recorded answer; `recorded_response` turns it into a Response.
    """

    id: str
    source: ImageLike | Callable[[], ImageLike] = field(repr=False)
    prompt: str
    answer: str | None = None
    objects: tuple[SampleObject, ...] | None = field(default=None, repr=False)
    label: str | None = None
    token_ids: list[int] | None = field(default=None, repr=False)
    words: list[str] | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)
    recorded: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not str(self.prompt).strip():
            raise ValueError(f"sample {self.id!r} has an empty prompt")

    @property
    def image(self) -> Image.Image:
        """The RGB image, opened now."""
        return open_image(self.source() if callable(self.source) else self.source)

    def named(self, name: str) -> list[SampleObject]:
        """The objects of a name, compared without case."""
        return [o for o in self.objects or () if o.name.casefold() == name.casefold()]

    @property
    def where(self) -> str:
        """The image's file, or "in memory"."""
        return str(self.source) if isinstance(self.source, str | Path) else "in memory"
