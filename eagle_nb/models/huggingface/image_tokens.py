"""Image tokens: where they stand in a network's input, and over the image.

Image tokens are the positions of the language model's input that carry the image, one embedding each. Most families lay them out row
by row over the whole image; `locate_image_tokens` refuses the others with a reason, and also where the grid is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
import torch

from .token_grids import Grid, GridError, count_tiles, find_grid, is_convolutional

QUERIES = (
    "perceiver_config",
    "qformer_config",
    "resampler_config",
    "projector_patch_to_query_dict",
    "latent_query_num",
)
"""Parts of a configuration that summarise an image in a few learned queries."""


@dataclass(frozen=True, eq=False)
class ImageTokens:
    """The image tokens of one response.

    Attributes
    ----------
    positions : ndarray of int, (rows · columns,)
        Positions in the language model's input, row by row over the image.
    shape : (int, int)
        Rows and columns.
    rows, columns : ndarray of float64, (H,) and (W,)
        The token row and column of each pixel row and column of the image, as real numbers: 1.0 is the centre of token row 1. NaN
        where the network does not see the pixels (cropped).
    source : str
        What names the grid.
    """

    positions: np.ndarray = field(repr=False)
    shape: tuple[int, int]
    rows: np.ndarray = field(repr=False)
    columns: np.ndarray = field(repr=False)
    source: str = ""

    def __len__(self) -> int:
        return len(self.positions)

    def paint(self, values: np.ndarray) -> np.ndarray:
        """Interpolate one value per token to a map of the image, linearly between token centres.

        Parameters
        ----------
        values : ndarray, (rows · columns,)
            One value per token.

        Returns
        -------
        ndarray of float32, (H, W)
            The map; pixels that the network does not see get the lowest value.
        """
        from scipy.ndimage import map_coordinates

        grid = np.asarray(values, dtype=np.float64).reshape(self.shape)
        where = np.stack(np.meshgrid(np.nan_to_num(self.rows), np.nan_to_num(self.columns), indexing="ij"))
        painted = map_coordinates(grid, where, order=1, mode="nearest")
        painted[np.isnan(self.rows)] = grid.min()
        painted[:, np.isnan(self.columns)] = grid.min()
        return np.asarray(painted, dtype=np.float32)


def locate_image_tokens(
    config: Any,
    inputs: Mapping[str, torch.Tensor],
    pixels: torch.Tensor,
    origins: Callable[[], tuple[np.ndarray, np.ndarray]],
    size: tuple[int, int],
) -> ImageTokens:
    """Find the image tokens of a network's inputs.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.
    inputs : mapping of str to Tensor
        The inputs for one image, ``input_ids`` among them.
    pixels : Tensor
        The image input, as the processor lays it out.
    origins : callable
        Returns the image row and column that each value of `pixels` comes from, -1 for padding: two int arrays of its shape.
    size : (int, int)
        Height and width of the image.

    Returns
    -------
    ImageTokens
        The tokens.

    Raises
    ------
    NotImplementedError
        If the family has no image tokens in a single grid, or the grid is not known; the message names the family and says why.
    """
    family = str(config.model_type)
    ids = inputs["input_ids"][0].cpu().numpy()
    parts = (config, getattr(config, "vision_config", None))
    named = (getattr(part, name, None) for part in parts for name in ("image_token_id", "image_token_index"))
    token = next((number for number in named if number is not None), -1)
    positions = np.flatnonzero(ids == token)
    queries = [name for name in QUERIES if getattr(config, name, None) is not None]
    if queries and count_tiles(pixels) == 1 and getattr(config, "use_resampler", True):
        number = f"{len(positions)} " if len(positions) else ""
        _refuse(family, f"it summarises the image in {number}learned queries, which have no place in the image")
    if len(positions) == 0 or "cross_attention_mask" in inputs:
        _refuse(
            family,
            "no token of the prompt holds a part of the image, which enters by cross-attention or before the text",
        )
    try:
        grid = find_grid(config, inputs, pixels, len(positions))
    except GridError as error:
        _refuse(family, str(error))
    if grid.named:
        rows, columns = _patch_axes(grid, size, origins)
    else:
        y, x = (np.asarray(o).reshape(pixels.shape[-3:]) for o in origins())
        strided = is_convolutional(config)
        rows = _axis(y[0].max(1), size[0], grid.shape[0], strided)
        columns = _axis(x[0].max(0), size[1], grid.shape[1], strided)
    return ImageTokens(positions, grid.shape, rows, columns, grid.source)


def _patch_axes(
    grid: Grid, size: tuple[int, int], origins: Callable[[], tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the token row of each image row and the token column of each image column, from patches laid out one by one.

    Processors may pad at the end, so the scale is that of the patches that show the image. Where they cannot be traced, the patches
    cover the image.
    """
    whole = [(np.arange(length) + 0.5) / length * n - 0.5 for length, n in zip(size, grid.shape, strict=True)]
    try:
        traced = origins()
    except NotImplementedError:
        return whole[0], whole[1]
    axes = []
    for axis, values in enumerate(traced):
        flat = _by_patch(np.asarray(values), grid.patches[0] * grid.patches[1])
        fitted = None if flat is None else _fitted(flat, grid, axis, size[axis])
        axes.append(whole[axis] if fitted is None else fitted)
    return axes[0], axes[1]


