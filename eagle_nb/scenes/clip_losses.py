"""Losses of the clip model's training: what is visible, what happens where, where two heads look, and what is said."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from .clip_plan import EVENTS
from .clip_training import IGNORE
from .shapes import COLORS, SHAPES

EVENT_LAYER, GROUNDED_LAYER, GROUNDED_HEADS, READING_LAYER = 1, 2, 2, 3
"""The layer whose output holds what happens at each image token, the layer in which the first heads look there, and the layer
whose first head reads, for an answer, what the question's noun has found."""


def plain_attention(
    module: Any, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, mask: Any, scaling: float, **kwargs: Any
) -> tuple[torch.Tensor, None]:
    """Attend causally by two products: on a CPU the backward pass of PyTorch's fused attention is slow for small heads.

    Parameters
    ----------
    module : torch.nn.Module
        The attention of the layer.
    query, key, value : torch.Tensor, (B, heads, L, size)
        Its inputs.
    mask : None
        Not used; the texts are padded on the right.
    scaling : float
        Factor of the scores.
    **kwargs
        Not used.

    Returns
    -------
    output : torch.Tensor, (B, L, heads, size)
        The attended values.
    weights : None
        Not returned.
    """
    length = query.shape[2]
    later = torch.full((length, length), -1e9, dtype=query.dtype).triu(1)
    weights = (query * scaling @ key.transpose(2, 3) + later).softmax(-1)
    return (weights @ value).transpose(1, 2).contiguous(), None


def zero(values: torch.Tensor) -> torch.Tensor:
    """Return a loss of zero that depends on values, for batches without a target.

    Parameters
    ----------
    values : torch.Tensor
        The values.

    Returns
    -------
    torch.Tensor
        Zero, a scalar.
    """
    return torch.sum(values) * 0.0


