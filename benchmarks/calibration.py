"""Measure the loss of each search at several budgets, and write the table that ``trace.diagnostics()`` reads.

    python benchmarks/calibration.py --scenes 12 --regions 25 64

The loss is the share of the gap in mean F between random orders and exhaustive greedy that a search does not reach: median and 95th
percentile by forward passes per region, for words and whole sentences of scenes from seed 20,000, which no other benchmark uses. Each row
is written to a file as soon as it is complete, and a restarted run skips the rows in the file. Rows of an earlier design of a search must be
deleted first.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from search import RANDOM_ORDERS, Timed
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 20_000
PER_REGION = (2.1, 3, 4, 5, 6.5, 8, 10, 14, 20)
LEAST_GAP = 0.05
"""Samples with a smaller gap are skipped: hardly any region carries the word, so no search can lose much."""


def measure(scorer: Timed, tokens: list[int]) -> list[dict[str, Any]]:
    """Measure loss and cost of every search at every budget; empty where all orders are about equally good."""
    n = scorer.n_regions
    best = eagle.search.order(scorer, tokens, search="greedy").objective.mean()
    shuffled = (np.random.default_rng(seed).permutation(n) for seed in range(RANDOM_ORDERS))
    floor = np.mean([eagle.search.replay(scorer, order, tokens).objective.mean() for order in shuffled])
    if best - floor < LEAST_GAP:
        return []
    rows = []
    for search in eagle.search.STRATEGIES:
        for budget in (None, *(int(m * n) + 2 for m in PER_REGION)):
            if (search, budget) == ("greedy", None):
                continue
            trace = eagle.search.order(scorer, tokens, search=search, budget=budget)
            loss = float((best - trace.objective.mean()) / (best - floor))
            rows.append({"search": search, "budget": budget, "loss": loss, "spent": trace.forward_passes / n})
    return rows


def summary(rows: pd.DataFrame) -> dict[str, Any]:
    """Return the number of samples, and for each search a list of [forward passes per region, median loss, 95th percentile]."""
    searches: dict[str, Any] = {}
    for search, group in rows.groupby("search", sort=False):
        means = [
            (part["spent"].mean(), part["loss"].median(), np.percentile(part["loss"], 95))
            for _, part in group.groupby("budget", dropna=False)
        ]
        searches[str(search)] = sorted([round(float(v), 4) for v in row] for row in means)
    return {"samples": int(rows["key"].nunique()), "searches": searches}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=12)
    parser.add_argument("--regions", type=int, nargs="+", default=[25, 64])
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--rows", type=Path, default=Path("runs/calibration.jsonl"))
    args = parser.parse_args()
    args.rows.parent.mkdir(parents=True, exist_ok=True)
    lines = args.rows.read_text().splitlines() if args.rows.exists() else []
    done = {json.loads(line)["key"] for line in lines}
    model = eagle.load_model()
    with args.rows.open("a") as file:
        for seed in tqdm(range(args.first_seed, args.first_seed + args.scenes), unit="scene"):
            scene = eagle.scenes.draw(seed)
            response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
            words = [word for word in response.words if word.tokens]
            word = words[np.random.default_rng(seed).integers(len(words))]
            for size in args.regions:
                regions = eagle.Regions.slic(response.image, size)
                fill = eagle.fill_image(response.image, "black", regions, 0)
                scorer = Timed(model.scorer(response, regions, fill))
                for kind, tokens in (("sentence", list(range(len(response)))), ("word", list(word.tokens))):
                    key = f"{model.fingerprint}/{seed}/{size}/{kind}"
                    if key in done:
                        continue
                    row = {"key": key, "regions": size, "found": measure(scorer, tokens)}
                    file.write(json.dumps(row) + "\n")
                    file.flush()
    stored = map(json.loads, args.rows.read_text().splitlines())
    rows = pd.DataFrame(
        [{"key": row["key"], "regions": row["regions"], **each} for row in stored for each in row["found"]]
    )
    table = {
        "made by": f"python benchmarks/calibration.py --scenes {args.scenes} --regions {' '.join(map(str, args.regions))}",
        "machine": machine(),
        "regions": {str(size): summary(rows[rows["regions"] == size]) for size in args.regions},
    }
    path = Path(eagle.search.__file__).with_name("calibration.json")
    path.write_text(json.dumps(table, indent=1) + "\n")
    print(path.read_text())


if __name__ == "__main__":
    main()
