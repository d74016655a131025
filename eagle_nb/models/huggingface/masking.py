"""Pixel values of masked images, made on the device in the processor's own layout.

There are three modes. The first that reproduces the processor's own values for sample coalitions is used:

select
    Row and column numbers go through the processor's geometry once (nearest neighbour, no rescaling, no normalisation). Every pixel
    value is then taken from the image or from the fill by the region of its pixel. Exact where nothing is resampled.
add
    Where the processor resamples, a value near a border mixes several regions. Resampling is linear, so each region is sent through
    the processor alone on the fill, or with others that are too far away to touch the same values. Values that only one region touches are selected as before; the others are the fill plus
    the contributions of the shown regions, rounded to grey levels and clipped as the processor does. A processor also rounds and
    clips between its passes over the two axes, so some border values differ from its own: on photographs with a black fill 2-4 % of
    all values by one grey level of 255, 0.15 % by more than four, none by more than 28. All other values are exact. Used where the mean
    difference over two sample coalitions stays below `MEAN_ERROR` grey levels.
literal
    Every masked image goes through the processor. Slow, exact by definition.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np
import torch
from PIL import Image

from ...errors import ScoringWarning
from ...inputs.regions import Regions
from .grouping import MARGIN, bounding_boxes, disjoint_groups, owner_map
from .mask_layers import ImageInputs as ImageInputs
from .mask_layers import Layer, Levels
from .region_sums import SPECK, RegionSums

MEAN_ERROR = 0.5
"""Maximum mean difference from the processor's own pixel values where it resamples, in grey levels of 255."""

EXACT = 1e-6
"""Maximum difference from the processor's own pixel values that counts as none."""

_NEAREST = {"do_rescale": False, "do_normalize": False, "resample": Image.Resampling.NEAREST}

Prepare = Callable[..., ImageInputs]
"""Image and processor options → inputs."""


