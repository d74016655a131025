"""Regions: a partition of the image into the pieces that are shown or hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from .images import ImageLike, open_image

MAX_REGIONS = 65535


@dataclass(frozen=True, eq=False)
class Regions:
    """A partition of an image: every pixel belongs to exactly one region.

    Attributes
    ----------
    labels : ndarray of int32, (H, W)
        The region of each pixel, 0 … n - 1, none of them empty.
    maker : str
        How it was made: "slic", "grid", "felzenszwalb", "watershed", "labels" or "masks".
    parameters : dict
        What the maker was given, and what came of it.

    Examples
    --------
    >>> import numpy as np
    >>> regions = Regions.grid(np.zeros((4, 6), np.uint8), 6)
    >>> len(regions), regions.shape
    (6, (4, 6))
    >>> regions.area
    array([0.16666667, 0.16666667, 0.16666667, 0.16666667, 0.16666667,
           0.16666667])
    """

    labels: np.ndarray = field(repr=False)
    maker: str = "labels"
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
                f"region labels must be 0 … n - 1 with none left out and n ≤ {MAX_REGIONS}; "
                "Regions.from_labels renumbers any map"
            )
        labels = labels.astype(np.int32)
        labels.setflags(write=False)
        object.__setattr__(self, "labels", labels)

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        height, width = self.shape
        return f"Regions({self.n} by {self.maker}, {width} × {height} pixels)"

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
        """Pixels shown under a coalition: bool (n,) → bool (H, W)."""
        return np.asarray(np.asarray(shown, dtype=bool)[self.labels])

    def boundaries(self) -> np.ndarray:
        """Pixels at the border between regions: bool (H, W)."""
        from skimage.segmentation import find_boundaries

        return np.asarray(find_boundaries(self.labels, mode="inner"))

    # -- makers -------------------------------------------------------------------------------

    @classmethod
    def slic(cls, image: ImageLike, n: int = 64) -> Regions:
        """Superpixels by zero-parameter SLIC (SLICO; Achanta et al. 2012), exactly `n` of them.

        SLIC itself returns about as many as it is asked for. Here the smallest superpixels are
        merged into the neighbour of the most similar colour, or the largest are cut in two,
        until there are exactly `n`.

        Raises
        ------
        ValueError
            If `n` is below 1 or above the number of pixels.
        """
        from skimage.segmentation import slic

        picture = np.asarray(open_image(image))
        n = _check_number(n, picture.shape[:2])
        labels = np.zeros(picture.shape[:2], dtype=np.int64)
        found = 1
        if n > 1:
            for factor in (1.0, 1.1, 1.25, 1.5):
                labels = slic(
                    picture, n_segments=int(np.ceil(n * factor)), slic_zero=True, start_label=0, channel_axis=-1
                )
                found = int(labels.max()) + 1
                if found >= n:
                    break
        labels = _merge_down(labels, picture, n)
        labels = _split_up(labels, n)
        return cls(labels, "slic", {"n": n, "slic_zero": True, "slic_found": found})

    @classmethod
    def grid(cls, image: ImageLike, n: int = 64) -> Regions:
        """Equal rectangles, exactly `n`: as many rows and columns as come closest to squares.

        Where `n` has no fitting divisors, rows hold different numbers of rectangles.
        """
        height, width = np.asarray(open_image(image)).shape[:2]
        n = _check_number(n, (height, width))
        rows = int(np.clip(round(np.sqrt(n * height / width)), 1, min(n, height)))
        for candidate in sorted(range(1, min(n, height) + 1), key=lambda r: abs(np.log(r / rows))):
            if n % candidate == 0 and n // candidate <= width and abs(np.log(candidate / rows)) < 0.4:
                rows = candidate
                break
        rows = max(rows, -(-n // width))
        per_row = [n // rows + (r < n % rows) for r in range(rows)]
        labels = np.zeros((height, width), dtype=np.int64)
        row_of = np.arange(height) * rows // height
        first = np.concatenate([[0], np.cumsum(per_row)])
        for r, count in enumerate(per_row):
            labels[row_of == r] = first[r] + np.arange(width) * count // width
        return cls(labels, "grid", {"n": n, "rows": rows})

    @classmethod
    def felzenszwalb(cls, image: ImageLike, n: int = 64) -> Regions:
        """Graph-based segments (Felzenszwalb & Huttenlocher 2004), merged or cut to exactly `n`."""
        from skimage.segmentation import felzenszwalb

        picture = np.asarray(open_image(image))
        n = _check_number(n, picture.shape[:2])
        scale, labels = 400.0, np.zeros(picture.shape[:2], dtype=np.int64)
        for _ in range(8):
            labels = felzenszwalb(picture, scale=scale, sigma=0.8, min_size=max(4, picture[..., 0].size // (8 * n)))
            if labels.max() + 1 >= n:
                break
            scale /= 3
        found = int(labels.max()) + 1
        labels = _split_up(_merge_down(labels, picture, n), n)
        return cls(labels, "felzenszwalb", {"n": n, "scale": scale, "felzenszwalb_found": found})

    @classmethod
    def watershed(cls, image: ImageLike, n: int = 64) -> Regions:
        """Compact watershed of the gradient (Neubert & Protzel 2014), merged or cut to exactly `n`."""
        from skimage.color import rgb2gray
        from skimage.filters import sobel
        from skimage.segmentation import watershed

        picture = np.asarray(open_image(image))
        n = _check_number(n, picture.shape[:2])
        labels = watershed(sobel(rgb2gray(picture)), markers=n, compactness=0.001) - 1
        found = int(labels.max()) + 1
        labels = _split_up(_merge_down(labels, picture, n), n)
        return cls(labels, "watershed", {"n": n, "watershed_found": found})

    @classmethod
    def from_labels(cls, labels: np.ndarray) -> Regions:
        """Any integer map (H, W), renumbered from 0 in the order of its values."""
        labels = np.asarray(labels)
        if labels.ndim != 2 or labels.size == 0:
            raise ValueError(f"a region map must be (H, W) and not empty, got shape {labels.shape}")
        if not np.issubdtype(labels.dtype, np.integer) and labels.dtype != bool:
            raise TypeError(f"a region map holds integers, got {labels.dtype}")
        values, inverse = np.unique(labels, return_inverse=True)
        return cls(inverse.reshape(labels.shape), "labels", {"values": len(values)})

    @classmethod
    def from_masks(cls, masks: Sequence[np.ndarray] | np.ndarray) -> Regions:
        """Masks (H, W) of one shape; a pixel in several goes to the first, what none covers is one more region.

        Raises
        ------
        ValueError
            If there are no masks, they differ in shape, or earlier masks leave nothing of a later one.
        """
        masks = [np.asarray(m, dtype=bool) for m in masks]
        if not masks:
            raise ValueError("from_masks needs at least one mask")
        shapes = {m.shape for m in masks}
        if len(shapes) > 1 or masks[0].ndim != 2:
            raise ValueError(f"masks must be (H, W) and of one shape, got {sorted(shapes)}")
        labels = np.full(masks[0].shape, len(masks))
        for k in reversed(range(len(masks))):
            labels[masks[k]] = k
        for k in range(len(masks)):
            if not (labels == k).any():
                raise ValueError(f"mask {k} covers no pixel that earlier masks leave over")
        return cls(labels, "masks", {"masks": len(masks), "rest": bool((labels == len(masks)).any())})


slic, grid, felzenszwalb, watershed = Regions.slic, Regions.grid, Regions.felzenszwalb, Regions.watershed
from_labels, from_masks = Regions.from_labels, Regions.from_masks


def as_regions(regions: int | Regions | np.ndarray, image: Any) -> Regions:
    """What `explain` accepts as regions, checked against the image's size."""
    if isinstance(regions, Regions):
        made = regions
    elif isinstance(regions, np.ndarray):
        made = Regions.from_labels(regions)
    elif isinstance(regions, int | np.integer) and not isinstance(regions, bool):
        return Regions.slic(image, int(regions))
    else:
        raise TypeError(f"regions must be a number or a Regions, got {type(regions).__name__}")
    if made.shape != (image.height, image.width):
        raise ValueError(
            f"the region map is {made.shape[1]} × {made.shape[0]} pixels, the image {image.width} × {image.height}; "
            "make the regions from the image that is explained (response.image)"
        )
    return made


