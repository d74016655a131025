"""What regions add to the values of one image input where a processor resamples.

Regions are sent through the processor in groups (see `eagle_nb.models.huggingface.grouping`). A group differs from the fill in few places, which
NumPy finds and gathers several times faster than torch does.
"""

from __future__ import annotations

import numpy as np
import torch

from .mask_layers import Levels, Piece

SPECK = 1e-3
"""Contributions of a region to a pixel value below this many grey levels are ignored."""


class RegionSums:
    """What groups of regions add to one image input.

    Parameters
    ----------
    ground, whole : Tensor of float
        Values of the fill and of the image.
    levels : Levels
        Grey levels.
    labels : Tensor of int
        The region of the pixel that each value comes from; N where the image is always shown.
    number : ndarray of int, (N + 1,)
        The group of each region; -1 for the last entry.

    Attributes
    ----------
    labels : Tensor of int, flat
        The region that shows each value. For values that one region alone gives, the one that does.
    border : ndarray of bool, flat
        Where several regions contribute.
    """

    def __init__(
        self, ground: torch.Tensor, whole: torch.Tensor, levels: Levels, labels: torch.Tensor, number: np.ndarray
    ) -> None:
        self._ground, self._whole = ground.float().flatten(), whole.float().flatten().numpy()
        self._speck = (SPECK * levels.step.flatten()).clamp(min=1e-12).numpy()
        self.labels = labels.flatten().clone()
        self._group = number.take(self.labels.numpy())
        self._apart = torch.empty_like(self._ground)
        self._mixed: list[Piece] = []
        # Where any region contributes, and where one alone gives the value of the whole image; the last is a buffer.
        self.border, self._touched, self._settled, self._here = (np.zeros(len(self._group), bool) for _ in range(4))

    def add(self, g: int, alone: torch.Tensor, owners: np.ndarray, pixels: np.ndarray) -> None:
        """Add a group.

        Parameters
        ----------
        g : int
            Its number.
        alone : Tensor of float
            Values of the group on the fill.
        owners : ndarray of int, flat
            The region of the group that each pixel belongs to, or -1.
        pixels : ndarray of int, flat
            The number of the pixel that each value comes from.

        Raises
        ------
        ValueError
            If a value depends on a region that is too far away.
        """
        values = alone.float().flatten()
        apart = torch.sub(values, self._ground, out=self._apart).abs_().numpy()
        at = np.flatnonzero(np.greater(apart, self._speck, out=self._here))
        own = values.numpy().take(at)
        mixed = np.abs(own - self._whole.take(at)) > self._speck.take(at)
        self.border[at[mixed | self._touched.take(at)]] = True
        self._touched[at] = True
        where = at[mixed]
        added = own[mixed] - self._ground.numpy().take(where)
        self._mixed.append(_piece(where, _owners(owners, pixels, where), added))
        alike = at[~mixed]
        self._settled[alike] = True
        strange = alike[self._group.take(alike) != g]  # the nearest pixel is another region's
        self.labels.numpy()[strange] = _owners(owners, pixels, strange)

    def pieces(self) -> list[Piece]:
        """Return all contributions to values where regions mix.

        Returns
        -------
        list of (Tensor, Tensor, Tensor)
            See `eagle_nb.models.huggingface.mask_layers.Piece`.
        """
        where = np.flatnonzero(self._settled & self.border)
        added = self._whole.take(where) - self._ground.numpy().take(where)
        return [*self._mixed, _piece(where, self.labels.numpy().take(where), added)]


def _piece(where: np.ndarray, regions: np.ndarray, added: np.ndarray) -> Piece:
    """Return contributions as tensors."""
    return torch.from_numpy(where), torch.from_numpy(regions), torch.from_numpy(added)


def _owners(owners: np.ndarray, pixels: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Return the regions of some values."""
    found = np.asarray(owners.take(pixels.take(where)))
    if (found < 0).any():
        raise ValueError("a value depends on a region that is too far away")
    return found
