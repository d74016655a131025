"""Robustness: how much of an explanation remains under other region maps, fills and seeds."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from ..attribution import display
from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..inputs.progress import progress_bar
from ..inputs.text import quoted
from ..metrics.ranks import rank_correlation
from ..protocols import Model
from ..search.api import check_search
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy
from .robustness_file import read_report, write_report
from .variations import Variation, affordable_variations, plan_variations

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

TOLERANCE = 0.05
"""Maximum difference of probabilities on the full image that another precision or device may cause."""

TOP = 5
"""Number of most important regions that the summary is about."""

_NUMBERS = ("no", "one", "two", "three", "four", "five")


@dataclass(frozen=True, eq=False)
class RobustnessReport:
    """How much of an explanation remains under variations; see `check_robustness`.

    Attributes
    ----------
    explanation : Explanation
        The explanation.
    variations : pandas.DataFrame
        One row per variation: "varied" and "to"; "regions", their number; "correlation", Spearman's rank correlation of its saliency with
        that of the explanation over all pixels; "top_kept", whether the most important regions of the explanation (five, or a third
        of all if that is fewer) stay among the top third; "forward_passes"; and "skipped", the reason why it was not run, or "". Skipped
        variations have neither correlation nor top_kept.
    pixel_stability : ndarray of float32, (H, W)
        In [0, 1]. With r the rank of a pixel's saliency (ties share their mean rank) in the explanation and r_v in variation v:
        ``1 - mean_v |r_v - r| / e``, where e is the mean of ``|r' - r|`` over the ranks r' of all pixels of the explanation: the
        expectation of a random order. 1: the rank never changes; 0: no more stable than random orders.
    region_stability : ndarray of float64, (N,)
        The same for the regions of the explanation, by the mean saliency that each variation assigns to them.
    share : int or None
        Forward passes of each variation that was run; None without a budget.
    """

    explanation: Explanation = field(repr=False)
    variations: pd.DataFrame = field(repr=False)
    pixel_stability: np.ndarray = field(repr=False)
    region_stability: np.ndarray = field(repr=False)
    share: int | None = None

    @property
    def completed(self) -> pd.DataFrame:
        """The variations that were run."""
        return self.variations[self.variations["skipped"] == ""]

    @property
    def forward_passes(self) -> int:
        """Forward passes of all variations together."""
        return int(self.variations["forward_passes"].sum())

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        completed = self.completed
        top = _top(self.explanation.regions.n)
        regions = "most important region stays" if top == 1 else f"{_NUMBERS[top]} most important regions stay"
        worst = completed.loc[completed["correlation"].idxmin()]
        most = completed["regions"] * (completed["regions"] + 1)
        limited = self.share is not None and bool((most > self.share).any())
        each = f" of at most {self.share} passes each" if limited else ""
        text = (
            f"The {regions} among the top third in {int(completed['top_kept'].sum())} of {len(completed)} variations{each}, and ranks "
            f"correlate by {completed['correlation'].median():.2f} in the median; least stable under {worst['varied']} = "
            f"{worst['to']} ({worst['correlation']:.2f})"
        )
        skipped = len(self.variations) - len(completed)
        return text + (f"; {skipped} more variations were skipped." if skipped else ".")

    def __repr__(self) -> str:
        return f"Robustness of {quoted(self.explanation.selected_text)}: {self.summary}"

    def figure(self) -> Figure:
        """Make a plotly figure: the image, shaded where ranks are unstable, and the rank correlation of each variation.

        Returns
        -------
        plotly.graph_objects.Figure
            See `eagle_nb.viz.robustness.robustness_figure`.
        """
        return display.robustness_figure(self)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one ``.npz`` file, without pickle; `RobustnessReport.load` reads it.

        Parameters
        ----------
        path : path
            The file; ".npz" is added where it is missing.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return write_report(
            path, self.explanation, self.variations, self.pixel_stability, self.region_stability, self.share
        )

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> RobustnessReport:
        """Load what `save` wrote.

        Parameters
        ----------
        path : path
            The ``.npz`` file.

        Returns
        -------
        RobustnessReport
            The report.

        Raises
        ------
        MissingFileError
            (a ValueError) If there is no such file.
        ValueError
            If the file is truncated, or of another format; the message names what reads it.
        """
        return cls(**read_report(path))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        return {**self.figure()._repr_mimebundle_(**kwargs), "text/plain": repr(self)}


def check_robustness(
    model: Model,
    explanation: Explanation,
    vary: str | Sequence[str] = ("regions", "segmentation", "fill", "seed"),
    budget: int | None = None,
    search: str | Strategy = DEFAULT_SEARCH,
    progress: bool = True,
) -> RobustnessReport:
    """Explain the same words under other region maps, fills and seeds, and compare ranks.

    Parameters
    ----------
    model : Model
        The model that generated the response.
    explanation : Explanation
        The explanation.
    vary : str or sequence of {"regions", "segmentation", "fill", "seed"}
        - "regions": half, three quarters and one and a half times as many regions, by the same segmenter (SLIC if the map was given);
        - "segmentation": the same number of regions by the other segmenters of `eagle_nb.inputs.SEGMENTERS`;
        - "fill": the other fills of `eagle_nb.inputs.FILLS`;
        - "seed": regions cut from the image with faint noise of three seeds, and three seeds of the fill "noise". Skipped if neither
          applies (a grid or a given map, and another fill).
    budget : int, optional
        Forward passes for all variations together, split evenly. Each variation needs at least four per region, because an order from
        fewer is little more than a guess, and its changes would reflect the budget. If the share is smaller, some variations
        are skipped: those with the most regions first, and of equals the later ones of each kind. By default each takes what its search
        takes; "fast" takes a tenth of the forward passes of "greedy", but at least six per region.
    search : str or Strategy
        The strategy of every variation. If it is another one than that of the explanation, its effect also counts as instability; to
        exclude it, pass ``explanation.trace.search``. Orders that "fast" found for unrelated additive functions of 48 regions correlated by
        0.2, those of "greedy" by 0: correlations as low as that mean nothing.
    progress : bool
        Show a progress bar.

    Returns
    -------
    RobustnessReport
        An interrupt (Ctrl-C) ends the current variation, a second one all of them; the report covers what was completed.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown, nothing can be varied, or the budget does not pay for one variation. After
        the first variation, if the model assigns the words other probabilities on the full image than the explanation has: it is then
        another model.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> report = eagle.check_robustness(model, explanation, vary="regions", progress=False)
    >>> report.variations["to"].tolist()
    ['2 by slic', '6 by slic', '3 by slic']
    """
    if not isinstance(explanation, Explanation):
        raise TypeError(f"explanation must be an Explanation from explain(), got {type(explanation).__name__}")
    planned = plan_variations(explanation, vary)
    check_search(search)
    if budget is not None and (isinstance(budget, bool) or not isinstance(budget, int | np.integer)):
        raise TypeError(f"budget is a number of forward passes for all variations together, got {budget!r}")
    affordable, share = affordable_variations(planned, budget)
    too_small = f"{budget} passes pay for {len(affordable)} of {len(planned)} variations"
    skipped = {v: too_small for v in planned if v not in affordable}
    explained = _explained(model, explanation, affordable, search, share, progress)
    skipped |= {v: "interrupted" for v in affordable if v not in explained}
    return _report(explanation, planned, explained, skipped, share)


def rank_stability(ranks: np.ndarray, others: Sequence[np.ndarray]) -> np.ndarray:
    """Return ``1 - mean |r_v - r| / e``, at least 0; see `RobustnessReport`.

    Parameters
    ----------
    ranks : ndarray of float, (P,)
        Ranks of the explanation.
    others : sequence of ndarray, (P,)
        Ranks of each variation; at least one.

    Returns
    -------
    ndarray of float64, (P,)
        If all ranks of the explanation are equal: 1 where no variation differs and 0 elsewhere.

    Examples
    --------
    >>> rank_stability(np.array([1.0, 2.0, 3.0]), [np.array([1.0, 3.0, 2.0])]).tolist()
    [1.0, 0.0, 0.0]
    """
    change = np.mean([np.abs(other - ranks) for other in others], axis=0)
    ascending = np.sort(ranks)
    total, size = np.concatenate([[0.0], np.cumsum(ascending)]), len(ranks)
    below = np.searchsorted(ascending, ranks)
    expected = (ranks * (2 * below - size) + total[-1] - 2 * total[below]) / size
    share = np.divide(change, expected, out=(change > 0).astype(float), where=expected > 0)
    return np.asarray(np.clip(1 - share, 0, 1))


def _explained(
    model: Model,
    explanation: Explanation,
    variations: list[Variation],
    search: str | Strategy,
    share: int | None,
    progress: bool,
) -> dict[Variation, Explanation]:
    """Explain the same words under each variation."""
    explained: dict[Variation, Explanation] = {}
    try:
        for v in progress_bar(variations, desc="varying", unit="variation", leave=False, disable=not progress):
            explained[v] = explain(
                model, explanation.response, tokens=explanation.tokens, regions=v.regions, fill=v.fill, search=search,
                weights=explanation.trace.weights, target_ids=explanation.targets or None, budget=share, rng=v.seed,
                progress=False,
            )  # fmt: skip
            _check_same_model(explanation, explained[v])
    except KeyboardInterrupt:
        if not explained:
            raise
    return explained


def _check_same_model(explanation: Explanation, other: Explanation) -> None:
    """Raise a ValueError if the full image has other probabilities under a variation, which cannot change them."""
    before, now = (e.insertion[-1, explanation.tokens] for e in (explanation, other))
    if np.abs(before - now).max() > TOLERANCE:
        raise ValueError(
            f"on the full image this model gives the explained tokens {now.round(3).tolist()}, the explanation has "
            f"{before.round(3).tolist()}; pass the model that the explanation was made with"
        )


def _report(
    explanation: Explanation,
    planned: list[Variation],
    explained: dict[Variation, Explanation],
    skipped: dict[Variation, str],
    share: int | None,
) -> RobustnessReport:
    """Compare the ranks of the variations with those of the explanation."""
    own, regions = explanation.canvas_saliency("order"), explanation.regions
    top, third = explanation.order[: _top(regions.n)], -(-regions.n // 3)
    rows, pixel_ranks, region_ranks = [], [], []
    for v in planned:
        row: dict[str, Any] = {"varied": v.varied, "to": v.to, "regions": v.regions.n}
        if v in explained:
            saliency = explained[v].canvas_saliency("order")
            of_regions = regions.mean(saliency).round(9)
            pixel_ranks.append(rankdata(saliency).astype(np.float32))
            region_ranks.append(rankdata(of_regions))
            row |= {
                "correlation": rank_correlation(own, saliency),
                "top_kept": bool((rankdata(-of_regions, "max")[top] <= third).all()),
                "forward_passes": explained[v].forward_passes,
            }
        rows.append(
            {"correlation": np.nan, "top_kept": None, "forward_passes": 0, **row, "skipped": skipped.get(v, "")}
        )
    columns = ["varied", "to", "regions", "correlation", "top_kept", "forward_passes", "skipped"]
    table = pd.DataFrame(rows)[columns]
    table["top_kept"] = table["top_kept"].astype("boolean")
    by_pixel = rank_stability(rankdata(own).ravel(), [r.ravel() for r in pixel_ranks]).reshape(own.shape)
    by_region = rank_stability(rankdata(regions.mean(own).round(9)), region_ranks)
    return RobustnessReport(explanation, table, by_pixel.astype(np.float32), by_region, share)


def _top(n: int) -> int:
    """Return the number of regions that the summary is about: at most the top third."""
    return min(TOP, -(-n // 3))
