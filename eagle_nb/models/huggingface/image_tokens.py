"""Image tokens: where they stand in a network's input, and over the image.

Image tokens are the positions of the language model's input that carry the image, one embedding each. Most families lay them out row
by row over the whole image; `locate_image_tokens` refuses the others with a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch

CONVOLUTIONAL = ("resnet", "timm_wrapper")
"""Vision towers of strided convolutions: token i is centred on pixel ``stride * i`` of the network's input."""

QUERIES = ("perceiver_config", "qformer_config")
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
    """

    positions: np.ndarray = field(repr=False)
    shape: tuple[int, int]
    rows: np.ndarray = field(repr=False)
    columns: np.ndarray = field(repr=False)

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
        Returns the image row and column that each value of `pixels` comes from, -1 for padding: two int arrays of its shape. Called
        only where the image input is laid out as an image.
    size : (int, int)
        Height and width of the image.

    Returns
    -------
    ImageTokens
        The tokens.

    Raises
    ------
    NotImplementedError
        If the family has no image tokens in a single grid; the message names the family and says why.
    """
    family = str(config.model_type)
    ids = inputs["input_ids"][0].cpu().numpy()
    token = next(
        (v for k in ("image_token_id", "image_token_index") if (v := getattr(config, k, None)) is not None), -1
    )
    positions = np.flatnonzero(ids == token)
    queries = [name for name in QUERIES if getattr(config, name, None) is not None]
    if queries:
        _refuse(
            family, f"it summarises the image in {len(positions)} learned queries, which have no place in the image"
        )
    if len(positions) == 0 or "cross_attention_mask" in inputs:
        _refuse(family, "the image enters by cross-attention: no position of the input holds a part of it")
    tiles = pixels.shape[1] if pixels.ndim == 5 else pixels.shape[0] if pixels.ndim == 4 else 1
    if tiles > 1:
        _refuse(
            family,
            f"it cuts this image into {tiles} tiles and thumbnails, whose tokens form no single grid; "
            "image_options of load_model can prevent this for some processors",
        )
    shape = _shape(config, family, inputs, pixels, len(positions))
    if pixels.ndim in (4, 5):
        y, x = (np.asarray(o).reshape(pixels.shape[-3:]) for o in origins())
        strided = getattr(config.vision_config, "model_type", "") in CONVOLUTIONAL
        rows = _axis(y[0].max(1), size[0], shape[0], strided)
        columns = _axis(x[0].max(0), size[1], shape[1], strided)
    else:
        rows, columns = ((np.arange(length) + 0.5) / length * n - 0.5 for length, n in zip(size, shape, strict=True))
    return ImageTokens(positions, shape, rows, columns)


def _shape(
    config: Any, family: str, inputs: Mapping[str, torch.Tensor], pixels: torch.Tensor, n: int
) -> tuple[int, int]:
    """Return the rows and columns of n image tokens."""
    if "image_grid_thw" in inputs:
        merged = int(getattr(config.vision_config, "spatial_merge_size", 1))
        frames, height, width = (int(v) for v in inputs["image_grid_thw"][0])
        shape = (height // merged, width // merged)
        if frames != 1 or shape[0] * shape[1] != n:
            _refuse(family, f"its processor names a grid of {frames} × {shape[0]} × {shape[1]} for {n} image tokens")
        return shape
    if pixels.ndim not in (4, 5):
        _refuse(family, f"its image input has the shape {tuple(pixels.shape)}, whose layout is unknown")
    height, width = pixels.shape[-2:]
    rows = max(1, round((n * height / width) ** 0.5))
    if rows * (n // rows) != n or abs(rows * width - n // rows * height) >= max(height, width):
        _refuse(family, f"its {n} image tokens form no grid over an image of {width} × {height} pixels")
    return rows, n // rows


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


def _refuse(family: str, reason: str) -> None:
    """Raise NotImplementedError with the reason."""
    raise NotImplementedError(
        f"this method needs image tokens in one grid over the image, and a {family!r} model has none: {reason}. "
        "Methods that only score regions (occlusion, kernel_shap, rise …) work with it"
    )
