"""Results out: one row per sample and method, files, and an audit beside the published figures.

Published figures: EAGLE (arXiv 2509.22496), tables 1 to 3 as on the project page, and an independent replication of four
of them; `results_published.csv` holds them in long form.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .statistics import interval
from ..metrics.info import FACTS, Fact

KEYS = ("dataset", "model", "sample", "method")
"""Columns that say what a row is about."""

TEXTS = ("word", "counter", "failure")
"""Columns that tell more of it; all others are metrics if they hold numbers or truth values."""

_COUNTER = "the counter token explained"
_COUNTED_ON = ("RePOPE", ("insertion_auc", "deletion_auc", "highest_score"))
_CORRECTED = {"corrected", "correction_area"}
_ALIASES = {"greedy": "eagle", "igospp": "igos"}


@dataclass(frozen=True)
class Metric:
    """How a figure is made from a frame, and which published figure it stands beside.

    Attributes
    ----------
    convention : str
        In words, as `eagle_nb.metrics.FACTS` has it.
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


_MADE = {"amcr": _removed, "csr10": _within_tenth, "csr10_of_corrected": _within_tenth_of_corrected}
_BESIDE = {
    "pointing_box": "pointing_box_first_token",
    "pointing_mask": "pointing_mask_first_token",
    "csr10": "csr10_of_corrected",
}
METRICS = {name: Metric(fact.convention, _MADE.get(name), _BESIDE.get(name)) for name, fact in FACTS.items()}
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
        "correction_area" (fraction of the image removed when the answer first turns right). Names, `KEYS` and `TEXTS`,
        are kept as text.

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
    names = dict.fromkeys(name for row in found.values() for name in row)
    ordered = [name for name in KEYS if name in names] + [name for name in names if name not in KEYS]
    return _typed(pd.DataFrame({name: [row.get(name) for row in found.values()] for name in ordered}))


