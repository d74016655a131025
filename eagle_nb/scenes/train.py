"""Train the bundled model from scratch: ``python -m eagle_nb.scenes.train --out runs/model``.

Two stages. First the tower alone learns what is seen at each of its cells (a throw-away head for
shape, colour, size, centre and overlaps); then tower, projector and language model learn captions and
answers together, the dense loss staying on at a lower weight and one attention head being taught to look at
what carries the next token. Random regions are hidden in a share
of the images all along, while the texts keep describing the whole image: so the model's
probabilities under masking become its expectation given what is left to see.

Interrupt and start again with the same command: it continues from the last checkpoint. A GPU is
used when there is one.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from . import architecture
from .shapes import COLORS, SIZES
from .training_data import Batches, DENSE_CLASSES, IGNORE, block_mask, hide


class DenseHead(nn.Module):
    """Shape, colour, size, centre and overlaps of what is seen at each cell; thrown away after training."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.splits = (DENSE_CLASSES, len(COLORS), len(SIZES) + 1, 2, 2)
        self.net = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, sum(self.splits)))

    def loss(self, features: torch.Tensor, batch: dict[str, torch.Tensor], hidden: torch.Tensor) -> torch.Tensor:
        """Mean loss over cells; `features` is (B, width, GRID, GRID), `hidden` bool (B, H, W)."""
        shape, color, size, center, overlap = self.net(features.permute(0, 2, 3, 1).float()).split(self.splits, -1)
        cells, things = batch["cells"].flatten(1), batch["things"]
        known = things.gather(1, cells.clamp(min=0)[..., None].expand(-1, -1, 7)).view(*center.shape[:3], 7)
        cells = cells.view(center.shape[:3])
        gone = gone_cells(hidden)
        seen = (cells >= 0) & ~gone
        label = torch.where(cells >= 0, known[..., 0].long() + 1, torch.where(cells == -1, 0, IGNORE))
        label = label.masked_fill(gone, IGNORE)
        weight = torch.ones(DENSE_CLASSES, device=shape.device)
        weight[0] = 0.3
        loss = functional.cross_entropy(shape.permute(0, 3, 1, 2), label, weight, ignore_index=IGNORE)
        if not bool(seen.any()):
            return loss
        loss = loss + functional.cross_entropy(color[seen], known[seen][:, 1].long(), ignore_index=IGNORE)
        loss = loss + 0.5 * functional.cross_entropy(size[seen], known[seen][:, 2].long())
        loss = loss + 0.5 * functional.binary_cross_entropy_with_logits(overlap[seen], known[seen][:, 5:])
        both = seen & (known[..., 5:].sum(-1) > 0)
        if bool(both.any()):
            loss = loss + functional.binary_cross_entropy_with_logits(overlap[both], known[both][:, 5:])
        return loss + 4.0 * functional.l1_loss(center[seen], known[seen][:, 3:5])


GROUNDED_LAYER, GROUNDED_HEAD = 1, 0
"""The head that is taught to look at what carries the next token: in the second layer, where a question's words are known."""


