"""Metrics that are computed from the columns "corrected" and "correction_area" of a results table.

Source: EAGLE (arXiv 2509.22496), section 4; "csr10_of_corrected" follows its public code.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

CORRECTION_COLUMNS = ("corrected", "correction_area")
"""Whether the answer turned right, and the fraction of the image that was removed when it first did."""


def area_removed(frame: pd.DataFrame) -> pd.Series:
    """Return the area that was removed when the answer first turned right.

    Parameters
    ----------
    frame : pandas.DataFrame
        A results table with `CORRECTION_COLUMNS`.

    Returns
    -------
    pandas.Series of float
        1 where the answer never turns right, NaN where that was not measured.
    """
    area, corrected = frame["correction_area"].astype(float), frame["corrected"].astype("boolean")
    return area.where(corrected.fillna(True).astype(bool), 1.0).where(corrected.notna())


def within_tenth(frame: pd.DataFrame) -> pd.Series:
    """Return whether the answer turned right with at most a tenth of the area removed.

    Parameters
    ----------
    frame : pandas.DataFrame
        A results table with `CORRECTION_COLUMNS`.

    Returns
    -------
    pandas.Series of boolean
        Missing where that was not measured.
    """
    corrected, removed = frame["corrected"].astype("boolean"), area_removed(frame)
    within = (removed <= 0.1 + 1e-9) & corrected.fillna(False).astype(bool)
    return within.astype("boolean").where(removed.notna())


def within_tenth_of_corrected(frame: pd.DataFrame) -> pd.Series:
    """Return `within_tenth` of the samples that turned right at all.

    Parameters
    ----------
    frame : pandas.DataFrame
        A results table with `CORRECTION_COLUMNS`.

    Returns
    -------
    pandas.Series of boolean
        Missing where the answer never turned right.
    """
    return within_tenth(frame).where(frame["corrected"].astype("boolean").fillna(False).astype(bool))


DERIVED_METRICS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "amcr": area_removed,
    "csr10": within_tenth,
    "csr10_of_corrected": within_tenth_of_corrected,
}
"""Functions of a results table, by the name of the metric."""
