"""How several images share a network's inputs: what the processor itself makes of two images.

Most processors stack images along the first axis and repeat everything else. Some join the pixel values along another axis, and some
number the patches of all images throughout, so that the indices of each further image are shifted. Positions that count the images of a
whole batch are replaced by those of the first row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from PIL import Image


@dataclass(frozen=True)
class RowLayout:
    """How the inputs of several rows are joined.

    Attributes
    ----------
    axes : mapping of str to int
        The axis along which inputs are joined; 0 where not named.
    steps : mapping of str to int
        What is added to the indices of each further row; negative indices stay. 0 where not named.
    """

    axes: Mapping[str, int] = field(default_factory=dict)
    steps: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def learn(cls, one: Mapping[str, torch.Tensor], two: Mapping[str, torch.Tensor]) -> RowLayout:
        """Compare the processor's inputs for an image with those for the same image twice.

        Parameters
        ----------
        one, two : mapping of str to Tensor
            Inputs.

        Returns
        -------
        RowLayout
            What is found; the usual layout for inputs that fit no known one.
        """
        axes, steps = {}, {}
        for name, value in one.items():
            pair = two.get(name)
            if not isinstance(pair, torch.Tensor) or pair.ndim != value.ndim or value.ndim == 0:
                continue
            grown = [axis for axis in range(value.ndim) if pair.shape[axis] != value.shape[axis]]
            if len(grown) != 1 or pair.shape[grown[0]] != 2 * value.shape[grown[0]]:
                continue
            if grown[0]:
                axes[name] = grown[0]
            if not value.is_floating_point() and value.dtype != torch.bool:
                first, second = pair.chunk(2, grown[0])
                shifts = torch.unique((second - first)[first >= 0])
                if len(shifts) == 1 and int(shifts) and torch.equal(first[first < 0], second[first < 0]):
                    steps[name] = int(shifts)
        return cls(axes, steps)

    def repeat(self, name: str, value: torch.Tensor, rows: int) -> torch.Tensor:
        """Return an input of one row for several rows.

        Parameters
        ----------
        name : str
            The input.
        value : Tensor
            Its value for one row.
        rows : int
            Number of rows.

        Returns
        -------
        Tensor
            Its value for all rows.
        """
        step = self.steps.get(name, 0)
        if step:
            return self.join(
                name, torch.cat([torch.where(value >= 0, value + k * step, value) for k in range(rows)]), rows
            )
        repeats = [1] * value.ndim
        repeats[self.axes.get(name, 0)] = rows
        return value.repeat(*repeats)

    def join(self, name: str, stacked: torch.Tensor, rows: int) -> torch.Tensor:
        """Return the values of several rows, which are stacked along the first axis, as the network expects them.

        Parameters
        ----------
        name : str
            The input.
        stacked : Tensor
            Values of all rows.
        rows : int
            Number of rows.

        Returns
        -------
        Tensor
            The same values along the axis of this input.
        """
        axis = self.axes.get(name, 0)
        return torch.cat(stacked.chunk(rows), axis) if axis and rows > 1 else stacked


class RowLayouts:
    """Learn how the inputs of several rows are joined, once per sizes of images.

    Parameters
    ----------
    image_processor : transformers.BaseImageProcessor
        The image processor.
    options : mapping
        Options of the image processor.
    """

    def __init__(self, image_processor: Any, options: Mapping[str, Any]) -> None:
        self.image_processor, self.options = image_processor, options
        self._layouts: dict[tuple[tuple[int, int], ...], RowLayout] = {}

    def __call__(self, images: Sequence[Image.Image]) -> RowLayout:
        """Return the layout, from what the image processor makes of the images once and twice.

        Parameters
        ----------
        images : sequence of PIL.Image.Image
            The images of one row.

        Returns
        -------
        RowLayout
            The layout; the usual one if the image processor makes no arrays of them.
        """
        key = tuple(image.size for image in images)
        if key not in self._layouts:
            try:
                one, two = (self.image_processor(list(images) * n, return_tensors="pt", **self.options) for n in (1, 2))
                self._layouts[key] = RowLayout.learn(one, two)
            except Exception:  # it wants something else; the check of batches decides then
                self._layouts[key] = RowLayout()
        return self._layouts[key]


def row_positions(network: Any, inputs: Mapping[str, torch.Tensor]) -> torch.Tensor | None:
    """Return the positions of one row, as the network computes them for generation.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    inputs : mapping of str to Tensor
        Inputs of one row, without its images.

    Returns
    -------
    Tensor or None
        Positions, (axes, 1, L); None if the network has no rule of its own.
    """
    from transformers import GenerationMixin

    usual = GenerationMixin._prepare_position_ids_for_generation
    if getattr(type(network), "_prepare_position_ids_for_generation", usual) is usual:
        return None
    try:
        positions = network._prepare_position_ids_for_generation(inputs["input_ids"], dict(inputs))
    except Exception:  # the rule needs something that only generation prepares
        return None
    return positions if isinstance(positions, torch.Tensor) and positions.ndim == 3 else None


def counts_images(network: Any, inputs: Mapping[str, torch.Tensor], layout: RowLayout) -> bool:
    """Return whether a network gives equal rows of a batch different positions.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    inputs : mapping of str to Tensor
        Inputs of one row, without its images.
    layout : RowLayout
        How rows are joined.

    Returns
    -------
    bool
        True if positions depend on the row.
    """
    two = row_positions(network, {name: layout.repeat(name, value, 2) for name, value in inputs.items()})
    return two is not None and not torch.equal(two[:, 0], two[:, 1])
