"""Do explanations depend on the model, and how good is greedy? Held-out scenes with one object, bundled model.

    python benchmarks/sanity.py --scenes 200 --regions 36 --out benchmarks/sanity.md

For each scene whose caption is right:

- *weights*: the word of the object is explained again while more and more of the model's weights are random (Adebayo et al. 2018);
- *prompt*: the reliance of the first word of the caption, which the prompt alone determines, of all words that grammar determines, and
  of the words of the object, and how well reliance separates the two groups;
- *object*: whether the maximum of the saliency lies in the one object that carries the word;
- *optimum*: on few regions, how far each search stays below the true optimum of F at every size, and the submodularity
  ratio of every pair of sets.

The row of a scene is stored as soon as it is complete, and the same call resumes.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation import metrics_row, randomization_test, summarize
from eagle_nb.metrics import separation
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import digest, prepare_case
from eagle_nb.search import find_optimum, optimality_gap

FIRST_SEED = 900_000
QUANTILES = (0, 1, 5, 25, 50)


def measure(
    model: Model, scene: eagle.scenes.Scene, regions: int, few: int, steps: int, search: str
) -> dict[str, Any] | None:
    """Return all metrics of one scene; None if the model's caption is wrong."""
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    if response.text != scene.caption:
        return None
    tokens = {word: response.tokens_in(word.start, word.end) for word in scene.words}
    grammar = [word for word in scene.words if word.kind == "grammar"]
    carried = [word for word in scene.words if word.kind == "object" and not word.prior]
    word = carried[scene.seed % len(carried)]
    partition = eagle.Regions.slic(scene.image, regions)
    whole = eagle.explain(model, response, regions=partition, search=search, progress=False)
    row: dict[str, Any] = {"forward_passes": whole.forward_passes}
    for name, score in (("reliance", whole.reliance.score), ("reliance_area", whole.reliance.score_area)):
        # A word has the reliance of its highest token: the image never carries the second half of a word.
        of = {w: float(score[tokens[w]].max()) for w in scene.words}
        row |= {
            f"{name} of the first word": of[scene.words[0]],
            f"{name} of grammar": float(np.mean([of[w] for w in grammar])),
            f"{name} of the object": float(np.mean([of[w] for w in carried])),
            f"separation by {name}": separation([of[w] for w in carried], [of[w] for w in grammar]),
        }
    explanation = eagle.explain(model, response, tokens[word], regions=partition, search=search, progress=False)
    metrics = metrics_row(explanation, scene.mask(word))
    row |= {name: metrics[name] for name in ("pointing_mask", "pointing_mask_share", "pointing_box")}
    row["area of the object"] = float(scene.mask(word).mean())
    row["forward_passes"] += explanation.forward_passes
    table = randomization_test(model, explanation, stages=steps, search="fast", progress=False)
    row |= {f"stage {r.randomised} {r.stage}": r.correlation for r in table[1:].itertuples()}
    row["forward_passes"] += int(table["forward_passes"].sum())
    scorer = prepare_case(model, response, few).cached_scorer()
    best = find_optimum(scorer, tokens[word])
    row["forward_passes"] += 2**few
    gain = float(best.objective.max() - best.objective[0])
    for name in eagle.search.STRATEGIES:
        gap = optimality_gap(eagle.search.order(scorer, tokens[word], search=name), best)
        row |= {f"gap {name}": float(gap.mean()) / gain, f"widest gap {name}": float(gap.max()) / gain}
    ratios = best.submodularity_ratios()
    row |= {f"ratio {q}": float(np.percentile(ratios, q)) if len(ratios) else None for q in QUANTILES}
    row["ratios below 1"] = float((ratios < 1 - 1e-6).mean()) if len(ratios) else None
    return row


