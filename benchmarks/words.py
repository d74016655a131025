"""Compare words that are explained together with words that are explained alone: cost and quality.

    python benchmarks/words.py --scenes 20 --regions 64 --out benchmarks/words.md

For each held-out scene whose caption is right and has at least eleven words, every word is explained alone by "fast", and all words
are explained together by `explain_each`. The table reports the forward passes and seconds of all words together, as multiples of one
word alone; and, for the words that the image changes, the share of the gap in mean F between random orders and the word's own search that the shared
search reaches: means with 95 % bootstrap intervals, and the 5th percentile. Words with a gap below 0.05 are skipped, because all orders are
equally good there.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from search import Timed
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 650_000
LEAST_WORDS = 11
LEAST_GAP = 0.05
RANDOM_ORDERS = 3


def measure(model: Any, scene: Any, n: int) -> dict[str, Any] | None:
    """Measure the cost alone and together, and the share of the gap that each word reaches; None if the caption is wrong."""
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    words = [word for word in response.words if word.tokens]
    if response.text != scene.caption or len(words) < LEAST_WORDS:
        return None
    regions = eagle.Regions.slic(scene.image, n)
    together = eagle.explain_each(
        model, response, regions=regions, search="fast", aggregate="mean", progress=False
    )  # the target of the searches that it is compared with
    one = words[scene.seed % len(words)]
    single = eagle.explain(model, response, list(one.tokens), regions=regions, search="fast", progress=False)
    fill = eagle.fill_image(scene.image, "black", regions, 0)
    scorer = Timed(model.scorer(response, regions, fill))
    alone, shares = [], []
    for word, shared in zip(words, together.values(), strict=True):
        own = eagle.search.order(scorer, list(word.tokens), search="fast")
        alone.append(own.forward_passes)
        floor = np.mean(
            [
                eagle.search.replay(
                    scorer, np.random.default_rng(k).permutation(regions.n), word.tokens
                ).objective.mean()
                for k in range(RANDOM_ORDERS)
            ]
        )
        gap = own.objective.mean() - floor
        if gap >= LEAST_GAP:
            shares.append(float((shared.trace.objective.mean() - floor) / gap))
    ratio, seconds = together.forward_passes / float(np.mean(alone)), together.seconds / single.seconds
    return {"words": len(words), "ratio": ratio, "seconds": seconds, "shares": shares}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=20)
    parser.add_argument("--regions", type=int, default=64)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, rows, seed = eagle.load_model(), [], args.first_seed
    bar = tqdm(total=args.scenes, unit="scene", mininterval=10)
    while len(rows) < args.scenes:
        row = measure(model, eagle.scenes.draw(seed, arrangement="list"), args.regions)
        seed += 1
        if row is not None:
            rows.append(row)
            bar.update()
            bar.set_postfix(ratio=f"{row['ratio']:.2f}", share=f"{np.mean(row['shares']):.3f}")
    shares = [share for row in rows for share in row["shares"]]
    counts = [row["words"] for row in rows]
    text = (
        f"# Every word of an answer, together and alone\n\n`python benchmarks/words.py --scenes {args.scenes} --regions "
        f"{args.regions} --out benchmarks/words.md`, bundled model, black fill, SLIC regions, on {machine()}. "
        f"{len(rows)} captions of {min(counts)} to {max(counts)} words (mean {np.mean(counts):.1f}).\n\n| metric | value |\n|---|---|\n"
        f"| forward passes of all words together, as a multiple of one word alone | {summarize([row['ratio'] for row in rows]).cell} |\n"
        f"| seconds, as a multiple of one word alone | {summarize([row['seconds'] for row in rows]).cell} |\n"
        f"| words that the image changes | {len(shares)} |\n"
        f"| share of the gap in mean F of a word's own search that the shared search reaches | {summarize(shares).cell} |\n"
        f"| its 5th percentile | {np.percentile(shares, 5):.3f} |\n"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
