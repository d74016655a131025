"""explain() and explain_each(): from a response to the explanation of its words."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
from PIL import Image

from .explanation import Explanation
from .explanations import Explanations
from .fills import Fill, check_fill, fill_image
from .models.identity import case_identity
from .objective import Weights, check_weights
from .regions import Regions, as_regions
from .response import Response, ResponseWord
from .search import Checkpoint, Scorer, SearchTrace, check_search, order, order_each
from .search.evaluation import Callback

DEFAULT_SEARCH = "fast"


@dataclass(frozen=True)
class _Case:
    """What is common to all explanations of one response: checked, ready to be searched."""

    model: Any
    response: Response
    regions: Regions
    fill: str
    picture: Image.Image
    targets: dict[int, int]
    texts: list[str]
    settings: dict[str, Any]

    def scorer(self) -> Scorer:
        scorer: Scorer = self.model.scorer(self.response, self.regions, self.picture, target_ids=self.targets or None)
        return scorer

    def checkpoint(self, path: str | os.PathLike[str] | None, scorer: Scorer) -> Checkpoint | None:
        """Scores on disk that are of this case, whatever the scorer itself tells of it."""
        if path is None:
            return None
        told = case_identity(self.model, self.response, self.regions, self.picture, self.targets)
        return Checkpoint.of(scorer, path, told)

    def explanation(self, trace: SearchTrace) -> Explanation:
        r = self.response
        provenance = {
            "model": r.model,
            "revision": r.revision,
            "prompt": r.prompt,
            "fill": self.fill,
            "regions": {"maker": self.regions.maker, "n": self.regions.n, **self.regions.parameters},
            **self.settings,
            "target_ids": {str(k): int(v) for k, v in self.targets.items()},
            "versions": _versions(),
        }
        ids = np.array(r.targets(self.targets or None))
        return Explanation(r, self.regions, trace, ids, self.texts, self.fill, self.picture, provenance)


def explain(
    model: Any,
    response: Response,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Regions | np.ndarray = 64,
    fill: Fill = "black",
    search: str = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    target_ids: Mapping[int, int] | None = None,
    budget: int | str | None = None,
    seed: int = 0,
    progress: bool = True,
    checkpoint: str | os.PathLike[str] | None = None,
) -> Explanation:
    """Explain the words of a response: which regions carried them, what they rely on.

    Parameters
    ----------
    model : Model
        What generated the response; see `load_model`.
    response : Response
    tokens : None, str, int or list of int
        What to explain together: all tokens, a text that was said ("red circle"), or token indices.
    regions : int or Regions
        A number of SLIC superpixels, or a partition of ``response.image``; at least two.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    search : {"fast", "greedy", "lazy", "phasewin", "bidirectional", "single"}
        The strategy. "fast" takes a tenth of the passes of "greedy", the exhaustive reference, but at least six per region.
        See `eagle_nb.search.order`.
    weights : (float, float)
        λ1 of insight and λ2 of necessity.
    target_ids : mapping of int to int, optional
        Counterfactual targets: follow the probability of another token id at a position, for instance that of
        "No" where the model said "Yes". With `tokens` left out, those positions are what is explained.
    budget : int or str, optional
        Forward passes that may be spent (at least 2 N + 2), or a time such as "30 s".
    seed : int
        Of the fill "noise".
    progress : bool
        Show a progress bar.
    checkpoint : path, optional
        A file that keeps scored coalitions, so that the same call goes on after a crash. One of another image, prompt,
        answer, fill, region map or model is refused; see `eagle_nb.search.Checkpoint.of`.

    Returns
    -------
    Explanation
        Also after an interrupt (Ctrl-C): what was found so far, the rest proposed, as ``trace.decided`` tells.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument is unknown, out of range, or does not fit the response; or if the
        checkpoint belongs to something else.
    """
    case = _prepare(model, response, regions, fill, search, weights, target_ids, budget, seed)
    chosen = sorted(case.targets) if tokens is None and case.targets else tokens
    selected = response.resolve(chosen)
    scorer = case.scorer()
    kept = case.checkpoint(checkpoint, scorer)
    with _bar(progress) as callback:
        trace = order(
            scorer,
            selected,
            search=search,
            weights=weights,
            budget=budget,
            callback=callback,
            checkpoint=kept,
        )
    return case.explanation(trace)


def explain_each(
    model: Any,
    response: Response,
    words: bool | Sequence[str] = True,
    regions: int | Regions | np.ndarray = 64,
    fill: Fill = "black",
    search: str = DEFAULT_SEARCH,
    weights: Weights = (1.0, 1.0),
    budget: int | str | None = None,
    seed: int = 0,
    progress: bool = True,
    checkpoint: str | os.PathLike[str] | None = None,
) -> Explanations:
    """Explain every word of a response by itself, from shared passes.

    Each pass scores all tokens, first rounds are common, and a coalition that several searches ask for is scored once.

    Parameters
    ----------
    model, response, regions, fill, weights, seed, progress, checkpoint
        See `explain`.
    words : bool or list of str
        True for every word of the answer, False for every token, or the words to explain, in any order. A word that
        occurs more than once is explained at each of its places.
    search : str
        See `explain`.
    budget : int or str, optional
        For all words together; at least 2 N + 2 passes for each.

    Returns
    -------
    Explanations
        A mapping from word to Explanation, in the order of the answer.

    Raises
    ------
    ValueError, TypeError
        As `explain`.
    """
    case = _prepare(model, response, regions, fill, search, weights, None, None, seed, {"budget": budget})
    chosen = _chosen_words(response, words)
    check_search(search, budget, case.regions.n, len(chosen))
    scorer = case.scorer()
    kept = case.checkpoint(checkpoint, scorer)
    with _bar(progress) as callback:
        traces = order_each(
            scorer,
            [list(word.tokens) for word in chosen],
            search=search,
            weights=weights,
            budget=budget,
            callback=callback,
            checkpoint=kept,
        )
    return Explanations(chosen[: len(traces)], [case.explanation(trace) for trace in traces])


def _prepare(
    model: Any,
    response: Response,
    regions: int | Regions | np.ndarray,
    fill: Fill,
    search: str,
    weights: Weights,
    target_ids: Mapping[int, int] | None,
    budget: int | str | None,
    seed: int,
    settings: Mapping[str, Any] | None = None,
) -> _Case:
    """Check everything that can be checked before the model runs."""
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    if len(response) == 0:
        raise ValueError("the response has no tokens, so there is nothing to explain; generate one first")
    ids = response.targets(target_ids, getattr(model, "vocabulary_size", None))
    targets = {int(k): ids[k] for k in target_ids or {}}
    fill_name = check_fill(fill)
    weights = check_weights(weights)
    check_search(search, budget)
    partition = as_regions(regions, response.image)
    check_search(search, budget, partition.n)
    picture = fill_image(response.image, fill, partition, seed)
    texts = target_texts(model, response, targets)
    told = {"search": search, "weights": list(weights), "budget": budget, "seed": seed, **(settings or {})}
    return _Case(model, response, partition, fill_name, picture, targets, texts, told)


def _chosen_words(response: Response, words: bool | Sequence[str]) -> list[ResponseWord]:
    every = [word for word in response.words if word.tokens]
    if words is True:
        return every
    if words is False:
        pieces = zip(response.tokens, response.spans, strict=True)
        return [ResponseWord(text.strip() or text, *span, (k,)) for k, (text, span) in enumerate(pieces)]
    if isinstance(words, str) or not isinstance(words, Sequence):
        raise TypeError(f"words is True (every word), False (every token) or a list of words, got {words!r}")
    missing = [word for word in words if word not in {w.text for w in every}]
    if missing:
        raise ValueError(f"{missing[0]!r} is no word of the answer; its words are {[w.text for w in every]}")
    if not words:
        raise ValueError("words is empty; give at least one, or True for all")
    return [word for word in every if word.text in words]


@contextmanager
def _bar(shown: bool) -> Iterator[Callback | None]:
    """A progress bar over the passes that a search expects to spend."""
    if not shown:
        yield None
        return
    from tqdm.auto import tqdm

    with tqdm(desc="explaining", unit="pass", leave=False, mininterval=0.3) as bar:

        def update(state: dict[str, Any]) -> None:
            bar.total = state["planned"]
            if "search" in state:
                bar.set_description(f"explaining {state['search']} of {state['searches']}", refresh=False)
            bar.set_postfix(regions=state["placed"], F=f"{state['objective']:.3f}", refresh=False)
            bar.update(state["passes"] - bar.n)

        yield update


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in ("eagle_nb", "torch", "transformers", "numpy", "scikit-image"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "unknown"
    found["platform"] = sys.platform
    return found


def target_texts(model: Any, response: Response, targets: Mapping[int, int]) -> list[str]:
    """The text of the token followed at each position: the answer's own, but for counterfactual targets."""
    texts = list(response.tokens)
    for position, target in targets.items():
        texts[position] = model.decode([target]) if hasattr(model, "decode") else f"<{target}>"
    return texts
