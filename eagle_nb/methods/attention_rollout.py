"""Attention rollout (Abnar & Zuidema 2020, arXiv 2005.00928, section 3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch

from ..models.huggingface.whitebox import WhiteBox


def attention_rollout(view: WhiteBox, tokens: Sequence[int], seed: int = 0) -> np.ndarray:
    """How much attention flows from the positions that predict the tokens to each image token: float32 (H, W).

    Of the language model's layers, heads averaged; the vision tower before them is left aside.

    Parameters
    ----------
    view : WhiteBox
    tokens : sequence of int
    seed : int
        Nothing here is random.

    Raises
    ------
    NotImplementedError
        If the family has no image tokens in a grid, or a layer without attention.
    """
    image_tokens = view.image_tokens
    flow = roll_out(_attentions(view))
    predicting = [view.prompt_length - 1 + k for k in tokens]
    return image_tokens.paint(flow[predicting][:, image_tokens.positions].mean(0))


def roll_out(attentions: Sequence[np.ndarray]) -> np.ndarray:
    """Attention through all layers.

    Parameters
    ----------
    attentions : sequence of ndarray, (L, L)
        Rows that sum to 1, the first layer first, heads averaged.

    Returns
    -------
    ndarray of float64, (L, L)
        The product of ``(A + 1) / 2`` over layers, the last one leftmost: half of what a position holds comes from
        itself, past the attention. Rows sum to 1.
    """
    flow = np.eye(len(attentions[0]))
    for attention in attentions:
        mixed = 0.5 * np.asarray(attention, dtype=np.float64) + 0.5 * np.eye(len(attention))
        flow = mixed / mixed.sum(1, keepdims=True) @ flow
    return flow


def _attentions(view: WhiteBox) -> list[np.ndarray]:
    family = view.model.network.config.model_type
    found: list[np.ndarray] = []
    hooks = []

    def keep(module: Any, given: Any, output: Any) -> None:
        weights = output[1] if isinstance(output, tuple) and len(output) > 1 else None
        if not isinstance(weights, torch.Tensor) or weights.ndim != 4 or weights.shape[-1] != weights.shape[-2]:
            raise NotImplementedError(f"the attention of this {family!r} network does not hand out its weights")
        found.append(weights[0].float().mean(0).cpu().numpy())

    blocks = [getattr(layer, "self_attn", None) for layer in view.layers]
    if any(block is None for block in blocks):
        raise NotImplementedError(
            f"attention rollout needs attention in every layer; of this {family!r} network's {len(blocks)} layers "
            f"{sum(b is None for b in blocks)} have none"
        )
    try:
        hooks = [block.register_forward_hook(keep) for block in blocks if block is not None]
        with torch.inference_mode(), _eager(view.model.network.get_decoder()):
            view.logits(view.shown)
    finally:
        for hook in hooks:
            hook.remove()
    return found


@contextmanager
def _eager(decoder: Any) -> Iterator[None]:
    """Attention that keeps its weights while this lasts; fused kernels never hold them."""
    usual = decoder.config._attn_implementation
    decoder.set_attn_implementation("eager")
    try:
        yield
    finally:
        decoder.set_attn_implementation(usual)
