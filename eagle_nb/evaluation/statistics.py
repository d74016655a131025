"""Statistics over a data set: means with their confidence intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

from ..inputs.seeds import Rng
from ..metrics.info import METRIC_INFO, MetricInfo


@dataclass(frozen=True)
class Summary:
    """A metric over a data set.

    Attributes
    ----------
    metric : str
        Its name.
    value : float
        The mean; of truth values the share of True. NaN without samples.
    low, high : float
        Its 95 % interval, see `confidence_interval`.
    n : int
        Number of samples with a value.
    skipped : int
        Number of samples without a value.
    better : {"higher", "lower"} or None
        The direction that is better.
    source : str
        Where the metric is defined.
    convention : str
        How it is computed over a data set.
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
        """The mean and its interval, as they appear in a table; a single value has no interval."""
        if math.isnan(self.low) or math.isnan(self.high):
            return f"{self.value:.3f}"
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"

    def __str__(self) -> str:
        parts = [f"{self.metric} {self.cell}, n = {self.n}, {self.skipped} skipped"]
        parts += filter(None, [f"{self.better} is better" if self.better else "", self.convention, self.source])
        return "; ".join(parts)


def summarize(values: Iterable[float | bool | None], metric: str = "", rng: Rng = 0) -> Summary:
    """Compute the mean of a metric over a data set, with its 95 % interval.

    Parameters
    ----------
    values : iterable of float, bool or None
        One value per sample; None and NaN for a skipped one.
    metric : str
        A name of `eagle_nb.metrics.METRIC_INFO`, which provides direction, source and convention; or another name.
    rng : int, numpy.random.Generator or None
        Of the bootstrap.

    Returns
    -------
    Summary
        The mean and its interval.

    Raises
    ------
    ValueError
        If a value is infinite.

    Examples
    --------
    >>> summarize([0.5, 0.5, None], "insertion_auc").skipped
    1
    """
    listed = list(values)
    present = [v for v in listed if v is not None and v == v]
    low, high = confidence_interval(present, rng=rng)
    info = METRIC_INFO.get(metric, MetricInfo(None, "", ""))
    mean = float(np.mean(present)) if present else float("nan")
    return Summary(metric, mean, low, high, len(present), len(listed) - len(present), *info)


def confidence_interval(
    values: Iterable[float | bool], confidence: float = 0.95, resamples: int = 9999, rng: Rng = 0
) -> tuple[float, float]:
    """Compute the confidence interval of a mean by the bootstrap.

    The interval is bias-corrected and accelerated. Where the bootstrap does not apply, other rules hold: shares (only True and False) have
    Wilson's interval, which is also meaningful if all values are equal; equal numbers have their value at both ends; fewer than
    two numbers have no interval (NaN).

    Parameters
    ----------
    values : iterable of float or bool
        One value per sample.
    confidence : float
        Confidence level.
    resamples : int
        Number of bootstrap resamples.
    rng : int, numpy.random.Generator or None
        Of the bootstrap.

    Returns
    -------
    (float, float)
        Lower and upper end.

    Raises
    ------
    ValueError
        If a value is NaN or infinite.

    References
    ----------
    Efron 1987, "Better bootstrap confidence intervals", computed by `scipy.stats.bootstrap`; Wilson 1927, "Probable inference, the law of
    succession, and statistical inference", computed by `scipy.stats.binomtest`.

    Examples
    --------
    >>> confidence_interval([0.5, 0.5, 0.5])
    (0.5, 0.5)
    """
    listed = list(values)
    x = np.array(listed, dtype=np.float64)
    if not np.isfinite(x).all():
        raise ValueError(
            f"an interval needs finite values, got {x[~np.isfinite(x)][0]}; drop samples without a value first"
        )
    if len(x) and all(isinstance(v, bool | np.bool_) for v in listed):
        share = stats.binomtest(int(x.sum()), len(x)).proportion_ci(confidence, method="wilson")
        return float(share.low), float(share.high)
    if len(x) < 2:
        return float("nan"), float("nan")
    if np.ptp(x) == 0:
        return float(x[0]), float(x[0])
    mean = stats.bootstrap(
        (x,),
        np.mean,
        confidence_level=confidence,
        n_resamples=resamples,
        batch=max(1, 10**6 // len(x)),
        random_state=np.random.default_rng(rng),
    ).confidence_interval
    return float(mean.low), float(mean.high)
