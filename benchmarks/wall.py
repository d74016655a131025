"""Measure the seconds for the map of one word, as published and with eagle_nb.

    python benchmarks/wall.py --scenes 5 --regions 64 --out benchmarks/wall.md

For each held-out scene with a right caption, the same word is explained three times, one after the other in one process: by exhaustive
greedy that scores as the published code does, one masked image at a time through the processor and the model, with the logits of the whole
sequence; by exhaustive greedy of eagle_nb; and by "fast". The table reports seconds, their ratio to the first, and mean F of the
order as a ratio to the first: means with 95 % bootstrap intervals.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
from scoring import one_at_a_time
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 680_000
PUBLISHED = "greedy, as published"
WAYS = {PUBLISHED: "greedy", "greedy": "greedy", "fast": "fast"}


class OneAtATime:
    """A scorer that scores one masked image at a time, as the published code does."""

    def __init__(self, *case: Any) -> None:
        self.case, self.n_regions = case, case[2].n

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions, bool (M, N): probabilities (M, T)."""
        return one_at_a_time(*self.case, shown)


def measure(model: Any, scene: Any, n: int) -> dict[str, dict[str, float]] | None:
    """Measure seconds, forward passes and mean F of each way; None if the caption is wrong."""
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    if response.text != scene.caption:
        return None
    word = next(word for word in scene.words if word.kind == "object")
    regions = eagle.Regions.slic(scene.image, n)
    fill = eagle.fill_image(scene.image, "black", regions, 0)
    results = {}
    for way, search in WAYS.items():
        case = (model, response, regions, fill)
        began = time.perf_counter()
        scorer = OneAtATime(*case) if way == PUBLISHED else model.scorer(response, regions, fill)
        trace = eagle.search.order(scorer, response.tokens_in(word.start, word.end), search=search)
        seconds = time.perf_counter() - began
        results[way] = {
            "seconds": seconds,
            "forward_passes": trace.forward_passes,
            "mean_f": float(trace.objective.mean()),
        }
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=5)
    parser.add_argument("--regions", type=int, default=64)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, rows, seed = eagle.load_model(), [], FIRST_SEED
    bar = tqdm(total=args.scenes, unit="scene", mininterval=10)
    while len(rows) < args.scenes:
        row = measure(model, eagle.scenes.draw(seed), args.regions)
        seed += 1
        if row is not None:
            rows.append(row)
            bar.update()
    lines = []
    for way in WAYS:
        seconds = [row[way]["seconds"] for row in rows]
        times = [row[PUBLISHED]["seconds"] / s for row, s in zip(rows, seconds, strict=True)]
        quality = [row[way]["mean_f"] / row[PUBLISHED]["mean_f"] for row in rows]
        first = way == PUBLISHED
        cells = [
            f"{np.mean([row[way]['forward_passes'] for row in rows]):.0f}",
            summarize(seconds).cell,
            "1" if first else summarize(times).cell,
            "1" if first else summarize(quality).cell,
        ]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    text = (
        f"# Seconds for the map of one word\n\n`python benchmarks/wall.py --scenes {args.scenes} --regions {args.regions} "
        f"--out benchmarks/wall.md`, bundled model, black fill, SLIC regions, {len(rows)} scenes, on {machine()}. The published code scores "
        "masked images one at a time; the others score batches of them, computed on the device.\n\n"
        "| search | forward passes | seconds | times as fast | mean F, ratio to the first |\n|---|---|---|---|---|\n"
        + "\n".join(lines)
        + "\n"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
