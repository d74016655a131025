"""Saliency: what a baseline says about the regions, and its replay through a Scorer."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import search
from ..inputs.fills import Fill, check_fill, fill_image
from ..scoring.objective import Weights
from ..inputs.regions import Regions, as_regions
from ..inputs.response import Response
from ..protocols import Scorer
from ..search import SearchTrace
from ..scoring.cached import Scores


@dataclass(frozen=True, eq=False)
class Saliency:
    """What a method says about an image's regions.

    Attributes
    ----------
    method : str
    tokens : tuple of int
        The explained tokens.
    regions : Regions
        N regions.
    map : ndarray of float32, (H, W)
        Of a map method what it found; of a region method each region's value.
    region_scores : ndarray of float64, (N,)
        Of a map method the mean of the map over each region; of a region method its values.
    seconds : float
    passes, backward_passes : int
        Pictures sent forward through the network, and those of them that gradients were taken of.
        A region method's count the blank and the full image, which every replay needs as well.
    peak_bytes : int or None
        Memory that torch's allocator held on the GPU at the end, its cache emptied at the start: the most it held.
        None without CUDA.
    options : dict
        The method's options and the seed.
    """

    method: str
    tokens: tuple[int, ...]
    regions: Regions
    map: np.ndarray = field(repr=False)
    region_scores: np.ndarray = field(repr=False)
    seconds: float = 0.0
    passes: int = 0
    backward_passes: int = 0
    peak_bytes: int | None = None
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.map.shape != self.regions.shape or self.region_scores.shape != (self.regions.n,):
            raise ValueError(
                f"a map of shape {self.map.shape} and {self.region_scores.shape} region scores do not fit {self.regions}"
            )
        if not (np.isfinite(self.map).all() and np.isfinite(self.region_scores).all()):
            raise ValueError(
                f"{self.method} gave NaN or infinity; load the model with dtype='float32', or check its weights"
            )

    @property
    def order(self) -> np.ndarray:
        """Region ids, most salient first: int (N,); of equals, the lowest number."""
        return np.argsort(-self.region_scores, kind="stable")

    def by_pixels(self, steps: int = 64) -> Saliency:
        """The same map over regions of equal area cut from the map itself, its highest values first.

        Replayed through a Scorer of these regions it gives the published curves: pixels of the map thresholded at equal
        steps of area. Pixels of one value are cut in reading order.

        Parameters
        ----------
        steps : int
            Number of regions.

        Raises
        ------
        ValueError
            If there are more steps than pixels.
        """
        if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= self.map.size:
            raise ValueError(f"steps must be 1 … {self.map.size}, the number of pixels, got {steps!r}")
        rank = np.empty(self.map.size, dtype=np.int64)
        rank[np.argsort(-self.map.ravel(), kind="stable")] = np.arange(self.map.size)
        bands = Regions.from_labels((rank * steps // self.map.size).reshape(self.map.shape))
        scores = np.minimum.accumulate(pooled(self.map, bands))  # rounding must not swap bands of one value
        return Saliency(
            self.method, self.tokens, bands, self.map, scores, self.seconds, self.passes, self.backward_passes,
            self.peak_bytes, self.options,
        )  # fmt: skip


def pooled(values: np.ndarray, regions: Regions) -> np.ndarray:
    """Mean of a map (H, W) over each region: float64 (N,)."""
    labels = regions.labels.ravel()
    total = np.bincount(labels, np.asarray(values, dtype=np.float64).ravel(), minlength=regions.n)
    return np.asarray(total / np.bincount(labels, minlength=regions.n))


def check_options(method: str, function: Callable[..., np.ndarray], options: Mapping[str, Any]) -> None:
    """Raise a TypeError for an option that a method does not know."""
    known = list(inspect.signature(function).parameters)
    known = known[known.index("seed") + 1 :]
    unknown = sorted(set(options) - set(known))
    if unknown:
        raise TypeError(f"{method} has no option {unknown[0]!r}; it knows {known or 'none'}")


def measure(
    method: str,
    function: Callable[..., np.ndarray],
    inside: bool,
    model: Any,
    response: Response,
    tokens: str | int | Sequence[int] | None,
    regions: int | Regions | np.ndarray,
    fill: Fill,
    seed: int,
    target_ids: Mapping[int, int] | None,
    options: Mapping[str, Any],
) -> Saliency:
    """Run one method; `inside` says that it looks into the network. See `eagle_nb.baselines.saliency`."""
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    if len(response) == 0:
        raise ValueError("the response has no tokens, so there is nothing to explain; generate one first")
    ids = response.targets(target_ids, getattr(model, "vocabulary_size", None))
    targets = {int(k): ids[k] for k in target_ids or {}} or None
    selected = response.resolve(sorted(targets) if tokens is None and targets else tokens)
    check_fill(fill)
    check_options(method, function, options)
    partition = as_regions(regions, response.image)
    picture = fill_image(response.image, fill, partition, seed)
    memory = _start_memory()
    began = time.perf_counter()
    if inside:
        from ..models.huggingface.whitebox import WhiteBox

        view = WhiteBox(model, response, picture, targets)
        found = np.asarray(function(view, selected, seed=seed, **options), dtype=np.float32)
        scores, passes, backward = pooled(found, partition), view.passes, view.backward_passes
    else:
        known = Scores(model.scorer(response, partition, picture, target_ids=targets))
        scores = np.asarray(function(known, selected, seed=seed, **options), dtype=np.float64)
        found, passes, backward = np.asarray(scores[partition.labels], dtype=np.float32), len(known), 0
    seconds = time.perf_counter() - began
    return Saliency(
        method,
        tuple(selected),
        partition,
        found,
        scores,
        seconds,
        passes,
        backward,
        memory(),
        {**options, "seed": seed},
    )


def _start_memory() -> Callable[[], int | None]:
    """A function that tells the most memory held on the GPU since now."""
    import torch

    if not torch.cuda.is_available():
        return lambda: None
    torch.cuda.empty_cache()
    return lambda: int(torch.cuda.memory_reserved())


def replay(
    saliency: Saliency, scorer: Scorer, tokens: Sequence[int] | None = None, weights: Weights = (1.0, 1.0)
) -> SearchTrace:
    """Score both curves of a baseline's order: as a search would have left them, for every metric, plot and Explanation.

    2 N forward passes.

    Parameters
    ----------
    saliency : Saliency
        Of a method, or its `Saliency.by_pixels`.
    scorer : Scorer
        Over the saliency's own regions.
    tokens : sequence of int, optional
        The tokens of the objective; the saliency's own by default.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.

    Raises
    ------
    ValueError
        If the scorer has another number of regions, before it is asked anything.
    """
    n = saliency.regions.n
    if int(scorer.n_regions) != n:
        raise ValueError(
            f"the scorer has {scorer.n_regions} regions, the saliency {n}; make it from saliency.regions: "
            "model.scorer(response, saliency.regions, fill)"
        )
    chosen = saliency.tokens if tokens is None else tokens
    return search.replay(scorer, saliency.order, list(chosen), weights, search=saliency.method)
