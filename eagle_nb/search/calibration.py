"""The expected loss of a search against exhaustive greedy search, as measured on bundled scenes.

The loss is the share of the gap in mean F between random orders and exhaustive greedy search that a search does not reach.
``benchmarks/calibration.py`` measured it for each strategy at several budgets and numbers of regions, on scenes that no other
benchmark uses. It is read off by forward passes per region, at the nearest number of regions. Other models and images may lose more
or less.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

SLACK = 0.05
"""How far below the smallest measured number of forward passes per region the table is still read."""


@cache
def _table() -> dict[str, Any]:
    """Return the measurements as they are stored."""
    data: dict[str, Any] = json.loads(files(__package__).joinpath("calibration.json").read_text())
    return data


def expected_loss(search: str, n: int, forward_passes: int) -> dict[str, float]:
    """Return the expected loss of a search on bundled scenes.

    Parameters
    ----------
    search : str
        Name of the strategy.
    n : int
        Number of regions.
    forward_passes : int
        Forward passes that were spent.

    Returns
    -------
    dict
        "median" and "percentile_95" of the loss: 0 is exhaustive greedy search, below 0 is better than that. NaN for strategies that
        were not measured, and for fewer forward passes than in any measurement. "samples" and "regions": the number of samples and
        of regions that they were measured on; 0 where nothing was.

    Examples
    --------
    >>> expected_loss("unknown", 25, 200)["samples"]
    0
    """
    table, spent = measured_losses(), forward_passes / n
    table = table[table["search"] == search]
    if table.empty:
        return {"median": float("nan"), "percentile_95": float("nan"), "samples": 0, "regions": 0}
    nearest = min(table["regions"].unique(), key=lambda size: abs(np.log(n / size)))
    table = table[table["regions"] == nearest]
    at = table["passes_per_region"].to_numpy()
    measured = spent >= (1 - SLACK) * at[0]
    loss = {
        name: float(np.interp(spent, at, table[name])) if measured else float("nan")
        for name in ("median", "percentile_95")
    }
    return loss | {"samples": int(table["samples"].iloc[0]), "regions": int(nearest)}


def measured_losses() -> pd.DataFrame:
    """Return the table of measured losses.

    Returns
    -------
    pandas.DataFrame
        One row per number of regions, strategy and budget: "regions", "samples", "search", "passes_per_region" (ascending),
        "median" and "percentile_95".
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
