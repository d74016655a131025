"""Results out: one row per sample and method, files, and an audit beside the published figures.

Published figures: EAGLE (arXiv 2509.22496), tables 1 to 3 as on the project page, and an independent replication of four
of them; `results_published.csv` holds them in long form.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .metrics import interval

KEYS = ("dataset", "model", "sample", "method")
"""Columns that say what a row is about; all others are metrics."""

_ALIASES = {"greedy": "eagle", "igospp": "igos"}


@dataclass(frozen=True)
class Metric:
    """How a figure is made from a frame, and which published figure it stands beside.

    Attributes
    ----------
    convention : str
        In words.
    values : callable, optional
        From a frame to one value per sample, NaN for a sample that is left out; the column of that name by default.
    beside : str, optional
        The published figure, if it follows another convention and therefore has another name.
    """

    convention: str
    values: Callable[[pd.DataFrame], pd.Series] | None = None
    beside: str | None = None


def _removed(frame: pd.DataFrame) -> pd.Series:
    """Area removed when the answer first turns right; 1 where it never does, NaN where that was not measured."""
    area, corrected = frame["correction_area"].astype(float), frame["corrected"].astype("boolean")
    return area.where(corrected.fillna(True).astype(bool), 1.0).where(corrected.notna())


def _within_tenth(frame: pd.DataFrame) -> pd.Series:
    corrected, removed = frame["corrected"].astype("boolean"), _removed(frame)
    within = (removed <= 0.1 + 1e-9) & corrected.fillna(False).astype(bool)
    return within.astype("boolean").where(removed.notna())


def _within_tenth_of_corrected(frame: pd.DataFrame) -> pd.Series:
    return _within_tenth(frame).where(frame["corrected"].astype("boolean").fillna(False).astype(bool))


_WHOLE = "share of hits; the whole word explained; ties count as a hit"
_FIRST = "share of hits; the word's first token explained; ties count as a hit"
_SENSITIVE = "over tokens with p(full) - p(blank) > 0.2; samples without one are left out"
METRICS = {
    "insertion_auc": Metric("mean over samples; trapezoid over image area; higher is better"),
    "deletion_auc": Metric("mean over samples; trapezoid over image area; lower is better"),
    "highest_score": Metric("mean over samples of the insertion curve's maximum; higher is better"),
    "sensitive_insertion_auc": Metric(f"{_SENSITIVE}; higher is better"),
    "sensitive_deletion_auc": Metric(f"{_SENSITIVE}; lower is better"),
    "sensitive_highest_score": Metric(f"{_SENSITIVE}; higher is better"),
    "pointing_box": Metric(_WHOLE, beside="pointing_box_first_token"),
    "pointing_box_first_token": Metric(_FIRST),
    "pointing_mask": Metric(_WHOLE, beside="pointing_mask_first_token"),
    "pointing_mask_first_token": Metric(_FIRST),
    "amcr": Metric("mean area removed until the answer turns right; 1 if it never does; lower is better", _removed),
    "csr10": Metric(
        "share of all samples corrected with at most 10 % of the area removed", _within_tenth, "csr10_of_corrected"
    ),
    "csr10_of_corrected": Metric("the same share; never-corrected samples are left out", _within_tenth_of_corrected),
}
"""The figures whose convention is known; other columns are averaged."""


def frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A tidy table, one row per sample and method.

    Parameters
    ----------
    rows : iterable of mapping
        Each with "sample" (an id, or a `Sample`) and "method", "dataset" and "model" where there are several, and either
        any number of metrics (``{"sample": "a", "method": "EAGLE", "insertion_auc": 0.7}``) or "metric", "value" and
        perhaps "convention" (the long form, which is spread to columns named "metric" or "metric (convention)").
        Metrics that `audit` knows are in `METRICS`; "csr10" and "amcr" are made from "corrected" (bool) and
        "correction_area" (fraction of the image removed when the answer first turns right).

    Returns
    -------
    pandas.DataFrame
        A metric that a row lacks is missing there.

    Raises
    ------
    ValueError
        If a row lacks sample or method, a metric is no single value, a value is given twice, or the forms are mixed.

    Examples
    --------
    >>> frame([{"sample": "a", "method": "EAGLE", "metric": "hits", "value": 1.0}])
      sample method  hits
    0      a  EAGLE   1.0
    """
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    forms = set()
    for k, given in enumerate(rows):
        row = {name: _plain(value, name, k) for name, value in given.items()}
        for name in ("sample", "method"):
            if row.get(name) is None or row[name] == "":
                raise ValueError(f"row {k} has no {name!r}: {dict(given)!r}")
        forms.add(is_long := "metric" in row)
        if is_long:
            if not isinstance(row["metric"], str) or "value" not in row:
                raise ValueError(f"row {k} in the long form needs 'metric' (a name) and 'value': {dict(given)!r}")
            name, value = row.pop("metric"), row.pop("value")
            convention = row.pop("convention", None)
            row[f"{name} ({convention})" if convention else name] = value
        if len(forms) > 1:
            raise ValueError(
                f"row {k} is in another form than those before: give all with 'metric' and 'value', or none"
            )
        key = tuple(row.get(name) for name in KEYS)
        known = found.setdefault(key, {name: row[name] for name in KEYS if name in row})
        twice = [name for name in row if name in known and name not in KEYS]
        if twice or (known.keys() - set(KEYS) and not is_long):
            what = f"{twice[0]!r} of " if twice else ""
            raise ValueError(f"row {k} gives {what}sample {row['sample']!r}, method {row['method']!r} a second time")
        known |= row
    table = pd.DataFrame(list(found.values()))
    table = table[[name for name in KEYS if name in table] + [name for name in table if name not in KEYS]]
    return _typed(table)


