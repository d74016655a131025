"""The row of metrics of one explanation or of one run of a method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..attribution.explanation import Explanation
from ..datasets.sample import Box, Sample, SampleObject
from ..inputs.masks import mask_box
from ..methods.runner import MethodRun
from ..metrics.curves import CurveScores, sensitive_scores
from ..metrics.pointing import pointing_any, pointing_union

Target = Sample | SampleObject | np.ndarray | Box
"""Where the object of the explained word is: a sample with a label, an object, a mask, or a box."""


def metrics_row(
    result: Explanation | MethodRun, target: Target | None = None, first_token: Explanation | None = None
) -> dict[str, Any]:
    """Compute all metrics of one result.

    Undefined metrics are None, and summaries count them as skipped.

    Parameters
    ----------
    result : Explanation or MethodRun
        Of a whole word for the pointing game; of any tokens without a target. The pointing game uses the saliency of an explanation, and
        the `region_map` of a run.
    target : Sample, SampleObject, ndarray of bool (H, W), or (left, top, right, bottom), optional
        Where the object of the explained word is. For a Sample, the objects of its label; a hit in one of them suffices. The bounding box
        of a mask is used where an object has no box. A target without a pixel in the image can be neither hit nor missed: None.
    first_token : Explanation, optional
        The explanation of the first token of the same word alone, as for the published metrics; only with an explanation. A word
        of one token needs none.

    Returns
    -------
    dict of str to value
        "sample" (its id, if `target` is a Sample), "method", and "counter" (the text of the counterfactual target, if there is one); the
        names of `eagle_nb.metrics.METRIC_INFO`, with the reliance averaged over the selected tokens and the pointing game only with a
        target; "forward_passes" and "seconds". A run also has "pointing_mask_own_map" (with a target), "backward_passes" and
        "peak_bytes". An explanation also has the pointing game of the first token (with a target).

    Raises
    ------
    ValueError
        If `first_token` does not explain the first of the tokens, or a mask does not fit the image.
    TypeError
        If the result or the target is of another type.

    References
    ----------
    See `eagle_nb.metrics.METRIC_INFO`.
    """
    if isinstance(result, MethodRun):
        explanation, saliency, method = result.explanation, result.region_map, result.method
    elif isinstance(result, Explanation):
        explanation, saliency, method = result, result.canvas_saliency("order"), result.trace.search
    else:
        raise TypeError(f"metrics_row takes an Explanation or a MethodRun, got {type(result).__name__}")
    _check_first_token(explanation, first_token)
    row: dict[str, Any] = {"method": method}
    if isinstance(target, Sample):
        row = {"sample": target.id, **row}
    row |= _counter_token(explanation) | _curve_metrics(explanation)
    masks, boxes = _places(target)
    if target is not None:
        row |= _pointing(saliency, masks, boxes)
        row["pointing_mask_share"] = pointing_union(saliency, masks)
    if isinstance(result, MethodRun):
        if target is not None:
            row["pointing_mask_own_map"] = pointing_any(result.map, masks)
        row |= {"forward_passes": result.forward_passes, "backward_passes": result.backward_passes}
        return row | {"seconds": result.seconds, "peak_bytes": result.peak_bytes}
    if target is not None:
        first = explanation if len(explanation.tokens) == 1 else first_token
        row |= _pointing(None if first is None else first.canvas_saliency("order"), masks, boxes, "_first_token")
    return row | {"forward_passes": explanation.forward_passes, "seconds": explanation.seconds}


def _check_first_token(explanation: Explanation, first_token: Explanation | None) -> None:
    """Raise a ValueError unless `first_token` explains the first of the explained tokens."""
    tokens = explanation.tokens
    if first_token is not None and first_token.tokens != tokens[:1]:
        raise ValueError(
            f"first_token explains tokens {first_token.tokens}, the first one of {tokens} is needed; "
            f"explain(…, tokens={tokens[0]}) makes it"
        )


def _counter_token(explanation: Explanation) -> dict[str, str]:
    """Return the text of the counterfactual target among the explained tokens, if there is one."""
    tokens, ids = explanation.tokens, explanation.target_ids
    if not any(k in explanation.targets for k in tokens):
        return {}
    return {"counter": explanation.selected_text or " ".join(f"<{ids[k]}>" for k in tokens)}


def _curve_metrics(explanation: Explanation) -> dict[str, float | None]:
    """Return the areas, highest scores and reliance of the explained tokens."""
    tokens, reliance = explanation.tokens, explanation.reliance
    sensitive = sensitive_scores(explanation.insertion, explanation.deletion, explanation.area, tokens)
    return {
        **explanation.scores()._asdict(),
        **{f"sensitive_{name}": getattr(sensitive, name, None) for name in CurveScores._fields},
        "reliance": float(reliance.score[tokens].mean()),
        "reliance_area": float(reliance.score_area[tokens].mean()),
        "reliance_difference": float(reliance.difference[tokens].mean()),
    }


def _pointing(
    saliency: np.ndarray | None, masks: Sequence[np.ndarray], boxes: Sequence[Box], suffix: str = ""
) -> dict[str, bool | None]:
    """Return the pointing game with masks and with boxes."""
    return {
        f"pointing_mask{suffix}": None if saliency is None else pointing_any(saliency, masks),
        f"pointing_box{suffix}": None if saliency is None else pointing_any(saliency, boxes),
    }


def _places(target: Target | None) -> tuple[list[np.ndarray], list[Box]]:
    """Return the masks and boxes of a target; the list is empty if one of its objects has none."""
    if target is None:
        return [], []
    if isinstance(target, Sample):
        objects = target.named(target.label) if target.label else []
        pairs = [(o.mask, o.box) for o in objects]
    elif isinstance(target, SampleObject):
        pairs = [(target.mask, target.box)]
    else:
        place = np.asarray(target)
        if place.shape == (4,) and place.dtype != bool:
            left, top, right, bottom = (float(v) for v in place)
            pairs = [(None, (left, top, right, bottom))]
        elif place.ndim == 2 and place.dtype == bool:
            pairs = [(place, None)]
        else:
            raise TypeError(
                f"a target is a Sample, a SampleObject, a bool mask (H, W) or a box of four numbers, got {target!r}"
            )
    masks = [mask for mask, _ in pairs if mask is not None]
    boxes = [box for box in (_box(*pair) for pair in pairs) if box is not None]
    return (masks if len(masks) == len(pairs) else []), (boxes if len(boxes) == len(pairs) else [])


def _box(mask: np.ndarray | None, box: Box | None) -> Box | None:
    """Return the box of an object, by default that of its mask; an empty mask has a box without a pixel."""
    if box is not None or mask is None:
        return box
    return mask_box(mask) or (0.0, 0.0, 0.0, 0.0)
