"""Results tables: one row per sample and method, their files, and their summaries."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..inputs.files import missing, replacing
from ..inputs.frames import TextFrame
from ..metrics.info import METRIC_INFO, MetricInfo
from .derived_metrics import CORRECTION_COLUMNS, DERIVED_METRICS
from .statistics import confidence_interval

KEY_COLUMNS = ("dataset", "model", "sample", "method")
"""Columns that identify a row."""

TEXT_COLUMNS = ("word", "counter", "failure")
"""Further columns of text. All other columns are metrics if they hold numbers or truth values."""

COUNTER_CONVENTION = "the counter token explained"
"""What the convention of a metric says where counter tokens were explained."""


def results_frame(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Build a results table: one row per sample and method.

    Parameters
    ----------
    rows : iterable of mapping
        Each has "sample" (an id, or a `Sample`) and "method", "dataset" and "model" where there are several, and either any number of
        metrics (``{"sample": "a", "method": "EAGLE", "insertion_auc": 0.7}``), or "metric", "value" and optionally "convention" (the
        long form, which is spread to columns "metric" or "metric (convention)"). The metrics "csr10" and "amcr" are computed from
        "corrected" (bool) and "correction_area" (fraction of the image removed when the answer first turns right). `KEY_COLUMNS` and
        `TEXT_COLUMNS` are stored as text.

    Returns
    -------
    pandas.DataFrame
        A metric that a row lacks is missing there.

    Raises
    ------
    ValueError
        If a row lacks "sample" or "method", a metric is not a single value, a value occurs twice, or both forms are mixed.

    Examples
    --------
    >>> results_frame([{"sample": "a", "method": "EAGLE", "metric": "hits", "value": 1.0}])
      sample method  hits
    0      a  EAGLE   1.0
    """
    records: dict[tuple[Any, ...], dict[str, Any]] = {}
    forms = set()
    for k, entries in enumerate(rows):
        row = {name: _plain(value, name, k) for name, value in entries.items()}
        for name in ("sample", "method"):
            if row.get(name) is None or row[name] == "":
                raise ValueError(f"row {k} has no {name!r}: {dict(entries)!r}")
        forms.add(is_long := "metric" in row)
        if len(forms) > 1:
            raise ValueError(
                f"row {k} has another form than the rows before it: use 'metric' and 'value' in all rows, or in none"
            )
        if is_long:
            row = _spread(row, k)
        key = tuple(row.get(name) for name in KEY_COLUMNS)
        record = records.setdefault(key, {name: row[name] for name in KEY_COLUMNS if name in row})
        twice = [name for name in row if name in record and name not in KEY_COLUMNS]
        if twice or (record.keys() - set(KEY_COLUMNS) and not is_long):
            what = f"{twice[0]!r} of " if twice else ""
            raise ValueError(f"row {k} gives {what}sample {row['sample']!r}, method {row['method']!r} a second time")
        record |= row
    names = dict.fromkeys(name for record in records.values() for name in record)
    ordered = [name for name in KEY_COLUMNS if name in names] + [name for name in names if name not in KEY_COLUMNS]
    return _typed(TextFrame({name: [record.get(name) for record in records.values()] for name in ordered}))


