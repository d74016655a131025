"""Compare methods: the same words of the same answers, over the same regions, replayed through the same scorer.

Searches of EAGLE and other methods are both selected by name. The order of every method is replayed through the scorer of the response, so
insertion, deletion and reliance come from curves that are computed in one way. The cost of the replay is not part of the cost of a method.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

import numpy as np
import pandas as pd

from ..datasets.sample import Sample
from ..inputs.fills import Fill, check_fill
from ..inputs.frames import TextFrame
from ..inputs.regions import DEFAULT_REGIONS
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter
from ..methods.registry import METHODS
from ..methods.runner import AnyMethod, check_method, method_identity, run_case
from ..protocols import Model
from ..scoring.cached import CachedScorer
from ..scoring.case import PreparedCase
from ..scoring.objective import Weights, check_weights
from ..scoring.store import Store
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
from .statistics import confidence_interval

MEASURED_COLUMNS = ("seconds", "peak_bytes")
"""Columns that are measured and differ between runs; all others are equal for equal seeds and batch sizes."""

DEFAULT_METHODS = ("greedy", "fast", *METHODS)
"""What `compare` compares where no methods are given."""


def compare(
    model: Model,
    samples: Sequence[Sample],
    methods: Sequence[AnyMethod] = DEFAULT_METHODS,
    regions: int = DEFAULT_REGIONS,
    segmentation: str | Segmenter = "slic",
    fill: Fill = "black",
    weights: Weights = (1.0, 1.0),
    rng: Rng = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain the word of each sample by each method: one row per sample and method.

    Parameters
    ----------
    model : Model
        The model.
    samples : sequence of Sample
        The samples; `eagle_nb.datasets.answer_sample` chooses the word of each. `eagle_nb.datasets.from_scenes` of kind "object" has one
        sample for every object that the caption of a scene names.
    methods : sequence of str, callable or Strategy
        Searches and other methods; see `eagle_nb.methods.run_method`.
    regions : int
        Number of regions, the same for all methods.
    segmentation : str or callable
        How the images are cut.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    rng : int, numpy.random.Generator or None
        Of everything random: the fill "noise" and the methods.
    options : mapping of str to mapping, optional
        Options by method: ``{"rise": {"masks": 200}, "fast": {"budget": 300}}``.
    store : Store or path, optional
        Keeps each row as soon as it is complete, and the same call resumes. The key of a row covers everything that it depends on: model,
        answer, word, regions, fill and all settings. The model needs a ``fingerprint``, and `rng` must be an integer. Failures are
        not stored.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        A results table (see `eagle_nb.evaluation.results_frame`): "sample", "method", "word", the columns of
        `eagle_nb.evaluation.metrics_row`, and "failure": the error of the method (or of the answer), or "". A row with a failure has no
        metrics. The columns `MEASURED_COLUMNS` differ between runs. After an interrupt (Ctrl-C), the rows computed so far.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown or out of range, or the store cannot be used.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> samples = eagle.datasets.from_scenes([0], kind="object", objects=["red circle"])[:1]
    >>> table = eagle.evaluation.compare(eagle.load_model(), samples, ["random", "occlusion"], regions=4, progress=False)
    >>> table["method"].tolist(), table["failure"].tolist()
    (['random', 'occlusion'], ['', ''])
    """
    check_samples(samples)
    selected = _selected_methods(methods, options)
    check_regions(regions, segmentation)
    check_fill(fill)
    weights = check_weights(weights)
    opened = row_store(model, store, rng)

    def explain(sample: Sample) -> Iterator[Row]:
        case, tokens = answered_case(model, sample, regions, segmentation, fill, rng)
        word, replays = explained_word(case.response, tokens), cache(partial(case.cached_scorer, opened))
        for name, (method, own) in selected.items():
            settings = {"method": method_identity(method), "options": own, "weights": weights, "seed": rng}
            key = partial(row_key, case, sample, tokens, table="compare", **settings)
            compute = partial(_compared, case, sample, tokens, method, own, weights, rng, replays)
            yield {"method": name, "word": word, **stored_row(opened, key, compute)}

    return run_rows(samples, explain, list(selected), progress, "comparing")


