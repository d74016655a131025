"""How far an explanation can be trusted: what stays of it under other region maps, fills and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image
from scipy.stats import rankdata

from ..inputs.regions import pooled
from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..inputs.fills import FILLS, Fill
from ..metrics import rank_correlation
from ..inputs.regions import Regions
from ..search import check_search

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

MAKERS = ("slic", "grid", "felzenszwalb", "watershed")
FACTORS = (0.5, 1.5, 0.75)
"""Numbers of regions that are tried, as multiples of the explanation's own."""

SEEDS = 3
"""How many other seeds are tried."""

NOISE = 4.0
"""Standard deviation, in grey levels of 255, of the noise under which another seed cuts the regions."""

SAME = 0.05
"""By how much probabilities on the full image may differ, for another precision or device."""

LEAST = 4
"""Passes per region below which the order of a search is hardly more than a guess; see `eagle_nb.search.calibration`."""

TOP = 5
"""Of how many regions the verdict speaks."""

_NUMBERS = ("no", "one", "two", "three", "four", "five")


@dataclass(frozen=True, eq=False)
class _Variation:
    """One other way to make the explanation: what differs, and the arguments of `explain`."""

    varied: str
    to: str
    regions: Regions
    fill: Fill
    seed: int

    @property
    def least(self) -> int:
        """Passes from which its order means something; of two regions, all there are."""
        return min(LEAST * self.regions.n, self.regions.n * (self.regions.n + 1))


