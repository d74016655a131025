"""Compare the two targets of a word of several tokens: the mean of its tokens' probabilities, and their product.

    python benchmarks/aggregate.py --words 60 --regions 36 --out benchmarks/aggregate.md

Words of several tokens that an object carries, on design scenes (seeds from 22,000) whose caption is right, are explained with each target. Both
orders are then measured by both targets. Columns: the floor of the deletion curve, its lowest value; insertion and deletion AUC; whether the
maximum of the evidence map lies on the object; the share of regions above a tenth of the maximum.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.metrics import auc, pointing_game
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import target_probability

FIRST_SEED = 22_000
AGGREGATES = ("mean", "joint")


def measure(model: Model, scene: eagle.scenes.Scene, n: int) -> list[dict[str, Any]]:
    """Return a row per word of several tokens and target; none if the caption is wrong."""
    response, rows = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT), []
    if response.text != scene.caption:
        return []
    for word in scene.words:
        tokens = response.tokens_in(word.start, word.end)
        if word.kind != "object" or word.prior or len(tokens) < 2:
            continue
        for aggregate in AGGREGATES:
            e = eagle.explain(model, response, tokens, regions=n, aggregate=aggregate, progress=False)
            scores = e.region_scores()
            row = {
                "word": word.text,
                "target": aggregate,
                "points at the object ↑": float(pointing_game(e.saliency(), scene.mask(word))),
                "regions above a tenth of the maximum ↓": float((scores > 0.1 * scores.max()).mean()),
            }
            for by in AGGREGATES:
                hidden, shown = (target_probability(c, tokens, by) for c in (e.deletion, e.insertion))
                row[f"deletion floor ({by})"] = float(hidden.min())
                row[f"insertion AUC ({by}) ↑"] = float(auc(shown, e.area))
                row[f"deletion AUC ({by}) ↓"] = float(auc(hidden, e.area))
            rows.append(row)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, rows, seed = eagle.load_model(), [], args.first_seed
    with tqdm(total=args.words, unit="word", mininterval=10) as bar:
        while len(rows) < 2 * args.words:
            new = measure(model, eagle.scenes.draw(seed), args.regions)
            seed += 1
            rows += new
            bar.update(len(new) // 2)
    columns = [name for name in rows[0] if name not in ("word", "target")]
    cells = {
        t: {c: summarize([row[c] for row in rows if row["target"] == t]).cell for c in columns} for t in AGGREGATES
    }
    text = "\n".join(
        [
            "# The target of a word of several tokens\n",
            f"`python benchmarks/aggregate.py --words {args.words} --regions {args.regions} --out benchmarks/aggregate.md`, "
            f"bundled model, black fill, SLIC regions, default search, {len(rows) // 2} words on {machine()}. Columns: the target that was "
            "explained. In brackets: the target by which a curve is measured.\n",
            "| metric | explained by the mean | explained by the product |",
            "|---|---|---|",
            *(f"| {c} | {cells['mean'][c]} | {cells['joint'][c]} |" for c in columns),
            "",
        ]
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