def save_table(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table to a Parquet file, which `load_table` reads, or export it as CSV.

    Parameters
    ----------
    frame : pandas.DataFrame
        The table.
    path : path
        A ``.parquet`` file; or a ``.csv`` file for other programs, which does not preserve the types of the columns.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    ValueError
        If the path has another suffix.

    Examples
    --------
    >>> import tempfile
    >>> frame = results_frame([{"sample": "a", "method": "EAGLE", "hits": 1.0}])
    >>> load_table(save_table(frame, Path(tempfile.mkdtemp()) / "table.parquet")).equals(frame)
    True
    """
    path = Path(path).expanduser()
    if path.suffix not in (".parquet", ".csv"):
        raise ValueError(f"a table is written to a .parquet file, or exported to .csv, got {path.name!r}")
    with replacing(path) as temporary:
        if path.suffix == ".parquet":
            frame.to_parquet(temporary, engine="pyarrow", index=False)
        else:
            frame.to_csv(temporary, index=False)
    return path


def load_table(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a Parquet file that `save_table` has written.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    pandas.DataFrame
        The table as it was saved.

    Raises
    ------
    ValueError
        If the path has another suffix, or the file is not a Parquet file.
    MissingFileError
        If there is no such file.
    """
    path = Path(path).expanduser()
    if path.suffix != ".parquet":
        raise ValueError(
            f"a table is read from a .parquet file of save_table, got {path.name!r}; read other tables with pandas, and make rows of "
            "them with results_frame"
        )
    if not path.is_file():
        raise missing(path)
    try:
        return TextFrame(pd.read_parquet(path, engine="pyarrow"))
    except Exception as error:
        raise ValueError(f"{str(path)!r} is not a Parquet file: {error}; write it with save_table") from error


def summary_table(frame: pd.DataFrame, metrics: Iterable[str] | None = None) -> pd.DataFrame:
    """Compute the mean of each metric for each method, with its 95 % interval.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table of `results_frame`.
    metrics : iterable of str, optional
        The metrics, in this order; all by default.

    Returns
    -------
    pandas.DataFrame
        "dataset" and "model" where the frame has them, "method", "metric", "value", "low", "high", "n" (samples with a value), "skipped"
        (samples without one), "better" ("higher", "lower", or missing where neither is), "convention", and "source"; the last three as
        in `eagle_nb.metrics.METRIC_INFO`. The convention says where counter tokens were explained, which the column "counter" of a
        frame records. Means have a bootstrap interval, shares (columns of True and False) Wilson's; a mean of one sample has none.
        See `eagle_nb.evaluation.confidence_interval`.

    Raises
    ------
    ValueError
        If the frame has no column "sample" or "method", no metrics, or not the selected ones.

    Examples
    --------
    >>> frame = results_frame([{"sample": k, "method": "EAGLE", "hits": 1.0} for k in "ab"])
    >>> summary_table(frame)[["method", "metric", "value", "n"]]
      method metric  value  n
    0  EAGLE   hits    1.0  2
    """
    if "method" not in frame or "sample" not in frame:
        raise ValueError(f"the table needs columns 'sample' and 'method', it has {', '.join(map(str, frame.columns))}")
    groups = [name for name in KEY_COLUMNS if name in frame and name != "sample"]
    records = []
    for key, part in frame.groupby(groups, sort=False, dropna=False):
        available = _metrics(part)
        selected = list(available if metrics is None else metrics)
        if unknown := [name for name in selected if name not in available]:
            raise ValueError(f"the table has no metric {unknown[0]!r}; it has {', '.join(available)}")
        for metric in selected:
            values, convention = available[metric]
            record = dict(zip(groups, key, strict=True)) | {"metric": metric} | _estimate(values)
            info = metric_info(metric)
            records.append(record | {"better": info.better, "convention": convention, "source": info.source})
    if not records:
        raise ValueError("the table has no column of numbers or of True and False")
    return pd.DataFrame(records)


def formatted_table(frame: pd.DataFrame, metrics: Iterable[str] | None = None, digits: int = 3) -> pd.DataFrame:
    """Format the summary for reading: a row per method, a cell "value [low, high]" per metric.

    Parameters
    ----------
    frame : pandas.DataFrame
        A table of `results_frame`.
    metrics : iterable of str, optional
        The metrics, in this order; all by default.
    digits : int
        Decimal places; values from 10 have at most one, values from 1,000 none.

    Returns
    -------
    pandas.DataFrame
        Text, indexed by method, and by dataset and model where the frame has them; the last two columns are "samples" and "skipped", the
        largest number of samples without a value.

    Raises
    ------
    ValueError
        See `summary_table`.

    Examples
    --------
    >>> frame = results_frame([{"sample": k, "method": "EAGLE", "hits": 0.5} for k in "ab"])
    >>> formatted_table(frame).reset_index()
      method                  hits  samples  skipped
    0  EAGLE  0.500 [0.500, 0.500]        2        0
    """
    summary = summary_table(frame, metrics)
    groups = [name for name in KEY_COLUMNS if name in summary]
    ends = zip(summary["value"], summary["low"], summary["high"], strict=True)
    cells = summary.assign(cell=[_cell(value, low, high, digits) for value, low, high in ends])
    table = cells.pivot(index=groups, columns="metric", values="cell")[summary["metric"].unique()].reindex(
        pd.MultiIndex.from_frame(summary[groups].drop_duplicates()) if len(groups) > 1 else summary[groups[0]].unique()
    )
    by_group = summary.groupby(groups, sort=False)
    table["samples"] = by_group["n"].first() + by_group["skipped"].first()
    table["skipped"] = by_group["skipped"].max()
    return table.rename_axis(index=groups, columns=None)


def metric_info(name: str) -> MetricInfo:
    """Return direction, source and convention of a metric.

    Parameters
    ----------
    name : str
        A name of `eagle_nb.metrics.METRIC_INFO`, or another column.

    Returns
    -------
    MetricInfo
        Of another column: no direction, no source, the mean over samples.

    Examples
    --------
    >>> metric_info("seconds")
    MetricInfo(better=None, source='', convention='mean over samples')
    """
    return METRIC_INFO.get(name, MetricInfo(None, ""))


def _spread(row: dict[str, Any], k: int) -> dict[str, Any]:
    """Return a row of the long form with its metric as a column."""
    if not isinstance(row["metric"], str) or "value" not in row:
        raise ValueError(f"row {k} in the long form needs 'metric' (a name) and 'value': {row!r}")
    rest = {name: value for name, value in row.items() if name not in ("metric", "value", "convention")}
    convention = row.get("convention")
    return {**rest, f"{row['metric']} ({convention})" if convention else row["metric"]: row["value"]}


def _plain(value: Any, name: str, k: int) -> Any:
    """Return a value of a row as a plain number, text or truth value."""
    value = getattr(value, "id", value) if name == "sample" else value
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if value is not None and not isinstance(value, str | bool | int | float):
        raise ValueError(f"{name!r} in row {k} must be one number, text or truth value, got {type(value).__name__}")
    if name in KEY_COLUMNS or name in TEXT_COLUMNS:
        return None if value is None or value != value else str(value)
    return value


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Use nullable types for truth values that are missing in some rows, and numbers for a metric that all rows lack."""
    mixed = [name for name in table if table[name].dtype == object]
    text = [*KEY_COLUMNS, *TEXT_COLUMNS]
    lacking = [name for name in mixed if name not in text and table[name].isna().all()]
    types = {name: float if name in lacking else table[name].convert_dtypes().dtype for name in mixed}
    return table.astype(types)


def _metrics(part: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """Return the values per sample and the convention of each metric, those of `METRIC_INFO` first."""
    derived = list(DERIVED_METRICS) if set(part) >= set(CORRECTION_COLUMNS) else []
    reserved = {*KEY_COLUMNS, *TEXT_COLUMNS, *DERIVED_METRICS, "correction_area"}
    columns = [c for c in part if c not in reserved and pd.api.types.is_numeric_dtype(part[c])]
    defined = [name for name in METRIC_INFO if name in derived or name in columns]
    metrics = {}
    for name in defined + [c for c in columns if c not in METRIC_INFO]:
        values = DERIVED_METRICS[name](part) if name in DERIVED_METRICS else part[name]
        counter = _counter_convention(part, values) if name in METRIC_INFO and name not in DERIVED_METRICS else ""
        metrics[name] = (values, metric_info(name).convention + counter)
    return metrics


def _counter_convention(part: pd.DataFrame, values: pd.Series) -> str:
    """Return what the convention adds if counter tokens were explained in some of the samples with a value."""
    counter = part["counter"].fillna("") if "counter" in part else pd.Series("", index=part.index)
    total, k = int(values.notna().sum()), int((counter[values.notna()] != "").sum())
    if k == 0:
        return ""
    return f"; {COUNTER_CONVENTION}" if k == total else f"; {COUNTER_CONVENTION} in {k} of {total} samples"


def _estimate(values: pd.Series) -> dict[str, float | int]:
    """Return the mean of a metric with its interval and counts."""
    present = values.dropna()
    low, high = confidence_interval(present.tolist())
    value = float(present.astype(float).mean()) if len(present) else float("nan")
    return {"value": value, "low": low, "high": high, "n": len(present), "skipped": len(values) - len(present)}


def _cell(value: float, low: float, high: float, digits: int) -> str:
    """Return the text of a cell."""
    if np.isnan(value):
        return "–"
    places = min(digits, digits if abs(value) < 10 else int(abs(value) < 1000))
    text = f"{value:,.{places}f}"
    return text if np.isnan(low) else f"{text} [{low:,.{places}f}, {high:,.{places}f}]"
