"""What changes an explanation: one setting varied at a time, or several together; and how good greedy is on few regions.

Insertion and deletion are read off images that regions and fill have made, so that their areas under two fills are answers to two
questions. Where regions or fill are varied, each saliency is therefore judged a second time, alike for all: pooled over
one region map, its order replayed under one fill.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ..methods.runner import Attempt, attempt
from ..inputs.regions import pooled
from ..datasets.recorded import answered, counter_targets
from .comparison import MEASURED, judged
from .rows import case_facts, check_samples, failure, gathered, identity, maker
from ..inputs.fills import check_fill, fill_image
from ..scoring.journal import Journal, digest
from ..metrics import auc
from ..scoring.objective import Weights, check_weights
from ..datasets import Sample
from ..protocols import Scorer
from ..search import STRATEGIES, check_search, gap, optimum, order, replay
from ..search.optimum import MOST

__all__ = ["MEASURED", "SETTINGS", "Optimality", "ablate", "label", "optimality"]

SETTINGS = ("weights", "regions", "segmentation", "fill", "search", "budget")
"""What can be varied."""

_CUT = ("regions", "segmentation")
_PERCENTILES = range(101)


def ablate(
    model: Any,
    samples: Sequence[Sample],
    vary: Mapping[str, Sequence[Any]],
    regions: int = 36,
    segmentation: str = "slic",
    fill: str = "black",
    search: str = "fast",
    weights: Weights = (1.0, 1.0),
    budget: int | None = None,
    seed: int = 0,
    rows: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain each sample's word under each value of a setting: one row per sample and value.

    Parameters
    ----------
    model : Model
    samples : sequence of Sample
        For each the word of its label, see `eagle_nb.comparison.answered`.
    vary : mapping of str to sequence
        Names of `SETTINGS` and their values; of several settings every combination is tried.
    regions, segmentation, fill, search, weights, budget
        What is not varied, and what varied saliencies are judged under alike. A budget is a number of forward passes.
    seed : int
        Of the fill "noise".
    rows : path, optional
        A ``.jsonl`` file that keeps each row as it is known; see `eagle_nb.comparison.compare`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        For `eagle_nb.results`, with the columns of `eagle_nb.comparison.compare`. "method" is the value's `label`. Where
        regions, segmentation or fill are varied, "common_insertion_auc" and "common_deletion_auc" are those of the
        saliency pooled over the regions of the call's own arguments and replayed under its own fill.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range.

    Examples
    --------
    ``ablate(model, samples, {"fill": ["black", "blur"]})`` and, for two settings together,
    ``ablate(model, samples, {"search": ["fast", "greedy"], "budget": [100, 200]})``.
    """
    unknown = [name for name in vary if name not in SETTINGS]
    if unknown or not vary or not all(len(values) for values in vary.values()):
        raise ValueError(f"vary maps some of {', '.join(SETTINGS)} to one or more values each, got {dict(vary)!r}")
    check_samples(samples)
    base = {"regions": regions, "segmentation": segmentation, "fill": fill, "search": search, "weights": weights,
            "budget": budget}  # fmt: skip
    tried = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
    named = {label(part): _checked({**base, **part}) for part in tried}
    if len(named) < len(tried):
        raise ValueError(f"vary gives a value twice: {dict(vary)!r}")
    own = _checked(base)
    judge = bool(set(vary) & {*_CUT, "fill"})
    name, journal = identity(model), Journal(rows)

    def explain(sample: Sample) -> Iterator[dict[str, Any]]:
        response, tokens = answered(model, sample)
        targets = counter_targets(model, response, sample) or None
        cut = maker(own["segmentation"], own["regions"])(response.image)
        picture = fill_image(response.image, own["fill"], cut, seed)
        common = model.scorer(response, cut, picture, target_ids=targets) if judge else None
        facts = {**name, **case_facts(sample, response, tokens, cut, picture, targets), "judged": judge, "seed": seed}
        word = "".join(response.tokens[k] for k in tokens).strip()
        for value, settings in named.items():
            key = digest(settings=settings, **facts)
            if key not in journal:
                try:
                    partition = maker(settings["segmentation"], settings["regions"])(response.image)
                    found = attempt(
                        settings["search"], model, response, tokens, partition, settings["fill"], settings["weights"],
                        seed, target_ids=targets, **({} if settings["budget"] is None else {"budget": settings["budget"]}),
                    )  # fmt: skip
                    row = judged(found, sample)
                    if common is not None:
                        row |= _alike(found, common, pooled(found.region_map, cut), cut.area)
                except Exception as error:
                    yield {"method": value, "word": word, "failure": failure(error)}
                    continue
                journal[key] = {"word": word, **row, "failure": ""}
            yield {"method": value, **journal[key]}

    return gathered(samples, explain, list(named), progress, "ablating")


