"""Is the explanation true where the truth is known? Held-out scenes, exhaustive greedy, bundled model.

    python benchmarks/truth.py --scenes 100 --regions 36 --out benchmarks/truth.md

Per scene: one object word (drawn at random among the words of the caption that an object carries) is explained alone,
and the maximum of its saliency must lie in the object's mask; and the whole caption is explained, and every word that
the grammar alone decides must rely less on the image than every word an object carries. Scenes whose caption the
model gets wrong are left out and counted. Greedy is compared with a brute force written apart from the library.
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
    """A word's reliance is its highest token's: the second half of a word is never carried by the image."""
    tokens = explanation.response.tokens_in(word.start, word.end)
    return float(explanation.reliance.score[tokens].max())


def brute_force(table: np.ndarray, n: int) -> list[int]:
    """Greedy order of a set function F given for all 2**n subsets, straight from its definition."""
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
    """Share of random set functions on which the library's order equals the brute force's."""

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
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model = eagle.load_model(args.model)
    rng = np.random.default_rng(0)
    hits, hits_first, below, below_all, rows, skipped = [], [], [], [], [], 0
    seed, began, passes = FIRST_SEED, time.time(), 0
    bar = tqdm(total=args.scenes, mininterval=10)
    while bar.n < args.scenes:
        scene = eagle.scenes.draw(seed)
        seed += 1
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        if response.text != scene.caption:
            skipped += 1
            continue
        regions = eagle.Regions.slic(scene.image, args.regions)
        whole = eagle.explain(model, response, regions=regions, search="greedy", progress=False)
        grammar = [word_reliance(whole, w) for w in scene.words if w.kind == "grammar"]
        carried = [word_reliance(whole, w) for w in scene.words if w.kind == "object" and not w.prior]
        everything = [word_reliance(whole, w) for w in scene.words if w.kind == "object"]
        below.append(float(max(grammar) < min(carried)))
        below_all.append(float(max(grammar) < min(everything)))
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
        passes += whole.forward_passes + explanation.forward_passes
        saliency, mask = explanation.saliency(), scene.mask(word)
        hits.append(float(eagle.metrics.pointing_game(saliency, mask)))
        first = regions.labels == explanation.order[0]
        hits_first.append(float(mask[first].mean()))
        rows.append({"seed": scene.seed, "word": word.text, "hit": hits[-1], "below": below[-1],
                     "grammar": max(grammar), "object": min(carried)})  # fmt: skip
        bar.update()
    bar.close()
    lines = {
        "maximum of the saliency in the object's mask": summarize(hits).cell,
        "share of the first region's pixels that lie in the mask": summarize(hits_first).cell,
        "captions in which every grammar word relies less than every object word": summarize(below).cell,
        "the same, with the words the planted prior also speaks": summarize(below_all).cell,
        "greedy equals an independent brute force, of 50 random set functions": f"{greedy_is_greedy():.3f}",
    }
    table = "\n".join(f"| {k} | {v} |" for k, v in lines.items())
    text = (
        f"# Truth\n\n`python benchmarks/truth.py --scenes {args.scenes} --regions {args.regions} --out benchmarks/truth.md`\n\n"
        f"{len(hits)} held-out scenes from seed {FIRST_SEED}, {skipped} more left out because the caption was wrong; "
        f"{args.regions} SLIC regions, black fill, exhaustive greedy, {passes} passes in {time.time() - began:.0f} s on "
        f"{machine()}. Means with 95 % bootstrap intervals.\n\n| what | value |\n|---|---|\n{table}\n"
    )
    misses = [r for r in rows if not r["hit"] or not r["below"]]
    text += f"\nScenes that miss one of the two:\n\n```json\n{json.dumps(misses, indent=1)}\n```\n" if misses else ""
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