def save(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table to a ``.parquet`` or ``.csv`` file.

    Returns
    -------
    pathlib.Path

    Raises
    ------
    ValueError
        For another suffix.
    ImportError
        If pyarrow, which Parquet needs, is not installed.
    """
    path = _checked(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    if path.suffix == ".parquet":
        frame.to_parquet(part, engine="pyarrow", index=False)
    else:
        frame.to_csv(part, index=False)
    part.replace(path)
    return path


def load(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read what `save` wrote; raises as it does, and ValueError if there is no such file."""
    path = _checked(path)
    if not path.is_file():
        raise ValueError(f"there is no file {str(path)!r}; check the path (working folder: {Path.cwd()})")
    if path.suffix == ".parquet":
        return pd.read_parquet(path, engine="pyarrow")
    return _typed(pd.read_csv(path, dtype=dict.fromkeys(KEYS, "str")))


def summary(frame: pd.DataFrame, metrics: Iterable[str] | None = None) -> pd.DataFrame:
    """One figure per method and metric, with its 95 % interval.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `frame`.
    metrics : iterable of str, optional
        Which metrics, and in which order; all by default.

    Returns
    -------
    pandas.DataFrame
        Columns dataset and model where the frame has them, method, metric, value, low, high, n (samples in it), left_out
        (samples without it), convention. Means have a bootstrap interval, shares (columns of True and False) Wilson's
        (1927); a mean of one sample has none.

    Raises
    ------
    ValueError
        If the frame has no column "method", none of metrics, or not those asked for.
    """
    if "method" not in frame or "sample" not in frame:
        raise ValueError(f"the table needs columns 'sample' and 'method', it has {', '.join(map(str, frame.columns))}")
    groups = [name for name in KEYS if name in frame and name != "sample"]
    records = []
    for key, part in frame.groupby(groups, sort=False, dropna=False):
        known = _figures(part)
        chosen = list(known if metrics is None else metrics)
        if unknown := [name for name in chosen if name not in known]:
            raise ValueError(f"the table has no metric {unknown[0]!r}; it has {', '.join(known)}")
        for metric in chosen:
            values, convention = known[metric]
            record = dict(zip(groups, key, strict=True)) | {"metric": metric} | _estimate(values)
            records.append(record | {"convention": convention})
    if not records:
        raise ValueError("the table has no column of numbers or of True and False")
    return pd.DataFrame(records)


def table(frame: pd.DataFrame, metrics: Iterable[str] | None = None, digits: int = 3) -> pd.DataFrame:
    """The summary as it is read: a row per method, a cell "value [low, high]" per metric.

    Parameters
    ----------
    frame : pandas.DataFrame
        From `frame`.
    metrics : iterable of str, optional
        Names of metrics of the summary, in this order; all by default.
    digits : int
        Behind the decimal point; figures from 10 have at most one, from 1,000 none.

    Returns
    -------
    pandas.DataFrame
        Of text, indexed by method, and by dataset and model where there are several; the last two columns count the samples
        and those that lack a metric. Raises ValueError for an unknown metric, and as `summary` does.
    """
    long = summary(frame, metrics)
    groups = [name for name in KEYS if name in long]
    ends = zip(long["value"], long["low"], long["high"], strict=True)
    cells = long.assign(cell=[_cell(value, low, high, digits) for value, low, high in ends])
    found = cells.pivot(index=groups, columns="metric", values="cell")[long["metric"].unique()].reindex(
        pd.MultiIndex.from_frame(long[groups].drop_duplicates()) if len(groups) > 1 else long[groups[0]].unique()
    )
    by_group = long.groupby(groups, sort=False)
    found["samples"] = by_group["n"].first() + by_group["left_out"].first()
    found["left_out"] = by_group["left_out"].max()
    return found.rename_axis(index=groups, columns=None)


def _cell(value: float, low: float, high: float, digits: int) -> str:
    if np.isnan(value):
        return "–"
    places = min(digits, digits if abs(value) < 10 else int(abs(value) < 1000))
    told = f"{value:,.{places}f}"
    return told if np.isnan(low) else f"{told} [{low:,.{places}f}, {high:,.{places}f}]"


def audit(
    figures: pd.DataFrame | Mapping[str, float],
    model: str | None = None,
    dataset: str | None = None,
    method: str = "EAGLE",
) -> pd.DataFrame:
    """Our figures beside the published ones, each with its convention.

    Parameters
    ----------
    figures : pandas.DataFrame or mapping
        From `frame`, of one model and data set; or figures by the names in `METRICS`.
    model, dataset : str, optional
        As published, see `published`, or a hub id that begins so ("Qwen/Qwen2.5-VL-3B-Instruct"). With either left out
        nothing is put beside.
    method : str
        Whose figures a mapping holds. Methods are compared without case and punctuation; "greedy" is EAGLE.

    Returns
    -------
    pandas.DataFrame
        Columns method, metric, value, low, high, n, left_out, convention, published, published_convention,
        same_convention, source. A figure published twice, by the authors and by a replication, has two rows.

    Raises
    ------
    ValueError
        If model or data set are unknown, or the frame holds several.
    """
    if isinstance(figures, pd.DataFrame):
        for name in ("dataset", "model"):
            if name in figures and figures[name].nunique(dropna=False) > 1:
                several = ", ".join(map(str, figures[name].unique()))
                raise ValueError(f"the table holds several {name}s ({several}); audit one at a time")
        ours = summary(figures).drop(columns=["dataset", "model"], errors="ignore")
    else:
        ours = pd.DataFrame(
            {"method": method, "metric": name, "value": float(value), "low": np.nan, "high": np.nan, "n": pd.NA,
             "left_out": pd.NA, "convention": _convention(name)}
            for name, value in figures.items()
        )  # fmt: skip
    theirs = published()
    for name, asked in (("model", model), ("dataset", dataset)):
        if asked is not None:
            theirs = theirs[theirs[name] == _known(asked, theirs[name].unique(), name)]
    if model is None or dataset is None:
        theirs = theirs[:0]
    ours["_method"] = ours["method"].map(_name)
    ours["_beside"] = [_metric(name).beside or name for name in ours["metric"]]
    theirs = pd.DataFrame(
        {
            "_method": theirs["method"].map(_name),
            "_beside": theirs["metric"],
            "published": theirs["published"],
            "published_convention": theirs["metric"].map(_convention),
            "source": theirs["source"],
        }
    )
    both = ours.merge(theirs, how="left", on=["_method", "_beside"])
    same = (both["metric"] == both["_beside"]).astype("boolean").where(both["published"].notna())
    both.insert(both.columns.get_loc("source"), "same_convention", same)  # type: ignore[arg-type]
    return both.drop(columns=["_method", "_beside"])


def published() -> pd.DataFrame:
    """The published figures: dataset, model, method, metric, published, source, one row each."""
    return _published().copy()


@cache
def _published() -> pd.DataFrame:
    with files("eagle_nb").joinpath("results_published.csv").open(encoding="utf-8") as file:
        return pd.read_csv(file)


def _plain(value: Any, name: str, k: int) -> Any:
    value = getattr(value, "id", value) if name == "sample" else value
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if value is not None and not isinstance(value, str | bool | int | float):
        raise ValueError(f"{name!r} in row {k} must be one number, text or truth value, got {type(value).__name__}")
    return str(value) if name == "sample" and value is not None else value


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Truth values of which some are missing get a type of their own."""
    mixed = [name for name in table if table[name].dtype == object]
    return table.astype({name: table[name].convert_dtypes().dtype for name in mixed})


def _checked(path: str | os.PathLike[str]) -> Path:
    path = Path(path).expanduser()
    if path.suffix not in (".parquet", ".csv"):
        raise ValueError(f"a table is kept as .parquet or .csv, got {path.name!r}")
    if path.suffix == ".parquet":
        try:
            import pyarrow  # noqa: F401
        except ImportError as error:
            raise ImportError('Parquet needs pyarrow; install it with pip install "eagle_nb[data]"') from error
    return path


def _metric(name: str) -> Metric:
    return METRICS.get(name, Metric("mean over samples"))


def _convention(name: str) -> str:
    return _metric(name).convention


def _figures(part: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """Values per sample and convention of each metric, the known ones first."""
    can = {name for name, metric in METRICS.items() if metric.values is not None}
    ready = can if {"corrected", "correction_area"} <= set(part) else set()
    columns = [c for c in part if c not in KEYS and c != "correction_area" and pd.api.types.is_numeric_dtype(part[c])]
    names = [name for name in METRICS if name in ready or (name in columns and name not in can)]
    found = {}
    for name in names + [c for c in columns if c not in METRICS]:
        values = METRICS[name].values if name in METRICS else None
        found[name] = (part[name] if values is None else values(part), _convention(name))
    return found


def _estimate(values: pd.Series) -> dict[str, float | int]:
    kept = values.dropna()
    low, high = interval(kept.tolist())
    value = float(kept.astype(float).mean()) if len(kept) else float("nan")
    return {"value": value, "low": low, "high": high, "n": len(kept), "left_out": len(values) - len(kept)}


def _name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]", "", str(text).lower())
    return _ALIASES.get(plain, plain)


def _known(asked: str, known: Iterable[str], what: str) -> str:
    plain = _name(asked.rsplit("/", 1)[-1])
    for name in known:
        if plain.startswith(_name(name)):
            return name
    raise ValueError(f"no figures are published for {what} {asked!r}; there are some for {', '.join(known)}")
