"""All figures of one explanation, as a row for `eagle_nb.results.frame`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..metrics.curves import CurveScores, curve_scores, sensitive_scores
from ..metrics.pointing import pointing_any, pointing_union

if TYPE_CHECKING:
    from ..attribution.explanation import Explanation
    from ..datasets.sample import Box, Sample, SampleObject

    Target = Sample | SampleObject | np.ndarray | Box


def evaluate(
    explanation: Explanation, target: Target | None = None, first_token: Explanation | None = None
) -> dict[str, Any]:
    """Every figure of one explanation; what cannot be told is None, so that summaries count it as skipped.

    Parameters
    ----------
    explanation : Explanation
        Of a whole word for the pointing game; of any tokens without a target.
    target : Sample, SampleObject, bool ndarray (H, W) or (left, top, right, bottom), optional
        Where the explained word's object is. Of a Sample the objects that its label names, a hit in one of them suffices;
        a mask's bounding box is used where no box is given. Without a pixel in the image it cannot be hit or missed: None.
    first_token : Explanation, optional
        The same of the word's first token alone, as the published figures have it. A word of one token is its own.

    Returns
    -------
    dict
        "method" (the search), and of a Sample "sample", its id; then the names of `FACTS`, and "forward_passes" and
        "seconds". Reliance is the mean over the selected tokens. Without a target there are no pointing figures. Where other
        tokens than those said were followed, "counter" is their text.

    Raises
    ------
    ValueError
        If `first_token` explains other tokens than the first one, or a mask does not fit the image.
    TypeError
        If the target is of another type.
    """
    from ..datasets.sample import Sample

    at, told = explanation.tokens, explanation.reliance
    if first_token is not None and first_token.tokens != at[:1]:
        raise ValueError(
            f"first_token explains tokens {first_token.tokens}, the first one of {at} is wanted; "
            f"explain(…, tokens={at[0]}) makes it"
        )
    row: dict[str, Any] = {"method": explanation.trace.search}
    if isinstance(target, Sample):
        row = {"sample": target.id, **row}
    if any(explanation.target_ids[k] != explanation.response.token_ids[k] for k in at):
        row["counter"] = explanation.selected_text or " ".join(f"<{explanation.target_ids[k]}>" for k in at)
    row |= curve_scores(explanation)._asdict()
    sensitive = sensitive_scores(explanation)
    row |= {f"sensitive_{name}": getattr(sensitive, name, None) for name in CurveScores._fields}
    row |= {
        "reliance": float(told.score[at].mean()),
        "reliance_area": float(told.score_area[at].mean()),
        "reliance_difference": float(told.difference[at].mean()),
    }
    if target is not None:
        masks, boxes = _places(target)
        first = explanation if len(at) == 1 else first_token
        row |= _pointing(explanation, masks, boxes, "")
        row |= _pointing(first, masks, boxes, "_first_token")
        row["pointing_mask_share"] = pointing_union(explanation.saliency(), masks)
    return row | {"forward_passes": explanation.forward_passes, "seconds": explanation.seconds}


def _pointing(explanation: Explanation | None, masks: list[Any], boxes: list[Any], suffix: str) -> dict[str, Any]:
    return {
        f"pointing_{name}{suffix}": None if explanation is None else pointing_any(explanation.saliency(), places)
        for name, places in (("mask", masks), ("box", boxes))
    }


def _places(target: Any) -> tuple[list[Any], list[Any]]:
    """Masks and boxes of a target; empty where one of its objects has none."""
    from ..datasets.sample import Sample, SampleObject

    if isinstance(target, Sample):
        objects = target.named(target.label) if target.label else []
    elif isinstance(target, SampleObject):
        objects = [target]
    else:
        given = np.asarray(target)
        if given.shape == (4,) and given.dtype != bool:
            return [], [tuple(given.tolist())]
        if given.ndim != 2 or given.dtype != bool:
            raise TypeError(
                f"a target is a Sample, a SampleObject, a bool mask (H, W) or a box of four numbers, got {target!r}"
            )
        return [given], [_bounding_box(given)]
    masks = [o.mask for o in objects]
    boxes = [o.box or (None if m is None else _bounding_box(m)) for o, m in zip(objects, masks, strict=True)]
    return _all_known(masks), _all_known(boxes)


def _all_known(places: list[Any]) -> list[Any]:
    return [] if any(place is None for place in places) else places


def _bounding_box(mask: np.ndarray) -> tuple[int, int, int, int]:
    y, x = np.nonzero(mask)
    if len(x) == 0:
        return 0, 0, 0, 0
    return int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1
