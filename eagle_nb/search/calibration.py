"""What a search loses against exhaustive greedy, as measured on bundled scenes.

The loss is the share of the gap in mean F between random orders and exhaustive greedy's that is not reached. It was measured for
each search at several budgets and numbers of regions by ``benchmarks/calibration.py``, on scenes that no other benchmark
uses, and is read off by passes per region where the number of regions is nearest. Other models and images may lose more or less.
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


SLACK = 0.05
"""How far below the fewest passes per region that were measured the table is still read."""


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
        better than it. NaN for orders found elsewhere, and where fewer passes were spent than in any measurement. "samples"
        and "regions", the number of each, that they were measured on: 0 where nothing needed measuring.
    """
    n = len(trace.order)
    if bool(trace.exhaustive.all()):
        return {"median": 0.0, "percentile_95": 0.0, "samples": 0, "regions": 0}
    table, spent = measured(), trace.forward_passes / n
    table = table[table["search"] == trace.search]
    if table.empty:
        return {"median": float("nan"), "percentile_95": float("nan"), "samples": 0, "regions": 0}
    nearest = min(table["regions"].unique(), key=lambda size: abs(np.log(n / size)))
    table = table[table["regions"] == nearest]
    at = table["passes_per_region"].to_numpy()
    known = spent >= (1 - SLACK) * at[0]
    found = {
        name: float(np.interp(spent, at, table[name])) if known else float("nan")
        for name in ("median", "percentile_95")
    }
    return found | {"samples": int(table["samples"].iloc[0]), "regions": int(nearest)}


def measured() -> pd.DataFrame:
    """The table that losses are read off, a row per number of regions, search and budget.

    Columns: regions, samples, search, passes_per_region (ascending), median, percentile_95.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            (int(size), part["samples"], search, *row)
            for size, part in _table()["regions"].items()
            for search, rows in part["searches"].items()
            for row in rows
        ],
        columns=["regions", "samples", "search", "passes_per_region", "median", "percentile_95"],
    )
