"""IGOS++: masks optimised for deletion and for insertion (Khorram et al. 2021, arXiv 2012.15783).

Keywords are chosen as in Xing et al. 2025 (arXiv 2503.13891), who apply the method to vision-language models.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from ..inputs.fills import fill_image
from ..inputs.seeds import Rng
from .options import check_count

if TYPE_CHECKING:
    import torch

    from ..models.huggingface.masking import ImageInputs
    from ..models.huggingface.whitebox import WhiteBox

MaskGradient = Callable[[np.ndarray, bool], np.ndarray]
"""Mask (s, s), and whether image and baseline are swapped → the integrated gradient of the score at that mask (s, s)."""


def igos_pp_map(
    view: WhiteBox,
    tokens: Sequence[int],
    rng: Rng = 0,
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
    """Return one minus the product of the two optimised masks; see `optimise_masks`.

    It takes ``4 * iterations * steps`` forward and backward passes, and two more forward passes to choose the keywords.

    Parameters
    ----------
    view : WhiteBox
        The response inside its network.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Not used.
    baseline : {"blur", "fill"}
        What the masks replace the image by: a strong blur, or the fill of hidden regions.
    size : int
        Rows and columns of the masks.
    iterations : int
        Number of Nesterov steps.
    steps : int
        Number of points of the integrated gradient.
    rate : float
        Step size.
    l1, variation, l2, decay, edge : float
        See `optimise_masks`.
    keyword : float, optional
        Only the selected tokens whose log probability drops by more than this when the baseline replaces the whole image are followed;
        all of them if none does, or if it is None.
    batch : int, optional
        Pictures that are differentiated at once; by default all steps of a gradient.

    Returns
    -------
    ndarray of float32, (H, W)
        In [0, 1], higher is more important.

    Raises
    ------
    ValueError
        If an option is out of range.

    References
    ----------
    Khorram et al. 2021, "iGOS++: Integrated gradient optimized saliency by bilateral perturbations", arXiv 2012.15783;
    Xing et al. 2025, "Where do large vision-language models look at when answering questions?", arXiv 2503.13891.
    """
    import torch

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
    reference = view.hidden if baseline == "fill" else view.image_inputs(fill_image(image, "blur"))
    followed = _keywords(view, reference, tokens, keyword)
    small = np.asarray(image.convert("L").resize((size, size), Image.Resampling.BOX), dtype=np.float64) / 255
    gradient = mask_gradient(view, reference, followed, steps, batch or steps)
    masks = optimise_masks(gradient, small, iterations, rate, l1, variation, l2, decay, edge)
    product = torch.from_numpy(1 - masks[0] * masks[1])[None, None]
    large = torch.nn.functional.interpolate(product, (image.height, image.width), mode="bilinear", align_corners=False)
    return np.asarray(large[0, 0].numpy(), dtype=np.float32)


def optimise_masks(
    gradient: MaskGradient,
    picture: np.ndarray,
    iterations: int = 20,
    rate: float = 10.0,
    l1: float = 10.0,
    variation: float = 10.0,
    l2: float = 0.1,
    decay: float = 0.2,
    edge: float = 0.1,
) -> np.ndarray:
    """Optimise the deletion mask x and the insertion mask y.

    Let ``D(m) = s(m · image + (1 - m) · baseline)`` and ``I(m) = s(m · baseline + (1 - m) · image)`` with the score s: the scores of the
    parts that a mask keeps and removes. The masks minimise ::

        D(x) - I(y) + D(x y) - I(x y) + g(x y)

    by Nesterov's accelerated gradient, starting from ones and clipped to [0, 1]. The regulariser ``g(m)`` is the sum of `l1` times the mean of
    ``1 - m``; `variation` times the mean squared difference of neighbours, weighted by ``exp(-(difference of grey levels / edge)²)``
    (bilateral total variation); and `l2` ``exp(-decay · iteration)`` times the mean of ``(1 - m)²``.

    Parameters
    ----------
    gradient : callable
        The integrated gradient of s at a mask; see `MaskGradient`.
    picture : ndarray, (s, s)
        Grey levels in [0, 1].
    iterations : int
        Number of steps.
    rate : float
        Step size.
    l1, variation, l2 : float
        Weights of the regulariser.
    decay : float
        Exponential decay of `l2` per iteration.
    edge : float
        Difference of grey levels that counts as an edge.

    Returns
    -------
    ndarray of float64, (2, s, s)
        x and y in [0, 1], small where the image matters.

    References
    ----------
    Khorram et al. 2021, arXiv 2012.15783.
    """
    masks = np.ones((2, *picture.shape))
    previous = masks
    across, down = (np.exp(-((np.diff(picture, axis=axis) / edge) ** 2)) for axis in (1, 0))
    for t in range(iterations):
        x, y = np.clip(masks + t / (t + 3) * (masks - previous), 0, 1)
        both = x * y
        common = gradient(both, False) - gradient(both, True)
        common = common - (l1 + 2 * l2 * np.exp(-decay * t) * (1 - both)) / both.size
        common = common + variation * variation_gradient(both, across, down)
        step = np.stack([gradient(x, False) + y * common, -gradient(y, True) + x * common])
        previous, masks = masks, np.clip(np.stack([x, y]) - rate * step, 0, 1)
    return masks


def variation_gradient(mask: np.ndarray, across: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Return the gradient of the weighted mean squared difference of neighbours.

    Parameters
    ----------
    mask : ndarray, (h, w)
        The mask.
    across : ndarray, (h, w - 1)
        Weights of horizontal neighbours.
    down : ndarray, (h - 1, w)
        Weights of vertical neighbours.

    Returns
    -------
    ndarray of float64, (h, w)
        The gradient with respect to the mask.

    Examples
    --------
    >>> variation_gradient(np.array([[0.0, 1.0]]), np.ones((1, 1)), np.ones((0, 2)))
    array([[-1.,  1.]])
    """
    out = np.zeros_like(mask)
    horizontal, vertical = 2 * across * np.diff(mask, axis=1), 2 * down * np.diff(mask, axis=0)
    out[:, 1:] += horizontal
    out[:, :-1] -= horizontal
    out[1:] += vertical
    out[:-1] -= vertical
    return out / mask.size


