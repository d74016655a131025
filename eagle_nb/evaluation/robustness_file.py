"""The file of a robustness report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ..attribution.archive import read_archive, write_archive
from ..attribution.explanation import Explanation
from ..attribution.formats import ROBUSTNESS
from ..attribution.npz import unreadable

FORMAT = f"{ROBUSTNESS} 1"
"""The format of saved files."""

COLUMNS = {
    "varied": "str",
    "to": "str",
    "regions": "int64",
    "correlation": "float64",
    "top_kept": "boolean",
    "forward_passes": "int64",
    "skipped": "str",
}
"""The columns of the table of variations, with their types; texts are objects."""


def write_report(
    path: str | os.PathLike[str],
    explanation: Explanation,
    variations: pd.DataFrame,
    pixel_stability: np.ndarray,
    region_stability: np.ndarray,
    share: int | None,
) -> Path:
    """Write the parts of a robustness report to one file.

    Parameters
    ----------
    path : path
        The file; ".npz" is added where it is missing.
    explanation : Explanation
        The explanation.
    variations : pandas.DataFrame
        One row per variation.
    pixel_stability : ndarray of float32, (H, W)
        By pixel.
    region_stability : ndarray of float64, (N,)
        By region.
    share : int or None
        Forward passes of each variation.

    Returns
    -------
    pathlib.Path
        The file.
    """
    columns = {name: variations[name].tolist() for name in COLUMNS}
    arrays = {"pixel_stability": pixel_stability, "region_stability": region_stability}
    return write_archive(path, FORMAT, {"variations": columns, "share": share}, arrays, [explanation])


def read_report(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read the parts that `write_report` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.

    Returns
    -------
    dict
        The arguments of RobustnessReport.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or of another format; the message names what reads it.
    """
    archive = read_archive(path, FORMAT)
    try:
        (explanation,) = archive.explanations
        columns = archive.facts["variations"]
        table = pd.DataFrame({name: _column(columns[name], kind) for name, kind in COLUMNS.items()})
        pixels, regions = archive.arrays["pixel_stability"], archive.arrays["region_stability"]
        if pixels.shape != explanation.regions.shape or regions.shape != (explanation.regions.n,):
            raise ValueError(f"its stability has shapes {pixels.shape} and {regions.shape}")
    except (KeyError, TypeError, ValueError) as error:
        raise unreadable(path, FORMAT, error) from error
    return {
        "explanation": explanation,
        "variations": table,
        "pixel_stability": pixels,
        "region_stability": regions,
        "share": archive.facts["share"],
    }


def _column(values: list[Any], kind: str) -> pd.Series[Any]:
    """Return a column with its type."""
    return pd.Series(values) if kind == "str" else pd.Series(values, dtype=kind)  # type: ignore[call-overload,no-any-return]
