"""Run one method, be it a search of EAGLE or another method, and measure what it costs."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np

from ..attribution.explaining import explained_case
from ..attribution.explanation import Explanation
from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..inputs.seeds import Rng, recorded_seed
from ..inputs.segmentation import Segmenter
from ..protocols import Model, Scorer
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.objective import Weights, check_weights
from ..search.api import check_search, order
from ..search.strategies.registry import STRATEGIES, Strategy, strategy_name
from .cost import measure_cost
from .options import check_options
from .registry import METHODS, Method, resolve_method
from .saliency import attribute_case, replay_saliency

AnyMethod = str | Method | Strategy
"""A search (see `eagle_nb.search.STRATEGIES`) or another method (see `eagle_nb.methods.METHODS`), by name or as an object."""


@dataclass(frozen=True, eq=False)
class MethodRun:
    """The explanation of one method, and its cost.

    Attributes
    ----------
    method : str
        The name of the search or method.
    explanation : Explanation
        The method's order of the regions with both curves. ``explanation.saliency("order")`` shows the objective along that order, as for
        every order; the method's own scores are in `region_map` and `map`.
    region_map : ndarray of float, (H, W)
        The method's score of the region at each pixel.
    map : ndarray of float, (H, W)
        The method's own map: of a white-box method finer than the regions, otherwise equal to `region_map`.
    forward_passes, backward_passes : int
        Pictures that went through the network, and pictures that gradients were computed for. For searches, this includes both
        curves.
    seconds : float
        Duration, without the replay.
    peak_bytes : int
        Peak memory; see `eagle_nb.methods.cost.Cost`.
    """

    method: str
    explanation: Explanation
    region_map: np.ndarray = field(repr=False)
    map: np.ndarray = field(repr=False)
    forward_passes: int
    backward_passes: int
    seconds: float
    peak_bytes: int


def run_method(
    model: Model,
    response: Response,
    method: AnyMethod,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    weights: Weights = (1.0, 1.0),
    rng: Rng = 0,
    target_ids: Mapping[int, int] | None = None,
    segmentation: str | Segmenter = "slic",
    scorer: Scorer | None = None,
    **options: Any,
) -> MethodRun:
    """Explain the words of a response by any method, be it a search of EAGLE or another one.

    Parameters
    ----------
    model : Model
        The model that generated the response.
    response : Response
        The answer.
    method : str, callable or Strategy
        A name of `eagle_nb.search.STRATEGIES` or of `eagle_nb.methods.METHODS`; a strategy; or a function, see
        `eagle_nb.methods.registry`.
    tokens : None, str, int, list of int or TokenPicker
        What to explain; see `eagle_nb.explain`.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition of ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    rng : int, numpy.random.Generator or None
        Of everything random: the fill "noise" and the method.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token id by position.
    segmentation : str or callable
        How the image is cut where `regions` is a number.
    scorer : Scorer, optional
        A scorer of the same response, regions, fill and targets, which replays the order of a method. Several methods may share a
        `CachedScorer`, so that equal coalitions are scored once.
    **options
        Options of the method, see `eagle_nb.methods.attribute`; the ``budget`` of a search.

    Returns
    -------
    MethodRun
        The explanation and its cost.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument or option is unknown, out of range, or does not fit the response.
    NotImplementedError
        If a white-box method does not support the model's family.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> run = eagle.methods.run_method(model, response, "occlusion", response.words[1].text, regions=4)
    >>> run.explanation.order.shape, run.forward_passes
    ((4,), 6)
    """
    check_method(method, options)
    weights = check_weights(weights)
    case = prepare_case(model, response, regions, fill, target_ids, rng, segmentation)
    return run_case(case, method, case.select(tokens), weights, rng, scorer, **options)


def run_case(
    case: PreparedCase,
    method: AnyMethod,
    tokens: Sequence[int],
    weights: Weights = (1.0, 1.0),
    rng: Rng = 0,
    scorer: Scorer | None = None,
    **options: Any,
) -> MethodRun:
    """Explain tokens of a prepared case by any method.

    Parameters
    ----------
    case : PreparedCase
        The case.
    method : str, callable or Strategy
        See `run_method`.
    tokens : sequence of int
        Indices of the tokens to explain.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    rng : int, numpy.random.Generator or None
        Of the method.
    scorer : Scorer, optional
        Replays the order of a method; see `run_method`.
    **options
        Options of the method.

    Returns
    -------
    MethodRun
        The explanation and its cost.

    Raises
    ------
    ValueError, TypeError, NotImplementedError
        See `run_method`.
    """
    name, weights = check_method(method, options), check_weights(weights)
    settings = {"method": name, "options": dict(options), "seed": recorded_seed(rng)}
    search, other = _divided(method)
    if search is not None:
        check_search(search, options.get("budget"), case.regions.n)
        with measure_cost() as cost:  # an interrupt is raised: incomplete orders are not recorded
            trace = order(case.scorer(), tokens, search=search, weights=weights, partial=False, **options)
        explanation = explained_case(case, trace, **settings)
        saliency = explanation.canvas_saliency("order")
        return MethodRun(name, explanation, saliency, saliency, trace.forward_passes, 0, cost.seconds, cost.peak_bytes)
    attribution = attribute_case(case, other, tokens, rng, **options)
    explanation = explained_case(
        case, replay_saliency(attribution, scorer or case.scorer(), weights=weights), **settings
    )
    return MethodRun(
        name,
        explanation,
        case.regions.paint(attribution.region_scores),
        attribution.map,
        attribution.forward_passes,
        attribution.backward_passes,
        attribution.seconds,
        attribution.peak_bytes,
    )


def check_method(method: AnyMethod, options: Mapping[str, Any] | None = None) -> str:
    """Validate a search or method and the names of its options.

    Parameters
    ----------
    method : str, callable or Strategy
        See `run_method`.
    options : mapping of str to value, optional
        Its options.

    Returns
    -------
    str
        Its name.

    Raises
    ------
    ValueError
        If the name is unknown, or the budget of a search is out of range.
    TypeError
        If an option is unknown, or the method is of another type.

    Examples
    --------
    >>> check_method("rise", {"masks": 100})
    'rise'
    """
    options = options or {}
    search, other = _divided(method)
    if search is not None:
        check_search(search, options.get("budget"))
        unknown = sorted(set(options) - {"budget"})
        if unknown:
            raise TypeError(f"the search {strategy_name(search)!r} has no option {unknown[0]!r}; its options: budget")
        return strategy_name(search)
    if isinstance(other, str) and other not in METHODS:
        raise ValueError(f"unknown method {other!r}; known methods: {', '.join([*STRATEGIES, *METHODS])}")
    name, function, _ = resolve_method(other)
    check_options(name, function, options)
    return name


def method_identity(method: AnyMethod) -> dict[str, str]:
    """Return what distinguishes the results of a method from those of others, for the key of a stored row.

    Parameters
    ----------
    method : str, callable or Strategy
        See `run_method`.

    Returns
    -------
    dict of str to str
        "name", and for a function from outside this package its "source", so that a changed function has another key.
    """
    identity = {"name": check_method(method)}
    function: Any = method
    if isinstance(method, str):
        function = STRATEGIES[method] if method in STRATEGIES else METHODS[method]
    source = function if inspect.isroutine(function) else type(function)
    if not source.__module__.startswith("eagle_nb."):
        try:
            identity["source"] = inspect.getsource(source)
        except (OSError, TypeError):
            identity["source"] = f"{source.__module__}.{source.__qualname__}"
    return identity


def _divided(method: AnyMethod) -> tuple[str | Strategy | None, str | Method]:
    """Return a method as a search, or None, and as another method: a strategy takes no tokens."""
    if isinstance(method, str):
        return (method if method in STRATEGIES else None), method
    other = not callable(method) or (not isinstance(method, type) and "tokens" in inspect.signature(method).parameters)
    return (None if other else cast(Strategy, method)), cast(Method, method)
