"""What half precision does to explanations: scores, orders, curves and maps of the bundled model in three precisions.

    python benchmarks/precision.py --words 32 --greedy 10 --regions 36 --out benchmarks/precision.md

Each word is the first one of a drawn scene that an object carries. It is explained with the bundled model in float32, bfloat16 and float16 on
the CPU, with the same regions and the true caption as the answer. The order, curves and map of each precision are compared with those of float32.
The seeds are not those of held-out scenes. Scores are kept in a store and rows in a file, so a run that was interrupted continues.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import kendalltau
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.metrics import auc, pointing_game
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring import CachedScorer, digest, target_probability
from eagle_nb.search import check_search, replay

FIRST_SEED = 22_000
PRECISIONS = ("float32", "bfloat16", "float16")
CURVES = ("insertion", "deletion")
TIES = ("1e-6", "0", "1e-4", "unit of rounding")
HEAD = 5


class Resolved:
    """A scorer, or a model whose scorers, state another resolution.

    Parameters
    ----------
    inner : Model or Scorer
        Everything else is its own.
    resolution : float
        The resolution.
    """

    def __init__(self, inner: Any, resolution: float) -> None:
        self.inner, self.resolution = inner, resolution

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions."""
        return self.inner(shown)

    def scorer(self, *arguments: Any, **options: Any) -> Resolved:
        """Return a scorer of the model."""
        return Resolved(self.inner.scorer(*arguments, **options), self.resolution)


def explain_word(model: Any, seed: int, regions: int, search: str, ties: str, store: eagle.Store) -> dict[str, Any]:
    """Return the order, the curves and the pointing of the word of a scene."""
    key = digest(
        benchmark="precision", seed=seed, regions=regions, search=options_of(search), ties=ties, model=identity(model)
    )
    row = store.get_row(key)
    if row is None:
        scene = eagle.scenes.draw(seed)
        word = first_word(scene)
        response = model.respond(scene.image, eagle.scenes.CAPTION_PROMPT, scene.caption)
        tokens = response.tokens_in(word.start, word.end)
        unit = float(torch.finfo(model.network.dtype).eps)
        scored = Resolved(model, unit if ties == "unit of rounding" else float(ties))
        e = eagle.explain(
            scored, response, tokens, regions=regions, search=search, aggregate="joint", store=store, progress=False
        )
        curves = [target_probability(curve, e.tokens, "joint") for curve in (e.insertion, e.deletion)]
        row = {
            "order": json.dumps(e.order.tolist()), "area": json.dumps(e.area.tolist()), "hit": float(pointing_game(e.saliency(), scene.mask(word))),
            **{name: json.dumps(curve.tolist()) for name, curve in zip(CURVES, curves, strict=True)},
        }  # fmt: skip
        store.put_row(key, row)
    return {name: json.loads(value) if isinstance(value, str) else value for name, value in row.items()}


def replay_word(model: Any, seed: int, regions: int, order: list[int], store: eagle.Store) -> dict[str, Any]:
    """Return the curves of the word of a scene along an order that another precision has found."""
    key = digest(benchmark="precision", seed=seed, regions=regions, replay=order, model=identity(model))
    row = store.get_row(key)
    if row is None:
        scene = eagle.scenes.draw(seed)
        word = first_word(scene)
        response = model.respond(scene.image, eagle.scenes.CAPTION_PROMPT, scene.caption)
        tokens = response.tokens_in(word.start, word.end)
        scorer = model.scorer(
            response, eagle.Regions.slic(response.images, regions), eagle.inputs.fill_image(scene.image, "black")
        )
        trace = replay(CachedScorer(scorer, store), order, tokens, aggregate="joint")
        curves = [target_probability(curve, tokens, "joint") for curve in (trace.insertion, trace.deletion)]
        row = {name: json.dumps(curve.tolist()) for name, curve in zip(CURVES, curves, strict=True)}
        store.put_row(key, row)
    return {name: json.loads(value) for name, value in row.items()}


def identity(model: Any) -> list[str]:
    """Return what distinguishes the model of one precision."""
    return [str(model.fingerprint), str(model.network.dtype)]


def options_of(search: str) -> str:
    """Return a search with its options, which distinguish its versions."""
    return repr(check_search(search))


def first_word(scene: Any) -> Any:
    """Return the word of a scene that is explained."""
    return next(word for word in scene.words if word.kind == "object" and not word.prior)


