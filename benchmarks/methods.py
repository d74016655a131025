"""Which method explains the bundled model best where the truth is known? EAGLE and every baseline on held-out scenes.

    python benchmarks/methods.py --scenes 200 --regions 25 --out benchmarks/methods.md

Per scene whose caption is right, and per method, all over the same regions and replayed through the same scorer:

- one word that an object carries is explained: insertion and deletion AUC, and whether the maximum of the map lies in the
  object's mask;
- the whole caption is explained, and each word's reliance is read off the replayed insertion curve. Reliance should separate
  the words that objects or the background carry from those that grammar alone decides, and from those that the prior
  planted in training also speaks ("with" and "cup" after "table"): the area under the ROC curve within the caption.

Cheap methods first. A row is written as soon as it is known; started again, what is in the file is not measured again, so
that methods may be added later and the table made from all. IGOS++, by far the slowest, is measured on the first scenes alone
(``--costly-scenes``); its differences are paired with those. Passes are counted as if each method ran alone; coalitions
that several ask for are scored once, so no seconds are given for a method: notebooks/04_methods.ipynb measures them.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from eagle_nb.scoring.journal import Journal, digest
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.comparison import differences
from eagle_nb.methods.runner import Attempt, attempt
from eagle_nb.metrics import pointing_game, pointing_share, separation
from eagle_nb.scenes.evaluate import machine

FIRST_SEED = 500_000
METHODS = ("greedy", "fast", "random", "occlusion", "tam", "attention_rollout", "gradient_input", "llava_cam",
           "kernel_shap", "shapley_sampling", "rise", "igos_pp")  # fmt: skip
COSTLY = ("igos_pp",)
FIGURES = {
    "insertion_auc": "insertion AUC ↑",
    "deletion_auc": "deletion AUC ↓",
    "pointing_mask": "points at the object ↑",
    "pointing_mask_share": "share of its first region on the object ↑",
    "pointing_mask_own_map": "points, its own map ↑",
    "separation_grammar": "reliance: image words above grammar ↑",
    "separation_pair": "reliance: image words above the planted pair's ↑",
    "passes": "passes",
}


class Remembering:
    """A model whose scorers are made once for each region map and fill of a scene, and so remember what was asked."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._scorers: dict[tuple[int, bytes, bytes, str], Any] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def scorer(self, response: Any, regions: Any, fill: Any, target_ids: Any = None) -> Any:
        key = (id(response), regions.labels.tobytes(), fill.tobytes(), str(target_ids))
        if key not in self._scorers:
            self._scorers[key] = self._model.scorer(response, regions, fill, target_ids=target_ids)
        return self._scorers[key]


def word_figures(found: Attempt, mask: np.ndarray) -> dict[str, Any]:
    return {
        "insertion_auc": found.explanation.insertion_auc,
        "deletion_auc": found.explanation.deletion_auc,
        "pointing_mask": pointing_game(found.region_map, mask),
        "pointing_mask_share": pointing_share(found.region_map, mask),
        "pointing_mask_own_map": pointing_game(found.map, mask),
        "passes": found.passes,
    }


def caption_figures(found: Attempt, scene: eagle.scenes.Scene) -> dict[str, float | None]:
    """A word's reliance is its highest token's: the second half of a word is never carried by the image."""
    response, score = found.explanation.response, found.explanation.reliance.score
    groups: dict[str, list[float]] = {"image": [], "grammar": [], "pair": [], "other": []}
    for word in scene.words:
        own = {"object": "image", "background": "image", "grammar": "grammar"}.get(word.kind)
        if own:
            planted = "pair" if scene.pair == "table_cup" else "other"  # with a book the prior speaks for another word
            groups[planted if word.prior else own].append(float(score[response.tokens_in(word.start, word.end)].max()))
    others = ("grammar", "pair")
    return {f"separation_{k}": separation(groups["image"], groups[k]) if groups[k] else None for k in others}


