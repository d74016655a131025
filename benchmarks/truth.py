"""Check explanations against known ground truth: held-out scenes, exhaustive greedy, the bundled model.

    python benchmarks/truth.py --scenes 100 --regions 25 --out benchmarks/truth.md

Two things are checked per scene. One word, drawn at random among the caption's words that an object carries, is
explained alone; the maximum of its saliency map must lie in the object's mask. And the whole caption is explained;
every word that the grammar alone determines must rely less on the image than every word that an object carries. Scenes
with a wrong caption are skipped and counted. Greedy is also compared with a brute-force implementation that shares no
code with the library.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 800_000


def word_reliance(explanation: eagle.Explanation, word: eagle.scenes.Word) -> float:
    """Return the reliance of a word: that of its highest token, since the image does not carry the second half of a word."""
    tokens = explanation.response.tokens_in(word.start, word.end)
    return float(explanation.reliance.score[tokens].max())


def brute_force(table: np.ndarray, n: int) -> list[int]:
    """Return the greedy order of a set function that is given for all 2**n subsets, directly from the definition."""
    order: list[int] = []
    for _ in range(n):
        best, best_value = -1, -np.inf
        for v in range(n):
            if v in order:
                continue
            inside = sum(2**k for k in [*order, v])
            value = table[inside] + 1 - table[2**n - 1 - inside]
            if value > best_value:
                best, best_value = v, value
        order.append(best)
    return order


def greedy_is_greedy(functions: int = 50, n: int = 7) -> float:
    """Return the share of random set functions for which the library's order equals that of the brute force."""

    class Table:
        n_regions = n

        def __init__(self, seed: int) -> None:
            self.values = np.random.default_rng(seed).random(2**n).astype(np.float32)

        def __call__(self, shown: np.ndarray) -> np.ndarray:
            return self.values[shown @ 2 ** np.arange(n)][:, None]

    equal = []
    for seed in range(functions):
        table = Table(seed)
        equal.append(
            eagle.search.order(table, search="greedy").order.tolist() == brute_force(table.values.astype(float), n)
        )
    return float(np.mean(equal))


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None, help="folder of a checkpoint; the bundled model by default")
    parser.add_argument("--scenes", type=int, default=100, help="number of scenes")
    parser.add_argument("--regions", type=int, default=36, help="number of regions")
    parser.add_argument("--out", type=Path, help="write the table here")
    args = parser.parse_args()
    model = eagle.load_model(args.model)
    rng = np.random.default_rng(0)
    hits, shares, below, below_with_prior, rows, skipped = [], [], [], [], [], 0
    seed, began, forward_passes = FIRST_SEED, time.time(), 0
    bar = tqdm(total=args.scenes, mininterval=10)
    while bar.n < args.scenes:
        scene = eagle.scenes.draw(seed)
        seed += 1
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        if response.text != scene.caption:
            skipped += 1
            continue
        regions = eagle.Regions.slic(scene.image, args.regions)
        caption = eagle.explain(model, response, regions=regions, search="greedy", progress=False)
        grammar = [word_reliance(caption, w) for w in scene.words if w.kind == "grammar"]
        carried = [word_reliance(caption, w) for w in scene.words if w.kind == "object" and not w.prior]
        with_prior = [word_reliance(caption, w) for w in scene.words if w.kind == "object"]
        below.append(float(max(grammar) < min(carried)))
        below_with_prior.append(float(max(grammar) < min(with_prior)))
        words = [w for w in scene.words if w.kind == "object" and not w.prior]
        word = words[rng.integers(len(words))]
        explanation = eagle.explain(
            model,
            response,
            tokens=response.tokens_in(word.start, word.end),
            regions=regions,
            search="greedy",
            progress=False,
        )
        forward_passes += caption.forward_passes + explanation.forward_passes
        saliency, mask = explanation.saliency("order"), scene.mask(word)
        hits.append(float(eagle.metrics.pointing_game(saliency, mask)))
        first = regions.labels == explanation.order[0]
        shares.append(float(mask[first].mean()))
        rows.append({"seed": scene.seed, "word": word.text, "hit": hits[-1], "below": below[-1],
                     "grammar": max(grammar), "object": min(carried)})  # fmt: skip
        bar.update()
    bar.close()
    lines = {
        "the maximum of the saliency map lies in the object's mask": summarize(hits).cell,
        "share of the first region's pixels in the mask": summarize(shares).cell,
        "captions in which every grammar word relies less on the image than every object word": summarize(below).cell,
        "the same, including the words that the planted prior supports": summarize(below_with_prior).cell,
        "greedy equals an independent brute force, on 50 random set functions": f"{greedy_is_greedy():.3f}",
    }
    table = "\n".join(f"| {k} | {v} |" for k, v in lines.items())
    text = (
        f"# Ground truth\n\n`python benchmarks/truth.py --scenes {args.scenes} --regions {args.regions} --out benchmarks/truth.md`\n\n"
        f"{len(hits)} held-out scenes from seed {FIRST_SEED}; {skipped} more were skipped because the caption was wrong. "
        f"{args.regions} SLIC regions, black fill, exhaustive greedy, {forward_passes} forward passes in {time.time() - began:.0f} s on "
        f"{machine()}. Means with 95 % bootstrap intervals.\n\n| check | value |\n|---|---|\n{table}\n"
    )
    misses = [r for r in rows if not r["hit"] or not r["below"]]
    text += (
        f"\nScenes that fail the check of the saliency map or of the caption:\n\n```json\n{json.dumps(misses, indent=1)}\n```\n"
        if misses
        else ""
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
