"""Saliency: the attribution of a method over the regions of an image, and its replay through a scorer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..inputs.seeds import Rng, recorded_seed
from ..inputs.segmentation import Segmenter
from ..protocols import Model, Scorer
from ..scoring.cached import CachedScorer
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.coalitions import number_of_regions
from ..scoring.objective import Weights
from ..search.api import replay
from ..search.trace import SearchTrace
from .cost import measure_cost
from .options import check_options
from .registry import Method, resolve_method


@dataclass(frozen=True, eq=False)
class Saliency:
    """The attribution of a method over the regions of an image.

    Attributes
    ----------
    method : str
        The name of the method.
    tokens : tuple of int
        The explained tokens.
    regions : Regions
        N regions.
    map : ndarray of float32, (H, W)
        The map of a white-box method; the scores of a region method at their pixels.
    region_scores : ndarray of float64, (N,)
        The scores of a region method; the mean of the map over each region for a white-box method.
    seconds : float
        Duration of the method.
    forward_passes, backward_passes : int
        Pictures that went through the network, and pictures that gradients were computed for. Those of a region method include the
        blank and the full image, which every replay also needs.
    peak_bytes : int
        Peak memory; see `eagle_nb.methods.cost.Cost`.
    options : dict
        The options of the method, and the "seed" (None for a generator).

    Raises
    ------
    ValueError
        If map or scores do not fit the regions, or hold NaN or infinity.
    """

    method: str
    tokens: tuple[int, ...]
    regions: Regions
    map: np.ndarray = field(repr=False)
    region_scores: np.ndarray = field(repr=False)
    seconds: float = 0.0
    forward_passes: int = 0
    backward_passes: int = 0
    peak_bytes: int = 0
    options: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.map.shape != self.regions.shape or self.region_scores.shape != (self.regions.n,):
            raise ValueError(
                f"{self.method} returned a map of shape {self.map.shape} and region scores of shape {self.region_scores.shape}, "
                f"which do not fit {self.regions}"
            )
        if not (np.isfinite(self.map).all() and np.isfinite(self.region_scores).all()):
            raise ValueError(
                f"{self.method} returned NaN or infinity; load the model with dtype='float32', or check its weights"
            )

    @property
    def order(self) -> np.ndarray:
        """Region ids, most important first, ties by ascending id: int (N,)."""
        return np.argsort(-self.region_scores, kind="stable")

    def by_pixels(self, steps: int = 64) -> Saliency:
        """Return the same map over regions of equal area that are cut from the map itself, its highest values first.

        Replayed through a scorer of these regions, it gives the published curves: the map is thresholded at equal steps of area.
        Pixels of equal value are cut in reading order.

        Parameters
        ----------
        steps : int
            Number of regions.

        Returns
        -------
        Saliency
            The same map over other regions.

        Raises
        ------
        ValueError
            If `steps` is below 1 or above the number of pixels.
        """
        if isinstance(steps, bool) or not isinstance(steps, int) or not 1 <= steps <= self.map.size:
            raise ValueError(f"steps must be 1 … {self.map.size}, the number of pixels, got {steps!r}")
        rank = np.empty(self.map.size, dtype=np.int64)
        rank[np.argsort(-self.map.ravel(), kind="stable")] = np.arange(self.map.size)
        bands = Regions.from_labels((rank * steps // self.map.size).reshape(self.map.shape))
        scores = np.minimum.accumulate(bands.mean(self.map))  # rounding must not swap bands of equal value
        return Saliency(
            self.method, self.tokens, bands, self.map, scores, self.seconds, self.forward_passes, self.backward_passes,
            self.peak_bytes, self.options,
        )  # fmt: skip


def attribute(
    model: Model,
    response: Response,
    method: str | Method,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    rng: Rng = 0,
    target_ids: Mapping[int, int] | None = None,
    segmentation: str | Segmenter = "slic",
    **options: Any,
) -> Saliency:
    """Explain the words of a response by another method than EAGLE.

    Parameters
    ----------
    model : Model
        The model that generated the response. A region method needs only its ``scorer``.
    response : Response
        The answer.
    method : str or callable
        A name of `METHODS`, or a function; see `eagle_nb.methods.registry`.
    tokens : None, str, int, list of int or TokenPicker
        What to explain; see `eagle_nb.explain`.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition of ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    rng : int, numpy.random.Generator or None
        Of everything random: the fill "noise" and the method. Equal seeds give equal results.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token id by position.
    segmentation : str or callable
        How the image is cut where `regions` is a number.
    **options
        Options of the method, such as ``masks`` of "rise" or ``layer`` of "llava_cam"; see its function.

    Returns
    -------
    Saliency
        The attribution with its cost.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument or option is unknown, out of range, or does not fit the response.
    NotImplementedError
        If a white-box method does not support the model's family; the message says why.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> saliency = eagle.methods.attribute(model, response, "occlusion", response.words[1].text, regions=4)
    >>> saliency.region_scores.shape
    (4,)
    """
    name, function, _ = resolve_method(method)
    check_options(name, function, options)
    case = prepare_case(model, response, regions, fill, target_ids, rng, segmentation)
    return attribute_case(case, method, case.select(tokens), rng, **options)


def attribute_case(
    case: PreparedCase, method: str | Method, tokens: Sequence[int], rng: Rng = 0, **options: Any
) -> Saliency:
    """Explain tokens of a prepared case by another method than EAGLE.

    Parameters
    ----------
    case : PreparedCase
        The case.
    method : str or callable
        See `attribute`.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Of the method.
    **options
        Options of the method.

    Returns
    -------
    Saliency
        The attribution with its cost.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        See `attribute`.
    """
    name, function, white_box = resolve_method(method)
    check_options(name, function, options)
    selected = list(tokens)
    with measure_cost() as cost:
        if white_box:
            from ..models.huggingface.whitebox import WhiteBox

            view = WhiteBox(case.model, case.response, case.fill_picture, case.targets or None)
            pixels = np.asarray(function(view, selected, rng=rng, **options), dtype=np.float32)
            passes = view.forward_passes, view.backward_passes
        else:
            scorer = CachedScorer(case.scorer())
            scores = np.asarray(function(scorer, selected, rng=rng, **options), dtype=np.float64)
            passes = len(scorer), 0
    if white_box:
        if pixels.shape != case.regions.shape:
            raise ValueError(f"{name} returned a map of shape {pixels.shape}, the image has {case.regions.shape}")
        scores = case.regions.mean(pixels)
    elif scores.shape == (case.regions.n,):
        pixels = np.asarray(case.regions.paint(scores), dtype=np.float32)
    else:
        raise ValueError(
            f"{name} returned scores of shape {scores.shape}, expected ({case.regions.n},): one per region"
        )
    recorded = {**options, "seed": recorded_seed(rng)}
    return Saliency(
        name, tuple(selected), case.regions, pixels, scores, cost.seconds, *passes, cost.peak_bytes, recorded
    )


def replay_saliency(
    saliency: Saliency, scorer: Scorer, tokens: Sequence[int] | None = None, weights: Weights = (1.0, 1.0)
) -> SearchTrace:
    """Score both curves of a method's order, with 2 N forward passes.

    The result has the same form as that of a search, so every metric and figure applies to it.

    Parameters
    ----------
    saliency : Saliency
        The attribution of a method, or its `Saliency.by_pixels`.
    scorer : Scorer
        A scorer of the saliency's own regions.
    tokens : sequence of int, optional
        The tokens of the objective; by default those of the saliency.
    weights : (float, float)
        λ1 (insight) and λ2 (necessity) of the objective.

    Returns
    -------
    SearchTrace
        The order with its curves.

    Raises
    ------
    ValueError
        If the scorer has another number of regions, before anything is scored.
    """
    n, available = saliency.regions.n, number_of_regions(scorer)
    if available != n:
        raise ValueError(
            f"the scorer has {available} regions, the saliency {n}; make it from saliency.regions: "
            "model.scorer(response, saliency.regions, fill)"
        )
    selected = saliency.tokens if tokens is None else tokens
    return replay(scorer, saliency.order, list(selected), weights, search=saliency.method)
