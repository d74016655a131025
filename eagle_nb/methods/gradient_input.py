"""Gradient × input (Shrikumar et al. 2016, arXiv 1605.01713)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..models.huggingface.whitebox import WhiteBox


def gradient_input(view: WhiteBox, tokens: Sequence[int], seed: int = 0) -> np.ndarray:
    """The gradient of the selected tokens' log probability by each pixel value, times that value: float32 (H, W).

    The value is measured from the fill: with black that is the grey level itself. For a network that is linear in its
    pixels the map sums to its output on the image less that on the fill. Values keep their sign.

    Parameters
    ----------
    view : WhiteBox
    tokens : sequence of int
    seed : int
        Nothing here is random.
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
