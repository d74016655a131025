"""Audit: our metrics beside the published ones, each with its convention.

The published metrics are those of EAGLE (arXiv 2509.22496), tables 1 to 3 as on the project page, and four of an independent
replication; `published.csv` holds them in long form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import pandas as pd

from .tables import COUNTER_CONVENTION, metric_info, summary_table

PUBLISHED_AS = {
    "pointing_box": "pointing_box_first_token",
    "pointing_mask": "pointing_mask_first_token",
    "csr10": "csr10_of_corrected",
}
"""Metrics that are published by another convention, and therefore under another name."""

_COUNTER_DATASET = "RePOPE"
_COUNTER_METRICS = ("insertion_auc", "deletion_auc", "highest_score")
_ALIASES = {"greedy": "eagle", "igospp": "igos"}


def audit(
    metrics: pd.DataFrame | Mapping[str, float],
    model: str | None = None,
    dataset: str | None = None,
    method: str = "EAGLE",
) -> pd.DataFrame:
    """Compare metrics with the published ones, each with its convention.

    Parameters
    ----------
    metrics : pandas.DataFrame or mapping of str to float
        A table of `results_frame`, of one model and data set; or values by the names of `eagle_nb.metrics.METRIC_INFO`.
    model, dataset : str, optional
        As published, see `published_metrics`, or a hub id that begins with that name ("Qwen/Qwen2.5-VL-3B-Instruct"). Without both,
        no published metrics are included.
    method : str
        Whose metrics a mapping holds. Methods are compared without case and punctuation; "greedy" is EAGLE.

    Returns
    -------
    pandas.DataFrame
        "method", "metric", "value", "low", "high", "n", "skipped", "better", "convention", "definition" (the "source" of `summary_table`),
        "published", "published_convention", "same_convention" (missing where nothing is published) and "source" (of the published
        metric). A metric that was published twice, by the authors and by a replication, has two rows. The curves of "RePOPE" are
        published for the counter token; only a frame with a column "counter" can show that ours are, too.

    Raises
    ------
    ValueError
        If the model or data set is unknown, or the frame holds several.

    Examples
    --------
    >>> table = audit({"insertion_auc": 0.65}, model="Qwen2.5-VL-3B", dataset="COCO-caption")
    >>> table[["value", "published", "same_convention"]]
       value  published  same_convention
    0   0.65     0.6479             True
    1   0.65     0.6405             True
    """
    ours = _own_metrics(metrics, method).rename(columns={"source": "definition"})
    theirs = published_metrics()
    for name, asked in (("model", model), ("dataset", dataset)):
        if asked is not None:
            theirs = theirs[theirs[name] == _published_name(asked, theirs[name].unique(), name)]
    if model is None or dataset is None:
        theirs = theirs[:0]
    ours["_method"] = ours["method"].map(_normalized)
    ours["_metric"] = [PUBLISHED_AS.get(name, name) for name in ours["metric"]]
    counter = (theirs["dataset"] == _COUNTER_DATASET) & theirs["metric"].isin(_COUNTER_METRICS)
    conventions = theirs["metric"].map(lambda name: metric_info(name).convention)
    theirs = pd.DataFrame(
        {
            "_method": theirs["method"].map(_normalized),
            "_metric": theirs["metric"],
            "published": theirs["published"],
            "published_convention": conventions + counter.map({True: f"; {COUNTER_CONVENTION}", False: ""}),
            "source": theirs["source"],
        }
    )
    both = ours.merge(theirs, how="left", on=["_method", "_metric"])
    same = (both["convention"] == both["published_convention"]).astype("boolean").where(both["published"].notna())
    both.insert(both.columns.get_loc("source"), "same_convention", same)  # type: ignore[arg-type]
    return both.drop(columns=["_method", "_metric"])


def published_metrics() -> pd.DataFrame:
    """Return the published metrics.

    Returns
    -------
    pandas.DataFrame
        One row per metric: "dataset", "model", "method", "metric", "published" and "source".

    References
    ----------
    EAGLE (arXiv 2509.22496), tables 1 to 3.

    Examples
    --------
    >>> sorted(published_metrics()["dataset"].unique())
    ['COCO-caption', 'COCO-object', 'MMVP', 'RePOPE']
    """
    return _published().copy()


@cache
def _published() -> pd.DataFrame:
    """Read the published metrics once."""
    with files("eagle_nb.evaluation").joinpath("published.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def _own_metrics(metrics: pd.DataFrame | Mapping[str, float], method: str) -> pd.DataFrame:
    """Return the summary of our metrics."""
    if isinstance(metrics, pd.DataFrame):
        for name in ("dataset", "model"):
            if name in metrics and metrics[name].nunique(dropna=False) > 1:
                several = ", ".join(map(str, metrics[name].unique()))
                raise ValueError(f"the table holds several {name}s ({several}); audit one at a time")
        return summary_table(metrics).drop(columns=["dataset", "model"], errors="ignore")
    records = []
    for name, value in metrics.items():
        info = metric_info(name)
        estimate = {"value": float(value), "low": np.nan, "high": np.nan, "n": pd.NA, "skipped": pd.NA}
        meaning = {"better": info.better, "convention": info.convention, "source": info.source}
        records.append({"method": method, "metric": name, **estimate, **meaning})
    return pd.DataFrame(records)


def _normalized(name: str) -> str:
    """Return a name without case and punctuation, searches under the name of the method."""
    plain = re.sub(r"[^a-z0-9]", "", str(name).lower())
    return _ALIASES.get(plain, plain)


def _published_name(asked: str, names: Iterable[str], kind: str) -> str:
    """Return the published name that a model or data set begins with."""
    plain = _normalized(asked.rsplit("/", 1)[-1])
    for name in names:
        if plain.startswith(_normalized(name)):
            return name
    raise ValueError(f"nothing is published for {kind} {asked!r}; there are metrics for {', '.join(names)}")
