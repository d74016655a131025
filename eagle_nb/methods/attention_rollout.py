"""Attention rollout (Abnar and Zuidema 2020, arXiv 2005.00928)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..inputs.seeds import Rng

if TYPE_CHECKING:
    from ..models.huggingface.whitebox import WhiteBox


def attention_rollout_map(view: WhiteBox, tokens: Sequence[int], rng: Rng = 0) -> np.ndarray:
    """Return how much attention flows to each image token from the positions that predict the explained tokens.

    Covers the layers of the language model, averaged over heads; the vision tower is not included.

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
        Attention in [0, 1], higher is more important.

    Raises
    ------
    NotImplementedError
        If the family does not place its image tokens in one grid, or has a layer without attention.

    References
    ----------
    Abnar and Zuidema 2020, "Quantifying attention flow in transformers", arXiv 2005.00928, section 3.
    """
    image_tokens = view.image_tokens
    flow = roll_out(_attentions(view))
    predicting = [view.prompt_length - 1 + k for k in tokens]
    return image_tokens.paint(flow[predicting][:, image_tokens.positions].mean(0))


def roll_out(attentions: Sequence[np.ndarray]) -> np.ndarray:
    """Return the attention through all layers.

    It is the product of ``(A + 1) / 2`` over the layers, the last layer leftmost: half of each position's content bypasses the
    attention through the residual connection.

    Parameters
    ----------
    attentions : sequence of ndarray, (L, L)
        One matrix per layer, the first layer first, averaged over heads; rows sum to 1.

    Returns
    -------
    ndarray of float64, (L, L)
        Rows sum to 1.

    References
    ----------
    Abnar and Zuidema 2020, arXiv 2005.00928, section 3.

    Examples
    --------
    >>> roll_out([np.array([[1.0, 0.0], [0.5, 0.5]])])
    array([[1.  , 0.  ],
           [0.25, 0.75]])
    """
    flow = np.eye(len(attentions[0]))
    for attention in attentions:
        mixed = 0.5 * np.asarray(attention, dtype=np.float64) + 0.5 * np.eye(len(attention))
        flow = mixed / mixed.sum(1, keepdims=True) @ flow
    return flow


def _attentions(view: WhiteBox) -> list[np.ndarray]:
    """Return the attention of every layer, averaged over heads."""
    import torch

    family = view.model.network.config.model_type
    attentions: list[np.ndarray] = []
    hooks = []

    def record(module: Any, arguments: Any, output: Any) -> None:
        weights = output[1] if isinstance(output, tuple) and len(output) > 1 else None
        if not isinstance(weights, torch.Tensor) or weights.ndim != 4 or weights.shape[-1] != weights.shape[-2]:
            raise NotImplementedError(f"the attention layers of this {family!r} network do not return their weights")
        attentions.append(weights[0].float().mean(0).cpu().numpy())

    blocks = [getattr(layer, "self_attn", None) for layer in view.layers]
    if any(block is None for block in blocks):
        raise NotImplementedError(
            f"attention rollout needs attention in every layer; {sum(b is None for b in blocks)} of this {family!r} network's "
            f"{len(blocks)} layers have none"
        )
    try:
        hooks = [block.register_forward_hook(record) for block in blocks if block is not None]
        with torch.inference_mode(), _eager_attention(view.model.network.get_decoder()):
            view.logits(view.shown)
    finally:
        for hook in hooks:
            hook.remove()
    return attentions


@contextmanager
def _eager_attention(decoder: Any) -> Iterator[None]:
    """Use the attention implementation that returns its weights; fused kernels do not compute them."""
    usual = decoder.config._attn_implementation
    decoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        decoder.set_attn_implementation(usual)
