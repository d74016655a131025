"""Compare the three rules of a saliency map where the truth is known: hits, mass on the object and sparsity.

    python benchmarks/maps.py --scenes 200 --regions 25 49 --out benchmarks/maps.md

For each held-out scene whose caption is right (the scenes and words of benchmarks/methods.py), one word that an object carries is
explained by the default search. From the same forward passes, each rule of `Explanation.saliency` draws a map: "evidence" (the default), "gain"
and "order" (the paper's rule). Columns: whether the maximum lies on the object; the share of the map's mass on it; the share of regions
above a tenth of the maximum. A row is stored as soon as it is complete, and the same call resumes.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.metrics import pointing_game
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import digest

FIRST_SEED = 500_000
KINDS = ("evidence", "gain", "order")
COLUMNS = {
    "hit": "points at the object ↑",
    "mass": "mass on the object ↑",
    "above": "regions above a tenth of the maximum ↓",
}


def measure(model: Model, scene: eagle.scenes.Scene, regions: int, store: eagle.Store) -> dict[str, Any]:
    """Return the metrics of one scene; {"right": False} if the model's caption is wrong."""
    key = digest(benchmark="maps", seed=scene.seed, regions=regions, fingerprint=model.fingerprint)
    row = store.get_row(key)
    if row is None:
        row = {"right": False}
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        if response.text == scene.caption:
            words = [word for word in scene.words if word.kind == "object" and not word.prior]
            word = words[scene.seed % len(words)]
            tokens = response.tokens_in(word.start, word.end)
            explanation = eagle.explain(model, response, tokens, regions=regions, progress=False)
            row = {"right": True, "word": word.text, "seed": scene.seed}
            for kind in KINDS:
                saliency, values = explanation.saliency(kind), explanation.region_scores(kind)
                mask = scene.mask(word)
                row[f"{kind}_hit"] = float(pointing_game(saliency, mask))
                row[f"{kind}_mass"] = float(saliency[mask].sum() / max(saliency.sum(), 1e-12))
                row[f"{kind}_above"] = float((values > 0.1 * values.max()).mean())
        store.put_row(key, row)
    return row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--regions", type=int, nargs="+", default=[25, 49])
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--store", type=Path, default=Path("runs/maps.db"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, store = eagle.load_model(), eagle.Store(args.store)
    call = f"python benchmarks/maps.py --scenes {args.scenes} --regions {' '.join(map(str, args.regions))}"
    lines = [
        "# Saliency maps by three rules\n",
        f"`{call} --out benchmarks/maps.md`, bundled model, black fill, SLIC regions, default search, on {machine()}. "
        'Means with 95 % bootstrap intervals; "evidence" is the default, "order" the paper\'s rule. Words such as "small" compare: '
        "what carries them may lie beside the object; they are counted and also reported apart.\n",
    ]
    for n in args.regions:
        rows: list[dict[str, Any]] = []
        seed = args.first_seed
        with tqdm(total=args.scenes, unit="scene", mininterval=10, desc=f"{n} regions") as bar:
            while len(rows) < args.scenes:
                row = measure(model, eagle.scenes.draw(seed), n, store)
                seed += 1
                if row["right"]:
                    rows.append(row)
                    bar.update()
        groups = {"all": rows, "without size words": [r for r in rows if r["word"] not in ("small", "large")]}
        for group, chosen in groups.items():
            lines += [
                f"## {n} regions, {len(chosen)} words ({group})\n",
                "| rule | " + " | ".join(COLUMNS.values()) + " |",
                "|---" * (1 + len(COLUMNS)) + "|",
                *(
                    f"| {kind} | "
                    + " | ".join(summarize([r[f"{kind}_{c}"] for r in chosen]).cell for c in COLUMNS)
                    + " |"
                    for kind in KINDS
                ),
                "",
            ]
    text = "\n".join(lines)
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
