"""Is the verdict on a hallucination right, and which remedy helps? The bundled model's own mistakes, on scenes that tempt it.

    python benchmarks/hallucination.py --wrong 30 --out benchmarks/hallucination.md

For each bias of `eagle_nb.hallucination.scenes`, scenes are asked until so many wrong answers are found. Their cause is known by
repainting the scene, one thing left out at a time, with no masking involved (`known_cause`); mistakes of several causes are counted and
left out of the verdict's accuracy. The thresholds of the verdict are the library's; beside them stands what the best
thresholds on scenes of seeds below 10,000 would give, so that a model with other weights shows whether they still fit.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from itertools import count, product
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import binomtest
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb import hallucination
from eagle_nb.hallucination import diagnosis as verdict
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.scenes.evaluate import machine

CHOICE_SEED, FIRST_SEED = 0, 700_000
MOST_CHOICE = 10_000
GRID = {
    "compact": (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40),
    "kept": (0.30, 0.36, 0.42, 0.50, 0.60),
    "low": (0.10, 0.15, 0.20, 0.30, 0.50),
}


def collect(model: Any, first: int, wrong: int, tries: int, regions: int, right: int) -> list[dict[str, Any]]:
    """Cases of every bias, each with its known cause; `right` right answers of each bias beside them."""
    rows = []
    for bias in hallucination.BIASES:
        found = {False: 0, True: 0}
        asked = 0
        bar = tqdm(total=wrong, desc=bias, mininterval=10)
        for item in hallucination.biased(bias, count(first)):
            if asked >= tries or (found[False] >= wrong and found[True] >= right):
                break
            asked += 1
            response = model.generate(item.sample.image, item.sample.prompt)
            for claim in sorted(hallucination.claims(item.sample, response), key=lambda c: c.right is not False)[:1]:
                rows.append({"bias": bias, "claim": claim, "case": None, "cause": None, "overlap": np.nan})
                if claim.right is None or found[claim.right] >= (right if claim.right else wrong):
                    continue
                try:
                    case = hallucination.study(
                        model, item.sample, response, claim, regions=regions, search="greedy", progress=False
                    )
                except ValueError as error:
                    rows[-1]["reason"] = str(error)
                    continue
                found[claim.right] += 1
                rows[-1]["case"] = case
                if not claim.right:
                    bar.update()
                    rows[-1]["cause"] = hallucination.known_cause(model, item, claim)
                    to_blame = hallucination.culprits(model, item, claim)
                    if to_blame.any() and case.correction.corrected:
                        rows[-1]["overlap"] = float((case.correction.mask & to_blame).any())
        bar.close()
    return rows


def accuracy(rows: list[dict[str, Any]], **thresholds: float) -> tuple[int, int]:
    """Right verdicts, and cases of known cause; an unclear verdict is not right."""
    known = [r for r in rows if r["cause"] is not None]
    return sum(hallucination.judge(r["case"].correction, **thresholds).cause == r["cause"] for r in known), len(known)


def best_thresholds(rows: list[dict[str, Any]]) -> dict[str, float]:
    """The thresholds of the grid whose verdicts are right most often, each bias with equal weight; of equals the first."""
    biases = sorted({r["bias"] for r in rows if r["cause"] is not None})
    grid = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]

    def score(thresholds: dict[str, float]) -> float:
        shares = (accuracy([r for r in rows if r["bias"] == bias], **thresholds) for bias in biases)
        return float(np.mean([right / n for right, n in shares])) if biases else 0.0

    return max(grid, key=score)


def share(k: int, n: int) -> str:
    """A share with its 95 % interval (Wilson)."""
    if n == 0:
        return "none"
    low, high = binomtest(k, n).proportion_ci(method="wilson")
    return f"{k / n:.3f} [{low:.3f}, {high:.3f}], {k} of {n}"


def mean(values: list[float]) -> str:
    """A mean with its 95 % bootstrap interval."""
    found = summarize(values)
    return f"{found.cell}, n = {found.n}"


def tables(model: Any, rows: list[dict[str, Any]], chosen: dict[str, float], n_chosen: int) -> str:
    cases = [r for r in rows if r["case"] is not None and not r["claim"].right]
    controls = [r["case"].correction for r in rows if r["case"] is not None and r["claim"].right]
    corrections = [r["case"].correction for r in cases]
    out = [
        "## What the model gets wrong, and why",
        "",
        "| bias | asked | wrong | studied | known cause | verdict | verdict right |",
    ]
    out.append("|---|---|---|---|---|---|---|")
    for bias in hallucination.BIASES:
        of = [r for r in rows if r["bias"] == bias]
        own = [r for r in cases if r["bias"] == bias]
        causes = Counter(r["cause"] or "several" for r in own)
        said = Counter(r["case"].verdict.cause for r in own)
        wrong = sum(r["claim"].right is False for r in of)
        told = [", ".join(f"{n} {c}" for c, n in sorted(some.items())) or "none" for some in (causes, said)]
        out.append(f"| {bias} | {len(of)} | {wrong} | {len(own)} | {told[0]} | {told[1]} | {share(*accuracy(own))} |")
    hits = [r["overlap"] for r in cases if np.isfinite(r["overlap"])]
    out += [
        "",
        "| figure | value |",
        "|---|---|",
        f"| verdict right, of the cases of known cause | {share(*accuracy(cases))} |",
        f"| the same, prior-driven ones | {share(*accuracy([r for r in cases if r['cause'] == 'prior-driven']))} |",
        f"| the same, misperceived regions | {share(*accuracy([r for r in cases if r['cause'] == 'misperceived region']))} |",
        f"| verdict right with {chosen}, the best on {n_chosen} cases of seeds from {CHOICE_SEED} | {share(*accuracy(cases, **chosen))} |",
        f"| the minimal region touches a thing that is to blame | {share(int(sum(hits)), len(hits))} |",
        f"| AMCR | {mean([c.area for c in corrections])} |",
    ]
    if corrections:
        within = [c.corrected and c.area <= 0.1 + 1e-9 for c in corrections]
        ever = sum(c.corrected for c in corrections)
        out.append(f"| CSR@10 %, of all | {share(sum(within), len(within))} |")
        out.append(f"| CSR@10 %, published convention: of those corrected at all | {share(sum(within), ever)} |")
    out += [
        "",
        "## Remedies",
        "",
        "| remedy | corrects, of wrong answers | breaks, of right answers | passes per answer |",
    ]
    out.append("|---|---|---|---|")
    for row in hallucination.compare_remedies(model, corrections, controls).itertuples():
        out.append(
            f"| {row.remedy} | {share(row.corrected, row.wrong)} | {share(row.broken, row.right)} | {row.passes:.0f} |"
        )
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None)
    parser.add_argument("--wrong", type=int, default=30, help="wrong answers of each bias")
    parser.add_argument("--right", type=int, default=15, help="right answers of each bias, for the remedies")
    parser.add_argument("--choice", type=int, default=15, help="wrong answers of each bias to choose thresholds on")
    parser.add_argument("--tries", type=int, default=150, help="scenes of each bias that are asked at most")
    parser.add_argument("--regions", type=int, default=25)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model = eagle.load_model(args.model)
    began = time.time()
    tries = min(args.tries, MOST_CHOICE)
    choice = collect(model, CHOICE_SEED, args.choice, tries, args.regions, 0)
    rows = collect(model, FIRST_SEED, args.wrong, args.tries, args.regions, args.right)
    chosen = best_thresholds(choice)
    text = tables(model, rows, chosen, sum(r["cause"] is not None for r in choice))
    defaults = f"compact {verdict.COMPACT}, kept {verdict.KEPT}, low {verdict.LOW}"
    text = (
        f"# Hallucinations\n\n`python benchmarks/hallucination.py --wrong {args.wrong} --right {args.right} --choice {args.choice} "
        f"--tries {args.tries} --regions {args.regions} --out benchmarks/hallucination.md`\n\n"
        f"Scenes from seed {FIRST_SEED}, up to {args.tries} of each bias; {args.regions} SLIC regions, black fill, exhaustive "
        f"greedy; thresholds {defaults}; {time.time() - began:.0f} s on {machine()}. Shares with 95 % Wilson intervals, "
        f"means with 95 % bootstrap intervals. Passes count images that go through the model, the search included.\n\n{text}\n"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
