"""Compare the searches with exhaustive greedy: the quality of their orders, and their forward passes.

    python benchmarks/search.py --scenes 100 --regions 49 64 100 --rows runs/search.jsonl --out benchmarks/search.md

For each held-out scene with a right caption, number of regions, and selection (one object word; the whole sentence), every search
runs on the same scorer. The table reports the insertion AUC, the 1 − deletion AUC and the gap in mean F between random orders and the
search, each relative to exhaustive greedy: as the ratio of means over samples, as the median of the samples' own ratios, both with 95 %
bootstrap intervals, and as their 5th percentile. It also reports the forward passes and the calls of the scorer, one after the other. Samples where
greedy's own gap is below 0.1 are reported apart, because a ratio to a small gap says little. The same is measured on random-weight
checkpoints of two other families and on random weakly submodular functions.

Each row is written to a file as soon as it is complete, and a restarted run skips the rows in the file. After a change of one search,
delete its rows; those of exhaustive greedy can stay. With ``--store`` the scores themselves are kept, too, so no coalition is scored twice.

The searches of a scene share their scores, so seconds are computed: the search's own time, plus its forward passes at the pace
measured in the exhaustive search of that scene.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import bootstrap
from tqdm import tqdm

import eagle_nb as eagle
from eagle_nb.protocols import Scorer
from eagle_nb.scenes.evaluate import machine
from eagle_nb.scoring.cached import CachedScorer
from eagle_nb.scoring.store import Store, as_store

FIRST_SEED = 630_000
"""Scenes from 600,000 and from 610,000 were measured with earlier designs of "fast"."""
LEAST_GAP = 0.1
"""Samples where greedy's own gap is smaller are reported apart."""
SEARCHES = ("fast", "greedy", "bidirectional", "phasewin", "lazy", "single")
FURTHER = {"fast, 20 %": 0.2, "fast, 40 %": 0.4}
"""Further budgets of "fast", as shares of greedy's forward passes, where its default budget is not sufficient."""
RANDOM_ORDERS = 5
QUALITIES = {"insertion": "insertion AUC", "deletion": "1 − deletion AUC", "mean_f": "gap in mean F"}

Known = defaultdict[str, dict[str, dict[str, Any]]]
"""Rows by sample and by search."""


class Timed:
    """A scorer that caches its scores, measures how long new ones take, and counts its calls."""

    def __init__(self, scorer: Scorer, store: Store | None = None) -> None:
        self.n_regions = scorer.n_regions
        self.cached = CachedScorer(scorer, store)
        self.calls = 0

    @property
    def seconds(self) -> float:
        """Seconds in the scorer."""
        return self.cached.seconds

    @property
    def pace(self) -> float:
        """Seconds per forward pass; NaN where all scores came from the store."""
        return self.cached.pace if self.cached.asked else float("nan")

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions, bool (M, N): probabilities (M, T)."""
        self.calls += 1
        return self.cached(shown)


class WeaklySubmodular:
    """Random weakly submodular functions: saturating sums over overlapping groups, with synergies.

    Each token is logistic in a concave function (square root) of weighted sums over random groups of regions, plus some
    pairs of regions that contribute only together.
    """

    def __init__(self, n: int, seed: int, tokens: int = 4, groups: int = 12) -> None:
        rng = np.random.default_rng(seed)
        self.n_regions = n
        member = rng.random((tokens, groups, n)) < 4 / n
        self.part = member * rng.exponential(size=(tokens, groups, n)) * rng.exponential(size=(tokens, groups, 1))
        self.pairs = rng.integers(0, n, (tokens, n // 4, 2))
        self.synergy = rng.exponential(0.25, (tokens, n // 4))
        full = np.sqrt(self.part.sum(2)).sum(1) + self.synergy.sum(1)
        self.scale, self.shift = 6 / full, rng.uniform(-4.0, -1.0, tokens)

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions, bool (M, N): probabilities (M, T)."""
        sums = np.sqrt(np.einsum("mn,tgn->mtg", shown, self.part, optimize=True)).sum(2)
        both = shown[:, self.pairs[..., 0]] & shown[:, self.pairs[..., 1]]
        values = self.scale * (sums + (both * self.synergy).sum(2)) + self.shift
        return np.asarray(expit(values), dtype=np.float32)


def curve_area(curve: np.ndarray, order: np.ndarray, area: np.ndarray) -> float:
    return float(eagle.metrics.auc(curve, np.concatenate([[0.0], np.cumsum(area[order])]) / area.sum()))


