"""Train the bundled model from scratch: ``python -m eagle_nb.scenes.train --out runs/model``.

Training has two stages. First, the tower alone learns what is visible at each of its cells, through a temporary head
for shape, colour, size, centre and overlaps. Then tower, projector and language model learn captions and answers
together; the dense loss continues at a lower weight, and one attention head is trained to look at what carries the next
token. Throughout, random regions are hidden in a share of the images while the texts describe the whole image. The
model's probabilities under masking thereby become its expectation given the visible part.

An interrupted run continues from its last checkpoint when the same command is started again. A GPU is used if there is
one.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import torch
from torch import nn
from tqdm import tqdm

from . import architecture
from .hiding import hide
from .losses import DenseHead, text_loss
from .packing import Batches


def rate(step: int, steps: int, warm: int, decay_from: float = 0.6) -> float:
    """Return the factor of the learning rates: a linear warm-up, a constant part, then a cosine to zero.

    Parameters
    ----------
    step : int
        Number of the step, from 0.
    steps : int
        Number of steps in all.
    warm : int
        Number of warm-up steps.
    decay_from : float
        Fraction of the steps at which the decay begins.

    Returns
    -------
    float
        A factor in [0, 1].

    Examples
    --------
    >>> rate(50, 100, warm=10), rate(100, 100, warm=10)
    (1.0, 0.0)
    """
    if step < warm:
        return (step + 1) / warm
    start = int(steps * decay_from)
    return 1.0 if step < start else 0.5 * (1 + math.cos(math.pi * min(1.0, (step - start) / (steps - start))))


def train_model(
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
    """Train the model, or resume an interrupted run.

    Parameters
    ----------
    out : pathlib.Path
        Folder of the training state, "training.pt", and of the finished model, "checkpoint".
    steps : int
        Number of joint steps.
    tower_steps : int
        Number of steps of the tower alone.
    batch_size : int
        Images per step.
    seed : int
        Seed of the initial weights and of the hidden regions.
    save_every : int
        Number of steps between saves of the state.
    start : pathlib.Path, optional
        A checkpoint to take the initial weights from.
    first_batch : int
        Number of the first batch; other numbers mean other scenes.
    base_rate : float
        Factor of all learning rates.

    Raises
    ------
    SystemExit
        If `out` holds the state of a run with other settings.
    """
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    tokenizer = architecture.build_tokenizer()
    processor = architecture.build_processor(tokenizer)
    with torch.random.fork_rng(devices=[]):  # the global random state stays as it was
        torch.default_generator.manual_seed(seed)
        network = architecture.build_model(tokenizer, seed=None)
        if start is not None:
            network.load_state_dict(type(network).from_pretrained(start, dtype=torch.float32).state_dict())
        head = DenseHead(network.config.vision_config.hidden_size).to(device)
    model = network.to(device, memory_format=torch.channels_last).train()
    model.model.language_model.set_attn_implementation("sdpa")
    tower = model.model.vision_tower
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
            raise SystemExit(
                f"{state_file} belongs to a run with {state['settings']}, not {settings}; choose another --out"
            )
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
    # The tower alone is faster than the drawing, so it sees each scene several times, with other regions hidden.
    few = max(1, tower_steps // 6)
    numbers = [first_batch + (step % few if step < tower_steps else step) for step in range(total)]
    stream = Batches(tokenizer, batch_size, dict.fromkeys(numbers[done:]))
    loader = iter(torch.utils.data.DataLoader(stream, batch_size=None, num_workers=1, prefetch_factor=8))
    drawn: dict[int, dict[str, torch.Tensor]] = {}
    bar = tqdm(total=total, initial=done, unit="step", mininterval=20, dynamic_ncols=True)
    began, smooth = time.time(), None
    step = done
    try:
        for step in range(done, total):
            joint = step >= tower_steps
            if joint:
                drawn.clear()
                batch = next(loader)
            else:
                if numbers[step] not in drawn:
                    drawn[numbers[step]] = next(loader)
                batch = drawn[numbers[step]]
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
                text = text_loss(model, features, batch, hidden.to(device)) if joint else None
            loss = dense if text is None else text[0] + 0.2 * dense + 0.2 * text[1]
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_([p for g in groups for p in g["params"]], 1.0)  # type: ignore[attr-defined]
            optimizer.step()
            now = (dense if text is None else text[0]).item()
            smooth = now if smooth is None or step == tower_steps else 0.98 * smooth + 0.02 * now
            bar.update()
            if step % 50 == 49:
                pace = (step + 1 - done) * batch_size / (time.time() - began)
                looks = "" if text is None else f" grounding {text[1].item():.3f}"
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
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("runs/model"), help="folder for the state and the checkpoint")
    parser.add_argument("--steps", type=int, default=5000, help="joint steps")
    parser.add_argument("--tower-steps", type=int, default=600, help="steps of the tower alone")
    parser.add_argument("--batch-size", type=int, default=64, help="images per step")
    parser.add_argument("--seed", type=int, default=0, help="seed of the initial weights and of the hidden regions")
    parser.add_argument("--save-every", type=int, default=200, help="steps between saves of the state")
    parser.add_argument(
        "--first-batch", type=int, default=0, help="number of the first batch, to continue with other scenes"
    )
    parser.add_argument("--rate", type=float, default=1.0, help="factor of all learning rates")
    parser.add_argument("--start", type=Path, help="a checkpoint to start from, for example with --tower-steps 0")
    args = parser.parse_args()
    train_model(
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