def label(settings: Mapping[str, Any]) -> str:
    """Values of settings as a reader knows them.

    Examples
    --------
    >>> label({"weights": (1, 0)}), label({"weights": (0.5, 1.5)}), label({"search": "fast", "budget": 200})
    ('insight only', 'λ 0.5 : 1.5', 'fast, 200 passes')
    """
    return ", ".join(_value(name, value) for name, value in settings.items())


def _value(name: str, value: Any) -> str:
    if name == "weights":
        first, second = check_weights(value)
        if first == second:
            return "both"
        return {0.0: "necessity only"}.get(first) or (f"λ {first:g} : {second:g}" if second else "insight only")
    if name == "regions":
        return f"{value} regions"
    if name == "budget":
        return "no limit" if value is None else f"{value} passes"
    return str(value)


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Settings of one explanation, all of them known and in range."""
    maker(settings["segmentation"], settings["regions"])
    check_fill(settings["fill"])
    check_search(settings["search"], settings["budget"], int(settings["regions"]))
    if isinstance(settings["budget"], str):
        raise TypeError(f"the budget of an ablation is a number of forward passes, got {settings['budget']!r}")
    return {**settings, "weights": list(check_weights(settings["weights"]))}


def _alike(found: Attempt, scorer: Scorer, values: np.ndarray, area: np.ndarray) -> dict[str, float]:
    """Both areas under the curves of a saliency pooled over common regions."""
    order, tokens = np.argsort(-values, kind="stable"), found.explanation.tokens
    trace = replay(scorer, order, tokens, found.explanation.trace.weights)
    steps = np.concatenate([[0.0], np.cumsum(area[order])])
    curves = {"insertion": trace.insertion, "deletion": trace.deletion}
    return {f"common_{name}_auc": float(auc(c[:, tokens].mean(1), steps)) for name, c in curves.items()}


# -- the optimum -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Optimality:
    """How far searches stay below the true optimum of F, and how far F is from submodular; see `optimality`.

    Attributes
    ----------
    rows : pandas.DataFrame
        For `eagle_nb.results`: "sample", "method" (the search), "word", "mean_gap" and "widest_gap" over the sizes, both as a
        share of what the best set of any size gains over the empty one, "optimal" (whether the gap is 0 at every size), and
        "forward_passes".
    gaps : pandas.DataFrame
        "sample", "method", "size" and "gap", the same share at every size.
    ratios : pandas.DataFrame
        "sample", "percentile" (0 … 100) and "ratio": percentiles of the submodularity ratio over all pairs of sets. That at
        percentile 0, the smallest, is γ of the function.
    """

    rows: pd.DataFrame
    gaps: pd.DataFrame = field(repr=False)
    ratios: pd.DataFrame = field(repr=False)

    @property
    def gamma(self) -> pd.DataFrame:
        """One row per sample, for `eagle_nb.results.summary`: γ, the 5th percentile and the median of the ratio."""
        names = {0: "gamma", 5: "ratio_5th_percentile", 50: "ratio_median"}
        wide = self.ratios.pivot(index="sample", columns="percentile", values="ratio").reindex(columns=list(names))
        return wide.rename(columns=names).reset_index().assign(method="F").rename_axis(columns=None)


def optimality(
    model: Any,
    samples: Sequence[Sample],
    regions: int = 10,
    searches: Sequence[str] = tuple(STRATEGIES),
    segmentation: str = "slic",
    fill: str = "black",
    weights: Weights = (1.0, 1.0),
    seed: int = 0,
    rows: str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Optimality:
    """Compare searches with the best set of every size, found by enumeration.

    Parameters
    ----------
    model : Model
    samples : sequence of Sample
        For each the word of its label, see `eagle_nb.comparison.answered`.
    regions : int
        At most 12: 2**regions forward passes for each sample.
    searches : sequence of str
    segmentation, fill, weights, seed, rows, progress
        As of `ablate`.

    Returns
    -------
    Optimality
        Samples whose F the image does not move by more than 1e-6 have neither gaps nor ratios.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range.
    """
    check_samples(samples)
    cutter = maker(segmentation, regions)
    if regions > MOST:
        raise ValueError(f"the optimum is found for at most {MOST} regions, got {regions}: it takes 2**regions passes")
    for search in searches:
        check_search(search)
    if not searches or len(set(searches)) < len(searches):
        raise ValueError(f"searches names each once, at least one, got {searches!r}")
    check_fill(fill)
    weights, journal, name = check_weights(weights), Journal(rows), identity(model)
    gaps: list[dict[str, Any]] = []
    ratios: list[dict[str, Any]] = []

    def explain(sample: Sample) -> Iterator[dict[str, Any]]:
        response, tokens = answered(model, sample)
        cut = cutter(response.image)
        picture = fill_image(response.image, fill, cut, seed)
        targets = counter_targets(model, response, sample) or None
        facts = case_facts(sample, response, tokens, cut, picture, targets)
        key = digest(optimality=list(searches), weights=list(weights), **name, **facts)
        if key not in journal:
            journal[key] = _against_optimum(
                model.scorer(response, cut, picture, target_ids=targets), tokens, searches, weights
            )
        found = journal[key]
        ratios.extend({"sample": sample.id, "percentile": k, "ratio": v} for k, v in enumerate(found["ratios"]))
        word = "".join(response.tokens[k] for k in tokens).strip()
        for search in searches:
            steps = found["gaps"][search]
            gaps.extend({"sample": sample.id, "method": search, "size": k, "gap": v} for k, v in enumerate(steps))
            told: dict[str, Any] = {"mean_gap": float("nan"), "widest_gap": float("nan"), "optimal": None}
            if steps:
                told = {"mean_gap": float(np.mean(steps)), "widest_gap": max(steps), "optimal": max(steps) < 1e-6}
            yield {"method": search, "word": word, **told, "forward_passes": found["passes"][search], "failure": ""}

    table = gathered(samples, explain, list(searches), progress, "enumerating")
    return Optimality(
        table,
        pd.DataFrame(gaps, columns=["sample", "method", "size", "gap"]),
        pd.DataFrame(ratios, columns=["sample", "percentile", "ratio"]),
    )


def _against_optimum(scorer: Scorer, tokens: list[int], searches: Sequence[str], weights: Weights) -> dict[str, Any]:
    """Gaps as a share of the optimum's gain, percentiles of the ratio, and passes; lists are empty where F is flat."""
    best = optimum(scorer, tokens, weights)
    gain = float(best.objective.max() - best.objective[0])
    found = best.submodularity_ratios() if gain > 1e-6 else np.zeros(0)
    traces = {search: order(scorer, tokens, search, weights, partial=False) for search in searches}
    return {
        "gaps": {s: (gap(t, best) / gain).tolist() if gain > 1e-6 else [] for s, t in traces.items()},
        "ratios": np.percentile(found, list(_PERCENTILES)).tolist() if len(found) else [],
        "passes": {s: t.forward_passes for s, t in traces.items()},
    }