def measure(
    scorer: Scorer, tokens: list[int], area: np.ndarray, searches: list[str], greedy: dict[str, Any] | None
) -> Iterator[dict[str, Any]]:
    """Yield a row for each search on one scorer; `greedy` is the row of exhaustive greedy if it was measured before."""
    timed = scorer if isinstance(scorer, Timed) else Timed(scorer)
    n = timed.n_regions
    for search in sorted(searches, key=lambda name: name != "greedy"):
        before, calls = timed.seconds, timed.calls
        budget = int(FURTHER[search] * n * (n + 1)) if search in FURTHER else None
        trace = eagle.search.order(timed, tokens, search=search.split(",")[0], budget=budget)
        own, calls = trace.seconds - (timed.seconds - before), timed.calls - calls
        if search == "greedy":
            shuffled = [
                eagle.search.replay(timed, np.random.default_rng(k).permutation(n), tokens).objective.mean()
                for k in range(RANDOM_ORDERS)
            ]
            greedy = {"pace": timed.pace, "floor": float(np.mean(shuffled))}
        assert greedy is not None, "exhaustive greedy comes first"
        insertion, deletion = (c[:, tokens].mean(1) for c in (trace.insertion, trace.deletion))
        yield {
            "search": search,
            "n": n,
            "forward_passes": trace.forward_passes,
            "calls": calls,
            "pace": greedy["pace"],
            "seconds": own + trace.forward_passes * greedy["pace"],
            "insertion": curve_area(insertion, trace.order, area),
            "deletion": 1 - curve_area(deletion, trace.order, area),
            "mean_f": float(trace.objective.mean()),
            "floor": greedy["floor"],
            "decided": int(trace.decided.sum()),
        }


@dataclass(frozen=True)
class Case:
    """A sample: its key in the file of rows, its part of the table, the searches to run, and their scorer."""

    key: str
    part: str
    searches: Sequence[str]
    make: Callable[[], tuple[Scorer, list[int], np.ndarray]]


def bundled(
    scenes: int, sizes: list[int], known: Known, first: int, compared: int, store: Store | None
) -> Iterator[Case]:
    """Yield the cases of the bundled model: all searches on the first `compared` scenes, "fast" and "greedy" on all."""
    model = eagle.load_model()
    seed = found = 0
    while found < scenes:
        scene = eagle.scenes.draw(first + seed)
        seed += 1
        searches = SEARCHES if found < compared else ("fast", "greedy")
        keys = {(n, kind): f"bundled/{scene.seed}/{n}/{kind}" for n in sizes for kind in ("word", "sentence")}
        if all(set(searches) <= set(known[key]) for key in keys.values()):
            found += 1
            continue
        response = model.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
        if response.text != scene.caption:
            continue
        found += 1
        words = [w for w in scene.words if w.kind == "object"]
        word = words[np.random.default_rng(scene.seed).integers(len(words))]
        scorers: dict[int, tuple[Timed, np.ndarray]] = {}
        for (n, kind), key in keys.items():
            tokens = response.tokens_in(word.start, word.end) if kind == "word" else list(range(len(response)))

            def make(
                n: int = n,
                tokens: list[int] = tokens,
                response: Any = response,
                scorers: dict[int, tuple[Timed, np.ndarray]] = scorers,
            ) -> tuple[Scorer, list[int], np.ndarray]:
                if n not in scorers:
                    regions = eagle.Regions.slic(response.image, n)
                    fill = eagle.fill_image(response.image, "black", regions, 0)
                    scorers[n] = Timed(model.scorer(response, regions, fill), store), regions.area
                scorer, area = scorers[n]
                return scorer, tokens, area

            yield Case(key, f"bundled model, {kind}", searches, make)


def families(samples: int, n: int) -> Iterator[Case]:
    """Yield cases of random-weight checkpoints of two other architectures, as the tests build them."""
    import sys

    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.families import tiny

    for family in ("llava", "qwen2_5_vl"):
        model = eagle.load_model(tiny.save(family, Path(tempfile.mkdtemp()) / family))
        for k in range(samples):
            scene = eagle.scenes.draw(FIRST_SEED + 50_000 + k)

            def make(scene: Any = scene, model: Any = model) -> tuple[Scorer, list[int], np.ndarray]:
                response = model.generate(scene.image, "what is it?", max_new_tokens=6)
                regions = eagle.Regions.slic(response.image, n)
                fill = eagle.fill_image(response.image, "black", regions, 0)
                return model.scorer(response, regions, fill), list(range(len(response))), regions.area

            yield Case(f"{family}/{k}/{n}", f"random {family}", (*SEARCHES, *FURTHER), make)


def functions(samples: int, n: int) -> Iterator[Case]:
    """Yield cases of random weakly submodular functions."""
    for k in range(samples):

        def make(k: int = k) -> tuple[Scorer, list[int], np.ndarray]:
            return WeaklySubmodular(n, 10_000 + k), list(range(4)), np.full(n, 1 / n)

        yield Case(f"functions/{k}/{n}", "weakly submodular functions", SEARCHES, make)


def read(path: Path) -> Known:
    """Read the rows that were measured before, by sample and by search."""
    known: Known = defaultdict(dict)
    for line in path.read_text().splitlines() if path.exists() else []:
        row = json.loads(line)
        known[row["key"]].setdefault(row["search"], row)
    return known


def interval(statistic: Callable[..., np.ndarray], *samples: np.ndarray) -> str:
    """Format a statistic of paired samples with its 95 % bootstrap interval."""
    value = float(statistic(*samples, axis=0))
    if len(samples[0]) < 2 or np.ptp(samples[0] / samples[-1]) < 1e-6:
        return f"{value:.3f}"
    low, high = bootstrap(samples, statistic, paired=True, rng=np.random.default_rng(0)).confidence_interval
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def ratio_of_means(found: np.ndarray, best: np.ndarray, axis: int = 0) -> np.ndarray:
    return np.asarray(found.mean(axis) / best.mean(axis))


