"""Sample: an image, a prompt, and the ground truth."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.images import ImageLike, open_image
from ..inputs.text import normal_form, quoted

Box = tuple[float, float, float, float]
"""Left, top, right and bottom, in pixels."""

Mask = np.ndarray | Callable[[], np.ndarray]
"""Pixels of an object, bool (H, W), or a function that returns them."""


class SampleObject:
    """An object in an image.

    Parameters
    ----------
    name : str
        Its name: "cup", "red circle".
    box : (float, float, float, float), optional
        Left, top, right and bottom, in pixels.
    mask : ndarray of bool (H, W), or callable, optional
        Its pixels, or a function that returns them. The function is called at every access to `mask`, so the masks of a
        data set need not fit into memory.

    Raises
    ------
    ValueError
        If the name is empty, the box has no area, or the mask is not bool (H, W).

    Examples
    --------
    >>> SampleObject("cup", (0, 0, 4, 2)).target
    (0, 0, 4, 2)
    """

    __slots__ = ("_mask", "box", "name")

    def __init__(self, name: str, box: Box | None = None, mask: Mask | None = None) -> None:
        if not name.strip():
            raise ValueError("an object needs a name, got an empty text")
        if box is not None:
            left, top, right, bottom = (float(v) for v in box)
            if not (left < right and top < bottom and np.isfinite([left, top, right, bottom]).all()):
                raise ValueError(f"the box of {name!r} must be (left, top, right, bottom) in pixels, got {box}")
        self.name, self.box, self._mask = name, box, mask
        if not callable(mask):
            self._check(mask)

    @property
    def mask(self) -> np.ndarray | None:
        """Its pixels: bool (H, W), or None where they are unknown."""
        if not callable(self._mask):
            return self._mask
        mask = self._mask()
        self._check(mask)
        return mask

    @property
    def has_mask(self) -> bool:
        """Whether its pixels are known; does not decode them."""
        return self._mask is not None

    @property
    def target(self) -> np.ndarray | Box | None:
        """The target of the pointing game: the mask if there is one, else the box."""
        return self.mask if self._mask is not None else self.box

    def __repr__(self) -> str:
        return f"SampleObject({quoted(self.name)}, box={self.box}, {'no ' if self._mask is None else ''}mask)"

    def _check(self, mask: np.ndarray | None) -> None:
        """Validate the shape and type of a mask."""
        if mask is not None and (np.ndim(mask) != 2 or np.asarray(mask).dtype != bool):
            raise ValueError(f"the mask of {self.name!r} must be bool (H, W)")


@dataclass(frozen=True, eq=False)
class Sample:
    """One row of a data set.

    Parameters
    ----------
    id : str
        Identifies the sample in its data set.
    source : path, bytes, ndarray or PIL.Image.Image, or a function that returns one
        The image; it is opened at every access to `image`.
    prompt : str
        The question or instruction.
    answer : str, optional
        The reference answer: a caption, or "yes" / "no".
    objects : tuple of SampleObject, optional
        The objects in the image. None means unknown; ``()`` means that there are none.
    label : str, optional
        The word of interest: "cup" in "Is there a cup?".
    token_ids : list of int, optional
        Token ids of an answer recorded elsewhere.
    words : list of str, optional
        Texts of these tokens.
    extra : mapping
        The other entries of the row.
    recorded : str, optional
        Text of the recorded answer; `eagle_nb.datasets.recorded_response` makes a Response of it.

    Raises
    ------
    ValueError
        If the prompt is empty.

    Examples
    --------
    >>> sample = Sample("a", np.zeros((8, 8, 3), np.uint8), "is there a cup?", "no", (), "cup")
    >>> sample.image.size, sample.named("cup")
    ((8, 8), [])
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
        """The image, opened at every access: RGB."""
        return open_image(self.source() if callable(self.source) else self.source)

    def named(self, name: str) -> list[SampleObject]:
        """Return the objects of a name, in upper or lower case.

        Parameters
        ----------
        name : str
            The name.

        Returns
        -------
        list of SampleObject
            The objects; empty if there are none, or if they are unknown.
        """
        wanted = normal_form(name.strip(), ignore_case=True)
        return [o for o in self.objects or () if normal_form(o.name.strip(), ignore_case=True) == wanted]

    @property
    def location(self) -> str:
        """The file of the image, or "in memory"."""
        return str(self.source) if isinstance(self.source, str | Path) else "in memory"
