"""What a search loses against exhaustive greedy, as measured on bundled scenes.

The loss is the share of the gap in mean F between random orders and exhaustive greedy's that is not reached. It was measured for
each search at several budgets by ``benchmarks/calibration.py``, on scenes that no other benchmark uses, and is read
off by passes per region. Other models and images may lose more or less.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from .trace import SearchTrace


@cache
def _table() -> dict[str, Any]:
    data: dict[str, Any] = json.loads(files(__package__).joinpath("calibration.json").read_text())
    return data


def expected_loss(trace: SearchTrace) -> dict[str, float]:
    """Median and 95th percentile of the loss of this search at so many passes per region, on bundled scenes.

    Returns
    -------
    dict
        "median" and "percentile_95", shares of the gap between random and exhaustive order: 0 is exhaustive greedy, below 0
        better than it. NaN for orders found elsewhere. "samples" they were measured on.
    """
    n = len(trace.order)
    if trace.search == "greedy" and bool(trace.decided.all()):
        return {"median": 0.0, "percentile_95": 0.0, "samples": 0}
    rows, samples = _table()["searches"].get(trace.search, []), int(_table()["samples"])
    if not rows:
        return {"median": float("nan"), "percentile_95": float("nan"), "samples": 0}
    at, middle, high = np.array(rows).T
    spent = trace.forward_passes / n
    found = {"median": float(np.interp(spent, at, middle)), "percentile_95": float(np.interp(spent, at, high))}
    return found | {"samples": samples}


def measured() -> pd.DataFrame:
    """The table that losses are read off: search, passes_per_region, median, percentile_95; a row per search and budget."""
    import pandas as pd

    rows = [(search, *row) for search, rows in _table()["searches"].items() for row in rows]
    return pd.DataFrame(rows, columns=["search", "passes_per_region", "median", "percentile_95"])