class MaskedImages:
    """Make the image inputs of coalitions.

    Parameters
    ----------
    prepare : callable
        Image (or float tensor (3, H, W) in 0 … 255) and processor options → the processor's inputs for one image.
    place : callable
        Inputs → inputs on the model's device, in its precision.
    image, fill : PIL.Image.Image
        The image, and what hidden regions show.
    regions : Regions
        The regions.
    literal : bool
        Prepare every masked image through the processor.
    channels_last : bool
        Memory order of images (B, C, H, W); convolutions on the CPU are faster with it.

    Attributes
    ----------
    mode : {"select", "add", "literal"}
        See `eagle_nb.models.huggingface.masking`.
    names : list of str
        The inputs that hold images.
    error : float
        Difference from the processor's own pixel values on two sample coalitions: the maximum for "select", at most `EXACT`; the mean
        in grey levels of 255 for "add", at most `MEAN_ERROR`.

    Raises
    ------
    ValueError
        If the processor makes no pixel values.
    """

    def __init__(
        self,
        prepare: Prepare,
        place: Callable[[ImageInputs], ImageInputs],
        image: Image.Image,
        fill: Image.Image,
        regions: Regions,
        literal: bool = False,
        channels_last: bool = False,
    ) -> None:
        self.prepare, self.place, self.regions, self.channels_last = prepare, place, regions, channels_last
        self.image, self.fill = np.asarray(image), np.asarray(fill)
        full = prepare(image)
        self.names = [name for name, value in full.items() if value.is_floating_point()]
        if not self.names:
            raise ValueError("the processor makes no pixel values; load a checkpoint that accepts images")
        self.inputs = {name: value for name, value in full.items() if name not in self.names}
        self.full = {name: full[name] for name in self.names}
        self.layers: dict[str, Layer] = {}
        self.mode, self.error = "literal", 0.0
        if not literal:
            self._choose()

    def __call__(self, shown: np.ndarray) -> ImageInputs:
        """Return the image inputs of coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (B, N)
            One coalition per row.

        Returns
        -------
        dict of str to Tensor
            Stacked along the first axis as the processor stacks images.

        Raises
        ------
        ValueError
            In literal mode, if the processor makes inputs of another shape for a masked image.
        """
        if self.mode == "literal":
            singles = [self._literal(row) for row in shown]
            return self.place({name: torch.cat([single[name] for single in singles]) for name in self.names})
        return {name: self.layers[name](shown) for name in self.names}

    def _literal(self, row: np.ndarray) -> ImageInputs:
        """Prepare one masked image through the processor."""
        made = self.prepare(self._byte_picture(row))
        for name, value in {**self.full, **self.inputs}.items():
            same = name in made and made[name].shape == value.shape
            if not same or (name in self.inputs and not torch.equal(made[name], value)):
                raise ValueError(
                    f"this processor makes {name!r} of another shape or content for a masked image than for the whole one, "
                    "so their scores cannot be compared"
                )
        return {name: made[name] for name in self.names}

    # -- choice of the mode ----------------------------------------------------------------------------------

    def _choose(self) -> None:
        """Choose the first mode that reproduces the processor's values for sample coalitions."""
        base = self._literal(np.zeros(self.regions.n, dtype=bool))
        if self.regions.n == 1 and len(self.regions.layout) == 1:
            labels = {name: torch.zeros_like(value, dtype=torch.long) for name, value in self.full.items()}
            self.mode = "select"
            self.layers = {n: self._layer(self.full[n], base[n], labels[n]) for n in self.names}
            return
        samples = np.random.default_rng(0).random((2, self.regions.n)) < np.array([[0.5], [0.3]])
        literal = [self._literal(row) for row in samples]
        wanted = [self.place(made) for made in literal]
        if all(self._unmixed(made[name], self.full[name], base[name]) for made in literal for name in self.names):
            self._try("select", lambda: self._selected(base), samples, wanted)
            if self.error <= EXACT:
                return
        levels = self._levels()
        for grouped in (True, False):
            self._try("add", partial(self._added, base, levels, grouped), samples, wanted, levels)
            if self.error <= MEAN_ERROR:
                return
        self.mode, self.layers, self.error = "literal", {}, 0.0
        warnings.warn(
            "this processor's pixel layout cannot be masked on the device; the processor prepares every masked image "
            "instead, which is slow",
            ScoringWarning,
            stacklevel=2,
        )

    @staticmethod
    def _unmixed(made: torch.Tensor, full: torch.Tensor, base: torch.Tensor) -> bool:
        """Whether each value of a masked image is that of the image or of the fill."""
        return bool((((made - full).abs() <= EXACT) | ((made - base).abs() <= EXACT)).all())

    def _try(
        self,
        mode: str,
        build: Callable[[], dict[str, Layer]],
        samples: np.ndarray,
        wanted: list[ImageInputs],
        levels: dict[str, Levels] | None = None,
    ) -> None:
        """Build layers and measure their error on the samples: plain differences, or grey levels if `levels` are given."""
        self.error = float("inf")
        try:
            self.mode, self.layers = mode, build()
        except Exception:  # a processor may refuse unusual images; the next mode is tried then
            return
        self.error = 0.0
        for row, want in zip(samples, wanted, strict=True):
            for name in self.names:
                difference = (self.layers[name](row[None]).float() - want[name].float()).abs().cpu()
                if levels is None:
                    self.error = max(self.error, float(difference.max()))
                    if self.error > EXACT:
                        return
                else:
                    grey = (difference / levels[name].step.clamp(min=1e-12)).clamp(max=255)
                    self.error = max(self.error, float(grey.mean()))

    def _levels(self) -> dict[str, Levels]:
        """Return the processor's values for black and white."""
        size = (self.image.shape[1], self.image.shape[0])
        black, white = (self.prepare(Image.new("RGB", size, colour)) for colour in ("black", "white"))
        return {name: Levels(black[name], white[name], self.full[name]) for name in self.names}

    def _selected(self, base: ImageInputs) -> dict[str, Layer]:
        """Build layers from the region of the pixel that each value comes from."""
        return {name: self._layer(self.full[name], base[name], self._labels[name]) for name in self.names}

    @cached_property
    def _labels(self) -> ImageInputs:
        """The region of the pixel that each value comes from."""
        own = self.regions.labels
        labels = torch.from_numpy(np.where(own < 0, self.regions.n, own).astype(np.int32)).flatten()
        return {name: labels.index_select(0, pixel.flatten()).view_as(pixel) for name, pixel in self._pixels.items()}

    def _layer(self, shown: torch.Tensor, hidden: torch.Tensor, labels: torch.Tensor) -> Layer:
        """Return a layer of one image input."""
        return Layer(self.place, shown, hidden, labels, self.channels_last)

    @cached_property
    def _pixels(self) -> ImageInputs:
        """The number of the pixel that each value comes from: row · width + column; 0 or any other number for padding."""
        height, width = self.regions.shape
        try:
            found = self._numbers_as_floats(height, width)
        except Exception:  # a processor may refuse floating-point images
            found = None
        return self._numbers_as_bytes(height, width) if found is None else found

    def _numbers_as_floats(self, height: int, width: int) -> ImageInputs | None:
        """Send the numbers of pixels through the processor as one floating-point picture; None if it changes them."""
        total = height * width
        if not 2**8 < total <= 2**24:  # 32-bit floats hold whole numbers up to 2 ** 24
            return None
        number = torch.arange(total, dtype=torch.float32).view(1, height, width).expand(3, -1, -1)
        made = self.prepare(number, **_NEAREST)
        for name in self.names:
            value = made[name]
            if value.dtype != torch.float32 or not torch.equal(value, value.round()):
                return None
            top = float(value.max())
            if not 255 < top < total or float(value.min()) < 0:  # such as a processor that makes bytes of them
                return None
        return {name: made[name].int() for name in self.names}

    def _numbers_as_bytes(self, height: int, width: int) -> ImageInputs:
        """Send the rows and the columns of pixels through the processor as pictures of a byte per pixel."""
        total = {name: torch.zeros_like(value, dtype=torch.int32) for name, value in self.full.items()}
        numbers = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
        for values, length, stride in zip(numbers, (height, width), (width, 1), strict=True):
            place = {name: torch.zeros_like(value) for name, value in total.items()}
            for power in (1, 256)[: 1 + (length > 256)]:
                picture = Image.fromarray(np.repeat((values // power % 256).astype(np.uint8)[..., None], 3, axis=2))
                made = self.prepare(picture, **_NEAREST)
                for name in self.names:
                    place[name] += made[name].round().int().mul_(power)
            for name in self.names:
                total[name] += place[name].clamp_(0, length - 1).mul_(stride)
        return total

    def _added(self, base: ImageInputs, levels: dict[str, Levels], grouped: bool) -> dict[str, Layer]:
        """Build layers from regions on the fill: several at once where they are far apart, or each alone."""
        floats = self._takes_floats(levels)
        picture = self._float_picture if floats else self._byte_picture
        if not grouped:
            return self._summed(base, levels, picture, [np.array([k]) for k in range(self.regions.n)], 0)
        reach = self._reach(levels, floats)
        return self._summed(base, levels, picture, disjoint_groups(bounding_boxes(self.regions), reach), reach)

    def _summed(
        self,
        base: ImageInputs,
        levels: dict[str, Levels],
        picture: Callable[[np.ndarray], Any],
        groups: list[np.ndarray],
        reach: int,
    ) -> dict[str, Layer]:
        """Build layers from groups of regions on the fill."""
        n, boxes = self.regions.n, bounding_boxes(self.regions)
        floats = picture == self._float_picture
        ground = self.prepare(picture(np.zeros(n, dtype=bool))) if floats else base
        whole = self._whole_of_floats if floats else self.full
        number = np.full(n + 1, -1, dtype=np.int16)  # the last entry is that of values that are always shown
        for g, group in enumerate(groups):
            number[group] = g
        sums = {
            name: RegionSums(ground[name], whole[name], levels[name], self._labels[name], number) for name in self.names
        }
        for g, group in enumerate(groups):
            alone = self.prepare(picture(np.isin(np.arange(n), group)))
            grown = reach if len(group) > 1 else max(self.regions.shape)  # a region alone owns all that differs
            owners = owner_map(boxes, group, grown, self.regions.shape).ravel()
            for name in self.names:
                sums[name].add(g, alone[name], owners, self._pixels[name].flatten().numpy())
        layers = {}
        for name, total in sums.items():
            layers[name] = self._layer(self.full[name], base[name], total.labels.view_as(self.full[name]))
            layers[name].mix(torch.from_numpy(total.border), total.pieces(), ground[name], levels[name])
        return layers

    def _reach(self, levels: dict[str, Levels], floats: bool) -> int:
        """Return how many pixels away a pixel acts on values, measured on a white box in black.

        The box does not lie in the middle, so that a processor that mirrors would show a long reach.
        """
        height, width = self.regions.shape
        top, left, bottom, right = _off_centre(max(self.regions.layout.boxes, key=_extent))
        square = np.zeros((height, width, 3), dtype=np.uint8)
        square[top:bottom, left:right] = 255
        made = self.prepare(torch.from_numpy(square).permute(2, 0, 1).float() if floats else Image.fromarray(square))
        reach = 0
        for name in self.names:
            level = levels[name]
            at = self._pixels[name][(made[name] - level.black).abs() > SPECK * level.step]
            if len(at) == 0:
                return max(height, width)
            rows, columns = at // width, at % width
            sides = (top - rows.min(), rows.max() - bottom, left - columns.min(), columns.max() - right)
            reach = max(reach, *(int(side) for side in sides))
        return reach + reach // 2 + MARGIN  # values lie up to half a cubic kernel apart, so the last one may be missed

    def _takes_floats(self, levels: dict[str, Levels]) -> bool:
        """Whether the processor treats floating-point images in 0 … 255 like 8-bit ones; they add up without rounding."""
        try:
            made = self._whole_of_floats
            return all(
                made[n].shape == self.full[n].shape
                and bool(((made[n] - self.full[n]).abs() <= 4 * levels[n].step + 1e-6).float().mean() > 0.9)
                for n in self.names
            )
        except Exception:
            return False

    @cached_property
    def _whole_of_floats(self) -> ImageInputs:
        """The inputs of the whole image given as floats."""
        return self.prepare(self._float_picture(np.ones(self.regions.n, dtype=bool)))

    def _float_picture(self, row: np.ndarray) -> torch.Tensor:
        """Return a masked image as floats in 0 … 255, (3, H, W)."""
        image, fill = self._floats
        return torch.where(torch.from_numpy(self.regions.pixels(row)), image, fill)

    @cached_property
    def _floats(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The image and the fill as floats in 0 … 255, (3, H, W)."""
        image, fill = (torch.tensor(part).permute(2, 0, 1).float().contiguous() for part in (self.image, self.fill))
        return image, fill

    def _byte_picture(self, row: np.ndarray) -> Image.Image:
        """Return a masked image."""
        return Image.fromarray(np.where(self.regions.pixels(row)[..., None], self.image, self.fill))


def _extent(box: tuple[int, int, int, int]) -> int:
    """Return the number of pixels of a box."""
    return (box[2] - box[0]) * (box[3] - box[1])


def _off_centre(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Return top, left, bottom and right of a small box beside the middle of a picture."""
    x, y, width, height = box[0], box[1], box[2] - box[0], box[3] - box[1]
    return y + 3 * height // 8, x + 3 * width // 8, y + 7 * height // 16 + 1, x + 7 * width // 16 + 1