def mask_gradient(
    view: WhiteBox, reference: ImageInputs, tokens: Sequence[int], steps: int, batch: int
) -> MaskGradient:
    """Return the integrated gradient of the tokens' log probability with respect to a mask m.

    It is the gradient of the mean over i = 1 … `steps` of the score at the mask ``m i / steps``.

    Parameters
    ----------
    view : WhiteBox
        The response inside its network.
    reference : dict of str to Tensor
        Picture inputs of the baseline.
    tokens : sequence of int
        Indices of the tokens.
    steps : int
        Number of points.
    batch : int
        Pictures that are differentiated at once.

    Returns
    -------
    callable
        See `MaskGradient`.
    """
    import torch

    selected = list(tokens)

    def gradient(mask: np.ndarray, swapped: bool) -> np.ndarray:
        total = np.zeros_like(mask)
        leaf = torch.tensor(mask, dtype=torch.float32, device=view.model.device, requires_grad=True)
        ends = (reference, view.shown) if swapped else (view.shown, reference)
        for first in range(1, steps + 1, batch):
            share = torch.arange(first, min(first + batch, steps + 1), device=leaf.device) / steps

            def score(share: torch.Tensor = share) -> torch.Tensor:
                pictures = view.blended(leaf * share[:, None, None], *ends)
                return view.log_probabilities(pictures)[:, selected].sum() / steps

            total += view.gradients(score, lambda: [leaf], copies=len(share))[0].double().cpu().numpy()
        return total

    return gradient


def _keywords(view: WhiteBox, reference: ImageInputs, tokens: Sequence[int], keyword: float | None) -> list[int]:
    """Return the tokens whose log probability drops by more than a threshold when the image is replaced."""
    import torch

    selected = list(tokens)
    if keyword is None:
        return selected
    with torch.inference_mode():
        drop = (view.log_probabilities(view.shown) - view.log_probabilities(reference))[0].cpu().numpy()
    return [k for k in selected if drop[k] > keyword] or selected
