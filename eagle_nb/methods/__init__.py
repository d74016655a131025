"""Baselines: other methods' saliency of the same Response, over the same regions, replayed through the same Scorer.

====================  =======================================================  ==========================
method                what it looks at                                         source
====================  =======================================================  ==========================
"random"              nothing
"occlusion"           the score without one region                             arXiv 1311.2901
"rise"                the mean score of random masks that show a region        arXiv 1806.07421
"kernel_shap"         the linear function closest to random coalitions         arXiv 1705.07874
"shapley_sampling"    what a region adds, over random orders                   10.1016/j.cor.2008.04.004
"gradient_input"      the gradient by each pixel, times the pixel              arXiv 1605.01713
"attention_rollout"   attention through all layers of the language model       arXiv 2005.00928
"llava_cam"           gradient-weighted activations of one layer               arXiv 2406.06579
"tam"                 last hidden states, less what earlier words explain      arXiv 2506.23270
"igos_pp"             masks optimised for deletion and for insertion           arXiv 2012.15783
====================  =======================================================  ==========================

The first five ask a Scorer alone and work with any model (`REGION_METHODS`, functions of `Scores` and the tokens). The others
look inside the network (`MAP_METHODS`, functions of a `WhiteBox` and the tokens): gradient × input and IGOS++ at any network
that can be differentiated; rollout, LLaVA-CAM and TAM where image tokens form one grid over the image, and they raise
NotImplementedError naming the family where not.

::

    found = eagle.baselines.saliency("tam", model, response, "red circle", regions=64, fill="black")
    scorer = model.scorer(response, found.regions, eagle.fills.fill_image(response.image, "black"))
    trace = eagle.baselines.replay(found, scorer)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..inputs.fills import Fill
from ..inputs.regions import Regions
from ..inputs.response import Response
from .attention_rollout import attention_rollout
from .gradient_input import gradient_input
from .igos import igos_pp
from .kernel_shap import kernel_shap
from .llava_cam import llava_cam
from .occlusion import occlusion
from .random_order import random_order
from .rise import rise
from .saliency import Saliency, measure, replay
from .shapley_sampling import shapley_sampling
from .tam import tam

__all__ = ["MAP_METHODS", "METHODS", "REGION_METHODS", "Saliency", "replay", "saliency"]

REGION_METHODS: dict[str, Callable[..., np.ndarray]] = {
    "random": random_order,
    "occlusion": occlusion,
    "rise": rise,
    "kernel_shap": kernel_shap,
    "shapley_sampling": shapley_sampling,
}
MAP_METHODS: dict[str, Callable[..., np.ndarray]] = {
    "gradient_input": gradient_input,
    "attention_rollout": attention_rollout,
    "llava_cam": llava_cam,
    "tam": tam,
    "igos_pp": igos_pp,
}
METHODS = {**REGION_METHODS, **MAP_METHODS}


def saliency(
    method: str,
    model: Any,
    response: Response,
    tokens: str | int | Sequence[int] | None = None,
    regions: int | Regions | np.ndarray = 64,
    fill: Fill = "black",
    seed: int = 0,
    target_ids: Mapping[int, int] | None = None,
    **options: Any,
) -> Saliency:
    """Explain the words of a response by another method.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    model : Model
        What generated the response. A region method needs its `scorer` alone.
    response : Response
    tokens, regions, fill, target_ids
        As of `eagle_nb.explain`.
    seed : int
        Of everything random; equal seeds give equal maps.
    **options
        The method's own, such as ``masks`` of "rise" or ``layer`` of "llava_cam"; see its function.

    Returns
    -------
    Saliency

    Raises
    ------
    ValueError, TypeError
        Before the model runs, if an argument or option is unknown, out of range, or does not fit the response.
    NotImplementedError
        If a white-box method cannot look into this family; the message says why.
    """
    if method not in METHODS:
        raise ValueError(f"unknown method {method!r}; known methods: {', '.join(METHODS)}")
    return measure(
        method,
        METHODS[method],
        method in MAP_METHODS,
        model,
        response,
        tokens,
        regions,
        fill,
        seed,
        target_ids,
        options,
    )
