"""Do explanations say something of the model, and how good is greedy? Held-out scenes with one object, bundled model.

    python benchmarks/sanity.py --scenes 200 --regions 36 --out benchmarks/sanity.md

Per scene, caption right:

- *weights*: the object's word is explained again while ever more of the model's weights are random (Adebayo et al. 2018);
- *prompt*: reliance of the caption's first word, which the prompt alone decides, of all words that grammar decides, and
  of the object's words, and how well reliance separates the two groups;
- *object*: whether the maximum of the saliency lies in the one object that carries the word;
- *optimum*: on few regions, how far each search stays below the true optimum of F at every size, and the submodularity
  ratio of every pair of sets.

A scene's row is written when it is known; started again, what is in the file is not measured again.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.randomization import randomisation
from eagle_nb.evaluation.row import evaluate
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.metrics import separation
from eagle_nb.scenes.evaluate import machine
from eagle_nb.search.optimum import gap, optimum

FIRST_SEED = 900_000
QUANTILES = (0, 1, 5, 25, 50)


def measure(model: Any, scene: Any, regions: int, few: int, steps: int, search: str) -> dict[str, Any] | None:
    """All figures of one scene; None where the model's caption is wrong."""
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    if response.text != scene.caption:
        return None
    tokens = {word: response.tokens_in(word.start, word.end) for word in scene.words}
    grammar = [word for word in scene.words if word.kind == "grammar"]
    carried = [word for word in scene.words if word.kind == "object" and not word.prior]
    word = carried[scene.seed % len(carried)]
    cut = eagle.Regions.slic(scene.image, regions)
    whole = eagle.explain(model, response, regions=cut, search=search, progress=False)
    row: dict[str, Any] = {"passes": whole.forward_passes}
    for name, score in (("reliance", whole.reliance.score), ("reliance_area", whole.reliance.score_area)):
        # A word relies as much as its token that relies most: the second half of a word owes nothing to the image.
        of = {w: float(score[tokens[w]].max()) for w in scene.words}
        row |= {
            f"{name} of the first word": of[scene.words[0]],
            f"{name} of grammar": float(np.mean([of[w] for w in grammar])),
            f"{name} of the object": float(np.mean([of[w] for w in carried])),
            f"separation by {name}": separation([of[w] for w in carried], [of[w] for w in grammar]),
        }
    explanation = eagle.explain(model, response, tokens[word], regions=cut, search=search, progress=False)
    found = evaluate(explanation, scene.mask(word))
    row |= {name: found[name] for name in ("pointing_mask", "pointing_mask_share", "pointing_box")}
    row["area of the object"] = float(scene.mask(word).mean())
    row["passes"] += explanation.forward_passes
    table = randomisation(explanation, model, stages=steps, search="fast", progress=False)
    row |= {f"stage {r.randomised} {r.stage}": r.correlation for r in table[1:].itertuples()}
    row["passes"] += int(table["passes"].sum())
    small = eagle.Regions.slic(scene.image, few)
    scorer = model.scorer(response, small, eagle.fills.fill_image(scene.image, "black", small))
    best = optimum(scorer, tokens[word])
    row["passes"] += 2**few
    spread = float(best.objective.max() - best.objective[0])
    for name in eagle.search.STRATEGIES:
        off = gap(eagle.search.order(scorer, tokens[word], search=name), best)
        row |= {f"gap {name}": float(off.mean()) / spread, f"widest gap {name}": float(off.max()) / spread}
    ratios = best.submodularity_ratios()
    row |= {f"ratio {q}": float(np.percentile(ratios, q)) if len(ratios) else None for q in QUANTILES}
    row["ratios below 1"] = float((ratios < 1 - 1e-6).mean()) if len(ratios) else None
    return row


def report(rows: pd.DataFrame) -> str:
    """The tables; every figure a mean with its 95 % bootstrap interval."""

    def line(column: str, name: str | None = None, metric: str = "") -> str:
        values = rows[column].tolist()
        s = summarize(values, metric or column)
        return f"| {name or column} | {s.value:.3f} | {s.low:.3f} … {s.high:.3f} | {s.n} | {s.skipped} |"

    head = "| {} | mean | 95 % interval | n | skipped |\n|---|---|---|---|---|"
    stages = sorted((c for c in rows if c.startswith("stage ")), key=lambda c: int(c.split()[1]))
    out = ["## Weights made random, from the output down: rank correlation with the map of the trained model\n"]
    out += [head.format("stages random, the last of them")]
    out += [line(c, c.removeprefix("stage ")) for c in stages]
    out += ["\n## Words the prompt decides, and words the object carries\n", head.format("reliance")]
    out += [line(c) for c in rows if " of " in c and c.startswith("reliance")]
    out += [line(c, metric="separation") for c in rows if c.startswith("separation")]
    out += ["\n## One object carries the word\n", head.format("figure")]
    out += [line(c) for c in ("pointing_mask", "pointing_mask_share", "pointing_box", "area of the object")]
    out += ["\n## Below the true optimum of F, as a share of what the optimum gains over the empty set\n"]
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
    parser.add_argument("--few", type=int, default=10, help="regions of the part 'optimum', at most 12")
    parser.add_argument("--steps", type=int, default=5, help="steps at which randomised models are explained")
    parser.add_argument("--search", default="greedy", help="of the parts 'prompt' and 'object'")
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after the scene that passes this")
    parser.add_argument("--rows", type=Path, default=Path("runs/sanity.jsonl"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    args.rows.parent.mkdir(parents=True, exist_ok=True)
    model = eagle.load_model(args.model)
    settings = f"{model.fingerprint}/{args.regions}/{args.few}/{args.steps}/{args.search}"
    lines = args.rows.read_text().splitlines() if args.rows.exists() else []
    kept = [row for row in map(json.loads, lines) if row["settings"] == settings]
    kept = [row for row in kept if row["seed"] >= args.first_seed]
    done = {row["seed"] for row in kept}
    seed, began = args.first_seed, time.time()
    bar = tqdm(total=args.scenes, initial=sum(row["right"] for row in kept), mininterval=10)
    with args.rows.open("a") as file:
        while bar.n < args.scenes and time.time() - began < 60 * args.minutes:
            if seed not in done:
                scene = eagle.scenes.draw(seed, arrangement="list", objects=1)
                began_scene = time.time()
                found = measure(model, scene, args.regions, args.few, args.steps, args.search)
                row = {"seed": seed, "settings": settings, "right": found is not None, **(found or {})}
                row |= {"seconds": time.time() - began_scene, "machine": machine()}
                kept.append(row)
                file.write(json.dumps(row) + "\n")
                file.flush()
                bar.update(int(row["right"]))
            seed += 1
    bar.close()
    right = pd.DataFrame([row for row in kept if row["right"]])
    if right.empty:
        raise SystemExit("no scene was measured; give more minutes, or a model that captions scenes rightly")
    text = (
        f"# Sanity checks\n\n`python benchmarks/sanity.py --scenes {args.scenes} --regions {args.regions} "
        f"--few {args.few} --steps {args.steps} --search {args.search} --out benchmarks/sanity.md`\n\n"
        f"{len(right)} held-out scenes with one object from seed {args.first_seed}, {len(kept) - len(right)} more left out "
        f"because the caption was wrong; SLIC regions, black fill, {int(right['passes'].sum())} passes in "
        f"{right['seconds'].sum():.0f} s on {', '.join(right['machine'].unique())}.\n\n{report(right)}"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
