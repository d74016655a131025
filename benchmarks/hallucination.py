"""Is the diagnosis of a hallucination right, and which mitigation helps? On the bundled model's own wrong answers.

    python benchmarks/hallucination.py --wrong 30 --out benchmarks/hallucination.md

For each bias of `eagle_nb.hallucination.bias_scenes`, the model is asked about scenes until enough answers are wrong. Their true cause is
established by repainting the scene, one object at a time, without masking (`known_cause`). Wrong answers that several objects
cause together are counted, but not part of the accuracy of the diagnosis. The thresholds are the library's defaults. For comparison, the
best thresholds on scenes with seeds below 10,000 are reported, too: they show whether the defaults still fit a model with
other weights.
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
from eagle_nb.evaluation.statistics import summarize
from eagle_nb.hallucination.diagnosis import COMPACT_AREA, LOW_RELIANCE, RETAINED
from eagle_nb.protocols import Model
from eagle_nb.scenes.evaluate import machine

CHOICE_SEED, FIRST_SEED = 0, 700_000
MAX_CHOICE = 10_000
GRID = {
    "compact_area": (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40),
    "retained": (0.30, 0.36, 0.42, 0.50, 0.60),
    "low_reliance": (0.10, 0.15, 0.20, 0.30, 0.50),
}


def collect(model: Model, first_seed: int, wrong: int, tries: int, regions: int, right: int) -> list[dict[str, Any]]:
    """Study wrong answers of every bias with their true causes, and right answers beside them."""
    rows = []
    for bias in hallucination.BIASES:
        studied = {False: 0, True: 0}
        asked = 0
        bar = tqdm(total=wrong, desc=bias, mininterval=10)
        for item in hallucination.bias_samples(bias, count(first_seed)):
            if asked >= tries or (studied[False] >= wrong and studied[True] >= right):
                break
            asked += 1
            response = model.generate(item.sample.image, item.sample.prompt)
            statements = hallucination.find_statements(item.sample, response)
            for statement in sorted(statements, key=lambda s: s.correct is not False)[:1]:
                row = {"bias": bias, "statement": statement, "case": None, "cause": None, "overlap": np.nan}
                rows.append(row)
                correct = statement.correct
                if correct is None or studied[correct] >= (right if correct else wrong):
                    continue
                try:
                    case = hallucination.study(
                        model, item.sample, response, statement, regions=regions, search="greedy", progress=False
                    )
                except ValueError as error:
                    row["reason"] = str(error)
                    continue
                studied[correct] += 1
                row["case"] = case
                if not correct:
                    bar.update()
                    row["cause"] = hallucination.known_cause(model, item, statement)
                    mask = hallucination.causal_mask(model, item, statement)
                    if mask.any() and case.correction.corrected:
                        row["overlap"] = float((case.correction.mask & mask).any())
        bar.close()
    return rows


def accuracy(rows: list[dict[str, Any]], **thresholds: float) -> tuple[int, int]:
    """Count right diagnoses and cases with a known cause; "unclear" is never right."""
    known = [row for row in rows if row["cause"] is not None]
    causes = [hallucination.diagnose(row["case"].correction, **thresholds).cause for row in known]
    return sum(cause == row["cause"] for cause, row in zip(causes, known, strict=True)), len(known)


def best_thresholds(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Return the thresholds of the grid that are right most often, each bias with equal weight; the first of equals."""
    biases = sorted({row["bias"] for row in rows if row["cause"] is not None})
    grid = [dict(zip(GRID, values, strict=True)) for values in product(*GRID.values())]

    def score(thresholds: dict[str, float]) -> float:
        shares = (accuracy([row for row in rows if row["bias"] == bias], **thresholds) for bias in biases)
        return float(np.mean([right / n for right, n in shares])) if biases else 0.0

    return max(grid, key=score)


def share(k: int, n: int) -> str:
    """Format a share with its 95 % interval (Wilson)."""
    if n == 0:
        return "none"
    low, high = binomtest(k, n).proportion_ci(method="wilson")
    return f"{k / n:.3f} [{low:.3f}, {high:.3f}], {k} of {n}"


def mean(values: list[float]) -> str:
    """Format a mean with its 95 % bootstrap interval."""
    summary = summarize(values)
    return f"{summary.cell}, n = {summary.n}"


