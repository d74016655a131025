"""Regions: a partition of the image into the segments that are shown or hidden."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from PIL import Image

from .images import ImageLike, open_image
from .masks import stack_masks
from .segmentation import Segmenter, cut_picture, resolve_segmenter

MAX_REGIONS = 65535
"""Maximum number of regions."""

DEFAULT_REGIONS = 64
"""Number of regions where none is given, as in the paper."""


@dataclass(frozen=True, eq=False)
class Regions:
    """A partition of an image: every pixel belongs to exactly one region.

    Parameters
    ----------
    labels : ndarray of int, (H, W)
        The region of each pixel, 0 … n - 1, none of them empty.
    segmenter : str
        How it was made: the name of a segmenter, "labels" or "masks".
    parameters : dict
        Parameters of the segmenter.

    Raises
    ------
    ValueError
        If the labels do not have this form.
    TypeError
        If they are not integers.

    Examples
    --------
    >>> import numpy as np
    >>> regions = Regions.grid(np.zeros((4, 6), np.uint8), 6)
    >>> len(regions), regions.shape
    (6, (4, 6))
    >>> regions.area.round(3)
    array([0.167, 0.167, 0.167, 0.167, 0.167, 0.167])
    """

    labels: np.ndarray = field(repr=False)
    segmenter: str = "labels"
    parameters: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        labels = np.asarray(self.labels)
        if labels.ndim != 2 or labels.size == 0:
            raise ValueError(f"a region map must be (H, W) and not empty, got shape {labels.shape}")
        if not np.issubdtype(labels.dtype, np.integer):
            raise TypeError(f"a region map holds integers, got {labels.dtype}")
        n = int(labels.max()) + 1
        if labels.min() < 0 or n > MAX_REGIONS or (np.bincount(labels.ravel(), minlength=n) == 0).any():
            raise ValueError(
                f"region labels must be 0 … n - 1 without gaps and n ≤ {MAX_REGIONS}; "
                "Regions.from_labels renumbers any map"
            )
        labels = labels.astype(np.int32)
        labels.setflags(write=False)
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        height, width = self.shape
        return f"Regions({self.n} by {self.segmenter}, {width} × {height} pixels)"

    @cached_property
    def n(self) -> int:
        """Number of regions."""
        return int(self.labels.max()) + 1

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.labels.shape  # type: ignore[return-value]

    @cached_property
    def area(self) -> np.ndarray:
        """Fraction of the image that each region covers: float64 (n,), sums to 1."""
        return np.asarray(np.bincount(self.labels.ravel(), minlength=self.n) / self.labels.size)

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
        return np.asarray(np.asarray(shown, dtype=bool)[self.labels])

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
        >>> Regions(np.array([[0, 0, 1]])).mean(np.array([[1.0, 3.0, 5.0]]))
        array([2., 5.])
        """
        if np.shape(values) != self.shape:
            raise ValueError(f"the map has shape {np.shape(values)}, the regions {self.shape}")
        labels = self.labels.ravel()
        total = np.bincount(labels, np.asarray(values, dtype=np.float64).ravel(), minlength=self.n)
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

    @classmethod
    def segment(
        cls, image: ImageLike, n: int = DEFAULT_REGIONS, segmentation: str | Segmenter = "slic", progress: bool = True
    ) -> Regions:
        """Cut an image by a segmenter.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        n : int
            Number of regions; segmenters of your own may return another number.
        segmentation : str or callable
            A name of `eagle_nb.inputs.SEGMENTERS`, or a function (picture, n) → labels.
        progress : bool
            Whether an image of more than a million pixels shows that it is being cut; it is cut on a reduced copy.

        Returns
        -------
        Regions
            The partition.

        Raises
        ------
        ValueError
            If the segmentation is unknown, `n` is below 1 or above the number of pixels, or the segmenter returns a map of
            another size.
        TypeError
            If `n` is not an integer.
        """
        resolve_segmenter(segmentation)
        picture = np.asarray(open_image(image))
        labels, name = cut_picture(picture, _check_number(n, picture.shape[:2]), segmentation, progress)
        made = int(labels.max()) + 1
        return cls(labels, name, {"n": n} if made == n else {"n": made, "asked": n})

    @classmethod
    def slic(cls, image: ImageLike, n: int = DEFAULT_REGIONS) -> Regions:
        """Cut an image into superpixels; see `eagle_nb.inputs.segmentation.slic_labels`.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        n : int
            Number of regions.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(image, n, "slic")

    @classmethod
    def grid(cls, image: ImageLike, n: int = DEFAULT_REGIONS) -> Regions:
        """Cut an image into rectangles; see `eagle_nb.inputs.segmentation.grid_labels`.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        n : int
            Number of regions.

        Returns
        -------
        Regions
            Exactly `n` regions, numbered row by row.
        """
        return cls.segment(image, n, "grid")

    @classmethod
    def felzenszwalb(cls, image: ImageLike, n: int = DEFAULT_REGIONS) -> Regions:
        """Cut an image into graph-based segments; see `eagle_nb.inputs.segmentation.felzenszwalb_labels`.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        n : int
            Number of regions.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(image, n, "felzenszwalb")

    @classmethod
    def watershed(cls, image: ImageLike, n: int = DEFAULT_REGIONS) -> Regions:
        """Cut an image by a compact watershed; see `eagle_nb.inputs.segmentation.watershed_labels`.

        Parameters
        ----------
        image : path, PIL.Image.Image, ndarray or bytes
            The image.
        n : int
            Number of regions.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(image, n, "watershed")

    @classmethod
    def whole(cls, image: Image.Image) -> Regions:
        """Return the partition into a single region: the whole image.

        Parameters
        ----------
        image : PIL.Image.Image
            The image; only its size matters.

        Returns
        -------
        Regions
            One region.
        """
        return cls(np.zeros((image.height, image.width), dtype=int), "whole", {"n": 1})

    @classmethod
    def from_labels(cls, labels: np.ndarray) -> Regions:
        """Use any integer map as regions, renumbered in the order of its values.

        Parameters
        ----------
        labels : ndarray of int or bool, (H, W)
            Pixels of one value are one region.

        Returns
        -------
        Regions
            One region per value.

        Raises
        ------
        ValueError
            If the map is not two-dimensional or is empty.
        TypeError
            If it does not hold integers.
        """
        labels = np.asarray(labels)
        if labels.ndim != 2 or labels.size == 0:
            raise ValueError(f"a region map must be (H, W) and not empty, got shape {labels.shape}")
        if not np.issubdtype(labels.dtype, np.integer) and labels.dtype != bool:
            raise TypeError(f"a region map holds integers, got {labels.dtype}")
        values, inverse = np.unique(labels, return_inverse=True)
        return cls(inverse.reshape(labels.shape), "labels", {"values": len(values)})

    @classmethod
    def from_masks(
        cls, masks: Sequence[np.ndarray | Mapping[str, Any]] | np.ndarray, threshold: float | None = None
    ) -> Regions:
        """Use masks as regions; a pixel in several belongs to the smallest, uncovered pixels form one more region.

        Parameters
        ----------
        masks : sequence of ndarray, (H, W), or of mapping
            Masks of one shape, in any order: boolean, or integers of two values of which one is 0. Of a mapping, as SAM returns
            them, the array under "segmentation".
        threshold : float, optional
            Where masks hold floating-point numbers (logits or probabilities): a pixel above it is in the mask.

        Returns
        -------
        Regions
            One region per mask in the order given, and one for the rest if there is any. A mask that smaller ones cover completely is
            dropped with a warning.

        Raises
        ------
        ValueError
            If there are no masks, their shapes differ, one is empty, or they hold numbers whose meaning is unclear.
        TypeError
            If a mask is neither an array nor a mapping that contains one.

        Examples
        --------
        >>> part, whole = np.array([[True, False, False]]), np.array([[True, True, False]])
        >>> Regions.from_masks([whole, part]).labels
        array([[1, 0, 2]], dtype=int32)
        """
        labels, covered, rest = stack_masks(masks, threshold)
        if covered:
            warnings.warn(f"smaller masks cover all of masks {covered}, which are left out", stacklevel=2)
        made = {"masks": int(labels.max()) + 1 - rest + len(covered), "covered": covered, "rest": rest}
        return cls(labels, "masks", made)


def as_regions(
    regions: int | Regions | np.ndarray,
    image: Image.Image,
    segmentation: str | Segmenter = "slic",
    progress: bool = False,
) -> Regions:
    """Return what ``regions=`` accepts as Regions of an image.

    Parameters
    ----------
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition.
    image : PIL.Image.Image
        The image.
    segmentation : str or callable
        How the image is cut where `regions` is a number.
    progress : bool
        Whether a large image shows that it is being cut.

    Returns
    -------
    Regions
        A partition of the image.

    Raises
    ------
    ValueError
        If the partition has another size than the image, or the number is out of range.
    TypeError
        If `regions` is of another type.
    """
    if isinstance(regions, Regions):
        made = regions
    elif isinstance(regions, np.ndarray):
        made = Regions.from_labels(regions)
    elif isinstance(regions, int | np.integer) and not isinstance(regions, bool):
        return Regions.segment(image, int(regions), segmentation, progress)
    else:
        raise TypeError(f"regions must be a number or a Regions, got {type(regions).__name__}")
    if made.shape != (image.height, image.width):
        raise ValueError(
            f"the region map is {made.shape[1]} × {made.shape[0]} pixels, the image {image.width} × {image.height}; "
            "make the regions from the image that is explained (response.image)"
        )
    return made


def _check_number(n: int, shape: tuple[int, ...]) -> int:
    """Validate a number of regions for an image of a shape."""
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"the number of regions must be an integer, got {n!r}")
    most = min(shape[0] * shape[1], MAX_REGIONS)
    if not 1 <= n <= most:
        raise ValueError(f"the number of regions must be 1 … {most} for a {shape[1]} × {shape[0]} image, got {n}")
    return int(n)