def _by_patch(values: np.ndarray, n: int) -> np.ndarray | None:
    """Return the values of n patches as rows, if the layout has them along one of its first axes."""
    if values.shape[0] == n:
        return np.asarray(values.reshape(n, -1))
    if values.ndim >= 3 and values.shape[0] == 1 and values.shape[1] >= n:  # padded to a fixed number of patches
        return np.asarray(values[0, :n].reshape(n, -1))
    return None


def _fitted(values: np.ndarray, grid: Grid, axis: int, length: int) -> np.ndarray | None:
    """Return the token coordinate of each image coordinate, by a line through the patches' means; None without padding, or where no order fits."""
    rows, columns = grid.patches
    real = values >= 0
    if real.all():
        return None
    seen = real.mean(1) > 0.999  # a patch with padding has another centre
    if seen.sum() < 2:
        return None
    means = np.where(real, values, 0).sum(1) / np.maximum(real.sum(1), 1)
    merge = [max(1, round(patches / tokens)) for patches, tokens in zip(grid.patches, grid.shape, strict=True)]
    numbers = np.arange(rows * columns).reshape(rows, columns)
    orders = [numbers.reshape(-1)]
    if rows % merge[0] == 0 and columns % merge[1] == 0:  # block by block, the patches of one token together
        blocks = numbers.reshape(rows // merge[0], merge[0], columns // merge[1], merge[1])
        orders.append(blocks.transpose(0, 2, 1, 3).reshape(-1))
    for order in orders:
        at = (order // columns if axis == 0 else order % columns)[seen]
        if len(np.unique(at)) < 2:
            continue
        slope, start = np.polyfit(at, means[seen], 1)
        if slope > 0 and np.abs(start + slope * at - means[seen]).max() < slope / 2:
            along = grid.patches[axis] / grid.shape[axis]
            fitted: np.ndarray = ((np.arange(length) - start) / slope + 0.5) / along - 0.5
            return fitted
    return None


def _axis(origin: np.ndarray, length: int, n: int, strided: bool) -> np.ndarray:
    """Return the token row of each image row, from the image row that each row of pixel values comes from."""
    inside = np.flatnonzero(origin >= 0)
    slope, start = 0.0, 0.0
    if len(np.unique(origin[inside])) > 1:
        slope, start = np.polyfit(inside, origin[inside], 1)
    if slope <= 0:
        return np.zeros(length)
    at = (np.arange(length) - start) / slope
    seen = (at > -0.5 - 1 / slope) & (at < len(origin) - 0.5 + 1 / slope)
    stride = 2.0 ** round(np.log2(len(origin) / n)) if strided else len(origin) / n
    centre = 0.0 if strided else (stride - 1) / 2
    return np.where(seen, (at - centre) / stride, np.nan)


def _refuse(family: str, reason: str) -> NoReturn:
    """Raise NotImplementedError with the reason."""
    raise NotImplementedError(
        f"this method needs image tokens in one grid over the image, and a {family!r} model has none: {reason}. "
        "Methods that only score regions (occlusion, kernel_shap, rise …) work with it"
    )
