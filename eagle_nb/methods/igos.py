"""IGOS++: masks optimised for deletion and for insertion (Khorram et al. 2021, arXiv 2012.15783).

For vision-language models: Xing et al. 2025, "Where do large vision-language models look at when answering questions?"
(arXiv 2503.13891), whose choice of keywords is taken here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from PIL import Image

from ..inputs.fills import fill_image
from ..models.huggingface.whitebox import Pictures, WhiteBox
from .coalitions import check_count

Slope = Callable[[np.ndarray, bool], np.ndarray]


def igos_pp(
    view: WhiteBox,
    tokens: Sequence[int],
    seed: int = 0,
    baseline: str = "blur",
    size: int = 32,
    iterations: int = 20,
    steps: int = 10,
    rate: float = 10.0,
    l1: float = 10.0,
    variation: float = 10.0,
    l2: float = 0.1,
    decay: float = 0.2,
    edge: float = 0.1,
    keyword: float | None = 1.0,
    batch: int | None = None,
) -> np.ndarray:
    """One minus the product of the two optimised masks: float32 (H, W) in [0, 1].

    ``4 * iterations * steps`` forward and as many backward passes, and two more to find the keywords; see
    `optimise_masks`.

    Parameters
    ----------
    view : WhiteBox
    tokens : sequence of int
    seed : int
        Nothing here is random.
    baseline : {"blur", "fill"}
        What masks replace the image by: a strong blur, or what hidden regions show.
    size : int
        Rows and columns of the masks.
    iterations : int
        Nesterov steps.
    steps : int
        Points of the integrated gradient.
    rate : float
        Length of a step.
    l1, variation, l2, decay, edge : float
        See `optimise_masks`.
    keyword : float, optional
        Of the selected tokens only those are followed whose log probability falls by more than this when the whole image
        is replaced by the baseline; all of them if none does, or with None.
    batch : int, optional
        Pictures differentiated at once; all steps of a gradient by default.

    Raises
    ------
    ValueError
        If an option is out of range.
    """
    for value, name in ((size, "size"), (iterations, "iterations"), (steps, "steps"), (batch or 1, "batch")):
        check_count(value, name)
    if baseline not in ("blur", "fill"):
        raise ValueError(f"baseline must be 'blur' or 'fill', got {baseline!r}")
    for number, name in ((rate, "rate"), (l1, "l1"), (variation, "variation"), (l2, "l2"), (decay, "decay")):
        if not 0 <= number < float("inf"):
            raise ValueError(f"{name} must be a finite number, not negative, got {number!r}")
    if not edge > 0:
        raise ValueError(f"edge must be above 0, got {edge!r}")
    image = view.response.image
    other = view.hidden if baseline == "fill" else view.pictures(fill_image(image, "blur"))
    followed = _keywords(view, other, tokens, keyword)
    small = np.asarray(image.convert("L").resize((size, size), Image.Resampling.BOX), dtype=np.float64) / 255
    masks = optimise_masks(
        _slope(view, other, followed, steps, batch or steps), small, iterations, rate, l1, variation, l2, decay, edge
    )
    product = torch.from_numpy(1 - masks[0] * masks[1])[None, None]
    large = torch.nn.functional.interpolate(product, (image.height, image.width), mode="bilinear", align_corners=False)
    return np.asarray(large[0, 0].numpy(), dtype=np.float32)


def optimise_masks(
    slope: Slope,
    picture: np.ndarray,
    iterations: int = 20,
    rate: float = 10.0,
    l1: float = 10.0,
    variation: float = 10.0,
    l2: float = 0.1,
    decay: float = 0.2,
    edge: float = 0.1,
) -> np.ndarray:
    """Find the deletion mask x and the insertion mask y: float64 (2, s, s) in [0, 1], small where it matters.

    With ``D(m) = s(m · image + (1 - m) · baseline)`` and ``I(m) = s(m · baseline + (1 - m) · image)``, the score s of the
    image that a mask leaves over and of the part that it takes away, they minimise ::

        D(x) - I(y) + D(x y) - I(x y) + g(x y)

    by Nesterov's accelerated gradient from ones, clipped to [0, 1]; ``g(m)`` is `l1` times the mean of ``1 - m``,
    plus `variation` times the mean squared difference of neighbours, weighted by ``exp(-(difference of grey levels / edge)²)``
    (bilateral total variation), plus `l2` ``exp(-decay · iteration)`` times the mean of ``(1 - m)²``.

    Parameters
    ----------
    slope : callable
        Mask (s, s), and whether image and baseline are swapped → the integrated gradient of s at that mask: (s, s).
    picture : ndarray, (s, s)
        Grey levels in [0, 1].
    """
    masks = np.ones((2, *picture.shape))
    earlier = masks
    across, down = (np.exp(-((np.diff(picture, axis=axis) / edge) ** 2)) for axis in (1, 0))
    for t in range(iterations):
        x, y = np.clip(masks + t / (t + 3) * (masks - earlier), 0, 1)
        both = x * y
        common = slope(both, False) - slope(both, True)
        common = common - (l1 + 2 * l2 * np.exp(-decay * t) * (1 - both)) / both.size
        common = common + variation * _variation_slope(both, across, down)
        gradient = np.stack([slope(x, False) + y * common, -slope(y, True) + x * common])
        earlier, masks = masks, np.clip(np.stack([x, y]) - rate * gradient, 0, 1)
    return masks


def _variation_slope(mask: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """The gradient of the weighted mean squared difference of neighbours."""
    out = np.zeros_like(mask)
    sideways, upright = 2 * across * np.diff(mask, axis=1), 2 * down * np.diff(mask, axis=0)
    out[:, 1:] += sideways
    out[:, :-1] -= sideways
    out[1:] += upright
    out[:-1] -= upright
    return out / mask.size


def _keywords(view: WhiteBox, other: Pictures, tokens: Sequence[int], keyword: float | None) -> list[int]:
    chosen = list(tokens)
    if keyword is None:
        return chosen
    with torch.inference_mode():
        fall = (view.log_probabilities(view.shown) - view.log_probabilities(other))[0].cpu().numpy()
    return [k for k in chosen if fall[k] > keyword] or chosen


def _slope(view: WhiteBox, other: Pictures, tokens: list[int], steps: int, batch: int) -> Slope:
    """The gradient by the mask m of the mean over i = 1 … steps of the score at the mask ``m i / steps``."""

    def slope(mask: np.ndarray, swapped: bool) -> np.ndarray:
        total = np.zeros_like(mask)
        leaf = torch.tensor(mask, dtype=torch.float32, device=view.model.device, requires_grad=True)
        ends = (other, view.shown) if swapped else (view.shown, other)
        for first in range(1, steps + 1, batch):
            share = torch.arange(first, min(first + batch, steps + 1), device=leaf.device) / steps

            def score(share: torch.Tensor = share) -> torch.Tensor:
                pictures = view.blended(leaf * share[:, None, None], *ends)
                return view.log_probabilities(pictures)[:, tokens].sum() / steps

            total += view.gradients(score, lambda: [leaf], copies=len(share))[0].double().cpu().numpy()
        return total

    return slope
