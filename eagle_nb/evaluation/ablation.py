"""Ablation: how settings change an explanation, one at a time or several together.

Insertion and deletion depend on the regions and the fill, so their areas under two fills are not comparable. Where regions, segmentation or
fill are varied, each saliency is therefore evaluated a second time under common settings: averaged over one region map, its order replayed
under one fill.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from ..datasets.sample import Sample
from ..inputs.fills import check_fill
from ..inputs.regions import DEFAULT_REGIONS
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter, resolve_segmenter
from ..methods.runner import MethodRun, method_identity, run_case
from ..metrics.curves import auc
from ..protocols import Model
from ..scoring.cached import CachedScorer
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.identity import case_identity
from ..scoring.objective import Weights, check_weights
from ..scoring.store import Store
from ..search.api import check_search, replay
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy, strategy_name
from .row import metrics_row
from .rows import (
    Row,
    answered_case,
    check_regions,
    check_samples,
    explained_word,
    failure_text,
    row_key,
    row_store,
    run_rows,
    stored_row,
)

SETTINGS = ("weights", "regions", "segmentation", "fill", "search", "budget")
"""Settings that can be varied."""

_NOT_COMPARABLE = {"regions", "segmentation", "fill"}


def ablate(
    model: Model,
    samples: Sequence[Sample],
    vary: Mapping[str, Sequence[Any]],
    regions: int = DEFAULT_REGIONS,
    segmentation: str | Segmenter = "slic",
    fill: str = "black",
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | None = None,
    rng: Rng = 0,
    store: Store | str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain the word of each sample under each value of a setting: one row per sample and value.

    Parameters
    ----------
    model : Model
        The model.
    samples : sequence of Sample
        The samples; `eagle_nb.datasets.answer_sample` chooses the word of each.
    vary : mapping of str to sequence
        Names of `SETTINGS` and their values; of several settings every combination is tried.
    regions : int
        Number of regions. This and the following arguments are the values of the settings that are not varied, and the common settings.
    segmentation : str or callable
        How the images are cut.
    fill : {"black", "mean", "blur", "noise", "inpaint"}
        What hidden regions show.
    search : str or Strategy
        The strategy.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    budget : int, optional
        Forward passes that may be spent.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    store : Store or path, optional
        Keeps each row; see `eagle_nb.evaluation.compare`.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A results table with the columns of `eagle_nb.evaluation.compare`; "method" is the `settings_label` of the value. Where regions,
        segmentation or fill are varied, "common_insertion_auc" and "common_deletion_auc" are those of the saliency averaged over the
        common regions and replayed under the common fill.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range, or the store cannot be used.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> samples = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[:1]
    >>> table = eagle.evaluation.ablate(eagle.load_model(), samples, {"fill": ["black", "mean"]}, regions=4, progress=False)
    >>> table["method"].tolist(), table["failure"].tolist()
    (['black', 'mean'], ['', ''])
    """
    unknown = [name for name in vary if name not in SETTINGS]
    if unknown or not vary or not all(len(values) for values in vary.values()):
        raise ValueError(f"vary maps some of {', '.join(SETTINGS)} to one or more values each, got {dict(vary)!r}")
    check_samples(samples)
    base = {"regions": regions, "segmentation": segmentation, "fill": fill, "search": search, "weights": weights,
            "budget": budget}  # fmt: skip
    combinations = [dict(zip(vary, values, strict=True)) for values in product(*vary.values())]
    named = {settings_label(part): _checked({**base, **part}) for part in combinations}
    if len(named) < len(combinations):
        raise ValueError(f"vary gives a value twice: {dict(vary)!r}")
    common = _checked(base)
    opened = row_store(model, store, rng)

    def explain(sample: Sample) -> Iterator[Row]:
        case, tokens = answered_case(model, sample, common["regions"], common["segmentation"], common["fill"], rng)
        word = explained_word(case.response, tokens)
        replays = cache(partial(case.cached_scorer, opened)) if _NOT_COMPARABLE & set(vary) else None
        for label, settings in named.items():
            row = _varied_row(opened, case, sample, tokens, settings, rng, replays)
            yield {"word": word, **row, "method": label}

    return run_rows(samples, explain, list(named), progress, "ablating")


def settings_label(settings: Mapping[str, Any]) -> str:
    """Return a short text for values of settings.

    Parameters
    ----------
    settings : mapping of str to value
        Values by names of `SETTINGS`.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> settings_label({"weights": (1, 0)}), settings_label({"weights": (0.5, 1.5)})
    ('insight only', 'λ 0.5 : 1.5')
    >>> settings_label({"search": "fast", "budget": 200})
    'fast, 200 passes'
    """
    return ", ".join(_value_label(name, value) for name, value in settings.items())


def _value_label(name: str, value: Any) -> str:
    """Return the text of one value."""
    if name == "weights":
        first, second = check_weights(value)
        if first == second:
            return "both"
        return {0.0: "necessity only"}.get(first) or (f"λ {first:g} : {second:g}" if second else "insight only")
    if name == "regions":
        return f"{value} regions"
    if name == "budget":
        return "no limit" if value is None else f"{value} passes"
    if name == "search":
        return strategy_name(value)
    return resolve_segmenter(value)[0] if name == "segmentation" else str(value)


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Validate the settings of one explanation."""
    check_regions(settings["regions"], settings["segmentation"])
    check_fill(settings["fill"])
    check_search(settings["search"], settings["budget"], int(settings["regions"]))
    if isinstance(settings["budget"], str):
        raise TypeError(f"the budget of an ablation is a number of forward passes, got {settings['budget']!r}")
    return {**settings, "weights": check_weights(settings["weights"])}


def _varied_row(
    store: Store | None,
    common: PreparedCase,
    sample: Sample,
    tokens: Sequence[int],
    settings: Mapping[str, Any],
    rng: Rng,
    replays: Callable[[], CachedScorer] | None,
) -> Row:
    """Return the row of one value; with `replays`, a scorer of the common case, it has the common metrics, too."""
    try:
        regions, fill, segmentation = (settings[name] for name in ("regions", "fill", "segmentation"))
        case = prepare_case(common.model, common.response, regions, fill, common.targets or None, rng, segmentation)
    except Exception as error:
        return {"failure": failure_text(error)}
    same = case_identity(common.response, common.regions, common.fill_picture, common.targets) if replays else None
    search, weights, budget = (settings[name] for name in ("search", "weights", "budget"))
    used = {"method": method_identity(search), "weights": weights, "budget": budget, "seed": rng, "common": same}

    def compute() -> Row:
        options = {} if budget is None else {"budget": budget}
        run = run_case(case, search, tokens, weights, rng, **options)
        row = metrics_row(run, sample)
        return row if replays is None else row | _common_metrics(run, common, replays())

    return stored_row(store, partial(row_key, case, sample, tokens, table="ablate", **used), compute)


def _common_metrics(run: MethodRun, case: PreparedCase, scorer: CachedScorer) -> dict[str, float]:
    """Return both areas under the curves of a saliency that is averaged over the regions of a common case."""
    order, tokens = np.argsort(-case.regions.mean(run.region_map), kind="stable"), run.explanation.tokens
    trace = replay(scorer, order, tokens, run.explanation.trace.weights)
    steps = np.concatenate([[0.0], np.cumsum(case.regions.area[order])])
    curves = {"insertion": trace.insertion, "deletion": trace.deletion}
    return {f"common_{name}_auc": float(auc(c[:, tokens].mean(1), steps)) for name, c in curves.items()}