def gone_cells(hidden: torch.Tensor) -> torch.Tensor:
    """Image tokens (B, GRID, GRID) of which more than 40 % are hidden; `hidden` is bool (B, H, W)."""
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
    """Cross-entropy of one head's attention against the cells that carry the next token.

    `states`, `rotary` and `mask` are what the layer's attention itself gets. Hidden cells carry nothing;
    a token whose cells are more than half hidden is left out.
    """
    size, (rows, at) = attention.head_dim, batch["where"].T
    here = slice(GROUNDED_HEAD * size, (GROUNDED_HEAD + 1) * size)
    query = functional.linear(states[rows, at], attention.q_proj.weight[here])
    key = functional.linear(states, attention.k_proj.weight[here])
    cos, sin = (r.expand(len(states), -1, -1) for r in rotary)

    def turn(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        one, two = x.chunk(2, -1)
        return x * cos + torch.cat([-two, one], -1) * sin

    query, key = turn(query, cos[rows, at], sin[rows, at]), turn(key, cos, sin)
    # One product for all: the rows of a batch are few, and gathering keys per row would copy them all.
    scores = query.new_full((len(rows), key.shape[1]), 0.0)
    for b in range(len(states)):
        own = rows == b
        scores[own] = (query[own] @ key[b].T * size**-0.5).to(scores.dtype)
    scores = scores.float() + mask[rows, 0, at].float()
    shown = torch.cat([torch.ones(len(hidden), 1, device=hidden.device), ~gone_cells(hidden).flatten(1)], 1)[rows]
    looks = batch["looks"] * shown
    kept = looks.sum(1)
    good = kept > 0.5
    share = scores.log_softmax(-1)[:, : looks.shape[1]]
    losses = -(looks / kept.clamp(min=1e-6)[:, None] * share).sum(1)
    return losses[good].sum() / good.sum().clamp(min=1)


def text_loss(
    model: Any, features: torch.Tensor, batch: dict[str, torch.Tensor], hidden: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weighted cross-entropy of all answers of all images, and the grounding loss."""
    inner = model.model
    image = inner.multi_modal_projector(features.flatten(2).transpose(1, 2))
    embedded = inner.language_model.embed_tokens(batch["ids"])
    n = image.shape[1]
    embedded = torch.cat([embedded[:, :1], image.to(embedded.dtype), embedded[:, 1 + n :]], 1)
    mask = block_mask(batch["part"], torch.bfloat16 if torch.is_autocast_enabled("cpu") else embedded.dtype)
    attention = inner.language_model.layers[GROUNDED_LAYER].self_attn
    taken: dict[str, Any] = {}
    hook = attention.register_forward_pre_hook(lambda _, args, kwargs: taken.update(kwargs), with_kwargs=True)
    states = inner.language_model(
        inputs_embeds=embedded, attention_mask=mask, position_ids=batch["position"], use_cache=False
    ).last_hidden_state
    hook.remove()
    ground = grounding_loss(attention, taken["hidden_states"], taken["position_embeddings"], mask, batch, hidden)
    chosen = batch["weight"][:, :-1] > 0
    logits = model.lm_head(states[:, :-1][chosen]).float()
    losses = functional.cross_entropy(logits, batch["ids"][:, 1:][chosen], reduction="none")
    weight = batch["weight"][:, :-1][chosen]
    return (losses * weight).sum() / weight.sum(), ground


def rate(step: int, steps: int, warm: int, decay_from: float = 0.6) -> float:
    """Warm-up, constant, then a cosine to zero over the last part."""
    if step < warm:
        return (step + 1) / warm
    start = int(steps * decay_from)
    return 1.0 if step < start else 0.5 * (1 + math.cos(math.pi * min(1.0, (step - start) / (steps - start))))


def train(
    out: Path,
    steps: int,
    tower_steps: int,
    batch_size: int,
    seed: int,
    save_every: int,
    start: Path | None = None,
    first_batch: int = 0,
    base_rate: float = 1.0,
) -> None:
    """Train, or go on training, into `out`; see the module."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = architecture.build_tokenizer()
    processor = architecture.build_processor(tokenizer)
    network = architecture.build_model(tokenizer, seed)
    if start is not None:
        network.load_state_dict(type(network).from_pretrained(start, dtype=torch.float32).state_dict())
    model = network.to(device, memory_format=torch.channels_last).train()
    model.model.language_model.set_attn_implementation("sdpa")
    tower = model.model.vision_tower
    head = DenseHead(model.config.vision_config.hidden_size).to(device)
    state_file = out / "training.pt"
    settings = {
        "seed": seed,
        "batch_size": batch_size,
        "tower_steps": tower_steps,
        "start": str(start or ""),
        "first": first_batch,
    }

    groups = [
        {"params": [p for n, p in model.named_parameters() if "vision_tower" not in n], "lr": 2e-3},
        {"params": list(tower.parameters()), "lr": 3e-3},
        {"params": list(head.parameters()), "lr": 3e-3},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0.05)
    done = 0
    if state_file.exists():
        state = torch.load(state_file, map_location=device, weights_only=True)
        if state["settings"] != settings:
            raise SystemExit(f"{state_file} was made with {state['settings']}, not {settings}; choose another --out")
        model.load_state_dict(state["model"])
        head.load_state_dict(state["head"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    out.mkdir(parents=True, exist_ok=True)

    def save(step: int) -> None:
        parts = {"model": model.state_dict(), "head": head.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**parts, "step": step, "settings": settings}, state_file.with_suffix(".new"))
        state_file.with_suffix(".new").replace(state_file)

    total = tower_steps + steps
    # The tower alone is faster than the drawing: it sees each scene several times, hidden differently.
    few = max(1, tower_steps // 6)
    numbers = [first_batch + (step % few if step < tower_steps else step) for step in range(total)]
    stream = Batches(tokenizer, batch_size, dict.fromkeys(numbers[done:]))
    loader = iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=8))
    seen: dict[int, dict[str, torch.Tensor]] = {}
    bar = tqdm(total=total, initial=done, unit="step", mininterval=20, dynamic_ncols=True)
    began, smooth = time.time(), None
    step = done
    try:
        for step in range(done, total):
            joint = step >= tower_steps
            if joint:
                seen.clear()
                batch = next(loader)
            else:
                if numbers[step] not in seen:
                    seen[numbers[step]] = next(loader)
                batch = seen[numbers[step]]
            generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
            pixels, hidden = hide(batch["pixels"].float(), generator)
            batch = {k: v.to(device) for k, v in batch.items()}
            pixels = (pixels / 127.5 - 1).to(device, memory_format=torch.channels_last)
            if joint:
                scale = rate(step - tower_steps, steps, warm=max(20, steps // 50))
                scales = (scale, 0.3 * scale, 0.3 * scale)
            else:
                scale = rate(step, tower_steps, warm=max(10, tower_steps // 20), decay_from=0.2)
                scales = (0.0, max(scale, 0.1), max(scale, 0.1))
            for group, base, factor in zip(optimizer.param_groups, (2e-3, 3e-3, 3e-3), scales, strict=True):
                group["lr"] = base_rate * base * factor
            with torch.autocast(device.type, dtype=torch.bfloat16):
                features = tower(pixels).last_hidden_state
                dense = head.loss(features, batch, hidden.to(device))
                said = text_loss(model, features, batch, hidden.to(device)) if joint else None
            loss = dense if said is None else said[0] + 0.2 * dense + 0.2 * said[1]
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)  # type: ignore[attr-defined]
            optimizer.step()
            now = (dense if said is None else said[0]).item()
            smooth = now if smooth is None or step == tower_steps else 0.98 * smooth + 0.02 * now
            bar.update()
            if step % 50 == 49:
                pace = (step + 1 - done) * batch_size / (time.time() - began)
                looks = "" if said is None else f" grounding {said[1].item():.3f}"
                bar.write(f"step {step + 1} loss {smooth:.4f} dense {dense.item():.3f}{looks} {pace:.0f} images/s")
            if (step + 1) % save_every == 0:
                save(step + 1)
        step = total
    finally:
        bar.close()
        if step > done:
            save(step)
    model.model.language_model.set_attn_implementation("sdpa")
    architecture.save(model.eval().to("cpu", memory_format=torch.contiguous_format), processor, out / "checkpoint")
    print(f"wrote {out / 'checkpoint'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/model"), help="folder for the state and the checkpoint")
    parser.add_argument("--steps", type=int, default=5000, help="joint steps")
    parser.add_argument("--tower-steps", type=int, default=600, help="steps of the tower alone")
    parser.add_argument("--batch-size", type=int, default=64)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--save-every", type=int, default=200)
    parser.add_argument(
        "--first-batch", type=int, default=0, help="number of the first batch, to go on with other scenes"
    )
    parser.add_argument("--rate", type=float, default=1.0, help="factor of all learning rates")
    parser.add_argument("--start", type=Path, help="a checkpoint whose weights to start from, with --tower-steps 0 say")
    args = parser.parse_args()
    train(
        args.out,
        args.steps,
        args.tower_steps,
        args.batch_size,
        args.seed,
        args.save_every,
        args.start,
        args.first_batch,
        args.rate,
    )


if __name__ == "__main__":
    main()