def tables(model: Model, rows: list[dict[str, Any]], chosen: dict[str, float], n_chosen: int) -> str:
    """Write the tables in Markdown."""
    cases = [row for row in rows if row["case"] is not None and not row["statement"].correct]
    controls = [row["case"].correction for row in rows if row["case"] is not None and row["statement"].correct]
    corrections = [row["case"].correction for row in cases]
    prior_driven, misperceived = (
        [row for row in cases if row["cause"] == cause] for cause in ("prior-driven", "misperceived region")
    )
    lines = [
        "## What the model gets wrong, and why",
        "",
        "| bias | asked | wrong | studied | known cause | diagnosis | diagnosis right |",
        "|---|---|---|---|---|---|---|",
    ]
    for bias in hallucination.BIASES:
        asked = [row for row in rows if row["bias"] == bias]
        own = [row for row in cases if row["bias"] == bias]
        wrong = sum(row["statement"].correct is False for row in asked)
        causes = Counter(row["cause"] or "several" for row in own)
        diagnoses = Counter(row["case"].diagnosis.cause for row in own)
        counts = " | ".join(
            ", ".join(f"{n} {cause}" for cause, n in sorted(counter.items())) or "none"
            for counter in (causes, diagnoses)
        )
        lines.append(f"| {bias} | {len(asked)} | {wrong} | {len(own)} | {counts} | {share(*accuracy(own))} |")
    overlaps = [row["overlap"] for row in cases if np.isfinite(row["overlap"])]
    lines += [
        "",
        "| metric | value |",
        "|---|---|",
        f"| diagnosis right, of the cases with a known cause | {share(*accuracy(cases))} |",
        f"| the same, prior-driven ones | {share(*accuracy(prior_driven))} |",
        f"| the same, misperceived regions | {share(*accuracy(misperceived))} |",
        f"| diagnosis right with {chosen}, the best on {n_chosen} cases with seeds from {CHOICE_SEED} | "
        f"{share(*accuracy(cases, **chosen))} |",
        f"| the minimal correction region touches an object that causes the error | {share(int(sum(overlaps)), len(overlaps))} |",
        f"| AMCR | {mean([c.area for c in corrections])} |",
    ]
    if corrections:
        within = [c.corrected and c.area <= 0.1 + 1e-9 for c in corrections]
        corrected = sum(c.corrected for c in corrections)
        lines.append(f"| CSR@10 %, of all | {share(sum(within), len(within))} |")
        lines.append(f"| CSR@10 %, published convention: of those corrected at all | {share(sum(within), corrected)} |")
    lines += [
        "",
        "## Mitigations",
        "",
        "| mitigation | corrects, of wrong answers | breaks, of right answers | forward passes per answer |",
        "|---|---|---|---|",
    ]
    for row in hallucination.compare_mitigations(model, corrections, controls).itertuples():
        corrects, breaks = share(row.corrected, row.wrong), share(row.broken, row.right)
        lines.append(f"| {row.mitigation} | {corrects} | {breaks} | {row.forward_passes:.0f} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", default=None)
    parser.add_argument("--wrong", type=int, default=30, help="wrong answers of each bias")
    parser.add_argument("--right", type=int, default=15, help="right answers of each bias, for the mitigations")
    parser.add_argument("--choice", type=int, default=15, help="wrong answers of each bias to choose thresholds on")
    parser.add_argument("--tries", type=int, default=150, help="maximum number of scenes of each bias")
    parser.add_argument("--regions", type=int, default=25)
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    model = eagle.load_model(args.model)
    began = time.time()
    tries = min(args.tries, MAX_CHOICE)
    choice = collect(model, CHOICE_SEED, args.choice, tries, args.regions, 0)
    rows = collect(model, FIRST_SEED, args.wrong, args.tries, args.regions, args.right)
    chosen = best_thresholds(choice)
    text = tables(model, rows, chosen, sum(row["cause"] is not None for row in choice))
    defaults = f"compact_area {COMPACT_AREA}, retained {RETAINED}, low_reliance {LOW_RELIANCE}"
    text = (
        f"# Hallucinations\n\n`python benchmarks/hallucination.py --wrong {args.wrong} --right {args.right} --choice {args.choice} "
        f"--tries {args.tries} --regions {args.regions} --out benchmarks/hallucination.md`\n\n"
        f"Scenes from seed {FIRST_SEED}, up to {args.tries} of each bias; {args.regions} SLIC regions, black fill, exhaustive "
        f"greedy search; thresholds {defaults}; {time.time() - began:.0f} s on {machine()}. Shares with 95 % Wilson intervals, "
        f"means with 95 % bootstrap intervals. Forward passes count images that go through the model, the search included.\n\n{text}\n"
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
