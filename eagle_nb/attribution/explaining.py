"""Explain the words of a response: together, or each separately from shared forward passes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..inputs.fills import Fill
from ..inputs.progress import progress_bar
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response, ResponseWord
from ..inputs.seeds import Rng, recorded_seed
from ..inputs.segmentation import Segmenter
from ..protocols import Model
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.objective import Aggregate, Weights, check_aggregate, check_weights
from ..scoring.store import Store, as_store
from ..search.api import check_search, order, order_each
from ..search.state import Callback
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy, strategy_name
from ..search.trace import SearchTrace
from .explanation import Explanation
from .explanation_set import ExplanationSet


def explain(
    model: Model,
    response: Response,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Sequence[int] | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    target_ids: Mapping[int, int] | None = None,
    budget: int | str | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    rng: Rng = 0,
    progress: bool = True,
    segmentation: str | Segmenter = "slic",
    aggregate: Aggregate = "mean",
    images: int | Sequence[int] | None = None,
) -> Explanation:
    """Explain the words of a response: which regions carried them, and how much they rely on the image.

    Parameters
    ----------
    model : Model
        The model that generated the response; see `eagle_nb.load_model`.
    response : Response
        The answer.
    tokens : None, str, int, list of int or TokenPicker
        What to explain together: all tokens, a text of the answer ("red circle"), token indices, or what a picker selects.
    regions : int, list of int, Regions or ndarray of int, (H, W)
        A number of regions to cut, at least two, which several pictures share by their areas; the number of each picture; or a partition of
        ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    search : {"fast", "greedy", "lazy", "phasewin", "bidirectional", "single"} or Strategy
        The strategy. "fast" takes a tenth of the forward passes of "greedy", the exhaustive reference, but at least six per region.
        See `eagle_nb.search.order`.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    target_ids : mapping of int to int, optional
        Counterfactual targets: follow the probability of another token id at a position, for instance that of "No" where the
        model said "Yes". Without `tokens`, these positions are explained.
    budget : int or str, optional
        Forward passes that may be spent (at least 2 N + 2), or a time such as "30 s".
    store : Store or path, optional
        Keeps scored coalitions, so the same call resumes after a crash, and other calls on the same case reuse them. The model
        needs a ``fingerprint``. See `eagle_nb.scoring.Store`.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    progress : bool
        Show a progress bar.
    segmentation : str or callable
        How the image is cut where `regions` is a number; see `eagle_nb.inputs.segmentation`.
    aggregate : {"mean", "joint"}
        What is explained where several tokens are selected: the mean of their probabilities, the protocol of the paper, or their product,
        the probability of the whole word.
    images : int or list of int, optional
        Numbers of the pictures that are explained, from 0; the others are shown as they are. By default all.

    Returns
    -------
    Explanation
        Also after an interrupt (Ctrl-C): what was found so far, the rest proposed, see ``trace.decided``.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown, out of range, or does not fit the response, or the store cannot be used.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, tokens=response.words[1].text, regions=4, progress=False)
    >>> explanation.order.shape
    (4,)
    """
    weights = check_weights(weights)
    check_search(search, budget)
    check_aggregate(aggregate)
    case = prepare_case(model, response, regions, fill, target_ids, rng, segmentation, progress, images)
    check_search(search, budget, case.regions.n)
    selected = case.select(tokens)
    scorer = case.cached_scorer(as_store(store), selected)
    with _progress_bar(progress) as callback:
        trace = order(
            scorer, selected, search=search, weights=weights, budget=budget, callback=callback, aggregate=aggregate
        )
    return explained_case(case, trace, search=strategy_name(search), budget=budget, seed=recorded_seed(rng))


def explain_each(
    model: Model,
    response: Response,
    words: bool | Sequence[str] = True,
    regions: int | Sequence[int] | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    search: str | Strategy = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    store: Store | str | os.PathLike[str] | None = None,
    rng: Rng = 0,
    progress: bool = True,
    segmentation: str | Segmenter = "slic",
    aggregate: Aggregate = "joint",
    images: int | Sequence[int] | None = None,
) -> ExplanationSet:
    """Explain every word of a response separately, from shared forward passes.

    Each forward pass scores all tokens, and a coalition that several searches ask for is scored once.

    Parameters
    ----------
    model : Model
        The model that generated the response.
    response : Response
        The answer.
    words : bool or list of str
        True for every word of the answer, False for every token, or the words to explain, in any order. A word that occurs more
        than once is explained at each of its places.
    regions : int, Regions or ndarray of int, (H, W)
        See `explain`.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    search : str or Strategy
        See `explain`.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    budget : int or str, optional
        For all words together; at least 2 N + 2 forward passes for each.
    store : Store or path, optional
        See `explain`.
    rng : int, numpy.random.Generator or None
        Of the fill "noise".
    progress : bool
        Show a progress bar.
    segmentation : str or callable
        See `explain`.
    aggregate : {"mean", "joint"}
        What is explained of a word of several tokens: the probability of the whole word ("joint"), which can reach 0, or the mean of its
        tokens' probabilities (the paper).
    images : int or list of int, optional
        See `explain`.

    Returns
    -------
    ExplanationSet
        A mapping from word to Explanation, in the order of the answer; after an interrupt (Ctrl-C) the words that have an order.

    Raises
    ------
    ValueError, TypeError
        As `explain`.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> words = eagle.explain_each(model, response, regions=4, progress=False)
    >>> len(words) == len(response.words)
    True
    """
    weights = check_weights(weights)
    check_search(search)
    check_aggregate(aggregate)
    case = prepare_case(model, response, regions, fill, None, rng, segmentation, progress, images)
    chosen = _selected_words(response, words)
    check_search(search, budget, case.regions.n, len(chosen))
    groups = [list(word.tokens) for word in chosen]
    scorer = case.cached_scorer(as_store(store), sorted({token for group in groups for token in group}))
    with _progress_bar(progress) as callback:
        traces = order_each(
            scorer, groups, search=search, weights=weights, budget=budget, callback=callback, aggregate=aggregate
        )
    settings = {"search": strategy_name(search), "budget": budget, "seed": recorded_seed(rng)}
    return ExplanationSet(chosen[: len(traces)], [explained_case(case, trace, **settings) for trace in traces])


def explained_case(case: PreparedCase, trace: SearchTrace, **settings: Any) -> Explanation:
    """Build the explanation of a case from its search.

    Parameters
    ----------
    case : PreparedCase
        The case.
    trace : SearchTrace
        The search.
    **settings
        What else it was made with, for the provenance.

    Returns
    -------
    Explanation
        With the provenance of the case.
    """
    return Explanation(
        case.response,
        case.regions,
        trace,
        case.target_ids,
        case.target_tokens,
        case.fill,
        case.fill_picture,
        case.provenance(weights=list(trace.weights), aggregate=trace.aggregate, **settings),
    )


def _selected_words(response: Response, words: bool | Sequence[str]) -> list[ResponseWord]:
    """Return what ``words=`` selects."""
    every = [word for word in response.words if word.tokens]
    if words is True:
        if not every:
            raise ValueError(f"the answer {response.text!r} has no words; words=False explains every token")
        return every
    if words is False:
        pieces = zip(response.tokens, response.spans, strict=True)
        return [ResponseWord(text.strip() or text, *span, (k,)) for k, (text, span) in enumerate(pieces)]
    if isinstance(words, str) or not isinstance(words, Sequence):
        raise TypeError(f"words is True (every word), False (every token) or a list of words, got {words!r}")
    missing = [word for word in words if word not in {w.text for w in every}]
    if missing:
        raise ValueError(f"{missing[0]!r} is not a word of the answer; its words are {[w.text for w in every]}")
    if not words:
        raise ValueError("words is empty; give at least one, or True for all")
    return [word for word in every if word.text in words]


@contextmanager
def _progress_bar(shown: bool) -> Iterator[Callback | None]:
    """Provide a callback that draws a progress bar over the planned forward passes."""
    if not shown:
        yield None
        return
    with progress_bar(desc="explaining", unit="pass", leave=False, mininterval=0.3) as bar:

        def update(state: dict[str, Any]) -> None:
            bar.total = state["planned"]
            if "search" in state:
                bar.set_description(f"explaining {state['search']} of {state['searches']}", refresh=False)
            bar.set_postfix(regions=state["placed"], F=f"{state['objective']:.3f}", refresh=False)
            bar.update(state["forward_passes"] - bar.n)

        yield update
