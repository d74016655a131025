"""One image input of many coalitions: selected by region, and added up where a processor mixes regions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

ImageInputs = dict[str, torch.Tensor]
"""Image inputs of the network by name."""

Piece = tuple[torch.Tensor, torch.Tensor, torch.Tensor]
"""Flat places of values, the regions that contribute to them, and what they add."""


class Levels:
    """The processor's values for grey levels 0 and 255 at each place of its layout; padding is the same for both.

    Parameters
    ----------
    black, white : Tensor
        Values of a black and a white image.
    full : Tensor
        Values of the image.

    Attributes
    ----------
    black, white : Tensor of float32
        The parameters.
    step : Tensor of float32
        The difference of a grey level.
    whole : bool
        Whether all values of the image are whole grey levels; then sums are rounded to them.
    """

    def __init__(self, black: torch.Tensor, white: torch.Tensor, full: torch.Tensor) -> None:
        self.black, self.white = black.float(), white.float()
        self.step = (self.white - self.black).abs() / 255
        grey = (full - self.black) / (self.white - self.black).where(self.step > 0, torch.ones(())) * 255
        self.whole = bool(((grey - grey.round()).abs() < 0.02).all())


class Layer:
    """One image input: selected by label, and added up where regions mix.

    Parameters
    ----------
    place : callable
        Inputs → inputs on the model's device, in its precision.
    shown, hidden : Tensor
        Values of the image and of the fill.
    labels : Tensor of int
        The region of each value; N, the number of regions, where the image is always shown.
    channels_last : bool
        Memory order of images (B, C, H, W).

    Raises
    ------
    ValueError
        If the three differ in shape.
    """

    def __init__(
        self,
        place: Callable[[ImageInputs], ImageInputs],
        shown: torch.Tensor,
        hidden: torch.Tensor,
        labels: torch.Tensor,
        channels_last: bool = False,
    ) -> None:
        if not shown.shape == hidden.shape == labels.shape:
            raise ValueError("the processor's layout differs between the image, the fill and the labels")
        self.last = channels_last and shown.ndim == 4
        self.shape = shown.shape
        placed = place({"shown": self._stored(shown), "hidden": self._stored(hidden)})
        self.shown, self.hidden = placed["shown"], placed["hidden"]
        self.device = self.shown.device
        self.labels = self._stored(labels)
        axis = -1 if self.last else -3
        if labels.ndim >= 3:  # channels nearly always share their labels; then one look-up serves all of them
            one = self.labels.narrow(axis, 0, 1)
            if bool((self.labels == one).all()):
                self.labels = one
        self.labels = self.labels.int().contiguous().to(self.device)
        self.border: torch.Tensor | None = None
        self.slots: list[tuple[torch.Tensor, torch.Tensor]] = []

    def _stored(self, values: torch.Tensor) -> torch.Tensor:
        """Return values in the memory order of this layer."""
        return values.movedim(1, -1).contiguous() if self.last else values.contiguous()

    def mix(
        self,
        border: torch.Tensor,
        pieces: list[Piece],
        ground: torch.Tensor,
        levels: Levels,
    ) -> None:
        """Prepare to add up the values where regions mix.

        Parameters
        ----------
        border : Tensor of bool, flat
            Where they do, in the processor's order.
        pieces : list of (Tensor, Tensor, Tensor)
            The regions' contributions.
        ground : Tensor
            Values of the fill.
        levels : Levels
            Grey levels.
        """
        places = torch.nonzero(border)[:, 0]
        if len(places) == 0:
            return
        number = torch.full((len(border),), -1, dtype=torch.int32)
        number[places] = torch.arange(len(places), dtype=torch.int32)
        inside = [(number[where], region, value) for where, region, value in pieces]
        kept = [tuple(part[at >= 0] for part in (at, region, value)) for at, region, value in inside]
        at, region, value = (torch.cat(column) for column in zip(*kept, strict=True))
        at, order = torch.sort(at, stable=True)
        region, value = region[order], value[order]
        # values with the most contributions come first: the k-th contributions then form a prefix
        count = torch.bincount(at, minlength=len(places))
        ranked = torch.argsort(count, descending=True, stable=True)
        places = places[ranked]
        start = (count.cumsum(0) - count)[ranked]
        for k in range(int(count.max())):
            here = start[: int((count > k).sum())] + k
            self.slots.append((region[here].long().to(self.device), value[here].float().to(self.device)))
        self.border = self._positions(places).to(self.device)
        black, white = levels.black.flatten()[places], levels.white.flatten()[places]
        level = (white - black) / 255
        constants = {
            "ground": ground.flatten()[places].float(), "black": black, "level": level.where(level != 0, torch.ones(())),
            "low": torch.minimum(black, white), "high": torch.maximum(black, white),
        }  # fmt: skip
        self.ground, self.black, self.level, self.low, self.high = (v.to(self.device) for v in constants.values())
        self.per_level = 1 / self.level
        self.whole = levels.whole

    def _positions(self, places: torch.Tensor) -> torch.Tensor:
        """Return where places in the processor's order are in the memory order of this layer."""
        if not self.last:
            return places
        stored = self._stored(torch.arange(self.shape.numel()).view(self.shape)).flatten()
        position = torch.empty_like(stored)
        position[stored] = torch.arange(len(stored))
        return position[places]

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
        """Return this input for coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (B, N)
            One coalition per row.

        Returns
        -------
        Tensor
            Stacked along the first axis as the processor stacks images.
        """
        always = np.ones((len(shown), 1), dtype=bool)
        rows = torch.from_numpy(np.concatenate([shown, always], axis=1)).to(self.device)
        chosen = rows.index_select(1, self.labels.flatten()).view(len(rows), *self.labels.shape)
        pixels = torch.where(chosen, self.shown, self.hidden)
        if self.border is not None:
            pixels = pixels.contiguous()
            pixels.view(len(rows), -1)[:, self.border] = self._mixed(rows).to(pixels.dtype)
        pixels = pixels.flatten(0, 1)
        return pixels.movedim(-1, 1) if self.last else pixels
