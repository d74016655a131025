"""Sample: an image, what is asked about it, and what is true of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..images import ImageLike, open_image

Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class SampleObject:
    """One thing that is truly in the image.

    Attributes
    ----------
    name : str
        What it is called: "cup", "red circle".
    box : (left, top, right, bottom) in pixels, or None
    mask : ndarray of bool (H, W), or None
    """

    name: str
    box: Box | None = None
    mask: np.ndarray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not self.name.strip():
            raise ValueError("an object needs a name")
        if self.box is not None:
            left, top, right, bottom = (float(v) for v in self.box)
            if not (left < right and top < bottom and np.isfinite([left, top, right, bottom]).all()):
                raise ValueError(
                    f"the box of {self.name!r} must be (left, top, right, bottom) in pixels, got {self.box}"
                )
        if self.mask is not None and (np.ndim(self.mask) != 2 or np.asarray(self.mask).dtype != bool):
            raise ValueError(f"the mask of {self.name!r} must be bool (H, W)")

    @property
    def target(self) -> np.ndarray | Box | None:
        """The mask where there is one, else the box: what the pointing game aims at."""
        return self.mask if self.mask is not None else self.box


@dataclass(frozen=True, eq=False)
class Sample:
    """One row of a data set.

    Attributes
    ----------
    id : str
    source : path, bytes, ndarray or PIL.Image.Image
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
    """

    id: str
    source: ImageLike = field(repr=False)
    prompt: str
    answer: str | None = None
    objects: tuple[SampleObject, ...] | None = field(default=None, repr=False)
    label: str | None = None
    token_ids: list[int] | None = field(default=None, repr=False)
    words: list[str] | None = field(default=None, repr=False)
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if not str(self.prompt).strip():
            raise ValueError(f"sample {self.id!r} has an empty prompt")

    @property
    def image(self) -> Image.Image:
        """The RGB image, opened now."""
        return open_image(self.source)

    def named(self, name: str) -> list[SampleObject]:
        """The objects of a name, compared without case."""
        return [o for o in self.objects or () if o.name.casefold() == name.casefold()]

    @property
    def where(self) -> str:
        """The image's file, or "in memory"."""
        return str(self.source) if isinstance(self.source, str | Path) else "in memory"