def saliency_maps(
    model: Model,
    sample: Sample,
    methods: Sequence[AnyMethod] = DEFAULT_METHODS,
    regions: int = DEFAULT_REGIONS,
    segmentation: str | Segmenter = "slic",
    fill: Fill = "black",
    weights: Weights = (1.0, 1.0),
    rng: Rng = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, np.ndarray]:
    """Compute the map of each method for one sample.

    Parameters
    ----------
    model : Model
        The model.
    sample : Sample
        The sample.
    methods : sequence of str, callable or Strategy
        Searches and other methods.
    regions : int
        Number of regions.
    segmentation : str or callable
        How the image is cut.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    rng : int, numpy.random.Generator or None
        Of everything random.
    options : mapping of str to mapping, optional
        Options by method.

    Returns
    -------
    dict of str to ndarray of float, (H, W)
        Map by method, as `eagle_nb.viz.gallery.gallery_figure` shows them; without the methods that fail, which a warning names.

    Raises
    ------
    ValueError, TypeError
        If an argument is unknown or out of range, or the sample cannot be answered.
    """
    selected = _selected_methods(methods, options)
    check_regions(regions, segmentation)
    case, tokens = answered_case(model, sample, regions, segmentation, fill, rng)
    replays, maps = cache(case.cached_scorer), {}
    for name, (method, own) in selected.items():
        try:
            maps[name] = run_case(case, method, tokens, check_weights(weights), rng, replays(), **own).map
        except Exception as error:
            warnings.warn(f"{name} has no map: {failure_text(error)}", stacklevel=2)
    return maps


def paired_differences(frame: pd.DataFrame, metric: str, against: str = "greedy") -> pd.DataFrame:
    """Compute how much each method differs from a reference method, sample by sample.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table of `compare`, or another one of `eagle_nb.evaluation.results_frame`.
    metric : str
        One of its columns.
    against : str
        The reference method.

    Returns
    -------
    pandas.DataFrame
        One row per other method: "method", "metric", "difference" (the mean over samples of the method's value minus that of `against`),
        "low" and "high" (its 95 % bootstrap interval), and "n", the number of samples that have both values.

    Raises
    ------
    ValueError
        If the frame does not have the method or the metric, or has two rows of a method for the same sample.

    Examples
    --------
    >>> rows = [{"sample": k, "method": m, "hits": h} for k in "ab" for m, h in (("greedy", 1.0), ("rise", 0.5))]
    >>> paired_differences(pd.DataFrame(rows), "hits")
      method metric  difference  low  high  n
    0   rise   hits        -0.5 -0.5  -0.5  2
    """
    if metric not in frame or against not in set(frame["method"]):
        raise ValueError(f"the table has no metric {metric!r} or no method {against!r}; it has {list(frame)}")
    if frame.duplicated(["sample", "method"]).any():
        raise ValueError("a sample has two rows of one method; select the rows of one data set and one model")
    wide = frame.pivot(index="sample", columns="method", values=metric).astype(float)
    records = []
    for method in frame["method"].unique():
        if method != against:
            differences = (wide[method] - wide[against]).dropna()
            low, high = confidence_interval(differences.tolist())
            mean = float(differences.mean()) if len(differences) else np.nan
            records.append(
                {
                    "method": method,
                    "metric": metric,
                    "difference": mean,
                    "low": low,
                    "high": high,
                    "n": len(differences),
                }
            )
    return pd.DataFrame(records, columns=["method", "metric", "difference", "low", "high", "n"])


def failures(frame: pd.DataFrame) -> pd.DataFrame:
    """Count the failures of each method by their reason.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table of `compare` or `eagle_nb.evaluation.ablate`.

    Returns
    -------
    pandas.DataFrame
        "method", "failure" (the error) and "samples" (the number of samples); empty if there were none.

    Examples
    --------
    >>> failures(pd.DataFrame({"sample": ["a", "b"], "method": "tam", "failure": ["", "TypeError: no network"]}))
      method                failure  samples
    0    tam  TypeError: no network        1
    """
    failed = frame[frame["failure"].fillna("") != ""]
    return TextFrame(failed.groupby(["method", "failure"], sort=False).size().rename("samples").reset_index())


def _selected_methods(
    methods: Sequence[AnyMethod], options: Mapping[str, Mapping[str, Any]] | None
) -> dict[str, tuple[AnyMethod, dict[str, Any]]]:
    """Return the methods with their options by name."""
    remaining = dict(options or {})
    selected = {}
    for method in methods:
        name = check_method(method)
        own = dict(remaining.pop(name, {}))
        check_method(method, own)
        selected[name] = (method, own)
    if not methods or len(selected) < len(methods) or remaining:
        raise ValueError(
            f"methods names each method once, at least one, and options only those; got methods {list(methods)!r} and options {options!r}"
        )
    return selected


def _compared(
    case: PreparedCase,
    sample: Sample,
    tokens: Sequence[int],
    method: AnyMethod,
    options: Mapping[str, Any],
    weights: Weights,
    rng: Rng,
    replays: Callable[[], CachedScorer],
) -> Row:
    """Run a method and return its row; all methods share the scorer of the replays."""
    return metrics_row(run_case(case, method, tokens, weights, rng, replays(), **options), sample)
