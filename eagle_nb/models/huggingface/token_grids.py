"""Grids of image tokens: their rows and columns, from what a processor and a configuration name. Nothing is guessed from a number.

A grid is known in two ways. A processor may name the rows and columns of its patches (`GRID_INPUTS`). Or the vision tower cuts the network's
input into patches of a named size. Between patches and tokens, a network may merge neighbours; then one of the configuration's own fields
(`MERGES`) must give exactly the number of tokens that there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import torch

GRID_INPUTS = (
    "image_grid_thw",
    "image_grid_hw",
    "image_grid_hws",
    "grid_thw",
    "grid_hw",
    "spatial_shapes",
    "target_sizes",
    "tgt_sizes",
)
"""Inputs that hold rows and columns of patches, some after the number of frames."""

MERGES = (
    "spatial_merge_size", "merge_kernel_size", "spatial_conv_size", "merge_size", "downsample_factor", "downsample_ratio", "scale_factor",
    "pixel_shuffle_factor", "pixel_shuffle_ratio", "hidden_stride", "pooling_kernel_size", "projector_pooling_ratio",
)  # fmt: skip
"""Fields of configurations that say how many patches along an axis become one token; ratios below 1 say it the other way round."""

CONVOLUTIONAL = ("resnet", "timm_wrapper")
"""Vision towers of strided convolutions: token i is centred on pixel ``stride * i`` of the network's input."""

CONVOLUTIONAL_NAMES = ("fastvit", "resnet", "convnext", "mobilenet", "efficientnet", "regnet")
"""Parts of the names of convolutional architectures of timm, whose other towers are transformers."""


CHANNELS = (1, 3)
"""Numbers of colour channels of pictures."""


class GridError(Exception):
    """The grid of image tokens is not known; the message says why."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns of image tokens.

    Attributes
    ----------
    shape : (int, int)
        Rows and columns of tokens.
    patches : (int, int)
        Rows and columns of the patches that they are made of.
    source : str
        What names the grid.
    named : bool
        Whether the processor names it; the network's input may then be laid out patch by patch.
    """

    shape: tuple[int, int]
    patches: tuple[int, int]
    source: str
    named: bool


def find_grid(config: Any, inputs: Mapping[str, torch.Tensor], pixels: torch.Tensor, n: int) -> Grid:
    """Return the grid of n image tokens.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.
    inputs : mapping of str to Tensor
        The inputs for one image.
    pixels : Tensor
        The image input, as the processor lays it out.
    n : int
        Number of image tokens.

    Returns
    -------
    Grid
        Rows and columns.

    Raises
    ------
    GridError
        If the grid is not known.
    """
    name = next((key for key in GRID_INPUTS if key in inputs), None)
    if name is not None:
        return _named_grid(config, name, inputs[name], n, inputs.get("image_merge_sizes"))
    tiles = count_tiles(pixels)
    if tiles > 1:
        raise GridError(
            f"it cuts this image into {tiles} tiles and thumbnails, whose tokens form no single grid; "
            "image_options of load_model can prevent this for some processors"
        )
    if pixels.ndim not in (4, 5) or (pixels.ndim == 5 and pixels.shape[2] not in CHANNELS):
        raise GridError(f"its image input has the shape {tuple(pixels.shape)}, whose layout is unknown")
    height, width = pixels.shape[-2:]
    patches, source = _patches(config, n, height, width)
    if patches is not None:
        shape, merge = _merged(config, *patches, n)
        if shape is not None:
            return Grid(shape, patches, source + merge, False)
    raise GridError(
        f"no field of its configuration names a grid of its {n} image tokens over an input of {width} × {height} pixels"
    )


def count_tiles(pixels: torch.Tensor) -> int:
    """Return the number of pictures that an image input holds: the image, its tiles and its thumbnail.

    Parameters
    ----------
    pixels : Tensor
        The image input, as the processor lays it out.

    Returns
    -------
    int
        Number of pictures; 1 for layouts without pictures.
    """
    if pixels.ndim == 5 and pixels.shape[2] in CHANNELS:
        return int(pixels.shape[1])
    return int(pixels.shape[0]) if pixels.ndim == 4 else 1


def is_convolutional(config: Any) -> bool:
    """Return whether the vision tower consists of strided convolutions.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.

    Returns
    -------
    bool
        True for such towers.
    """
    tower = getattr(config, "vision_config", None)
    architecture = str(getattr(tower, "architecture", None) or "")
    known = not architecture or any(name in architecture for name in CONVOLUTIONAL_NAMES)
    return getattr(tower, "model_type", "") in CONVOLUTIONAL and known