def measure(
    model: Any, scene: eagle.scenes.Scene, methods: list[str], regions: int, journal: Journal
) -> list[dict[str, Any]]:
    """A row per method; none where the model's caption is wrong."""
    known = {"seed": scene.seed, "regions": regions, "fingerprint": model.fingerprint}
    keys = {method: digest(method=method, **known) for method in methods}
    caption = digest(caption=True, seed=scene.seed, fingerprint=model.fingerprint)
    if caption in journal and (not journal[caption]["right"] or all(key in journal for key in keys.values())):
        return [journal[key] for key in keys.values()] if journal[caption]["right"] else []
    response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    right = response.text == scene.caption
    if caption not in journal:
        journal[caption] = {"seed": scene.seed, "right": right}
    words = [word for word in scene.words if word.kind == "object" and not word.prior]
    word, whole = words[scene.seed % len(words)], list(range(len(response)))
    cut, remembering = eagle.Regions.slic(scene.image, regions), Remembering(model)
    for method in methods if right else []:
        if keys[method] in journal:
            continue
        began = time.time()
        tokens = response.tokens_in(word.start, word.end)
        own, all_words = (attempt(method, remembering, response, chosen, cut) for chosen in (tokens, whole))
        row = {"sample": str(scene.seed), "method": method, "word": word.text, **word_figures(own, scene.mask(word))}
        row |= caption_figures(all_words, scene)
        journal[keys[method]] = row | {"took": time.time() - began, "machine": machine()}
    return [journal[key] for key in keys.values()] if right else []


def markdown(table: pd.DataFrame) -> str:
    cells = [[str(v) for v in row] for row in table.itertuples()]
    head = [table.index.name or "method", *map(str, table.columns)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *cells]) + "\n"


def difference(row: Any) -> str:
    told = "–" if np.isnan(row.difference) else f"{row.difference:+.3f}"
    return told if np.isnan(row.low) else f"{told} [{row.low:+.3f}, {row.high:+.3f}]"


def report(rows: list[dict[str, Any]]) -> str:
    frame = eagle.results.frame([{k: v for k, v in row.items() if k not in ("took", "machine")} for row in rows])
    names = [name for name in FIGURES if name in frame and frame[name].notna().any()]
    lacking = {"samples": "scenes", "left_out": "of them without a planted pair"}
    table = eagle.results.table(frame, names).rename(columns=FIGURES | lacking)
    out = ["## Means over scenes, with 95 % intervals\n", markdown(table)]
    if "greedy" in set(frame["method"]) and frame["method"].nunique() > 1:
        out.append("## Less exhaustive greedy's on the same scene, with 95 % bootstrap intervals\n")
        paired = {FIGURES[name]: differences(frame, name) for name in names if name != "passes"}
        cells = {title: [difference(r) for r in found.itertuples()] for title, found in paired.items()}
        methods = [method for method in frame["method"].unique() if method != "greedy"]
        out.append(markdown(pd.DataFrame(cells, index=pd.Index(methods, name="method"))))
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None)
    parser.add_argument("--scenes", type=int, default=200)
    parser.add_argument("--regions", type=int, default=25)
    parser.add_argument("--methods", nargs="+", default=list(METHODS), choices=METHODS)
    parser.add_argument(
        "--costly-scenes", type=int, default=40, help=f"scenes on which {', '.join(COSTLY)} are measured"
    )
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="stop after the scene that passes this")
    parser.add_argument("--rows", type=Path, default=Path("runs/methods.jsonl"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, journal = eagle.load_model(args.model, batch_size=16), Journal(args.rows)
    rows: list[dict[str, Any]] = []
    seed, wrong, began = args.first_seed, 0, time.time()
    with tqdm(total=args.scenes, unit="scene", mininterval=10) as bar:
        while bar.n < args.scenes and time.time() - began < 60 * args.minutes:
            methods = [m for m in args.methods if m not in COSTLY or bar.n < args.costly_scenes]
            found = measure(model, eagle.scenes.draw(seed), methods, args.regions, journal)
            rows += found
            wrong += not found
            bar.update(bool(found))
            seed += 1
    if not rows:
        raise SystemExit("no scene was measured; give more minutes, or a model that captions scenes rightly")
    took = pd.DataFrame(rows).groupby("method", sort=False)["took"].mean()
    pace = ", ".join(f"{method} {seconds:.1f}" for method, seconds in took.items())
    chosen = "" if args.methods == list(METHODS) else f"--methods {' '.join(args.methods)} "
    text = (
        f"# Methods\n\n`python benchmarks/methods.py --scenes {args.scenes} --regions {args.regions} "
        f"--costly-scenes {args.costly_scenes} {chosen}--out benchmarks/methods.md`\n\n{len({row['sample'] for row in rows})} held-out scenes from seed "
        f"{args.first_seed}, {wrong} more left out because the caption was wrong; SLIC regions, black fill, every method with its "
        f"own defaults, on {', '.join(sorted({row['machine'] for row in rows}))}. A row (word and caption, with replays, from "
        f"shared passes) took in seconds: {pace}.\n\n{report(rows)}"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
