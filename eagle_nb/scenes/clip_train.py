"""Train the clip model: ``python -m eagle_nb.scenes.clip_train --out runs/clip_model``.

The recipe is the bundled model's (`eagle_nb.scenes.train`); the tower starts from the bundled model's, so there is no
stage for the tower alone. Three further losses accompany the text's: what is visible at each image token, what happens
there to which object (read from the output of the second layer), and where two attention heads look for the next word. Whole frames and
random regions are hidden in a share of the clips.

An interrupted run continues from its last checkpoint when the same command is started again. Several processes share
each batch when ``torchrun --standalone --nproc-per-node 2 -m eagle_nb.scenes.clip_train`` starts them; on busy cores this
is faster than threads.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path
from typing import Any

import torch
import torch.distributed as dist
from torch import nn
from tqdm import tqdm

from . import architecture
from .clip_architecture import build_clip_model, build_clip_processor
from .clip_losses import ClipHeads, batch_losses, plain_attention
from .clip_training import HIDDEN, SEVERAL_EVERY, ClipBatches
from .train import rate

_LOSS_WEIGHTS = {"text": 1.0, "visible": 0.15, "event": 0.5, "looks": 0.6, "reads": 0.3}


def train_clip_model(
    out: Path,
    steps: int,
    batch_size: int,
    seed: int,
    save_every: int,
    start: Path | None = None,
    first_batch: int = 0,
    base_rate: float = 1.0,
    hidden: float = HIDDEN,
    several_every: int = SEVERAL_EVERY,
) -> None:
    """Train the clip model, or resume an interrupted run.

    Parameters
    ----------
    out : pathlib.Path
        Folder of the training state, "training.pt", and of the model, "checkpoint".
    steps : int
        Number of steps.
    batch_size : int
        Clips per step.
    seed : int
        Seed of the initial weights.
    save_every : int
        Number of steps between saves of the state and the model.
    start : pathlib.Path, optional
        A checkpoint of a clip model to take all initial weights from; by default only the tower's come from the bundled
        model.
    first_batch : int
        Number of the first batch; other numbers mean other clips.
    base_rate : float
        Factor of all learning rates.
    hidden : float
        Share of the clips in which something is hidden.
    several_every : int
        Of this many batches, the last consists of several pictures with questions.

    Raises
    ------
    SystemExit
        If `out` holds the state of a run with other settings.
    """
    from transformers import AttentionInterface, AutoModelForImageTextToText

    AttentionInterface.register("plain", plain_attention)

    rank, processes = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
    if processes > 1:
        dist.init_process_group("gloo")
    processor = build_clip_processor()
    with torch.random.fork_rng(devices=[]):  # the global random state stays as it was
        torch.default_generator.manual_seed(seed)
        network = build_clip_model(processor.tokenizer)
        heads = ClipHeads(network.config.vision_config.hidden_size, network.config.text_config.hidden_size)
    bundled = Path(__file__).with_name("model")
    source = AutoModelForImageTextToText.from_pretrained(start or bundled, dtype=torch.float32)
    if start is None:
        network.model.vision_tower.load_state_dict(source.model.vision_tower.state_dict())
    else:
        network.load_state_dict(source.state_dict())
    model = network.to(memory_format=torch.channels_last).train()
    model.model.language_model.set_attn_implementation("plain")
    tower = [p for n, p in model.named_parameters() if "vision_tower" in n]
    groups: list[dict[str, Any]] = [
        {"params": [p for n, p in model.named_parameters() if "vision_tower" not in n], "base": 2e-3 * base_rate},
        {"params": tower, "base": 6e-4 * base_rate},
        {"params": list(heads.parameters()), "base": 3e-3 * base_rate},
    ]
    weights = [p for g in groups for p in g["params"]]
    optimizer = torch.optim.AdamW(groups, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.05)
    settings = {"seed": seed, "start": str(start or ""), "first": first_batch}
    state_file, done = out / "training.pt", 0
    if state_file.exists():
        state = torch.load(state_file, weights_only=True)
        if state["settings"] != settings:
            raise SystemExit(
                f"{state_file} belongs to a run with {state['settings']}, not {settings}; choose another --out"
            )
        model.load_state_dict(state["model"])
        heads.load_state_dict(state["heads"])
        optimizer.load_state_dict(state["optimizer"])
        done = state["step"]
    out.mkdir(parents=True, exist_ok=True)

    def save(step: int) -> None:
        if rank:
            return
        parts = {"model": model.state_dict(), "heads": heads.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save({**parts, "step": step, "settings": settings}, state_file.with_suffix(".new"))
        state_file.with_suffix(".new").replace(state_file)
        architecture.save(model, processor, out / "checkpoint")

    stream = ClipBatches(
        processor.tokenizer, batch_size, range(first_batch + done, first_batch + steps), rank, processes
    )
    loader = iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=8))
    bar = tqdm(total=steps, initial=done, unit="step", mininterval=20, dynamic_ncols=True, disable=rank > 0)
    smooth: dict[str, float] = {}
    began, step = time.time(), done
    try:
        for step in range(done, steps):
            batch = next(loader)
            scale = rate(step, steps, warm=max(20, steps // 50))
            for group in optimizer.param_groups:
                group["lr"] = group["base"] * scale
            pixels = batch["pixels"].flatten(0, 1).permute(0, 3, 1, 2).float() / 127.5 - 1
            with torch.autocast("cpu", dtype=torch.bfloat16):
                losses = batch_losses(model, heads, pixels.contiguous(memory_format=torch.channels_last), batch)
            loss = sum(_LOSS_WEIGHTS[k] * v for k, v in losses.items())
            optimizer.zero_grad(set_to_none=True)
            torch.as_tensor(loss).backward()
            _average(weights, processes)
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimizer.step()
            for k, v in losses.items():
                if v.item() != 0.0:  # a batch of several pictures has no events
                    smooth[k] = 0.97 * smooth.get(k, v.item()) + 0.03 * v.item()
            bar.update()
            if step % 50 == 49 and not rank:
                pace = (step + 1 - done) * batch_size / (time.time() - began)
                bar.write(f"step {step + 1} {' '.join(f'{k} {v:.3f}' for k, v in smooth.items())} {pace:.0f} clips/s")
            if (step + 1) % save_every == 0:
                save(step + 1)
        step = steps
    finally:
        bar.close()
        if step > done:
            save(step)
    if not rank:
        print(f"wrote {out / 'checkpoint'}")


def _average(weights: list[nn.Parameter], processes: int) -> None:
    """Average the gradients of all processes."""
    if processes == 1:
        return
    for p in weights:
        if p.grad is None:
            p.grad = torch.zeros_like(p)
    together = torch.cat([p.grad.flatten() for p in weights if p.grad is not None])
    dist.all_reduce(together)
    for p, part in zip(weights, (together / processes).split([p.numel() for p in weights]), strict=True):
        p.grad = part.view(p.shape)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/clip_model"), help="folder for state and checkpoint")
    parser.add_argument("--steps", type=int, default=4000, help="steps")
    parser.add_argument("--batch-size", type=int, default=32, help="clips per step")
    parser.add_argument("--seed", type=int, default=0, help="seed of the initial weights")
    parser.add_argument("--save-every", type=int, default=100, help="steps between saves of the state and the model")
    parser.add_argument("--first-batch", type=int, default=0, help="number of the first batch, for other clips")
    parser.add_argument("--rate", type=float, default=1.0, help="factor of all learning rates")
    parser.add_argument("--hidden", type=float, default=HIDDEN, help="share of the clips with something hidden")
    parser.add_argument(
        "--several-every", type=int, default=SEVERAL_EVERY, help="one of this many batches is of several pictures"
    )
    parser.add_argument("--weights", type=Path, help="a checkpoint of a clip model to start from")
    args = parser.parse_args()
    train_clip_model(
        args.out,
        args.steps,
        args.batch_size,
        args.seed,
        args.save_every,
        args.weights,
        args.first_batch,
        args.rate,
        args.hidden,
        args.several_every,
    )


if __name__ == "__main__":
    main()