@dataclass(frozen=True, eq=False)
class Trust:
    """What stays of an explanation under variations; see `trust`.

    Attributes
    ----------
    explanation : Explanation
    variations : pandas.DataFrame
        One row per variation: "varied" and "to"; "regions", their number; "correlation", Spearman's rank correlation of
        its saliency with the explanation's over all pixels; "top_kept", whether the explanation's most important
        regions (five, or a third of all if that is fewer) stay among the top third; "passes"; and "left_out", why
        it was not run, or "". What was left out has neither correlation nor top_kept.
    pixel_stability : ndarray of float32, (H, W)
        In [0, 1]. With r the rank of a pixel's saliency (equal values share their mean rank) in the explanation and r_v
        in variation v: ``1 − mean_v |r_v − r| / e``, where e is the mean of ``|r' − r|`` over the ranks r' of all pixels of the
        explanation, what a random order would give. 1: the rank never changes; 0: as unstable as under
        random orders, or more so.
    region_stability : ndarray of float64, (N,)
        The same of the explanation's regions, by the mean saliency that each variation gives them.
    share : int or None
        The passes that a budget left to each variation that was run; None without a budget.
    """

    explanation: Explanation = field(repr=False)
    variations: pd.DataFrame = field(repr=False)
    pixel_stability: np.ndarray = field(repr=False)
    region_stability: np.ndarray = field(repr=False)
    share: int | None = None

    @property
    def run(self) -> pd.DataFrame:
        """The variations that were run."""
        return self.variations[self.variations["left_out"] == ""]

    @property
    def forward_passes(self) -> int:
        """Passes of all variations together."""
        return int(self.variations["passes"].sum())

    @property
    def verdict(self) -> str:
        """One sentence with its numbers."""
        run = self.run
        top = _top(self.explanation.regions.n)
        which = "most important region stays" if top == 1 else f"{_NUMBERS[top]} most important regions stay"
        worst = run.loc[run["correlation"].idxmin()]
        limited = self.share is not None and bool((run["regions"] * (run["regions"] + 1) > self.share).any())
        each = f" of at most {self.share} passes each" if limited else ""
        told = (
            f"The {which} among the top third in {int(run['top_kept'].sum())} of {len(run)} variations{each}, and ranks "
            f"correlate by {run['correlation'].median():.2f} in the median; least stable under {worst['varied']} = "
            f"{worst['to']} ({worst['correlation']:.2f})"
        )
        out = len(self.variations) - len(run)
        return told + (f"; {out} more variations were left out." if out else ".")

    def __repr__(self) -> str:
        return f"Trust in {self.explanation.selected_text!r}: {self.verdict}"

    def figure(self) -> Figure:
        """A plotly figure: the image, shaded where ranks are unstable, and the rank correlation of each variation."""
        from ..viz.robustness import trust_figure

        return trust_figure(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """In a notebook it shows its figure."""
        return {**self.figure()._repr_mimebundle_(**kwargs), "text/plain": repr(self)}


def trust(
    explanation: Explanation,
    model: Any,
    vary: Sequence[str] = ("regions", "segmentation", "fill", "seed"),
    budget: int | None = None,
    search: str | None = None,
    progress: bool = True,
) -> Trust:
    """Explain again under other region maps, fills and seeds, and compare ranks.

    Parameters
    ----------
    explanation : Explanation
    model : Model
        What generated the response.
    vary : sequence of {"regions", "segmentation", "fill", "seed"}
        - "regions": half, three quarters and one and a half times as many, by the same segmenter (SLIC if the
          map was given);
        - "segmentation": as many regions by the other segmenters of `eagle_nb.regions`;
        - "fill": the other fills of `eagle_nb.fills`;
        - "seed": regions cut from the image with faint noise of three seeds, and the seed of the fill "noise". Left out
          where neither plays a part (a grid or a given map, and another fill).
    budget : int, optional
        Forward passes for all variations together, split evenly. Each is to have at least four per region, since with fewer
        its order is hardly more than a guess, and what it changes would tell of the budget; where that is more than its
        share, fewer are run and the others listed as left out: those of most regions first, of equals the later
        ones of each kind. By default each takes what its search takes; of "fast" that is a tenth of exhaustive
        greedy's passes, but at least six per region.
    search : str, optional
        The strategy for every variation, "fast" by default. What another search than the explanation's own
        changes counts as instability; to leave that aside give ``explanation.trace.search``. Orders that "fast" found for
        unrelated additive functions of 48 regions correlated by 0.2, those of "greedy" by 0: so little says nothing.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Trust
        An interrupt (Ctrl-C) ends the variation that runs, a second one all; what is there is returned.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown, nothing can be varied, or the budget does not pay for one
        variation. After the first variation, if this model gives the words other probabilities on the full image than the
        explanation has, so that it is another model.
    """
    planned = _checked(explanation, model, vary)
    strategy = "fast" if search is None else search
    check_search(strategy)
    if budget is not None and (isinstance(budget, bool) or not isinstance(budget, int | np.integer)):
        raise TypeError(f"budget is a number of forward passes for all variations together, got {budget!r}")
    afforded, share = _afforded(planned, budget)
    short = f"{budget} passes pay for {len(afforded)} of {len(planned)} variations"
    left_out = {v: short for v in planned if v not in afforded}
    found = _explained(explanation, model, afforded, strategy, share, progress)
    left_out |= {v: "interrupted" for v in afforded if v not in found}
    return _compared(explanation, planned, found, left_out, share)


def stability(ranks: np.ndarray, others: Sequence[np.ndarray]) -> np.ndarray:
    """``1 − mean |r_v − r| / e``, not below 0; see `Trust`.

    Parameters
    ----------
    ranks : ndarray of float, (P,)
        The explanation's.
    others : sequence of ndarray, (P,)
        Those of each variation; at least one.

    Returns
    -------
    ndarray of float64, (P,)
        Where all ranks of the explanation are equal, 1 where no variation differs and 0 elsewhere.

    Examples
    --------
    >>> stability(np.array([1.0, 2.0, 3.0]), [np.array([1.0, 3.0, 2.0])]).tolist()
    [1.0, 0.0, 0.0]
    """
    off = np.mean([np.abs(other - ranks) for other in others], axis=0)
    ascending = np.sort(ranks)
    total, size = np.concatenate([[0.0], np.cumsum(ascending)]), len(ranks)
    below = np.searchsorted(ascending, ranks)
    random = (ranks * (2 * below - size) + total[-1] - 2 * total[below]) / size
    share = np.divide(off, random, out=(off > 0).astype(float), where=random > 0)
    return np.asarray(np.clip(1 - share, 0, 1))


def _checked(explanation: Explanation, model: Any, vary: Sequence[str]) -> list[_Variation]:
    """Every variation asked for, the first of each kind first."""
    if not isinstance(explanation, Explanation):
        raise TypeError(f"explanation must be an Explanation from explain(), got {type(explanation).__name__}")
    kinds = {"regions": _regions, "segmentation": _segmentation, "fill": _fill, "seed": _seed}
    asked = [vary] if isinstance(vary, str) else list(vary)
    unknown = [kind for kind in asked if kind not in kinds]
    if unknown or not asked or len(set(asked)) < len(asked):
        raise ValueError(f"vary names some of {', '.join(kinds)}, each once, got {vary!r}")
    by_kind = [kinds[kind](explanation) for kind in asked]
    planned = [v for v in chain.from_iterable(zip_longest(*by_kind)) if v is not None]
    if not planned:
        raise ValueError(f"this explanation has nothing to vary in {vary!r}; add 'regions', 'segmentation' or 'fill'")
    return planned


def _own_fill(explanation: Explanation) -> tuple[Fill, int]:
    """The fill as `explain` takes it, and the seed."""
    fill = explanation.fill if explanation.fill in FILLS else explanation.fill_picture
    return fill, int(explanation.provenance.get("seed", 0))


def _maker(explanation: Explanation) -> str:
    maker = explanation.regions.maker
    return maker if maker in MAKERS else "slic"


def _regions(explanation: Explanation) -> list[_Variation]:
    image, n, maker = explanation.response.image, explanation.regions.n, _maker(explanation)
    most = image.width * image.height
    numbers = dict.fromkeys(min(max(round(n * factor), 2), most) for factor in FACTORS)
    make = getattr(Regions, maker)
    return [
        _Variation("regions", f"{k} by {maker}", make(image, k), *_own_fill(explanation)) for k in numbers if k != n
    ]


def _segmentation(explanation: Explanation) -> list[_Variation]:
    image, n = explanation.response.image, explanation.regions.n
    others = [maker for maker in MAKERS if maker != explanation.regions.maker]
    return [
        _Variation("segmentation", maker, getattr(Regions, maker)(image, n), *_own_fill(explanation))
        for maker in others
    ]


def _fill(explanation: Explanation) -> list[_Variation]:
    seed = _own_fill(explanation)[1]
    return [_Variation("fill", fill, explanation.regions, fill, seed) for fill in FILLS if fill != explanation.fill]


def _seed(explanation: Explanation) -> list[_Variation]:
    """Regions cut under faint noise, where the segmenter looks at pixels, and another noise fill, where there is one."""
    (fill, own), regions = _own_fill(explanation), explanation.regions
    cut = regions.maker in MAKERS and regions.maker != "grid"
    if not cut and fill != "noise":
        return []
    found = []
    for seed in range(own + 1, own + 1 + SEEDS):
        again = getattr(Regions, regions.maker)(_noisy(explanation.response.image, seed), regions.n) if cut else regions
        found.append(_Variation("seed", str(seed), again, fill, seed))
    return found


def _noisy(image: Image.Image, seed: int) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0, NOISE, pixels.shape)
    return Image.fromarray(np.clip(np.round(pixels + noise), 0, 255).astype(np.uint8))


