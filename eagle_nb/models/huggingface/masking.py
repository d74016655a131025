"""Pixel values of masked images, made on the device in the processor's own layout.

There are three modes. The first that reproduces the processor's own values for sample coalitions is used:

select
    The region labels go through the processor's geometry once (nearest neighbour, no rescaling, no normalisation). Every pixel
    value is then taken from the image or from the fill by its label. Exact where nothing is resampled.
add
    Where the processor resamples, a value near a border mixes several regions. Resampling is linear, so each region is sent through
    the processor once, alone on the fill. Values that only one region touches are selected as before; the others are the fill plus
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

import numpy as np
import torch
from PIL import Image

from ...errors import ScoringWarning
from ...inputs.regions import Regions

MEAN_ERROR = 0.5
"""Maximum mean difference from the processor's own pixel values where it resamples, in grey levels of 255."""

EXACT = 1e-6
"""Maximum difference from the processor's own pixel values that counts as none."""

SPECK = 1e-3
"""Contributions of a region to a pixel value below this many grey levels are ignored."""

ImageInputs = dict[str, torch.Tensor]
"""Image inputs of the network by name."""

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
        self.layers: dict[str, _Layer] = {}
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
        if self.regions.n == 1:
            labels = {name: torch.zeros_like(value, dtype=torch.long) for name, value in self.full.items()}
            self.mode = "select"
            self.layers = {n: _Layer(self, self.full[n], base[n], labels[n]) for n in self.names}
            return
        samples = np.random.default_rng(0).random((2, self.regions.n)) < np.array([[0.5], [0.3]])
        wanted = [self.place(self._literal(row)) for row in samples]
        self._try("select", lambda: self._selected(base), samples, wanted)
        if self.error <= EXACT:
            return
        levels = self._levels()
        self._try("add", lambda: self._added(base, levels), samples, wanted, levels)
        if self.error <= MEAN_ERROR:
            return
        self.mode, self.layers, self.error = "literal", {}, 0.0
        warnings.warn(
            "this processor's pixel layout cannot be masked on the device; the processor prepares every masked image "
            "instead, which is slow",
            ScoringWarning,
            stacklevel=2,
        )

    def _try(
        self,
        mode: str,
        build: Callable[[], dict[str, _Layer]],
        samples: np.ndarray,
        wanted: list[ImageInputs],
        levels: dict[str, _Levels] | None = None,
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
                else:
                    grey = (difference / levels[name].step.clamp(min=1e-12)).clamp(max=255)
                    self.error = max(self.error, float(grey.mean()))

    def _levels(self) -> dict[str, _Levels]:
        """Return the processor's values for black and white."""
        size = (self.image.shape[1], self.image.shape[0])
        black, white = (self.prepare(Image.new("RGB", size, colour)) for colour in ("black", "white"))
        return {name: _Levels(black[name], white[name], self.full[name]) for name in self.names}

    def _selected(self, base: ImageInputs) -> dict[str, _Layer]:
        """Build layers from the label map, as two images of a byte each: 8 bits hold 256 labels only."""
        parts = []
        for part in (self.regions.labels % 256, self.regions.labels // 256):
            picture = Image.fromarray(np.repeat(part.astype(np.uint8)[..., None], 3, axis=2))
            nearest = Image.Resampling.NEAREST
            parts.append(self.prepare(picture, do_rescale=False, do_normalize=False, resample=nearest))
        layers = {}
        for name in self.names:
            labels = parts[0][name].round().long() + 256 * parts[1][name].round().long()
            layers[name] = _Layer(self, self.full[name], base[name], labels.clamp(0, self.regions.n - 1))
        return layers

    def _added(self, base: ImageInputs, levels: dict[str, _Levels]) -> dict[str, _Layer]:
        """Build layers from each region alone on the fill."""
        picture = self._float_picture if self._takes_floats(levels) else self._byte_picture
        n = self.regions.n
        ground = self.prepare(picture(np.zeros(n, dtype=bool)))
        whole = self.prepare(picture(np.ones(n, dtype=bool)))
        contributions: dict[str, list[tuple[torch.Tensor, torch.Tensor]]] = {name: [] for name in self.names}
        labels = {name: torch.zeros_like(self.full[name], dtype=torch.long).flatten() for name in self.names}
        touched = {name: torch.zeros_like(label, dtype=torch.int16) for name, label in labels.items()}
        mixed = {name: torch.zeros_like(label, dtype=torch.bool) for name, label in labels.items()}
        speck = {name: (SPECK * levels[name].step.flatten()).clamp(min=1e-12) for name in self.names}
        for k in range(n):
            alone = self.prepare(picture(np.arange(n) == k))
            for name in self.names:
                added = (alone[name] - ground[name]).flatten()
                where = torch.nonzero(added.abs() > speck[name])[:, 0]
                contributions[name].append((where, added[where]))
                labels[name][where] = k
                touched[name][where] += 1
                rest = (alone[name] - whole[name]).flatten()[where].abs()
                mixed[name][where] |= rest > speck[name][where]
        layers = {}
        for name in self.names:
            border = mixed[name] | (touched[name] > 1)
            layer = _Layer(self, self.full[name], base[name], labels[name].view_as(self.full[name]))
            layer.mix(border, contributions[name], ground[name], levels[name])
            layers[name] = layer
        return layers

    def _takes_floats(self, levels: dict[str, _Levels]) -> bool:
        """Whether the processor treats floating-point images in 0 … 255 like 8-bit ones; they add up without rounding."""
        try:
            made = self.prepare(self._float_picture(np.ones(self.regions.n, dtype=bool)))
            return all(
                made[n].shape == self.full[n].shape
                and bool(((made[n] - self.full[n]).abs() <= 4 * levels[n].step + 1e-6).float().mean() > 0.9)
                for n in self.names
            )
        except Exception:
            return False

    def _float_picture(self, row: np.ndarray) -> torch.Tensor:
        """Return a masked image as floats in 0 … 255, (3, H, W)."""
        masked = np.where(self.regions.pixels(row)[..., None], self.image, self.fill)
        return torch.from_numpy(masked).permute(2, 0, 1).float()

    def _byte_picture(self, row: np.ndarray) -> Image.Image:
        """Return a masked image."""
        return Image.fromarray(np.where(self.regions.pixels(row)[..., None], self.image, self.fill))


class _Levels:
    """The processor's values for grey levels 0 and 255 at each place of its layout; padding is the same for both."""

    def __init__(self, black: torch.Tensor, white: torch.Tensor, full: torch.Tensor) -> None:
        self.black, self.white = black.float(), white.float()
        self.step = (self.white - self.black).abs() / 255
        grey = (full - self.black) / (self.white - self.black).where(self.step > 0, torch.ones(())) * 255
        self.whole = bool(((grey - grey.round()).abs() < 0.02).all())
        """Whether all values are whole grey levels; then sums are rounded to them."""


class _Layer:
    """One image input: selected by label, and added up where regions mix."""

    def __init__(self, owner: MaskedImages, shown: torch.Tensor, hidden: torch.Tensor, labels: torch.Tensor) -> None:
        if not shown.shape == hidden.shape == labels.shape:
            raise ValueError("the processor's layout differs between the image, the fill and the labels")
        self.last = owner.channels_last and shown.ndim == 4
        self.shape = shown.shape
        placed = owner.place({"shown": self._stored(shown), "hidden": self._stored(hidden)})
        self.shown, self.hidden = placed["shown"], placed["hidden"]
        self.device = self.shown.device
        self.labels = self._stored(labels)
        axis = -1 if self.last else -3
        if labels.ndim >= 3:  # channels nearly always share their labels; then one look-up serves all of them
            one = self.labels.narrow(axis, 0, 1)
            if bool((self.labels == one).all()):
                self.labels = one
        self.labels = self.labels.contiguous().to(self.device)
        self.border: torch.Tensor | None = None
        self.slots: list[tuple[torch.Tensor, torch.Tensor]] = []

    def _stored(self, values: torch.Tensor) -> torch.Tensor:
        """Return values in the memory order of this layer."""
        return values.movedim(1, -1).contiguous() if self.last else values.contiguous()

    def mix(
        self,
        border: torch.Tensor,
        contributions: list[tuple[torch.Tensor, torch.Tensor]],
        ground: torch.Tensor,
        levels: _Levels,
    ) -> None:
        """Prepare to add up the values at `border` (flat, in the processor's order) from the regions' contributions."""
        places = torch.nonzero(border)[:, 0]
        if len(places) == 0:
            return
        number = torch.full((len(border),), -1, dtype=torch.long)
        number[places] = torch.arange(len(places))
        pieces = [(number[where], torch.full_like(where, k), value) for k, (where, value) in enumerate(contributions)]
        at, region, value = (torch.cat(column) for column in zip(*pieces, strict=True))
        inside = at >= 0
        at, order = torch.sort(at[inside], stable=True)
        region, value = region[inside][order], value[inside][order]
        # values with the most contributions come first: the k-th contributions then form a prefix
        count = torch.bincount(at, minlength=len(places))
        ranked = torch.argsort(count, descending=True, stable=True)
        places = places[ranked]
        start = (count.cumsum(0) - count)[ranked]
        for k in range(int(count.max())):
            here = start[: int((count > k).sum())] + k
            self.slots.append((region[here].to(self.device), value[here].float().to(self.device)))
        stored = self._stored(torch.arange(border.numel()).view(self.shape)).flatten()
        position = torch.empty_like(stored)
        position[stored] = torch.arange(len(stored))
        self.border = position[places].to(self.device)
        black, white = levels.black.flatten()[places], levels.white.flatten()[places]
        level = (white - black) / 255
        constants = {
            "ground": ground.flatten()[places].float(), "black": black, "level": level.where(level != 0, torch.ones(())),
            "low": torch.minimum(black, white), "high": torch.maximum(black, white),
        }  # fmt: skip
        self.ground, self.black, self.level, self.low, self.high = (v.to(self.device) for v in constants.values())
        self.per_level = 1 / self.level
        self.whole = levels.whole

    def _mixed(self, rows: torch.Tensor) -> torch.Tensor:
        """Return the values where regions mix."""
        total = self.ground.repeat(len(rows), 1)
        shown = rows.float()
        for region, value in self.slots:
            total[:, : len(region)].addcmul_(shown[:, region], value)
        if self.whole:
            total.sub_(self.black).mul_(self.per_level).round_().mul_(self.level).add_(self.black)
        return total.clamp_(self.low, self.high)

    def __call__(self, shown: np.ndarray) -> torch.Tensor:
        """Return this input for coalitions (B, N)."""
        rows = torch.from_numpy(np.ascontiguousarray(shown)).to(self.device)
        pixels = torch.where(rows[:, self.labels], self.shown, self.hidden)
        if self.border is not None:
            pixels = pixels.contiguous()
            pixels.view(len(rows), -1)[:, self.border] = self._mixed(rows).to(pixels.dtype)
        pixels = pixels.flatten(0, 1)
        return pixels.movedim(-1, 1) if self.last else pixels
