"""The prepared case of a mask painter: a model or a scorer with the regions and the fill to paint with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..protocols import Model, Scorer
from ..scoring.case import PreparedCase, prepare_case


def prepare_painting(
    model: Model | None,
    response: Response,
    scorer: Scorer | None = None,
    regions: int | Regions | np.ndarray = DEFAULT_REGIONS,
    fill: Fill = "black",
    explanations: Sequence[Explanation] = (),
    target_ids: Mapping[int, int] | None = None,
) -> PreparedCase:
    """Check what a mask painter is made from, before any model runs.

    Parameters
    ----------
    model : Model or None
        The model; None with a scorer.
    response : Response
        Its answer.
    scorer : Scorer, optional
        In place of a model.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition of ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    explanations : sequence of Explanation
        Of the same response; their regions, fill and targets are used.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token id by position.

    Returns
    -------
    PreparedCase
        The case.

    Raises
    ------
    TypeError
        If an argument is of another type, or there is not exactly one of model and scorer.
    ValueError
        If an argument is unknown, out of range or does not fit the response, or contradicts the explanations.
    """
    _check_source(model, scorer, response)
    if explanations:
        _check_fits(explanations, response, regions, fill, target_ids)
        first = explanations[0]
        regions, fill, target_ids = first.regions, first.fill_picture, first.targets or None
    elif scorer is not None and not isinstance(regions, Regions):
        raise TypeError(
            f"a scorer needs the Regions that it scores as regions=, got {type(regions).__name__}; "
            "Regions.from_labels makes them from a map"
        )
    source = _ScorerModel(scorer) if model is None else model
    return prepare_case(source, response, regions, fill, target_ids)


def _check_source(model: Any, scorer: Any, response: Any) -> None:
    """Validate model, scorer and response."""
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    if len(response) == 0:
        raise ValueError("the response has no tokens, so there is nothing to show; generate one first")
    if (model is None) == (scorer is None):
        raise TypeError("give either a model or scorer=, MaskPainter(None, response, scorer=…, regions=…)")
    if model is not None and not callable(getattr(model, "scorer", None)):
        raise TypeError(
            f"a model has scorer(response, regions, fill, target_ids=None), {type(model).__name__} has none; "
            "pass a Scorer as scorer="
        )
    if scorer is not None and not callable(scorer):
        raise TypeError(f"scorer= is called with coalitions, bool (M, N); {type(scorer).__name__} cannot be called")


def _check_fits(
    explanations: Sequence[Explanation], response: Response, regions: Any, fill: Any, target_ids: Any
) -> None:
    """Validate that explanations belong to the response, and that nothing contradicts them."""
    explanation, own = explanations[0], explanations[0].response
    facts = [(r.token_ids, r.prompt, r.canvas.size) for r in (own, response)]
    if facts[0] != facts[1] or not _same_pixels(own.canvas, response.canvas):
        raise ValueError("the explanation belongs to another response; pass explanation.response")
    for other in explanations[1:]:  # they share response and regions
        same_fill = _same_pixels(other.fill_picture, explanation.fill_picture)
        if not same_fill or list(other.target_ids) != list(explanation.target_ids):
            raise ValueError("the explanations differ in fill or target_ids; paint with one of them")
    default_regions = isinstance(regions, int) and regions == DEFAULT_REGIONS
    contradictions = {
        "regions": not default_regions and regions is not explanation.regions,
        "fill": not (isinstance(fill, str) and fill in ("black", explanation.fill)),
        "target_ids": target_ids is not None,
    }
    if any(contradictions.values()):
        names = ", ".join(name for name, contradicts in contradictions.items() if contradicts)
        raise ValueError(f"the explanation has its own regions, fill and target_ids; leave out {names}")


def _same_pixels(a: Image.Image, b: Image.Image) -> bool:
    """Whether two images of one size are equal."""
    return a is b or a.tobytes() == b.tobytes()


class _ScorerModel:
    """A model that consists of a scorer alone."""

    def __init__(self, scorer: Any) -> None:
        self._scorer: Scorer = scorer

    def generate(self, image: Any, prompt: str, max_new_tokens: int = 128) -> Response:
        """Refuse to generate."""
        raise TypeError("a scorer cannot generate answers; pass a model")

    def scorer(
        self, response: Response, regions: Regions, fill: Image.Image, target_ids: Mapping[int, int] | None = None
    ) -> Scorer:
        """Return the scorer."""
        return self._scorer
