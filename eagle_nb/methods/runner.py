"""One method's explanation of some words, be it a search of EAGLE or a baseline, with what it took."""

from __future__ import annotations

import ctypes
import gc
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .. import methods as baselines
from .saliency import check_options
from ..scoring.case import target_texts
from ..attribution.explanation import Explanation
from ..inputs.fills import Fill, check_fill, fill_image
from ..scoring.objective import Weights, check_weights
from ..inputs.regions import Regions, as_regions
from ..inputs.response import Response
from ..protocols import Scorer
from ..search import STRATEGIES, SearchTrace, check_search, order

_SAMPLING = 0.005


@dataclass(frozen=True, eq=False)
class Attempt:
    """What one method makes of some words, and what that took.

    Attributes
    ----------
    method : str
    explanation : Explanation
        The method's order of the regions with its curves. Of a baseline ``explanation.saliency()`` shows the objective
        along that order, as of any order; its own values are in `region_map` and `map`.
    region_map : ndarray of float, (H, W)
        The method's value of each region.
    map : ndarray of float, (H, W)
        Its own map: of a method that looks inside the network finer than the regions, else the same.
    passes, backward_passes : int
        Pictures that went forward and backward through the network. A search has the curves within them.
    seconds : float
        Of the whole call but for the replay.
    peak_bytes : int
        See `Cost`.
    """

    method: str
    explanation: Explanation
    region_map: np.ndarray = field(repr=False)
    map: np.ndarray = field(repr=False)
    passes: int
    backward_passes: int
    seconds: float
    peak_bytes: int


class Cost:
    """Seconds and the most memory held while something runs; see `measured`.

    Attributes
    ----------
    seconds : float
    peak_bytes : int
        The most memory that was held beyond what was held at the start, which has the loaded model in it. On CUDA of torch's
        allocator, its cache emptied at the start. Elsewhere resident memory of the process, seen every 5 ms; memory
        that the C library keeps for later is given back at the start, where it is glibc.
    """

    def __init__(self) -> None:
        self.seconds, self.peak_bytes = 0.0, 0


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what is done while this lasts; the figures are there when it ends."""
    import psutil
    import torch

    cost, ended, process = Cost(), threading.Event(), psutil.Process()
    on_gpu = torch.cuda.is_available()
    _give_back()
    held = torch.cuda.memory_reserved if on_gpu else lambda: process.memory_info().rss
    before = held()

    def watch() -> None:
        while not ended.wait(_SAMPLING):
            look()

    def look() -> None:
        cost.peak_bytes = max(cost.peak_bytes, int(held()) - before)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    began = time.perf_counter()
    try:
        yield cost
        if on_gpu:
            torch.cuda.synchronize()
    finally:
        cost.seconds = time.perf_counter() - began
        ended.set()
        watcher.join()
        look()


def _give_back() -> None:
    """Memory that is free, but kept, goes back to the device and the operating system."""
    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def attempt(
    method: str,
    model: Any,
    response: Response,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Regions | np.ndarray = 64,
    fill: Fill = "black",
    weights: Weights = (1.0, 1.0),
    seed: int = 0,
    scorer: Scorer | None = None,
    target_ids: Mapping[int, int] | None = None,
    **options: Any,
) -> Attempt:
    """Explain words by any method, be it a search or a baseline.

    Parameters
    ----------
    method : str
        One of `eagle_nb.search.STRATEGIES` or `eagle_nb.baselines.METHODS`.
    model, response, tokens, regions, fill, weights, seed, target_ids
        As of `eagle_nb.explain`.
    scorer : Scorer, optional
        Replays a baseline's order; several methods may share one over the same regions, fill and targets, which remembers.
    **options
        The baseline's own, as of `eagle_nb.baselines.saliency`; of a search its ``budget``.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument or option is unknown, out of range, or does not fit the response.
    NotImplementedError
        If a white-box method cannot look into this family.
    """
    check_method(method, options)
    name, weights = check_fill(fill), check_weights(weights)
    ids = response.targets(target_ids, getattr(model, "vocabulary_size", None))
    targets = {int(k): ids[k] for k in target_ids or {}}
    selected = response.resolve(sorted(targets) if tokens is None and targets else tokens)
    cut = as_regions(regions, response.image)
    if method in STRATEGIES:
        check_search(method, options.get("budget"), cut.n)
    picture = fill_image(response.image, fill, cut, seed)
    texts = target_texts(model, response, targets)

    def fresh() -> Scorer:
        made: Scorer = model.scorer(response, cut, picture, target_ids=targets or None)
        return made

    def explained(trace: SearchTrace) -> Explanation:
        followed = {str(k): int(v) for k, v in targets.items()}
        told = {"method": method, "options": dict(options), "seed": seed, "target_ids": followed}
        return Explanation(response, cut, trace, np.array(ids), texts, name, picture, told)

    if method in STRATEGIES:
        with measured() as cost:
            # An interrupt ends it: half an order is no row of a table.
            trace = order(fresh(), selected, method, weights, partial=False, **options)
        explanation = explained(trace)
        shown = explanation.saliency()
        return Attempt(method, explanation, shown, shown, trace.forward_passes, 0, cost.seconds, cost.peak_bytes)
    with measured() as cost:
        found = baselines.saliency(method, model, response, selected, cut, picture, seed, targets or None, **options)
    explanation = explained(baselines.replay(found, scorer or fresh(), weights=weights))
    by_region = found.region_scores[cut.labels]
    return Attempt(
        method, explanation, by_region, found.map, found.passes, found.backward_passes, cost.seconds, cost.peak_bytes
    )


def check_method(method: str, options: Mapping[str, Any]) -> None:
    """Raise unless this is a search or a baseline with options that it knows."""
    if method in baselines.METHODS:
        check_options(method, baselines.METHODS[method], options)
    elif method in STRATEGIES:
        check_search(method, options.get("budget"))
        if set(options) - {"budget"}:
            raise TypeError(f"the search {method!r} has no option {sorted(options)!r}; it knows ['budget']")
    else:
        raise ValueError(f"unknown method {method!r}; known are {', '.join([*STRATEGIES, *baselines.METHODS])}")
