"""Over a data set: a mean with its interval, how many samples are in it, and how many were skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from scipy import stats


@dataclass(frozen=True)
class Summary:
    """One figure over a data set.

    Attributes
    ----------
    metric : str
    value : float
        The mean; of truth values the share of True. NaN without samples.
    low, high : float
        Its 95 % interval, see `interval`.
    n, skipped : int
        Samples in it, and samples without a value.
    better : {"higher", "lower"} or None
    source, convention : str
    """

    metric: str
    value: float
    low: float
    high: float
    n: int
    skipped: int
    better: Literal["higher", "lower"] | None
    source: str
    convention: str = ""

    @property
    def cell(self) -> str:
        """The mean and its interval, as a table shows them."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def __str__(self) -> str:
        told = f"{self.metric} {self.cell}, n = {self.n}, {self.skipped} skipped"
        known = [f"{self.better} is better" if self.better else "", self.convention, self.source]
        return "; ".join([told, *filter(None, known)])


def summarize(values: Iterable[float | bool | None], metric: str = "", seed: int = 0) -> Summary:
    """The mean of a figure over a data set.

    Parameters
    ----------
    values : iterable of float, bool or None
        One per sample; None and NaN for a skipped one.
    metric : str
        Its name in `FACTS`; of other names direction, source and convention are unknown.
    seed : int
        Of the bootstrap.

    Raises
    ------
    ValueError
        If a value is infinite.

    Examples
    --------
    >>> summarize([0.5, 0.5, None], "insertion_auc").skipped
    1
    """
    given = list(values)
    kept = [v for v in given if v is not None and v == v]
    low, high = interval(kept, seed=seed)
    fact = FACTS.get(metric, Fact(None, "", ""))
    mean = float(np.mean(kept)) if kept else float("nan")
    return Summary(metric, mean, low, high, len(kept), len(given) - len(kept), *fact)


def interval(
    values: Iterable[float | bool], confidence: float = 0.95, resamples: int = 9999, seed: int = 0
) -> tuple[float, float]:
    """Confidence interval of a mean: `scipy.stats.bootstrap`, bias-corrected and accelerated (Efron 1987).

    Where that cannot work, other rules hold: shares (only True and False) have Wilson's interval (1927), which also means
    something where all are alike; equal numbers have their value as both ends, since there is no spread to
    draw from; fewer than two numbers have none (NaN).

    Parameters
    ----------
    values : iterable of float or bool
    confidence : float
    resamples, seed : int

    Returns
    -------
    (float, float)

    Raises
    ------
    ValueError
        If a value is NaN or infinite.
    """
    listed = list(values)
    x = np.array(listed, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError(f"an interval needs finite values, got {x[~np.isfinite(x)][0]}; leave samples without one out")
    if len(x) and all(isinstance(v, bool | np.bool_) for v in listed):
        found = stats.binomtest(int(x.sum()), len(x)).proportion_ci(confidence, method="wilson")
        return float(found.low), float(found.high)
    if len(x) < 2:
        return float("nan"), float("nan")
    if np.ptp(x) == 0:
        return float(x[0]), float(x[0])
    found = stats.bootstrap(
        (x,),
        np.mean,
        confidence_level=confidence,
        n_resamples=resamples,
        batch=max(1, 10**6 // len(x)),
        random_state=np.random.default_rng(seed),
    ).confidence_interval
    return float(found.low), float(found.high)
