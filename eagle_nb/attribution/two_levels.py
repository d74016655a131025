"""Two levels: first which picture carried the words, then where in it."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..inputs.seeds import Rng
from ..inputs.segmentation import Segmenter
from ..protocols import Model
from ..scoring.objective import Aggregate, Weights
from ..scoring.store import Store, as_store
from ..search.budget import Budget, parse_budget
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy
from .explaining import explain
from .explanation import Explanation

FIRST_SHARE = 1 / 4
"""Maximum share of a budget that the first level takes."""


@dataclass(frozen=True, eq=False)
class TwoLevels:
    """An explanation of several pictures on two levels.

    Attributes
    ----------
    pictures : Explanation
        Which picture: its regions are whole pictures, or groups of frames that the model reads together.
    inside : Explanation
        Where: its regions lie in the chosen pictures, the others are shown as they are.
    chosen : tuple of int
        The pictures that were chosen, those with the most evidence; frames of one temporal patch together.
    """

    pictures: Explanation
    inside: Explanation
    chosen: tuple[int, ...]

    @property
    def forward_passes(self) -> int:
        """Forward passes of both levels."""
        return self.pictures.forward_passes + self.inside.forward_passes

    @property
    def headline(self) -> str:
        """The answer in a few sentences."""
        named = ", ".join(str(k + 1) for k in self.chosen)
        count = len(self.pictures.response.images)
        return f"Picture {named} of {count} carried it. {self.inside.headline}"

    def __repr__(self) -> str:
        return f"TwoLevels(chosen={list(self.chosen)}, {self.inside!r})"


def explain_pictures(
    model: Model,
    response: Response,
    tokens: str | int | Sequence[int] | None = None,
    regions: int = DEFAULT_REGIONS,
    pictures: int = 1,
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
) -> TwoLevels:
    """Explain words of a response about several pictures: first which picture carried them, then where in it.

    Parameters
    ----------
    model : Model
        The model that generated the response.
    response : Response
        The answer, about at least two pictures.
    tokens : None, str, int, list of int or TokenPicker
        What to explain, see `eagle_nb.explain`.
    regions : int
        Number of regions that the chosen pictures are cut into.
    pictures : int
        Number of pictures that are chosen for the second level, or of groups of frames that the model reads as one temporal patch.
    fill : str or image
        See `eagle_nb.explain`.
    search : str or Strategy
        See `eagle_nb.explain`.
    weights : (float, float)
        See `eagle_nb.explain`.
    target_ids : mapping of int to int, optional
        See `eagle_nb.explain`.
    budget : int or str, optional
        Forward passes or time of both levels together; the first takes at most a quarter, but at least what its order costs.
    store : Store or path, optional
        See `eagle_nb.explain`.
    rng : int, numpy.random.Generator or None
        See `eagle_nb.explain`.
    progress : bool
        See `eagle_nb.explain`.
    segmentation : str or callable
        See `eagle_nb.explain`.
    aggregate : {"mean", "joint"}
        See `eagle_nb.explain`.

    Returns
    -------
    TwoLevels
        Both explanations.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if there is one picture only, more are to be chosen than there are, or as `eagle_nb.explain`.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.scenes.load_clip_model()
    >>> response = model.generate(list(eagle.scenes.draw_clip(7).frames), eagle.scenes.CLIP_PROMPT)
    >>> levels = eagle.explain_pictures(model, response, tokens=0, regions=4, progress=False)
    >>> len(levels.chosen)
    1
    """
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    count = len(response.images)
    if count < 2:
        raise ValueError("the response is about one picture; explain() says where in it")
    if isinstance(pictures, bool) or not isinstance(pictures, int) or not 1 <= pictures < count:
        raise ValueError(f"pictures must be 1 … {count - 1} of {count} pictures, got {pictures!r}")
    if isinstance(regions, bool) or not isinstance(regions, int) or regions < max(2, pictures):
        raise ValueError(f"regions must be a number of at least {max(2, pictures)}, got {regions!r}")
    tied = int(getattr(model, "tied_frames", 1)) if response.conversation.media == ["video"] else 1
    whole = Regions.whole(response.images, tied=tied)
    first, rest = _shares(budget, whole.n, regions)
    kept = as_store(store)
    options = dict(fill=fill, weights=weights, target_ids=target_ids, store=kept, rng=rng, progress=progress, aggregate=aggregate)  # fmt: skip
    which = explain(
        model, response, tokens, whole, search=search, budget=first, **options  # type: ignore[arg-type]
    )  # fmt: skip
    strongest = np.argsort(-which.evidence, kind="stable")[:pictures]
    chosen = tuple(k for k in range(count) if k // tied in strongest)
    left = None if rest is None else rest if isinstance(rest, str) else int(budget or 0) - which.forward_passes
    where = explain(
        model, response, tokens, regions, search=search, budget=left, segmentation=segmentation, images=chosen, **options  # type: ignore[arg-type]
    )  # fmt: skip
    return TwoLevels(which, where, chosen)


def _shares(budget: int | str | None, count: int, regions: int) -> tuple[int | str | None, int | str | None]:
    """Divide a budget between the levels, and check that it pays for both."""
    if budget is None:
        return None, None
    total: Budget = parse_budget(budget)
    if total.seconds is not None:
        return f"{FIRST_SHARE * total.seconds:.3f} s", f"{(1 - FIRST_SHARE) * total.seconds:.3f} s"
    passes = int(total.forward_passes or 0)
    least, least_inside = 2 * count + 2, 2 * regions + 2
    if passes < least + least_inside:
        raise ValueError(
            f"a budget of {passes} passes is too small: {count} pictures take at least {least}, {regions} regions at least "
            f"{least_inside}"
        )
    first = min(max(least, int(FIRST_SHARE * passes)), passes - least_inside, count * (count + 1) + 2)
    return max(first, least), passes - first
