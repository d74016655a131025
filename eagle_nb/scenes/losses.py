"""Losses of the bundled model's training: what is visible, where one head looks, and what is said."""

from __future__ import annotations

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from . import architecture
from .packing import block_mask
from .shapes import COLORS, SIZES
from .training_data import DENSE_CLASSES, IGNORE

GROUNDED_LAYER, GROUNDED_HEAD = 1, 0
"""The head that is trained to look at what carries the next token: in the second layer, which has read a question's words."""


class DenseHead(nn.Module):
    """Predict shape, colour, size, centre and overlaps of what is visible at each cell; not part of the trained model.

    Parameters
    ----------
    width : int
        Number of the tower's features.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.splits = (DENSE_CLASSES, len(COLORS), len(SIZES) + 1, 2, 2)
        self.net = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, sum(self.splits)))

    def loss(self, features: torch.Tensor, batch: dict[str, torch.Tensor], hidden: torch.Tensor) -> torch.Tensor:
        """Return the mean loss over cells.

        Parameters
        ----------
        features : torch.Tensor, (B, width, GRID, GRID)
            The tower's features.
        batch : dict of str to torch.Tensor
            A batch of `eagle_nb.scenes.packing.Packer.batch`.
        hidden : torch.Tensor of bool, (B, H, W)
            Hidden pixels; cells of which much is hidden do not count.

        Returns
        -------
        torch.Tensor
            The loss, a scalar.
        """
        shape, color, size, center, overlap = self.net(features.permute(0, 2, 3, 1).float()).split(self.splits, -1)
        cells, objects = batch["cells"].flatten(1), batch["objects"]
        truth = objects.gather(1, cells.clamp(min=0)[..., None].expand(-1, -1, 7)).view(*center.shape[:3], 7)
        cells = cells.view(center.shape[:3])
        gone = hidden_cells(hidden)
        seen = (cells >= 0) & ~gone
        label = torch.where(cells >= 0, truth[..., 0].long() + 1, torch.where(cells == -1, 0, IGNORE))
        label = label.masked_fill(gone, IGNORE)
        weight = torch.ones(DENSE_CLASSES, device=shape.device)
        weight[0] = 0.3
        loss = functional.cross_entropy(shape.permute(0, 3, 1, 2), label, weight, ignore_index=IGNORE)
        if not bool(seen.any()):
            return loss
        loss = loss + functional.cross_entropy(color[seen], truth[seen][:, 1].long(), ignore_index=IGNORE)
        loss = loss + 0.5 * functional.cross_entropy(size[seen], truth[seen][:, 2].long())
        loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(overlap[seen], truth[seen][:, 5:])
        both = seen & (truth[..., 5:].sum(-1) > 0)
        if bool(both.any()):
            loss = loss + functional.binary_cross_entropy_with_logits(overlap[both], truth[both][:, 5:])
        return loss + 4.0 * functional.l1_loss(center[seen], truth[seen][:, 3:5])


def hidden_cells(hidden: torch.Tensor) -> torch.Tensor:
    """Find the image tokens of which more than 40 % are hidden.

    Parameters
    ----------
    hidden : torch.Tensor of bool, (B, H, W)
        Hidden pixels.

    Returns
    -------
    torch.Tensor of bool, (B, GRID, GRID)
        True where the cell is hidden.
    """
    offset = architecture.GRID * architecture.STRIDE - hidden.shape[-1]
    return functional.avg_pool2d(functional.pad(hidden.float()[:, None], (offset, 0, offset, 0)), 16)[:, 0] > 0.4


def grounding_loss(
    attention: Any,
    states: torch.Tensor,
    rotary: Any,
    mask: torch.Tensor,
    batch: dict[str, torch.Tensor],
    hidden: torch.Tensor,
) -> torch.Tensor:
    """Return the cross-entropy of one head's attention against the cells that carry the next token.

    Hidden cells carry nothing. Tokens whose cells are more than half hidden are skipped.

    Parameters
    ----------
    attention : torch.nn.Module
        The attention of the layer.
    states : torch.Tensor, (B, L, width)
        Its input.
    rotary : (torch.Tensor, torch.Tensor)
        Cosines and sines of its rotary embedding.
    mask : torch.Tensor, (B, 1, L, L)
        Its additive mask.
    batch : dict of str to torch.Tensor
        A batch of `eagle_nb.scenes.packing.Packer.batch`.
    hidden : torch.Tensor of bool, (B, H, W)
        Hidden pixels.

    Returns
    -------
    torch.Tensor
        The loss, a scalar.
    """
    size, (rows, positions) = attention.head_dim, batch["where"].T
    head = slice(GROUNDED_HEAD * size, (GROUNDED_HEAD + 1) * size)
    query = functional.linear(states[rows, positions], attention.q_proj.weight[head])
    key = functional.linear(states, attention.k_proj.weight[head])
    cos, sin = (r.expand(len(states), -1, -1) for r in rotary)

    def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        one, two = x.chunk(2, -1)
        return x * cos + torch.cat([-two, one], -1) * sin

    query, key = rotate(query, cos[rows, positions], sin[rows, positions]), rotate(key, cos, sin)
    # One product per row of the batch: gathering the keys of each query would copy all of them.
    scores = query.new_full((len(rows), key.shape[1]), 0.0)
    for b in range(len(states)):
        own = rows == b
        scores[own] = (query[own] @ key[b].T * size**-0.5).to(scores.dtype)
    scores = scores.float() + mask[rows, 0, positions].float()
    visible = torch.cat([torch.ones(len(hidden), 1, device=hidden.device), ~hidden_cells(hidden).flatten(1)], 1)[rows]
    looks = batch["looks"] * visible
    remaining = looks.sum(1)
    counted = remaining > 0.5
    log_attention = scores.log_softmax(-1)[:, : looks.shape[1]]
    losses = -(looks / remaining.clamp(min=1e-6)[:, None] * log_attention).sum(1)
    return losses[counted].sum() / counted.sum().clamp(min=1)


def text_loss(
    model: Any, features: torch.Tensor, batch: dict[str, torch.Tensor], hidden: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the weighted cross-entropy of all answers of all images, and the grounding loss.

    Parameters
    ----------
    model : transformers.FastVlmForConditionalGeneration
        The network.
    features : torch.Tensor, (B, width, GRID, GRID)
        The tower's features.
    batch : dict of str to torch.Tensor
        A batch of `eagle_nb.scenes.packing.Packer.batch`.
    hidden : torch.Tensor of bool, (B, H, W)
        Hidden pixels.

    Returns
    -------
    text : torch.Tensor
        Mean cross-entropy, weighted, a scalar.
    grounding : torch.Tensor
        The loss of `grounding_loss`, a scalar.
    """
    inner = model.model
    image = inner.multi_modal_projector(features.flatten(2).transpose(1, 2))
    embedded = inner.language_model.embed_tokens(batch["ids"])
    n = image.shape[1]
    embedded = torch.cat([embedded[:, :1], image.to(embedded.dtype), embedded[:, 1 + n :]], 1)
    mask = block_mask(batch["part"], torch.bfloat16 if torch.is_autocast_enabled("cpu") else embedded.dtype)
    attention = inner.language_model.layers[GROUNDED_LAYER].self_attn
    inputs: dict[str, Any] = {}
    hook = attention.register_forward_pre_hook(lambda _, args, kwargs: inputs.update(kwargs), with_kwargs=True)
    states = inner.language_model(
        inputs_embeds=embedded, attention_mask=mask, position_ids=batch["position"], use_cache=False
    ).last_hidden_state
    hook.remove()
    grounding = grounding_loss(attention, inputs["hidden_states"], inputs["position_embeddings"], mask, batch, hidden)
    chosen = batch["weight"][:, :-1] > 0
    logits = model.lm_head(states[:, :-1][chosen]).float()
    losses = functional.cross_entropy(logits, batch["ids"][:, 1:][chosen], reduction="none")
    weight = batch["weight"][:, :-1][chosen]
    return (losses * weight).sum() / weight.sum(), grounding