class ClipHeads(nn.Module):
    """Predict what is visible at each cell, and what happens there; not part of the trained model.

    Parameters
    ----------
    width : int
        Number of the tower's features.
    hidden : int
        Width of the language model.
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.splits = (len(SHAPES) + 1, len(COLORS), 2)
        self.visible = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, sum(self.splits)))
        self.event_splits = (len(EVENTS) + 1, len(SHAPES), len(COLORS), 2)
        self.happens = nn.Sequential(nn.LayerNorm(hidden), nn.Linear(hidden, sum(self.event_splits)))

    def visible_loss(self, features: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
        """Return the loss of shape, colour and centre.

        Parameters
        ----------
        features : torch.Tensor, (B, F · CELLS, width)
            The tower's features.
        cells : torch.Tensor, (B, F · CELLS, 8)
            The targets.

        Returns
        -------
        torch.Tensor
            The loss, a scalar.
        """
        shape, color, center = self.visible(features.float()).split(self.splits, -1)
        label = cells[..., 0].long()
        seen = label > 0
        weight = torch.ones(self.splits[0])
        weight[0] = 0.3
        if not bool(seen.any()):
            return zero(shape)
        loss = functional.cross_entropy(shape.flatten(0, 1), label.flatten(), weight, ignore_index=IGNORE)
        loss = loss + functional.cross_entropy(color[seen], cells[..., 1][seen].long())
        return loss + 4.0 * functional.l1_loss(center[seen], cells[..., 3:5][seen])

    def event_loss(self, states: torch.Tensor, cells: torch.Tensor) -> torch.Tensor:
        """Return the loss of what happens, to which object, and in which order.

        Parameters
        ----------
        states : torch.Tensor, (B, F · CELLS, hidden)
            Outputs of the event layer at the image tokens.
        cells : torch.Tensor, (B, F · CELLS, 8)
            The targets.

        Returns
        -------
        torch.Tensor
            The loss, a scalar.
        """
        weight = torch.ones(len(EVENTS) + 1)
        weight[0] = 0.15
        label = cells[..., 2].long()
        seen = label > 0
        kind, *parts = self.happens(states.float()).split(self.event_splits, -1)
        if not bool(seen.any()):
            return zero(kind)
        loss = functional.cross_entropy(kind.flatten(0, 1), label.flatten(), weight, ignore_index=IGNORE)
        for column, part in enumerate(parts, 5):  # of which object, and whether it is the first event
            loss = loss + 0.3 * functional.cross_entropy(part[seen], cells[..., column][seen].long())
        return loss


def batch_losses(
    model: Any, heads: ClipHeads, pixels: torch.Tensor, batch: dict[str, torch.Tensor]
) -> dict[str, torch.Tensor]:
    """Return all losses of a batch.

    Parameters
    ----------
    model : transformers.FastVlmForConditionalGeneration
        The network.
    heads : ClipHeads
        The temporary heads.
    pixels : torch.Tensor, (B · F, 3, H, W)
        The frames, from -1 to 1.
    batch : dict of str to torch.Tensor
        A batch of `eagle_nb.scenes.clip_training.ClipPacker.batch`.

    Returns
    -------
    dict of str to torch.Tensor
        "text", "visible", "event", "looks" and "reads", scalars.
    """
    inner, ids = model.model, batch["ids"]
    cells = batch["cells"].flatten(1, 2)
    features = inner.vision_tower(pixels).last_hidden_state.flatten(2).transpose(1, 2)
    features = features.reshape(len(ids), -1, features.shape[-1])
    image = inner.multi_modal_projector(features)
    embedded = inner.language_model.embed_tokens(ids)
    n = image.shape[1]
    embedded = torch.cat([embedded[:, :1], image, embedded[:, 1 + n :]], 1).to(image.dtype)
    layers = inner.language_model.layers
    looking, reading = layers[GROUNDED_LAYER].self_attn, layers[READING_LAYER].self_attn
    inputs: dict[Any, dict[str, Any]] = {}
    hooks = [
        attention.register_forward_pre_hook(lambda own, args, kwargs: inputs.update({own: kwargs}), with_kwargs=True)
        for attention in (looking, reading)
    ]
    states: list[torch.Tensor] = []
    hooks.append(
        layers[EVENT_LAYER].register_forward_hook(
            lambda _, args, out: states.append(out if isinstance(out, torch.Tensor) else out[0])
        )
    )
    last = inner.language_model(inputs_embeds=embedded, use_cache=False).last_hidden_state
    for hook in hooks:
        hook.remove()
    chosen = batch["weight"][:, :-1] > 0
    losses = functional.cross_entropy(model.lm_head(last[:, :-1][chosen]).float(), ids[:, 1:][chosen], reduction="none")
    weight = batch["weight"][:, :-1][chosen]
    return {
        "text": (losses * weight).sum() / weight.sum(),
        "visible": heads.visible_loss(features, cells),
        "event": heads.event_loss(states[0][:, 1 : 1 + n], cells),
        "looks": looks_loss(looking, inputs[looking], batch),
        "reads": reads_loss(reading, inputs[reading], batch["asks"]),
    }


def log_attention(
    attention: Any, inputs: dict[str, Any], heads: int, rows: torch.Tensor, positions: torch.Tensor
) -> torch.Tensor:
    """Return the logarithm of the first heads' attention at some positions.

    Parameters
    ----------
    attention : torch.nn.Module
        The attention of a layer.
    inputs : dict
        Its inputs: "hidden_states" and "position_embeddings".
    heads : int
        Number of heads.
    rows, positions : torch.Tensor of int, (M,)
        Rows of the batch and positions in them.

    Returns
    -------
    torch.Tensor, (M, heads, L)
        The logarithm.
    """
    from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

    size = attention.head_dim
    query, key = (
        functional.linear(inputs["hidden_states"], projection.weight[: heads * size])
        .unflatten(-1, (heads, size))
        .transpose(1, 2)
        for projection in (attention.q_proj, attention.k_proj)
    )
    query, key = apply_rotary_pos_emb(query, key, *inputs["position_embeddings"])
    scores = (query @ key.transpose(2, 3) * size**-0.5).float()[rows, :, positions]
    later = torch.arange(scores.shape[-1]) > positions[:, None, None]
    masked: torch.Tensor = scores.masked_fill(later, -1e9)
    return masked.log_softmax(-1)


def looks_loss(attention: Any, inputs: dict[str, Any], batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the cross-entropy of the first heads' attention against the cells that carry the next token.

    Parameters
    ----------
    attention : torch.nn.Module
        The attention of the layer.
    inputs : dict
        Its inputs, as `log_attention`.
    batch : dict of str to torch.Tensor
        A batch of `eagle_nb.scenes.clip_training.ClipPacker.batch`.

    Returns
    -------
    torch.Tensor
        The loss, a scalar.
    """
    values, looks = log_attention(attention, inputs, GROUNDED_HEADS, *batch["where"].T), batch["looks"]
    total = looks.sum(-1, keepdim=True)
    counted = total[..., 0] > 0.3
    if not bool(counted.any()):
        return zero(values)
    losses: torch.Tensor = -(looks / total.clamp(min=1e-6) * values[..., 1 : 1 + looks.shape[-1]]).sum(-1)
    return losses[counted].mean()


def reads_loss(attention: Any, inputs: dict[str, Any], asks: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of the first head's attention, where an answer begins, against its question's noun.

    Parameters
    ----------
    attention : torch.nn.Module
        The attention of the layer.
    inputs : dict
        Its inputs, as `log_attention`.
    asks : torch.Tensor of int, (K, 3)
        Rows, positions of nouns, and positions where answers begin.

    Returns
    -------
    torch.Tensor
        The loss, a scalar; 0 without questions.
    """
    rows, nouns, begins = asks.T
    values = log_attention(attention, inputs, 1, rows, begins)
    return -values[torch.arange(len(rows)), 0, nouns].mean() if len(rows) else zero(values)
