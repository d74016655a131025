"""Variations of an explanation: other region maps, fills and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.fills import FILLS, Fill
from ..inputs.regions import Regions
from ..inputs.segmentation import SEGMENTERS

FACTORS = (0.5, 1.5, 0.75)
"""Numbers of regions that are tried, as multiples of the explanation's own."""

SEEDS = 3
"""Number of other seeds that are tried."""

NOISE = 4.0
"""Standard deviation, in grey levels of 255, of the noise that is added before regions are cut with another seed."""

PASSES_PER_REGION = 4
"""Forward passes per region below which the order of a search is little more than a guess; see `eagle_nb.search.calibration`."""


@dataclass(frozen=True, eq=False)
class Variation:
    """One variation of an explanation: what differs, and the arguments of `eagle_nb.explain`.

    Attributes
    ----------
    varied : str
        What differs: "regions", "segmentation", "fill" or "seed".
    to : str
        Its value.
    regions : Regions
        The regions.
    fill : str or PIL.Image.Image
        The fill.
    seed : int
        The seed of the fill "noise".
    """

    varied: str
    to: str
    regions: Regions
    fill: Fill
    seed: int

    @property
    def minimum_passes(self) -> int:
        """Minimum number of forward passes of a meaningful order; for two or three regions, the maximum that there is."""
        return min(PASSES_PER_REGION * self.regions.n, self.regions.n * (self.regions.n + 1))


def plan_variations(explanation: Explanation, vary: str | Sequence[str]) -> list[Variation]:
    """Return the variations of an explanation.

    Parameters
    ----------
    explanation : Explanation
        The explanation.
    vary : str or sequence of str
        Some of "regions", "segmentation", "fill" and "seed"; see `eagle_nb.check_robustness`.

    Returns
    -------
    list of Variation
        The first of each kind, then the second of each kind, and so on.

    Raises
    ------
    ValueError
        If `vary` is unknown, or nothing can be varied.
    """
    kinds = {"regions": _regions, "segmentation": _segmentations, "fill": _fills, "seed": _seeds}
    selected = [vary] if isinstance(vary, str) else list(vary)
    unknown = [kind for kind in selected if kind not in kinds]
    if unknown or not selected or len(set(selected)) < len(selected):
        raise ValueError(f"vary names some of {', '.join(kinds)}, each once, got {vary!r}")
    by_kind = [kinds[kind](explanation) for kind in selected]
    planned = [v for v in chain.from_iterable(zip_longest(*by_kind)) if v is not None]
    if not planned:
        raise ValueError(f"this explanation has nothing to vary in {vary!r}; add 'regions', 'segmentation' or 'fill'")
    return planned


def affordable_variations(planned: list[Variation], budget: int | None) -> tuple[list[Variation], int | None]:
    """Return the variations that a budget pays for.

    Each needs its `Variation.minimum_passes` as its even share of the budget. Otherwise variations are skipped: those with the most
    regions first, and of equals the later ones.

    Parameters
    ----------
    planned : list of Variation
        The variations.
    budget : int or None
        Forward passes for all of them together.

    Returns
    -------
    variations : list of Variation
        The affordable ones.
    share : int or None
        The forward passes of each; None without a budget.

    Raises
    ------
    ValueError
        If the budget does not pay for any variation.
    """
    if budget is None:
        return planned, None
    affordable, share = list(planned), int(budget) // len(planned)
    while too_expensive := [v for v in affordable if v.minimum_passes > share]:
        affordable.remove(max(reversed(too_expensive), key=lambda v: v.minimum_passes))
        if not affordable:
            least = min(v.minimum_passes for v in planned)
            raise ValueError(f"a budget of {budget} passes does not pay for any variation; the cheapest takes {least}")
        share = int(budget) // len(affordable)
    return affordable, share


def _own_fill(explanation: Explanation) -> tuple[Fill, int]:
    """Return the fill of an explanation as `explain` takes it, and its seed."""
    fill = explanation.fill if explanation.fill in FILLS else explanation.fill_picture
    return fill, int(explanation.provenance.get("seed") or 0)


def _regions(explanation: Explanation) -> list[Variation]:
    """Return variations of the number of regions, by the same segmenter."""
    image, n = explanation.response.image, explanation.regions.n
    segmenter = explanation.regions.segmenter if explanation.regions.segmenter in SEGMENTERS else "slic"
    numbers = dict.fromkeys(min(max(round(n * factor), 2), image.width * image.height) for factor in FACTORS)
    return [
        Variation(
            "regions",
            f"{k} by {segmenter}",
            Regions.segment(image, k, segmenter, progress=False),
            *_own_fill(explanation),
        )
        for k in numbers
        if k != n
    ]


def _segmentations(explanation: Explanation) -> list[Variation]:
    """Return variations of the segmenter, for the same number of regions."""
    image, n = explanation.response.image, explanation.regions.n
    others = [name for name in SEGMENTERS if name != explanation.regions.segmenter]
    return [
        Variation("segmentation", name, Regions.segment(image, n, name, progress=False), *_own_fill(explanation))
        for name in others
    ]


def _fills(explanation: Explanation) -> list[Variation]:
    """Return variations of the fill."""
    seed = _own_fill(explanation)[1]
    return [Variation("fill", fill, explanation.regions, fill, seed) for fill in FILLS if fill != explanation.fill]


def _seeds(explanation: Explanation) -> list[Variation]:
    """Return variations of the seed: regions cut from a noisy image, where the segmenter uses pixels, and the fill "noise"."""
    (fill, own), regions = _own_fill(explanation), explanation.regions
    uses_pixels = regions.segmenter in SEGMENTERS and regions.segmenter != "grid"
    if not uses_pixels and fill != "noise":
        return []
    variations = []
    for seed in range(own + 1, own + 1 + SEEDS):
        image = _noisy(explanation.response.image, seed)
        other = Regions.segment(image, regions.n, regions.segmenter, progress=False) if uses_pixels else regions
        variations.append(Variation("seed", str(seed), other, fill, seed))
    return variations


def _noisy(image: Image.Image, seed: int) -> Image.Image:
    """Return an image with faint Gaussian noise."""
    pixels = np.asarray(image, dtype=np.float64)
    noise = np.random.default_rng(seed).normal(0, NOISE, pixels.shape)
    return Image.fromarray(np.clip(np.round(pixels + noise), 0, 255).astype(np.uint8))
