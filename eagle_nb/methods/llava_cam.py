"""LLaVA-CAM: Grad-CAM of a layer of the language model (Zhang et al. 2024, arXiv 2406.06579)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..inputs.seeds import Rng, integer_seed
from .options import check_count

if TYPE_CHECKING:
    import torch

    from ..models.huggingface.masking import ImageInputs
    from ..models.huggingface.whitebox import WhiteBox


def llava_cam_map(
    view: WhiteBox,
    tokens: Sequence[int],
    rng: Rng = 0,
    layer: int | None = None,
    copies: int = 1,
    noise: float = 0.1,
) -> np.ndarray:
    """Return the activations of a layer at the image tokens, weighted by their gradients.

    One backward pass leads from the sum of the tokens' logits to the output of the layer; see `class_activation`.

    Parameters
    ----------
    view : WhiteBox
        The response inside its network.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Draws the noise.
    layer : int, optional
        The layer of the language model, from 0. The default is two fifths of the depth: layer 13 of 32 for LLaVA-1.5-7B, as
        published. (Published for Qwen2.5-VL-3B: 26 or 32 of 36.)
    copies : int
        Number of noisy copies of the image to average over (published: 50). 1 uses the image itself.
    noise : float
        Standard deviation of their noise, as a fraction of the range of the pixel values.

    Returns
    -------
    ndarray of float32, (H, W)
        Attribution of at least 0, higher is more important.

    Raises
    ------
    ValueError
        If `layer` does not exist or is the last one, after which image tokens no longer influence the answer; or if `copies` or
        `noise` is out of range.
    NotImplementedError
        If the family does not place its image tokens in one grid.

    References
    ----------
    Zhang et al. 2024, arXiv 2406.06579; Selvaraju et al. 2017, "Grad-CAM", arXiv 1610.02391.
    """
    import torch

    check_count(copies, "copies")
    if not noise >= 0:
        raise ValueError(f"noise must not be negative, got {noise!r}")
    last = len(view.layers) - 1
    chosen = min(round(0.4 * (last + 1)), last - 1) if layer is None else layer
    if isinstance(chosen, bool) or not isinstance(chosen, int) or not 0 <= chosen < last:
        raise ValueError(
            f"layer must be 0 … {last - 1}, got {layer!r}: this network has {last + 1} layers, and after the last one the "
            "image tokens no longer influence the answer"
        )
    image_tokens = view.image_tokens
    generator = torch.Generator().manual_seed(integer_seed(rng))
    total = np.zeros(len(image_tokens))
    for _ in range(copies):
        pictures = _noisy(view.shown, noise, generator) if copies > 1 else view.shown
        activations, gradients = _at_layer(view, pictures, tokens, chosen)
        total += class_activation(activations[image_tokens.positions], gradients[image_tokens.positions])
    return image_tokens.paint(total / copies)


def class_activation(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Return the class activation of positions.

    The weight of a channel is the mean of the positive parts of its gradients over positions. The activation of a position is the
    positive part of the mean over channels of weight times activation.

    Parameters
    ----------
    activations, gradients : ndarray, (n, C)
        Of n positions and C channels.

    Returns
    -------
    ndarray of float64, (n,)
        At least 0.

    References
    ----------
    Selvaraju et al. 2017, "Grad-CAM", arXiv 1610.02391.

    Examples
    --------
    >>> class_activation(np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([[2.0, -9.0], [0.0, 4.0]]))
    array([2.5, 0. ])
    """
    weights = np.maximum(np.asarray(gradients, dtype=np.float64), 0).mean(0)
    return np.asarray(np.maximum((np.asarray(activations, dtype=np.float64) * weights).mean(1), 0))


def _at_layer(
    view: WhiteBox, pictures: ImageInputs, tokens: Sequence[int], layer: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the output of a layer and the gradient of the tokens' logits with respect to it: two (L, C)."""
    outputs: list[torch.Tensor] = []

    def detach(module: Any, arguments: Any, output: Any) -> Any:
        """Start the gradient at this layer: what comes before it is not differentiated."""
        states = output[0] if isinstance(output, tuple) else output
        outputs.append(states.detach().requires_grad_())
        return (outputs[0], *output[1:]) if isinstance(output, tuple) else outputs[0]

    hook = view.layers[layer].register_forward_hook(detach)
    try:
        gradient = view.gradients(lambda: view.target_logits(pictures)[0, list(tokens)].sum(), lambda: [outputs[0]])[0]
    finally:
        hook.remove()
    states, slope = (value.detach().float().cpu().numpy()[0] for value in (outputs[0], gradient))
    if not np.isfinite(slope).all():
        raise ValueError("the gradient holds NaN or infinity; load the model with dtype='float32'")
    return states, slope


def _noisy(pictures: ImageInputs, noise: float, generator: torch.Generator) -> ImageInputs:
    """Return a copy of picture inputs with Gaussian noise."""
    import torch

    copy = {}
    for name, value in pictures.items():
        spread = noise * float(value.max() - value.min())
        added = torch.randn(value.shape, generator=generator, dtype=torch.float32) * spread
        copy[name] = value + added.to(value.device, value.dtype)
    return copy