def _named_grid(config: Any, name: str, value: torch.Tensor, n: int, merges: torch.Tensor | None = None) -> Grid:
    """Return the grid that a processor names; some name the merge too."""
    table = value.reshape(-1, value.shape[-1]) if value.ndim else value.reshape(1, 1)
    if len(table) > 1:
        raise GridError(f"it cuts this image into {len(table)} tiles, whose tokens form no single grid")
    if table.shape[1] not in (2, 3):
        raise GridError(f"its {name!r} has the shape {tuple(value.shape)}, whose meaning is unknown")
    *frames, rows, columns = (int(v) for v in table[0])
    side = int(merges[0]) if merges is not None else 1
    shape, merge = _merged(config, rows, columns, n)
    if side > 1 and (rows // side) * (columns // side) == n:
        shape, merge = (rows // side, columns // side), ", merged by image_merge_sizes"
    if (frames and frames[0] != 1) or shape is None:
        # with a merge that is named, the grid of tokens is the one that the reader can compare
        f = next((factor for factor, _ in _merges(config)), (Fraction(1), Fraction(1)))
        size = f"{frames[0] if frames else 1} × {int(rows / f[0])} × {int(columns / f[1])}"
        raise GridError(f"its processor names a grid of {size} for {n} image tokens")
    return Grid(shape, (rows, columns), f"{name} of the processor{merge}", True)


def _patches(config: Any, n: int, height: int, width: int) -> tuple[tuple[int, int] | None, str]:
    """Return the rows and columns of the vision tower's patches, and what names them."""
    tower = getattr(config, "vision_config", None)
    if is_convolutional(config):
        for stride in (2**k for k in range(1, 8)):  # padded convolutions round up
            cells = (-(-height // stride), -(-width // stride))
            if cells[0] * cells[1] == n:
                return cells, f"the stride of the convolutions ({stride} pixels)"
        return None, ""
    size = getattr(tower, "patch_size", None)
    levels = getattr(getattr(config, "vq_config", None), "channel_multiplier", None)
    if size is None and tower is None and levels:
        size = 2 ** (len(levels) - 1)
    sides = _pair(size)
    if sides is None:
        return None, ""
    cells = (height // int(sides[0]), width // int(sides[1]))
    return cells, f"the patch size of the vision tower ({int(sides[0])} pixels)"


def _merged(config: Any, rows: int, columns: int, n: int) -> tuple[tuple[int, int] | None, str]:
    """Return the rows and columns of n tokens made of a grid of patches, and what names the merge."""
    if rows * columns == n:
        return (rows, columns), ""
    for (down, across), name in _merges(config):
        for rounded in (np.floor, np.ceil):  # some networks pad an odd grid
            shape = (int(rounded(float(rows / down))), int(rounded(float(columns / across))))
            if shape[0] * shape[1] == n:
                return shape, f", merged by {name}"
    side = int(n**0.5)
    if n == getattr(config, "mm_tokens_per_image", None) and side * side == n and rows == columns and rows % side == 0:
        return (side, side), ", merged to mm_tokens_per_image"
    return None, ""


def _merges(config: Any) -> Iterator[tuple[tuple[Fraction, Fraction], str]]:
    """Iterate over the merges that a configuration names: patches per token along both axes, and the field."""
    for part in (getattr(config, "vision_config", None), config, getattr(config, "projector_config", None)):
        times = getattr(part, "merger_times", None)
        for name in MERGES:
            sides = _pair(getattr(part, name, None))
            if sides is None:
                continue
            down, across = (side if side >= 1 else 1 / side for side in sides)
            yield (down, across), name
            if isinstance(times, int) and times > 1:
                yield (down**times, across**times), f"{name}, {times} times"
    mode = {"4x": 2, "16x": 4}.get(str(getattr(config, "downsample_mode", None)))
    if mode:
        yield (Fraction(mode), Fraction(mode)), "downsample_mode"


def _pair(value: Any) -> tuple[Fraction, Fraction] | None:
    """Return a positive number for each axis, from a field of a configuration."""
    sides = list(value) if isinstance(value, list | tuple) else [value, value]
    if isinstance(value, Mapping):
        sides = [value.get("height"), value.get("width")]
    good = all(isinstance(side, int | float) and not isinstance(side, bool) and side > 0 for side in sides)
    if len(sides) != 2 or not good:
        return None
    down, across = (Fraction(side).limit_denominator(64) for side in sides)
    return down, across
