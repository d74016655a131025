"""Gradient × input (Shrikumar et al. 2016, arXiv 1605.01713)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..inputs.seeds import Rng

if TYPE_CHECKING:
    from ..models.huggingface.whitebox import WhiteBox


def gradient_input_map(view: WhiteBox, tokens: Sequence[int], rng: Rng = 0) -> np.ndarray:
    """Return the gradient of the tokens' log probability with respect to the pixel values, times the pixel values.

    Pixel values are measured from the fill; with "black" they are the intensities themselves. If the network is linear in its pixels,
    the map sums to the difference between its outputs for the image and for the fill.

    Parameters
    ----------
    view : WhiteBox
        The response inside its network.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Not used.

    Returns
    -------
    ndarray of float32, (H, W)
        Signed attribution, higher is more important.

    Raises
    ------
    NotImplementedError
        If the network cannot be differentiated with respect to its pixels.

    References
    ----------
    Shrikumar et al. 2016, "Not just a black box: Learning important features through propagating activation differences",
    arXiv 1605.01713.
    """
    pictures = {name: value.clone().requires_grad_() for name, value in view.shown.items()}
    gradients = view.gradients(
        lambda: view.log_probabilities(pictures)[0, list(tokens)].sum(), lambda: list(pictures.values())
    )
    return view.painted(
        {
            name: gradient * (view.shown[name] - view.hidden[name])
            for name, gradient in zip(pictures, gradients, strict=True)
        }
    )