def compare(
    models: dict[str, Any], seed: int, args: Any, search: str, store: eagle.Store
) -> dict[tuple[str, str], Any]:
    """Compare the explanations of one word in each precision, with and without a tolerance, with float32 and its tolerance."""
    reference = explain_word(models["float32"], seed, args.regions, search, "1e-6", store)
    area, found = reference["area"], {}
    for name, model in models.items():
        along = replay_word(model, seed, args.regions, reference["order"], store)
        change = max(np.abs(np.subtract(along[c], reference[c])).max() for c in CURVES)
        for ties in TIES if name != "float32" else TIES[:2]:
            own = explain_word(model, seed, args.regions, search, ties, store)
            judged = replay_word(models["float32"], seed, args.regions, own["order"], store)
            ranks = [np.argsort(e["order"]) for e in (own, reference)]
            found[name, ties] = {
                "tau": float(kendalltau(*ranks).statistic),
                "head": len(set(own["order"][:HEAD]) & set(reference["order"][:HEAD])) / HEAD,
                "change": float(change),
                "hit": own["hit"],
                **{f"{c} auc": abs(auc(own[c], own["area"]) - auc(reference[c], area)) for c in CURVES},
                **{f"{c} loss": auc(judged[c], own["area"]) - auc(reference[c], area) for c in CURVES},
            }
    return found


def table(rows: dict[str, list[dict[tuple[str, str], Any]]], args: Any) -> str:
    titles = [
        "search",
        "words",
        "precision",
        "resolution",
        "Kendall τ",
        f"first {HEAD} alike",
        "Δ insertion AUC",
        "Δ deletion AUC",
    ]
    titles += ["largest Δ p", "insertion AUC of the order", "deletion AUC of the order", "points at the object"]
    lines = ["| " + " | ".join(titles) + " |", "|" + "---|" * len(titles)]
    for search, words in rows.items():
        for name, ties in words[0] if words else {}:
            column = {key: [word[name, ties][key] for word in words] for key in words[0][name, ties]}
            cells = [search, str(len(words)), name, ties]
            cells += [summarize(column["tau"]).cell, f"{np.mean(column['head']):.3f}"]
            cells += [f"{np.mean(column[f'{c} auc']):.4f}, {np.max(column[f'{c} auc']):.4f}" for c in CURVES]
            cells += [f"{np.max(column['change']):.4f}", *(f"{np.mean(column[f'{c} loss']):+.4f}" for c in CURVES)]
            lines.append("| " + " | ".join([*cells, f"{np.mean(column['hit']):.3f}"]) + " |")
    return "\n".join(
        [
            "# What half precision changes\n",
            f"`python benchmarks/precision.py --words {args.words} --greedy {args.greedy} --regions {args.regions} --out benchmarks/precision.md`, bundled "
            f"model on the CPU, one word per drawn scene from seed {FIRST_SEED}, black fill, SLIC regions, the product of the word's tokens, on {machine()}.\n",
            *lines,
            "",
            "Every row is compared with float32 and a resolution of 1e-6, the same search and word. Kendall τ: agreement of the whole order, with its "
            f"95 % interval. First {HEAD} alike: the share of the first {HEAD} regions that both orders have. Δ AUC: the absolute difference of the AUC that "
            "either reports, mean and maximum. Largest Δ p: of the word's probability along both curves of the float32 order. AUC of the order: mean difference if the curves "
            "of the order are scored in float32, which shows whether it is worse (insertion below 0, deletion above 0) or only different. Points at the "
            "object: share of words for which the maximum of the evidence map lies on the object.\n",
            "Resolution: differences of F below it count as none, and the region with the smallest number is placed (see `eagle_nb.search.ties`). 1e-6 is "
            "the default. 0: every difference counts. Unit of rounding: 0.0078 in bfloat16, 0.00098 in float16.\n",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=32, help="words for the fast search")
    parser.add_argument("--greedy", type=int, default=10, help="words for exhaustive greedy search")
    parser.add_argument("--regions", type=int, default=36)
    parser.add_argument("--store", default="runs/precision.db")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    models = {name: eagle.load_model(dtype=name, device="cpu") for name in PRECISIONS}
    Path(args.store).parent.mkdir(parents=True, exist_ok=True)
    store = eagle.Store(args.store)
    rows: dict[str, list[dict[tuple[str, str], Any]]] = {"fast": [], "greedy": []}
    for search, words in (("greedy", args.greedy), ("fast", args.words)):
        for seed in tqdm(range(FIRST_SEED, FIRST_SEED + words), unit="word", desc=search, mininterval=10):
            rows[search].append(compare(models, seed, args, search, store))
            if args.out:
                args.out.write_text(table(rows, args))
    print(table(rows, args))


if __name__ == "__main__":
    main()
