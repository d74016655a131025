"""Regions: how the pictures are cut into the segments that are shown or hidden."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from .cutting import check_pictures, cut_each, cut_tubes
from .images import Images, open_images
from .layout import Layout
from .masks import joined_masks, stack_masks
from .region_map import RegionMap
from .segmentation import Segmenter, resolve_segmenter

DEFAULT_REGIONS = 64
"""Number of regions where none is given, as in the paper."""


class Regions(RegionMap):
    """A partition of one or several pictures: every pixel belongs to exactly one region, or is never hidden.

    Several pictures have one numbering of regions. A region may lie in one picture, be a whole picture, or extend over several frames.

    Parameters
    ----------
    labels : ndarray of int, (H, W)
        The region of each pixel, see `eagle_nb.inputs.region_map.RegionMap`.
    segmenter : str
        How it was made.
    parameters : dict
        Parameters of the segmenter.
    layout : Layout, optional
        Where the pictures lie on the canvas.

    Examples
    --------
    >>> import numpy as np
    >>> regions = Regions.grid(np.zeros((4, 6), np.uint8), 6)
    >>> len(regions), regions.shape
    (6, (4, 6))
    >>> regions.area.round(3)
    array([0.167, 0.167, 0.167, 0.167, 0.167, 0.167])
    >>> [int(part.max()) for part in Regions.grid([np.zeros((4, 4), np.uint8)] * 2, 4).maps]
    [1, 3]
    """

    @classmethod
    def segment(
        cls,
        images: Images,
        n: int | Sequence[int] = DEFAULT_REGIONS,
        segmentation: str | Segmenter = "slic",
        progress: bool = True,
        only: Sequence[int] | None = None,
    ) -> Regions:
        """Cut pictures by a segmenter, each for itself.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures.
        n : int or sequence of int
            Number of regions of all pictures together, shared by area, or the number of each picture. Segmenters of your own may return
            another number.
        segmentation : str or callable
            A name of `eagle_nb.inputs.SEGMENTERS`, or a function (picture, n) → labels.
        progress : bool
            Whether an image of more than a million pixels shows that it is being cut; it is cut on a reduced copy.
        only : sequence of int, optional
            The pictures that are cut; the others are never hidden.

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
        pictures = open_images(images)
        layout = Layout.of(pictures)
        chosen = check_pictures(only, len(pictures))
        labels, name = cut_each(pictures, layout, n, segmentation, chosen, progress)
        made = int(labels.max()) + 1
        asked = int(np.sum(n))
        return cls(labels, name, {"n": made} if made == asked else {"n": made, "asked": asked}, layout)

    @classmethod
    def slic(cls, images: Images, n: int | Sequence[int] = DEFAULT_REGIONS) -> Regions:
        """Cut pictures into superpixels; see `eagle_nb.inputs.segmentation.slic_labels`.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures.
        n : int or sequence of int
            Number of regions, see `segment`.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(images, n, "slic")

    @classmethod
    def grid(cls, images: Images, n: int | Sequence[int] = DEFAULT_REGIONS) -> Regions:
        """Cut pictures into rectangles; see `eagle_nb.inputs.segmentation.grid_labels`.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures.
        n : int or sequence of int
            Number of regions, see `segment`.

        Returns
        -------
        Regions
            Exactly `n` regions, numbered row by row.
        """
        return cls.segment(images, n, "grid")

    @classmethod
    def felzenszwalb(cls, images: Images, n: int | Sequence[int] = DEFAULT_REGIONS) -> Regions:
        """Cut pictures into graph-based segments; see `eagle_nb.inputs.segmentation.felzenszwalb_labels`.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures.
        n : int or sequence of int
            Number of regions, see `segment`.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(images, n, "felzenszwalb")

    @classmethod
    def watershed(cls, images: Images, n: int | Sequence[int] = DEFAULT_REGIONS) -> Regions:
        """Cut pictures into segments of a compact watershed; see `eagle_nb.inputs.segmentation.watershed_labels`.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures.
        n : int or sequence of int
            Number of regions, see `segment`.

        Returns
        -------
        Regions
            Exactly `n` regions.
        """
        return cls.segment(images, n, "watershed")

    @classmethod
    def whole(cls, images: Images, only: Sequence[int] | None = None, tied: int = 1) -> Regions:
        """Return the partition into whole pictures.

        Parameters
        ----------
        images : path, PIL.Image.Image, ndarray or bytes; or a sequence of these
            The pictures; only their sizes matter.
        only : sequence of int, optional
            The pictures that can be hidden.
        tied : int
            Number of consecutive pictures that form one region: frames that the model reads as one temporal patch.

        Returns
        -------
        Regions
            One region per picture, or per `tied` pictures.

        Raises
        ------
        ValueError
            If `tied` is below 1.
        """
        if isinstance(tied, bool) or not isinstance(tied, int) or tied < 1:
            raise ValueError(f"tied must be a positive integer, got {tied!r}")
        layout = Layout.of(open_images(images))
        chosen = check_pictures(only, len(layout))
        number = np.full(len(layout) + 1, -1)  # the last entry is that of pixels between pictures
        _, number[chosen] = np.unique(np.array(chosen) // tied, return_inverse=True)
        made = {"n": int(number.max()) + 1} | ({"tied": tied} if tied > 1 else {})
        return cls(number[layout.numbers], "whole", made, layout)

    @classmethod
    def tubes(cls, frames: Images, n: int = DEFAULT_REGIONS) -> Regions:
        """Cut the frames of a video into tubes through space and time; see `eagle_nb.inputs.segmentation.tube_labels`.

        Parameters
        ----------
        frames : sequence of path, PIL.Image.Image, ndarray or bytes
            Frames of one size.
        n : int
            Number of regions.

        Returns
        -------
        Regions
            Exactly `n` regions.

        Raises
        ------
        ValueError
            If the frames differ in size, or `n` is out of range.
        """
        pictures = open_images(frames)
        layout = Layout.of(pictures)
        return cls(cut_tubes(pictures, layout, n), "tubes", {"n": n}, layout)

    @classmethod
    def from_labels(cls, labels: np.ndarray | Sequence[np.ndarray]) -> Regions:
        """Use any integer map as regions, renumbered in the order of its values.

        Parameters
        ----------
        labels : ndarray of int or bool, (H, W) or (F, H, W); or a sequence of (H, W)
            Pixels of one value are one region, also in several pictures.

        Returns
        -------
        Regions
            One region per value.

        Raises
        ------
        ValueError
            If a map is not two-dimensional or is empty.
        TypeError
            If it does not hold integers.
        """
        single = isinstance(labels, np.ndarray) and labels.ndim != 3
        maps = [np.asarray(part) for part in ([labels] if single else labels)]
        for part in maps:
            if part.ndim != 2 or part.size == 0:
                raise ValueError(f"a region map must be (H, W) and not empty, got shape {part.shape}")
            if not np.issubdtype(part.dtype, np.integer) and part.dtype != bool:
                raise TypeError(f"a region map holds integers, got {part.dtype}")
        layout = Layout(tuple(part.shape[::-1] for part in maps))
        values, inverse = np.unique(np.concatenate([part.ravel() for part in maps]), return_inverse=True)
        ends = np.cumsum([part.size for part in maps])[:-1]
        numbered = [new.reshape(part.shape) for new, part in zip(np.split(inverse, ends), maps, strict=True)]
        return cls(layout.join(numbered, -1), "labels", {"values": len(values)}, layout)

    @classmethod
    def from_masks(
        cls, masks: Sequence[np.ndarray | Mapping[str, Any]] | np.ndarray, threshold: float | None = None
    ) -> Regions:
        """Use masks as regions; a pixel in several belongs to the smallest, uncovered pixels form one more region.

        Parameters
        ----------
        masks : sequence of ndarray, (H, W) or (F, H, W), or of mapping
            Masks of one shape, in any order: boolean, or integers of two values of which one is 0. Of a mapping, as SAM returns
            them, the array under "segmentation". A mask (F, H, W) is that of an object in the frames of a video.
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
        masks, layout = joined_masks(masks)
        labels, covered, rest = stack_masks(masks, threshold)
        if layout is not None:
            rest = rest and bool((labels[layout.numbers >= 0] == labels.max()).any())
            labels = np.where(layout.numbers >= 0, labels, -1)
        if covered:
            warnings.warn(f"smaller masks cover all of masks {covered}, which are left out", stacklevel=2)
        made = {"masks": int(labels.max()) + 1 - rest + len(covered), "covered": covered, "rest": rest}
        return cls(labels, "masks", made, layout)  # type: ignore[arg-type]


def as_regions(
    regions: int | Sequence[int] | Regions | np.ndarray,
    pictures: Sequence[Image.Image],
    segmentation: str | Segmenter = "slic",
    progress: bool = False,
    images: int | Sequence[int] | None = None,
) -> Regions:
    """Return what ``regions=`` accepts as Regions of pictures.

    Parameters
    ----------
    regions : int, sequence of int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or of each picture, or a partition.
    pictures : sequence of PIL.Image.Image
        The pictures.
    segmentation : str or callable
        How pictures are cut where `regions` is a number.
    progress : bool
        Whether a large image shows that it is being cut.
    images : int or sequence of int, optional
        The pictures that can be hidden.

    Returns
    -------
    Regions
        A partition of the pictures.

    Raises
    ------
    ValueError
        If the partition has another size than the pictures, or the number is out of range.
    TypeError
        If `regions` is of another type.
    """
    chosen = check_pictures(images, len(pictures))
    layout = Layout.of(pictures)
    if isinstance(regions, int | np.integer | list | tuple) and not isinstance(regions, bool):
        return Regions.segment(pictures, regions, segmentation, progress, chosen)  # type: ignore[arg-type]
    if isinstance(regions, Regions):
        made = regions
    elif isinstance(regions, np.ndarray):
        made = Regions.from_labels(regions)
    else:
        raise TypeError(f"regions must be a number or a Regions, got {type(regions).__name__}")
    if made.layout != layout:
        (width, height), (own_width, own_height) = made.layout.size, layout.size
        if len(layout) == len(made.layout) == 1:
            raise ValueError(
                f"the region map is {width} × {height} pixels, the image {own_width} × {own_height}; "
                "make the regions from the image that is explained (response.image)"
            )
        raise ValueError(
            f"the regions are those of pictures of {list(made.layout.sizes)} pixels, the response has pictures of "
            f"{list(layout.sizes)}; make the regions from response.images"
        )
    return made if images is None else made.only(chosen)
