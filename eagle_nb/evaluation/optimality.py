"""Optimality: how far searches stay below the true optimum of F on few regions, and how far F is from submodular."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from ..datasets.sample import Sample
from ..inputs.fills import Fill, check_fill
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter
from ..methods.runner import method_identity
from ..protocols import Model
from ..scoring.cached import CachedScorer
from ..scoring.objective import Weights, check_weights
from ..scoring.store import Store
from ..search.api import check_search, order
from ..search.optimum import MAX_ENUMERATED, find_optimum, optimality_gap
from ..search.strategies.registry import STRATEGIES, Strategy, strategy_name
from .rows import (
    Row,
    answered_case,
    check_regions,
    check_samples,
    explained_word,
    row_key,
    row_store,
    run_rows,
    stored_row,
)

_FLAT = 1e-6
_PERCENTILES = range(101)


@dataclass(frozen=True, eq=False)
class Optimality:
    """How far searches stay below the true optimum of F, and how far F is from submodular; see `measure_optimality`.

    Attributes
    ----------
    rows : pandas.DataFrame
        A results table: "sample", "method" (the search), "word", "mean_gap" and "widest_gap" over the sizes, both as a share of the gain
        of the best set of any size over the empty one, "optimal" (whether the gap is 0 at every size), and "forward_passes".
    gaps : pandas.DataFrame
        "sample", "method", "size" and "gap", the same share at every size.
    ratios : pandas.DataFrame
        "sample", "percentile" (0 … 100) and "ratio": percentiles of the submodularity ratio over all pairs of sets. Percentile 0, the
        smallest ratio, is γ of the function.
    """

    rows: pd.DataFrame
    gaps: pd.DataFrame = field(repr=False)
    ratios: pd.DataFrame = field(repr=False)

    @property
    def gamma(self) -> pd.DataFrame:
        """One row per sample with γ, the 5th percentile and the median of the ratio: a table for `eagle_nb.evaluation.summary_table`."""
        names = {0: "gamma", 5: "ratio_5th_percentile", 50: "ratio_median"}
        wide = self.ratios.pivot(index="sample", columns="percentile", values="ratio").reindex(columns=list(names))
        return wide.rename(columns=names).reset_index().assign(method="F").rename_axis(columns=None)


def measure_optimality(
    model: Model,
    samples: Sequence[Sample],
    regions: int = 10,
    searches: Sequence[str | Strategy] | None = None,
    segmentation: str | Segmenter = "slic",
    fill: Fill = "black",
    weights: Weights = (1.0, 1.0),
    rng: Rng = 0,
    store: Store | str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> Optimality:
    """Compare searches with the best set of every size, which is found by enumeration.

    Parameters
    ----------
    model : Model
        The model.
    samples : sequence of Sample
        The samples; `eagle_nb.datasets.answer_sample` chooses the word of each.
    regions : int
        Number of regions, at most 12: each sample takes 2**regions forward passes.
    searches : sequence of str or Strategy, optional
        The searches; by default all of `eagle_nb.search.STRATEGIES`.
    segmentation : str or callable
        How the images are cut.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    store : Store or path, optional
        Keeps the results of each sample; see `eagle_nb.evaluation.compare`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Optimality
        Samples whose F changes by at most 1e-6 over all sets have neither gaps nor ratios.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range, or the store cannot be used.

    References
    ----------
    Das and Kempe 2011, "Submodular meets spectral", for the submodularity ratio.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> samples = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[:1]
    >>> optimality = eagle.evaluation.measure_optimality(eagle.load_model(), samples, 3, ["greedy"], progress=False)
    >>> optimality.gaps["size"].tolist()
    [0, 1, 2, 3]
    """
    check_samples(samples)
    check_regions(regions, segmentation)
    if regions > MAX_ENUMERATED:
        raise ValueError(
            f"the optimum is enumerated for at most {MAX_ENUMERATED} regions, got {regions}: it takes 2**regions forward passes"
        )
    chosen = list(STRATEGIES) if searches is None else list(searches)
    for search in chosen:
        check_search(search)
    named = {strategy_name(search): search for search in chosen}
    if not chosen or len(named) < len(chosen):
        raise ValueError(f"searches names each search once, at least one, got {searches!r}")
    check_fill(fill)
    weights, opened = check_weights(weights), row_store(model, store, rng)
    gaps: list[Row] = []
    ratios: list[Row] = []

    def explain(sample: Sample) -> Iterator[Row]:
        case, tokens = answered_case(model, sample, regions, segmentation, fill, rng)

        def key() -> str:
            settings = {"searches": [method_identity(search) for search in chosen], "weights": weights, "seed": rng}
            return row_key(case, sample, tokens, table="optimality", **settings)

        result = stored_row(opened, key, lambda: _against_optimum(case.cached_scorer(opened), tokens, named, weights))
        word = explained_word(case.response, tokens)
        if result["failure"]:
            yield from ({"method": name, "word": word, "failure": result["failure"]} for name in named)
            return
        ratios.extend({"sample": sample.id, "percentile": k, "ratio": v} for k, v in enumerate(result["ratios"]))
        for name in named:
            steps = result["gaps"][name]
            gaps.extend({"sample": sample.id, "method": name, "size": k, "gap": v} for k, v in enumerate(steps))
            row: Row = {"mean_gap": float("nan"), "widest_gap": float("nan"), "optimal": None}
            if steps:
                row = {"mean_gap": float(np.mean(steps)), "widest_gap": max(steps), "optimal": max(steps) < _FLAT}
            passes = result["forward_passes"][name]
            yield {"method": name, "word": word, **row, "forward_passes": passes, "failure": ""}

    table = run_rows(samples, explain, list(named), progress, "enumerating")
    return Optimality(
        table,
        pd.DataFrame(gaps, columns=["sample", "method", "size", "gap"]),
        pd.DataFrame(ratios, columns=["sample", "percentile", "ratio"]),
    )


def _against_optimum(
    scorer: CachedScorer, tokens: list[int], searches: dict[str, str | Strategy], weights: Weights
) -> dict[str, Any]:
    """Return gaps as a share of the optimum's gain, percentiles of the ratio, and forward passes; no gaps or ratios if F is flat."""
    best = find_optimum(scorer, tokens, weights)
    gain = float(best.objective.max() - best.objective[0])
    values = best.submodularity_ratios() if gain > _FLAT else np.zeros(0)
    traces = {
        name: order(scorer, tokens, search=search, weights=weights, partial=False) for name, search in searches.items()
    }
    return {
        "gaps": {name: (optimality_gap(t, best) / gain).tolist() if gain > _FLAT else [] for name, t in traces.items()},
        "ratios": np.percentile(values, list(_PERCENTILES)).tolist() if len(values) else [],
        "forward_passes": {name: t.forward_passes for name, t in traces.items()},
    }
