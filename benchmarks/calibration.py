"""How much does each search lose at which budget? Writes what ``trace.diagnostics()`` reads off.

    python benchmarks/calibration.py --scenes 12 --regions 36 64

On scenes from seed 20,000 (no other benchmark uses them), words and whole sentences: the share of the gap in mean F between
random orders and exhaustive greedy's that each search misses, by passes per region; median and 95th percentile.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from search import RANDOM_ORDERS, Timed
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 20_000
PER_REGION = (2.1, 3, 4, 5, 6.5, 8, 10, 14, 20)
CUT_SHORT = ("greedy", "fast", "phasewin", "bidirectional", "lazy")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=12)
    parser.add_argument("--regions", type=int, nargs="+", default=[36, 64])
    args = parser.parse_args()
    model = eagle.load_model()
    losses: dict[tuple[str, float], list[float]] = defaultdict(list)
    spent: dict[tuple[str, float], list[float]] = defaultdict(list)
    for k in tqdm(range(args.scenes)):
        scene = eagle.scenes.draw(FIRST_SEED + k)
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        words = [w for w in response.words if w.tokens]
        word = words[np.random.default_rng(k).integers(len(words))]
        for n in args.regions:
            regions = eagle.Regions.slic(response.image, n)
            fill = eagle.fills.fill_image(response.image, "black", regions, 0)
            scorer = Timed(model.scorer(response, regions, fill))
            for tokens in (list(range(len(response))), list(word.tokens)):
                best = eagle.search.order(scorer, tokens, search="greedy").objective.mean()
                floor = np.mean([
                    eagle.search.replay(scorer, np.random.default_rng(s).permutation(n), tokens).objective.mean()
                    for s in range(RANDOM_ORDERS)
                ])  # fmt: skip
                if best - floor < 0.05:  # a word that hardly any region carries: nothing to lose
                    continue
                for search in eagle.search.STRATEGIES:
                    budgets = [None, *(int(m * n) + 2 for m in PER_REGION)] if search in CUT_SHORT else [None]
                    for m, budget in zip((0.0, *PER_REGION), budgets, strict=False):
                        if (search, m) == ("greedy", 0.0):
                            continue
                        trace = eagle.search.order(scorer, tokens, search=search, budget=budget)
                        losses[search, m].append((best - trace.objective.mean()) / (best - floor))
                        spent[search, m].append(trace.forward_passes / n)
    table: dict[str, list[list[float]]] = defaultdict(list)
    for (search, m), values in losses.items():
        at = [np.mean(spent[search, m]), np.median(values), np.percentile(values, 95)]
        table[search].append([round(float(v), 4) for v in at])
    found = {
        "made by": f"python benchmarks/calibration.py --scenes {args.scenes} --regions {' '.join(map(str, args.regions))}",
        "machine": machine(),
        "samples": len(next(iter(losses.values()))),
        "searches": {search: sorted(rows) for search, rows in table.items()},
    }
    path = Path(eagle.search.__file__).with_name("calibration.json")
    path.write_text(json.dumps(found, indent=1) + "\n")
    print(path.read_text())


if __name__ == "__main__":
    main()
