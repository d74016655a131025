"""Whether the parts of an explanation fit each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from ..inputs.regions import Regions
from ..inputs.response import Response
from ..search.trace import SearchTrace


def check_parts(
    response: Response,
    regions: Regions,
    trace: SearchTrace,
    target_ids: np.ndarray,
    target_tokens: Sequence[str],
    fill_picture: Image.Image,
) -> None:
    """Validate the parts of an explanation.

    Parameters
    ----------
    response : Response
        The answer, T tokens.
    regions : Regions
        N regions.
    trace : SearchTrace
        The search.
    target_ids : ndarray of int, (T,)
        The token ids that were followed.
    target_tokens : sequence of str, (T,)
        Their texts.
    fill_picture : PIL.Image.Image
        What hidden regions showed.

    Raises
    ------
    ValueError
        If a shape is another one, the order is not a permutation, a curve is not one of probabilities, or a selected token is out of
        range.
    """
    n, t = regions.n, len(response)
    image = response.canvas
    shapes = {
        "the region map": (regions.shape, (image.height, image.width)),
        "the fill picture": (fill_picture.size, image.size),
        "order": (trace.order.shape, (n,)),
        "insertion": (trace.insertion.shape, (n + 1, t)),
        "deletion": (trace.deletion.shape, (n + 1, t)),
        "objective": (trace.objective.shape, (n + 1,)),
        "candidates": (trace.candidates.shape, (n, n)),
        "decided": (trace.decided.shape, (n,)),
        "evidence": (trace.evidence.shape, (n,)),
        "target_ids": (np.shape(target_ids), (t,)),
        "target_tokens": ((len(target_tokens),), (t,)),
    }
    for name, (shape, expected) in shapes.items():
        if tuple(shape) != expected:
            raise ValueError(f"{name} has shape {tuple(shape)}, expected {expected} ({n} regions, {t} tokens)")
    if not np.array_equal(np.sort(trace.order), np.arange(n)):
        raise ValueError("order is not a permutation of the regions")
    if not set(trace.tokens) <= set(range(t)) or not trace.tokens:
        raise ValueError(f"the selected tokens {list(trace.tokens)} are not among the answer's {t}")
    for name, curve in (("insertion", trace.insertion), ("deletion", trace.deletion)):
        unmeasured = np.isnan(curve).all(0)  # tokens that a served model was not asked about
        unmeasured[list(trace.tokens)] = False
        values = curve[:, ~unmeasured]
        if not np.isfinite(values).all() or values.min() < -1e-4 or values.max() > 1 + 1e-4:
            raise ValueError(f"{name} holds values that are not probabilities")