def report(rows: pd.DataFrame) -> str:
    """Return the tables: every metric as a mean with its 95 % bootstrap interval."""

    def line(column: str, name: str | None = None, metric: str = "") -> str:
        values = rows[column].tolist()
        s = summarize(values, metric or column)
        return f"| {name or column} | {s.value:.3f} | {s.low:.3f} … {s.high:.3f} | {s.n} | {s.skipped} |"

    head = "| {} | mean | 95 % interval | n | skipped |\n|---|---|---|---|---|"
    stages = sorted((c for c in rows if c.startswith("stage ")), key=lambda c: int(c.split()[1]))
    out = ["## Random weights, from the output down: rank correlation with the map of the trained model\n"]
    out += [head.format("number of random stages, the last one")]
    out += [line(c, c.removeprefix("stage ")) for c in stages]
    out += ["\n## Words that the prompt determines, and words that the object carries\n", head.format("reliance")]
    out += [line(c) for c in rows if " of " in c and c.startswith("reliance")]
    out += [line(c, metric="separation") for c in rows if c.startswith("separation")]
    out += ["\n## One object carries the word\n", head.format("metric")]
    out += [line(c) for c in ("pointing_mask", "pointing_mask_share", "pointing_box", "area of the object")]
    out += ["\n## Below the true optimum of F, as a share of the gain of the optimum over the empty set\n"]
    out += [head.format("search: mean over sizes, widest")]
    for name in eagle.search.STRATEGIES:
        out += [line(f"gap {name}", f"{name}, mean"), line(f"widest gap {name}", f"{name}, widest")]
    out += ["\n## Submodularity ratio over every pair of sets\n", head.format("percentile within a scene")]
    out += [line(f"ratio {q}", f"{q} (γ)" if q == 0 else str(q)) for q in QUANTILES]
    out += [line("ratios below 1", "share of ratios below 1")]
    return "\n".join(out) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--few", type=int, default=10, help="number of regions of the part 'optimum', at most 12")
    parser.add_argument("--steps", type=int, default=5, help="number of steps at which randomised models are explained")
    parser.add_argument("--search", default="greedy", help="search of the parts 'prompt' and 'object'")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="stop after the scene that exceeds this time"
    )
    parser.add_argument("--store", type=Path, default=Path("runs/sanity.db"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, store = eagle.load_model(args.model), eagle.Store(args.store)
    settings = {"regions": args.regions, "few": args.few, "steps": args.steps, "search": args.search}
    rows: list[dict[str, Any]] = []
    seed, began = args.first_seed, time.time()
    with tqdm(total=args.scenes, mininterval=10) as bar:
        while bar.n < args.scenes and time.time() - began < 60 * args.minutes:
            key = digest(benchmark="sanity", seed=seed, fingerprint=model.fingerprint, **settings)
            row = store.get_row(key)
            if row is None:
                began_scene = time.time()
                metrics = measure(model, eagle.scenes.draw(seed, arrangement="list", objects=1), **settings)
                row = {"seed": seed, "right": metrics is not None, **(metrics or {})}
                row |= {"seconds": time.time() - began_scene, "machine": machine()}
                store.put_row(key, row)
            rows.append(row)
            bar.update(int(row["right"]))
            seed += 1
    right = pd.DataFrame([row for row in rows if row["right"]])
    if right.empty:
        raise SystemExit("no scene was measured; give more minutes, or a model that captions scenes rightly")
    text = (
        f"# Sanity checks\n\n`python benchmarks/sanity.py --scenes {args.scenes} --regions {args.regions} "
        f"--few {args.few} --steps {args.steps} --search {args.search} --out benchmarks/sanity.md`\n\n"
        f"{len(right)} held-out scenes with one object from seed {args.first_seed}, {len(rows) - len(right)} more skipped "
        f"because the caption was wrong; SLIC regions, black fill, {int(right['forward_passes'].sum())} forward passes in "
        f"{right['seconds'].sum():.0f} s on {', '.join(right['machine'].unique())}.\n\n{report(right)}"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