def _afforded(planned: list[_Variation], budget: int | None) -> tuple[list[_Variation], int | None]:
    """The variations whose even share of the budget pays for an order that means something, and that share."""
    if budget is None:
        return planned, None
    afforded, share = list(planned), int(budget) // len(planned)
    while dear := [v for v in afforded if v.least > share]:
        afforded.remove(max(reversed(dear), key=lambda v: v.least))
        if not afforded:
            least = min(v.least for v in planned)
            raise ValueError(f"a budget of {budget} passes pays for no variation; the cheapest takes {least}")
        share = int(budget) // len(afforded)
    return afforded, share


def _explained(
    explanation: Explanation, model: Any, variations: list[_Variation], search: str, share: int | None, progress: bool
) -> dict[_Variation, Explanation]:
    from tqdm.auto import tqdm

    response = explanation.response
    pairs = enumerate(zip(response.token_ids, explanation.target_ids, strict=True))
    targets = {k: int(target) for k, (said, target) in pairs if target != said}
    found: dict[_Variation, Explanation] = {}
    try:
        for v in tqdm(variations, desc="varying", unit="variation", leave=False, disable=not progress):
            found[v] = explain(
                model, response, tokens=explanation.tokens, regions=v.regions, fill=v.fill, search=search,
                weights=explanation.trace.weights, target_ids=targets or None, budget=share, seed=v.seed, progress=False,
            )  # fmt: skip
            _same_model(explanation, found[v])
    except KeyboardInterrupt:
        if not found:
            raise
    return found


def _same_model(explanation: Explanation, again: Explanation) -> None:
    """Every variation shows the full image once, with the same probabilities."""
    before, now = (e.insertion[-1, explanation.tokens] for e in (explanation, again))
    if np.abs(before - now).max() > SAME:
        raise ValueError(
            f"on the full image this model gives the explained tokens {now.round(3).tolist()}, the explanation has "
            f"{before.round(3).tolist()}; give the model that the explanation was made with"
        )


def _compared(
    explanation: Explanation,
    planned: list[_Variation],
    found: dict[_Variation, Explanation],
    left_out: dict[_Variation, str],
    share: int | None,
) -> Trust:
    import pandas as pd

    own, regions = explanation.saliency(), explanation.regions
    top, third = explanation.order[: _top(regions.n)], -(-regions.n // 3)
    rows, pixels, pooled_ranks = [], [], []
    for v in planned:
        row: dict[str, Any] = {"varied": v.varied, "to": v.to, "regions": v.regions.n}
        if v in found:
            saliency = found[v].saliency()
            of_regions = pooled(saliency, regions).round(9)
            pixels.append(rankdata(saliency).astype(np.float32))
            pooled_ranks.append(rankdata(of_regions))
            row |= {
                "correlation": rank_correlation(own, saliency),
                "top_kept": bool((rankdata(-of_regions, "max")[top] <= third).all()),
                "passes": found[v].forward_passes,
            }
        rows.append({"correlation": np.nan, "top_kept": None, "passes": 0, **row, "left_out": left_out.get(v, "")})
    table = pd.DataFrame(rows)[["varied", "to", "regions", "correlation", "top_kept", "passes", "left_out"]]
    table["top_kept"] = table["top_kept"].astype("boolean")
    by_pixel = stability(rankdata(own).ravel(), [r.ravel() for r in pixels]).reshape(own.shape).astype(np.float32)
    by_region = stability(rankdata(pooled(own, regions).round(9)), pooled_ranks)
    return Trust(explanation, table, by_pixel, by_region, share)


def _top(n: int) -> int:
    """How many regions the verdict speaks of, at most the top third."""
    return min(TOP, -(-n // 3))
