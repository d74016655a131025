"""Which method explains the bundled model best where the truth is known? EAGLE and all other methods on held-out scenes.

    python benchmarks/methods.py --scenes 200 --regions 25 --out benchmarks/methods.md

For each scene whose caption is right and each method, all over the same regions and replayed through the same scorer:

- one word that an object carries is explained: insertion and deletion AUC, and whether the maximum of the map lies in the
  object's mask;
- the whole caption is explained, and the reliance of each word is computed from the replayed insertion curve. Reliance should separate
  the words that objects or the background carry from those that grammar determines, and from those that the prior planted in
  training also supports ("with" and "cup" after "table"): the area under the ROC curve within the caption.

Cheap methods come first. A row is stored as soon as it is complete, and the same call resumes, so methods can be added later. IGOS++, by
far the slowest, may be limited to the first scenes (``--costly-scenes``); its differences are paired with those. Forward passes are
counted as if each method ran alone. Coalitions that several methods need are scored once, so no seconds are reported per method:
notebooks/04_methods.ipynb measures them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation import formatted_table, paired_differences, results_frame
from eagle_nb.methods import MethodRun, run_case
from eagle_nb.metrics import pointing_game, pointing_share, separation
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import CachedScorer, PreparedCase, digest, prepare_case

FIRST_SEED = 500_000
METHODS = ("greedy", "fast", "random", "occlusion", "tam", "attention_rollout", "gradient_input", "llava_cam",
           "kernel_shap", "shapley_sampling", "rise", "igos_pp")  # fmt: skip
COSTLY = ("igos_pp",)
METRICS = {
    "insertion_auc": "insertion AUC ↑",
    "deletion_auc": "deletion AUC ↓",
    "pointing_mask": "points at the object ↑",
    "pointing_mask_share": "share of its first region on the object ↑",
    "pointing_mask_own_map": "points, its own map ↑",
    "separation_grammar": "reliance: image words above grammar ↑",
    "separation_pair": "reliance: image words above the planted pair's ↑",
    "forward_passes": "forward passes",
}


class SharedCase(PreparedCase):
    """A prepared case whose searches and methods share one scorer, so each coalition is scored once."""

    @cached_property
    def shared(self) -> CachedScorer:
        """The scorer that is shared."""
        return CachedScorer(super().scorer())

    def scorer(self) -> CachedScorer:
        """Return the shared scorer."""
        return self.shared


def word_metrics(run: MethodRun, mask: np.ndarray) -> dict[str, Any]:
    return {
        "insertion_auc": run.explanation.insertion_auc,
        "deletion_auc": run.explanation.deletion_auc,
        "pointing_mask": pointing_game(run.region_map, mask),
        "pointing_mask_share": pointing_share(run.region_map, mask),
        "pointing_mask_own_map": pointing_game(run.map, mask),
        "forward_passes": run.forward_passes,
    }


def caption_metrics(run: MethodRun, scene: eagle.scenes.Scene) -> dict[str, float | None]:
    """Compute how well reliance separates words; a word has that of its highest token, as the image never carries the second half of a word."""
    response, score = run.explanation.response, run.explanation.reliance.score
    groups: dict[str, list[float]] = {"image": [], "grammar": [], "pair": [], "other": []}
    for word in scene.words:
        own = {"object": "image", "background": "image", "grammar": "grammar"}.get(word.kind)
        if own:
            planted = "pair" if scene.pair == "table_cup" else "other"  # with a book the prior supports another word
            groups[planted if word.prior else own].append(float(score[response.tokens_in(word.start, word.end)].max()))
    others = ("grammar", "pair")
    return {f"separation_{k}": separation(groups["image"], groups[k]) if groups[k] else None for k in others}


def measure(
    model: Model, scene: eagle.scenes.Scene, methods: list[str], regions: int, store: eagle.Store
) -> list[dict[str, Any]]:
    """Return a row per method; none if the model's caption is wrong."""
    identity = {"benchmark": "methods", "seed": scene.seed, "fingerprint": model.fingerprint}
    keys = {method: digest(method=method, regions=regions, **identity) for method in methods}
    caption_key = digest(caption=True, **identity)
    caption, rows = store.get_row(caption_key), {m: row for m in methods if (row := store.get_row(keys[m])) is not None}
    if caption is None or (caption["right"] and len(rows) < len(methods)):
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        caption = {"seed": scene.seed, "right": response.text == scene.caption}
        store.put_row(caption_key, caption)
    if not caption["right"]:
        return []
    missing = [method for method in methods if method not in rows]
    if missing:
        words = [word for word in scene.words if word.kind == "object" and not word.prior]
        word = words[scene.seed % len(words)]
        tokens, whole = response.tokens_in(word.start, word.end), list(range(len(response)))
        case = prepare_case(model, response, regions)
        case = SharedCase(*(getattr(case, part.name) for part in fields(case)))
    for method in missing:
        began = time.time()
        own, all_words = (run_case(case, method, selected, scorer=case.scorer()) for selected in (tokens, whole))
        row = {"sample": str(scene.seed), "method": method, "word": word.text, **word_metrics(own, scene.mask(word))}
        rows[method] = {**row, **caption_metrics(all_words, scene), "took": time.time() - began, "machine": machine()}
        store.put_row(keys[method], rows[method])
    return [rows[method] for method in methods]


