"""LLaVA-CAM: Grad-CAM of a language-model layer (Zhang et al. 2024, arXiv 2406.06579, after arXiv 1610.02391)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from ..models.huggingface.whitebox import Pictures, WhiteBox
from .coalitions import check_count


def llava_cam(
    view: WhiteBox,
    tokens: Sequence[int],
    seed: int = 0,
    layer: int | None = None,
    copies: int = 1,
    noise: float = 0.1,
) -> np.ndarray:
    """Activations of a language-model layer at the image tokens, weighted by their gradients: float32 (H, W).

    One backward pass from the sum of the selected tokens' logits to the output of the layer; see `weigh`.

    Parameters
    ----------
    view : WhiteBox
    tokens : sequence of int
    seed : int
        Of the noise.
    layer : int, optional
        Which layer's output, from 0. By default two fifths of the way up: number 13 of 32 in LLaVA-1.5-7B, as published.
        (Published for Qwen2.5-VL-3B: 26 or 32 of 36.)
    copies : int
        1 looks at the image itself; more average over so many noisy copies of it (published: 50).
    noise : float
        Standard deviation of their noise, as a share of the pixel values' range.

    Raises
    ------
    ValueError
        If there is no such layer, or it is the last one: no later layer carries image tokens to the answer.
    NotImplementedError
        If the family has no image tokens in a grid.
    """
    check_count(copies, "copies")
    if not noise >= 0:
        raise ValueError(f"noise must not be negative, got {noise!r}")
    last = len(view.layers) - 1
    chosen = min(round(0.4 * (last + 1)), last - 1) if layer is None else layer
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen < last:
        raise ValueError(
            f"layer must be 0 … {last - 1}, got {layer!r}: this network has {last + 1} layers, and after the last one the "
            "image tokens no longer reach the answer"
        )
    image_tokens = view.image_tokens
    generator = torch.Generator().manual_seed(seed)
    total = np.zeros(len(image_tokens))
    for _ in range(copies):
        pictures = _noisy(view.shown, noise, generator) if copies > 1 else view.shown
        activations, gradients = _at_layer(view, pictures, tokens, chosen)
        total += weigh(activations[image_tokens.positions], gradients[image_tokens.positions])
    return image_tokens.paint(total / copies)


def weigh(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """The class activation map: (n, C) and (n, C) → float64 (n,), not below 0.

    The weight of a channel is the mean over positions of its gradients' positive part; the map is the positive part of
    the mean over channels of weight times activation.
    """
    weights = np.maximum(np.asarray(gradients, dtype=np.float64), 0).mean(0)
    return np.asarray(np.maximum((np.asarray(activations, dtype=np.float64) * weights).mean(1), 0))


def _at_layer(view: WhiteBox, pictures: Pictures, tokens: Sequence[int], layer: int) -> tuple[np.ndarray, np.ndarray]:
    """Output of a layer and the gradient of the tokens' logits there: two (L, C)."""
    held: list[torch.Tensor] = []

    def cut(module: Any, given: Any, output: Any) -> Any:
        """What comes before this layer needs no gradient."""
        states = output[0] if isinstance(output, tuple) else output
        held.append(states.detach().requires_grad_())
        return (held[0], *output[1:]) if isinstance(output, tuple) else held[0]

    hook = view.layers[layer].register_forward_hook(cut)
    try:
        gradient = view.gradients(lambda: view.target_logits(pictures)[0, list(tokens)].sum(), lambda: [held[0]])[0]
    finally:
        hook.remove()
    states, slope = (value.detach().float().cpu().numpy()[0] for value in (held[0], gradient))
    if not np.isfinite(slope).all():
        raise ValueError("the gradient holds NaN or infinity; load the model with dtype='float32'")
    return states, slope


def _noisy(pictures: Pictures, noise: float, generator: torch.Generator) -> Pictures:
    out = {}
    for name, value in pictures.items():
        spread = noise * float(value.max() - value.min())
        made = torch.randn(value.shape, generator=generator, dtype=torch.float32) * spread
        out[name] = value + made.to(value.device, value.dtype)
    return out