def cells(found: pd.DataFrame, best: pd.DataFrame) -> list[str]:
    """Return a search's row of the table."""
    out = [str(len(found))]
    for quality in QUALITIES:
        floor = found["floor"].to_numpy() if quality == "mean_f" else 0.0
        values, reference = found[quality].to_numpy() - floor, best[quality].to_numpy() - floor
        ratios = values / reference
        out.append(interval(ratio_of_means, values, reference))
        out.append(f"{interval(np.median, ratios)} ({np.percentile(ratios, 5):.3f})")
    share = (found["forward_passes"] / best["forward_passes"]).mean()
    return [
        *out,
        f"{found['forward_passes'].mean():.0f}",
        f"{share:.3f}",
        f"{found['calls'].mean():.0f}" if "calls" in found and found["calls"].notna().all() else "–",
        f"{found['seconds'].mean():.1f}",
    ]


def table(rows: pd.DataFrame) -> str:
    """Format one Markdown table for each part and number of regions."""
    both = rows[rows["part"].str.startswith("bundled")].assign(part="bundled model, words and sentences together")
    head = ["search", "n"]
    for name in QUALITIES.values():
        head += [f"{name}: ratio of means", "median of ratios (5th percentile)"]
    head += ["forward passes", "share of greedy's", "calls", "seconds"]
    out = []
    for (part, n), group in pd.concat([both, rows]).groupby(["part", "asked"], sort=False):
        greedy = group[group["search"] == "greedy"].set_index("key")
        small = greedy["mean_f"] - greedy["floor"] < LEAST_GAP
        for keys, kind in ((greedy.index[~small], ""), (greedy.index[small], f", greedy's gap below {LEAST_GAP}")):
            if keys.empty:
                continue
            out.append(f"## {part}, N = {n}{kind} ({len(keys)} samples)\n")
            out.append(f"| {' | '.join(head)} |\n|{'---|' * len(head)}")
            for search in ("fast", *FURTHER, *SEARCHES[1:]):
                found = group[(group["search"] == search) & group["key"].isin(keys)].set_index("key")
                if not found.empty:
                    out.append(f"| {' | '.join([search, *cells(found, greedy.loc[found.index])])} |")
            out.append("")
    return "\n".join(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=100)
    parser.add_argument("--regions", type=int, nargs="+", default=[49, 64, 100])
    parser.add_argument(
        "--others", type=int, default=20, help="samples of each family, and five times as many functions"
    )
    parser.add_argument(
        "--compared",
        type=int,
        default=20,
        help='scenes on which every search runs; on the others only "fast" and "greedy"',
    )
    parser.add_argument("--first-seed", type=int, default=FIRST_SEED)
    parser.add_argument(
        "--minutes", type=float, default=float("inf"), help="stop after the first case that exceeds this duration"
    )
    parser.add_argument("--rows", type=Path, default=Path("runs/search.jsonl"))
    parser.add_argument(
        "--store", type=Path, help="database of scores, for measuring another design on the same scenes"
    )
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    args.rows.parent.mkdir(parents=True, exist_ok=True)
    known, began = read(args.rows), time.time()

    def cases() -> Iterator[Case]:
        if args.others:
            yield from functions(5 * args.others, 64)
            yield from families(args.others, 64)
        if args.scenes:
            yield from bundled(args.scenes, args.regions, known, args.first_seed, args.compared, as_store(args.store))

    with args.rows.open("a") as file:
        for case in tqdm(cases(), unit="sample", mininterval=10):
            have = known[case.key]
            missing = [search for search in case.searches if search not in have]
            if not missing:
                continue
            facts = {"key": case.key, "part": case.part, "asked": int(case.key.split("/")[2]), "machine": machine()}
            scorer, tokens, area = case.make()
            rows = [facts | row for row in measure(scorer, tokens, area, missing, have.get("greedy"))]
            file.write("".join(json.dumps(row) + "\n" for row in rows))
            file.flush()
            have |= {row["search"]: row for row in rows}
            if time.time() - began > 60 * args.minutes:
                break
    rows = pd.DataFrame([row for each in known.values() for row in each.values()])
    machines = ", ".join(rows["machine"].unique())
    command = (
        f"python benchmarks/search.py --scenes {args.scenes} --regions {' '.join(map(str, args.regions))} "
        f"--others {args.others} --compared {args.compared} --out benchmarks/search.md"
    )
    text = (
        f"# Searches compared with exhaustive greedy\n\n`{command}`, black fill, SLIC regions, on {machines}. "
        "Relative to exhaustive greedy, with 95 % bootstrap intervals; in parentheses the 5th percentile of the samples' own ratios. "
        "Exhaustive greedy is 1. Values above 1 are possible, because greedy is not optimal.\n\n" + table(rows)
    )
    print(text)
    if args.out:
        args.out.write_text(text)


if __name__ == "__main__":
    main()