def save(frame: pd.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a table to a ``.parquet`` or ``.csv`` file, which `load` gives back as it was.

    In a ``.csv`` file every text is quoted and nothing else is, so that the word "2", the sample "NA" and an empty text are told
    from the number, from a missing value and from a cell without one.

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
        cells = [frame.columns, *zip(*(frame[name].tolist() for name in frame), strict=True)]
        part.write_text("".join(",".join(map(_cell_of, row)) + "\n" for row in cells), encoding="utf-8", newline="")
    part.replace(path)
    return path


def load(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read what `save` wrote; raises as it does, and ValueError if there is no such file or it is no table.

    A ``.csv`` file by other hands, with texts that are not quoted, does as well: a column is text if it is one of `KEYS` and
    `TEXTS`, or if something in it is neither number, truth value nor missing.
    """
    path = _checked(path)
    if not path.is_file():
        raise ValueError(f"there is no file {str(path)!r}; check the path (working folder: {Path.cwd()})")
    if path.suffix == ".parquet":
        return pd.read_parquet(path, engine="pyarrow")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(_rows(file.read()))
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        k = next((k for k, row in enumerate(rows) if len(row) != len(rows[0])), 0)
        raise ValueError(f"{str(path)!r} is no table: row {k} has not as many cells as the header, or there is none")
    names, *cells = rows
    columns = zip(*cells, strict=True) if cells else [()] * len(names)
    return _typed(pd.DataFrame({name: _values(name, c) for (name, _), c in zip(names, columns, strict=True)}))


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
        (samples without it), better ("higher", "lower", or missing where neither is), convention, and source, where the figure
        comes from; the last three as `eagle_nb.metrics.FACTS` has them. The convention says where counter tokens were
        explained, as the column "counter" of a frame tells. Means have a bootstrap interval, shares (columns of True
        and False) Wilson's (1927); a mean of one sample has none.

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
            records.append(record | _told(metric) | {"convention": convention})
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
        Columns method, metric, value, low, high, n, left_out, better, convention, definition (what `summary` calls source),
        published, published_convention, same_convention (missing where nothing is published), source (of the published
        figure). A figure published twice, by the authors and by a replication, has two rows. The curves of "RePOPE" are
        published for the counter token; only a frame with a column "counter" can tell that ours are, too.

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
             "left_out": pd.NA, **_told(name)}
            for name, value in figures.items()
        )  # fmt: skip
    ours = ours.rename(columns={"source": "definition"})
    theirs = published()
    for name, asked in (("model", model), ("dataset", dataset)):
        if asked is not None:
            theirs = theirs[theirs[name] == _known(asked, theirs[name].unique(), name)]
    if model is None or dataset is None:
        theirs = theirs[:0]
    ours["_method"] = ours["method"].map(_name)
    ours["_beside"] = [_BESIDE.get(name, name) for name in ours["metric"]]
    counted = (theirs["dataset"] == _COUNTED_ON[0]) & theirs["metric"].isin(_COUNTED_ON[1])
    theirs = pd.DataFrame(
        {
            "_method": theirs["method"].map(_name),
            "_beside": theirs["metric"],
            "published": theirs["published"],
            "published_convention": theirs["metric"].map(_convention) + counted.map({True: f"; {_COUNTER}", False: ""}),
            "source": theirs["source"],
        }
    )
    both = ours.merge(theirs, how="left", on=["_method", "_beside"])
    same = (both["convention"] == both["published_convention"]).astype("boolean").where(both["published"].notna())
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
    if name in KEYS or name in TEXTS:
        return None if value is None or value != value else str(value)
    return value


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """Truth values of which some are missing get a type of their own; a metric that all rows lack is a number."""
    mixed = [name for name in table if table[name].dtype == object]
    lacking = [name for name in mixed if name not in KEYS and name not in TEXTS and table[name].isna().all()]
    types = {name: float if name in lacking else table[name].convert_dtypes().dtype for name in mixed}
    return table.astype(types)


_CELL = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^,\n]*?))(,|\r?\n|\Z)')
_MISSING = ("", "nan", "na", "n/a", "<na>", "none", "null")
_TRUTH = {"true": True, "false": False}


def _cell_of(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    return "" if pd.isna(value) else str(value)


def _rows(text: str) -> Iterator[list[tuple[str, bool]]]:
    """The rows of a CSV text, each cell with whether it was quoted; without blank lines."""
    row: list[tuple[str, bool]] = []
    at = 0
    while at < len(text) or row:
        found = _CELL.match(text, at)
        assert found is not None  # the second alternative takes whatever there is
        quoted, plain, end = found.groups()
        row.append((plain, False) if quoted is None else (quoted.replace('""', '"'), True))
        at = found.end()
        if end != ",":
            if row != [("", False)]:
                yield row
            row = []


def _values(name: str, cells: Iterable[tuple[str, bool]]) -> list[Any]:
    """The values of a column."""
    if name not in KEYS and name not in TEXTS:
        with suppress(ValueError):
            return [text if quoted else _value(text) for text, quoted in cells]
    return [text if quoted or text else None for text, quoted in cells]


def _value(text: str) -> float | bool | None:
    plain = text.strip().lower()
    if plain in _MISSING:
        return None
    return _TRUTH[plain] if plain in _TRUTH else int(plain) if plain.lstrip("+-").isdigit() else float(plain)


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


def _told(name: str) -> dict[str, Any]:
    """Direction, convention and source of a figure."""
    fact = FACTS.get(name, Fact(None, ""))
    return {"better": fact.better, "convention": fact.convention, "source": fact.source}


def _convention(name: str) -> str:
    return str(_told(name)["convention"])


def _countered(part: pd.DataFrame, values: pd.Series) -> str:
    """In how many of the samples with a value a counter token was explained, as an addition to the convention."""
    told = part["counter"].fillna("") if "counter" in part else pd.Series("", index=part.index)
    among, k = int(values.notna().sum()), int((told[values.notna()] != "").sum())
    if k == 0:
        return ""
    return f"; {_COUNTER}" if k == among else f"; {_COUNTER} in {k} of {among} samples"


def _figures(part: pd.DataFrame) -> dict[str, tuple[pd.Series, str]]:
    """Values per sample and convention of each metric, the known ones first."""
    ready = list(_MADE) if set(part) >= _CORRECTED else []
    named = {*KEYS, *TEXTS, *_MADE, "correction_area"}
    columns = [c for c in part if c not in named and pd.api.types.is_numeric_dtype(part[c])]
    found = {}
    for name in [name for name in FACTS if name in ready or name in columns] + [c for c in columns if c not in FACTS]:
        values = _MADE[name](part) if name in _MADE else part[name]
        followed = _countered(part, values) if name in FACTS and name not in _MADE else ""
        found[name] = (values, _convention(name) + followed)
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
