"""What identifies a score or a row of a table: one way to hash it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.regions import Regions
from ..inputs.response import Response
from ..protocols import Model


def digest(**facts: Any) -> str:
    """Return a key for everything that a result depends on.

    Parameters
    ----------
    **facts
        Anything that JSON can hold, arrays, and images. Their order does not matter.

    Returns
    -------
    str
        32 hexadecimal digits of a SHA-256; equal facts give equal keys.

    Raises
    ------
    TypeError
        If a fact is of another type.

    Examples
    --------
    >>> digest(method="occlusion", seed=0) == digest(seed=0, method="occlusion")
    True
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=_jsonable).encode()).hexdigest()[:32]


def model_identity(model: Model) -> dict[str, str]:
    """Return what distinguishes a model's scores from those of other models.

    Parameters
    ----------
    model : Model
        The model.

    Returns
    -------
    dict of str to str
        "model" (its name, or its class) and "fingerprint" ("" if the model has none).
    """
    name = getattr(model, "name", "") or type(model).__qualname__
    return {"model": str(name), "fingerprint": str(getattr(model, "fingerprint", "") or "")}


def case_identity(
    response: Response, regions: Regions, fill: Image.Image, target_ids: Mapping[int, int] | None = None
) -> dict[str, str]:
    """Return what the scores of any model depend on besides the model itself.

    Parameters
    ----------
    response : Response
        The answer that is scored.
    regions : Regions
        The partition of its image.
    fill : PIL.Image.Image
        What hidden regions show.
    target_ids : mapping of int to int, optional
        Counterfactual targets.

    Returns
    -------
    dict of str to str
        Image, prompt, answer, targets, region map and fill; pixels as digests.
    """
    conversation = response.conversation
    several = {} if conversation.is_short else {"messages": json.dumps(conversation.as_dict(), sort_keys=True)}
    return several | {
        "image": digest(pixels=response.canvas),
        "prompt": response.prompt,
        "answer": json.dumps([int(k) for k in response.token_ids]),
        "targets": json.dumps(response.targets(target_ids)),
        "regions": digest(labels=np.asarray(regions.labels, dtype=np.int32)),
        "fill": digest(pixels=fill),
    }


def _jsonable(value: Any) -> Any:
    """Replace what JSON does not know by its content."""
    if isinstance(value, Image.Image):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        content = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
        return {"dtype": str(value.dtype), "shape": value.shape, "content": content}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} cannot be part of a key: {value!r}")