def _check_number(n: int, shape: tuple[int, int]) -> int:
    if isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(f"the number of regions must be an integer, got {n!r}")
    most = min(shape[0] * shape[1], MAX_REGIONS)
    if not 1 <= n <= most:
        raise ValueError(f"the number of regions must be 1 … {most} for a {shape[1]} × {shape[0]} image, got {n}")
    return int(n)


def _merge_down(labels: np.ndarray, picture: np.ndarray, n: int) -> np.ndarray:
    """Merge the smallest segment into its most similar neighbour until `n` are left."""
    labels = np.unique(labels, return_inverse=True)[1].reshape(labels.shape)
    count = int(labels.max()) + 1
    if count <= n:
        return labels
    size = np.bincount(labels.ravel()).astype(float)
    color = np.stack([np.bincount(labels.ravel(), picture[..., c].ravel()) for c in range(3)], 1)
    neighbours: list[set[int]] = [set() for _ in range(count)]
    for a, b in ((labels[:, :-1], labels[:, 1:]), (labels[:-1], labels[1:])):
        for i, j in np.unique(np.stack([a[a != b], b[a != b]], 1), axis=0).tolist():
            neighbours[i].add(j)
            neighbours[j].add(i)
    target = np.arange(count)
    alive = set(range(count))
    while len(alive) > n:
        small = min(alive, key=lambda k: (size[k], k))
        mean = color[small] / size[small]
        near = sorted(neighbours[small]) or sorted(alive - {small})
        best = min(near, key=lambda k: float(((color[k] / size[k] - mean) ** 2).sum()))
        size[best] += size[small]
        color[best] += color[small]
        target[target == small] = best
        for k in neighbours[small]:
            neighbours[k].discard(small)
            if k != best:
                neighbours[k].add(best)
                neighbours[best].add(k)
        alive.discard(small)
    return np.unique(target[labels], return_inverse=True)[1].reshape(labels.shape)


def _split_up(labels: np.ndarray, n: int) -> np.ndarray:
    """Cut the largest segment across its longer side until there are `n`."""
    labels = labels.copy()
    count = int(labels.max()) + 1
    size = np.bincount(labels.ravel()).tolist()
    while count < n:
        largest = int(np.argmax(size))
        y, x = np.nonzero(labels == largest)
        first, second = (y, x) if np.ptp(y) >= np.ptp(x) else (x, y)
        half = np.lexsort((second, first))[len(x) // 2 :]
        labels[y[half], x[half]] = count
        size[largest] -= len(half)
        size.append(len(half))
        count += 1
    return labels