def markdown(table: pd.DataFrame) -> str:
    cells = [[str(v) for v in row] for row in table.itertuples()]
    head = [table.index.name or "method", *map(str, table.columns)]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---"] * len(head), *cells]) + "\n"


def difference(row: Any) -> str:
    text = "–" if np.isnan(row.difference) else f"{row.difference:+.3f}"
    return text if np.isnan(row.low) else f"{text} [{row.low:+.3f}, {row.high:+.3f}]"


def report(rows: list[dict[str, Any]]) -> str:
    frame = results_frame([{k: v for k, v in row.items() if k not in ("took", "machine")} for row in rows])
    names = [name for name in METRICS if name in frame and frame[name].notna().any()]
    counts = {"samples": "scenes", "skipped": "without a planted pair"}
    out = [
        "## Means over scenes, with 95 % intervals\n",
        markdown(formatted_table(frame, names).rename(columns=METRICS | counts)),
    ]
    if "greedy" in set(frame["method"]) and frame["method"].nunique() > 1:
        out.append("## Difference from exhaustive greedy on the same scenes, with 95 % bootstrap intervals\n")
        paired = {METRICS[name]: paired_differences(frame, name) for name in names if name != "forward_passes"}
        cells = {title: [difference(r) for r in table.itertuples()] for title, table in paired.items()}
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
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="stop after the scene that exceeds this time"
    )
    parser.add_argument("--store", type=Path, default=Path("runs/methods.db"))
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model, store = eagle.load_model(args.model, batch_size=16), eagle.Store(args.store)
    rows: list[dict[str, Any]] = []
    seed, wrong, began = args.first_seed, 0, time.time()
    with tqdm(total=args.scenes, unit="scene", mininterval=10) as bar:
        while bar.n < args.scenes and time.time() - began < 60 * args.minutes:
            methods = [m for m in args.methods if m not in COSTLY or bar.n < args.costly_scenes]
            measured = measure(model, eagle.scenes.draw(seed), methods, args.regions, store)
            rows += measured
            wrong += not measured
            bar.update(bool(measured))
            seed += 1
    if not rows:
        raise SystemExit("no scene was measured; give more minutes, or a model that captions scenes rightly")
    took = pd.DataFrame(rows).groupby("method", sort=False)["took"].mean()
    pace = ", ".join(f"{method} {seconds:.1f}" for method, seconds in took.items())
    chosen = "" if args.methods == list(METHODS) else f"--methods {' '.join(args.methods)} "
    text = (
        f"# Methods\n\n`python benchmarks/methods.py --scenes {args.scenes} --regions {args.regions} "
        f"--costly-scenes {args.costly_scenes} {chosen}--out benchmarks/methods.md`\n\n{len({row['sample'] for row in rows})} held-out scenes from seed "
        f"{args.first_seed}, {wrong} more skipped because the caption was wrong; SLIC regions, black fill, every method with its "
        f"default options, on {', '.join(sorted({row['machine'] for row in rows}))}. A row (word and caption, with replays, from "
        f"shared forward passes) took in seconds: {pace}.\n\n{report(rows)}"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
