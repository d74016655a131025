"""How long does the map of one word take: the published way, and ours?

    python benchmarks/wall.py --scenes 5 --regions 64 --out benchmarks/wall.md

Per scene (held out, caption right) the same word is explained three times, in one process, one after the other: by exhaustive
greedy over masked images that go through the processor and the model one at a time with the logits of the whole sequence, which is
how the published code scores; by our exhaustive greedy; and by "fast". Reported: seconds, their ratio, and what the order found
keeps of the first's area under the curve of F; means with 95 % bootstrap intervals.
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
WAYS = {"published way": "greedy", "greedy": "greedy", "fast": "fast"}


class OneAtATime:
    """A scorer that does as the published code."""

    def __init__(self, *case: Any) -> None:
        self.case, self.n_regions = case, case[2].n

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        return one_at_a_time(*self.case, shown)


def measure(model: Any, scene: Any, n: int) -> dict[str, dict[str, float]] | None:
    """Seconds, passes and mean F of each way; None for another caption."""
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    if response.text != scene.caption:
        return None
    word = next(word for word in scene.words if word.kind == "object")
    regions = eagle.Regions.slic(scene.image, n)
    fill = eagle.fills.fill_image(scene.image, "black", regions, 0)
    found = {}
    for way, search in WAYS.items():
        case = (model, response, regions, fill)
        began = time.perf_counter()
        scorer = OneAtATime(*case) if way == "published way" else model.scorer(response, regions, fill)
        trace = eagle.search.order(scorer, response.tokens_in(word.start, word.end), search=search)
        seconds = time.perf_counter() - began
        found[way] = {
            "seconds": seconds,
            "passes": trace.forward_passes,
            "mean_f": float(trace.objective.mean()),
        }
    return found


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
        times = [row["published way"]["seconds"] / s for row, s in zip(rows, seconds, strict=True)]
        kept = [row[way]["mean_f"] / row["published way"]["mean_f"] for row in rows]
        first = way == "published way"
        cells = [
            f"{np.mean([row[way]['passes'] for row in rows]):.0f}",
            summarize(seconds).cell,
            "1" if first else summarize(times).cell,
            "1" if first else summarize(kept).cell,
        ]
        lines.append(f"| {way} | {' | '.join(cells)} |")
    text = (
        f"# Seconds for the map of one word\n\n`python benchmarks/wall.py --scenes {args.scenes} --regions {args.regions} "
        f"--out benchmarks/wall.md`, bundled model, black fill, SLIC regions, {len(rows)} scenes, on {machine()}. The published way scores "
        "masked images one at a time; the others score batches of them, made on the device.\n\n"
        "| way | passes | seconds | times as fast | of the published way's mean F |\n|---|---|---|---|---|\n"
        + "\n".join(lines)
        + "\n"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
