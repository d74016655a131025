"""TAM: token activation maps (Li et al. 2025, arXiv 2506.23270)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..inputs.seeds import Rng

if TYPE_CHECKING:
    from ..models.huggingface.whitebox import WhiteBox


def tam_map(view: WhiteBox, tokens: Sequence[int], rng: Rng = 0) -> np.ndarray:
    """Return how strongly the last hidden states of the image tokens predict the tokens, without the interference of earlier words.

    One forward pass gives the raw map of each token: the positive part of the output layer's value for it at every image token.
    The interference of the earlier words of prompt and answer is removed (`interference`, `remove_interference`), then a 3 × 3 filter over
    ranks smooths the map (`rank_filter`). The maps of several tokens are averaged. Special tokens of the chat template do not count
    as words.

    Parameters
    ----------
    view : WhiteBox
        The response inside its network.
    tokens : sequence of int
        Indices of the tokens to explain.
    rng : int, numpy.random.Generator or None
        Not used.

    Returns
    -------
    ndarray of float32, (H, W)
        Attribution of at least 0, higher is more important.

    Raises
    ------
    NotImplementedError
        If the family does not place its image tokens in one grid.

    References
    ----------
    Li et al. 2025, "Token activation map to visually explain multimodal LLMs", arXiv 2506.23270.
    """
    import torch

    image_tokens = view.image_tokens
    ids = view.text["input_ids"][0].cpu().numpy()
    targets = view.targets.cpu().numpy()
    distinct, column = np.unique(np.concatenate([ids, targets]), return_inverse=True)
    columns = np.minimum(distinct, view.model.vocabulary_size - 1)  # placeholders may lie outside the output layer
    with torch.inference_mode():
        logits = view.logits(view.shown, keep=view.length)[0, :, torch.from_numpy(columns).to(view.model.device)]
    if len(logits) != len(ids):
        family = view.model.network.config.model_type
        raise NotImplementedError(f"this {family!r} network has {len(logits)} positions for {len(ids)} input ids")
    activations = np.maximum(logits.cpu().numpy().astype(np.float64), 0)
    column_of_input, column_of_target = column[: len(ids)], column[len(ids) :]
    not_words = set(view.model.tokenizer.all_special_ids) | {int(ids[image_tokens.positions[0]])}
    maps = []
    for k in tokens:
        before = [q for q in range(view.prompt_length + k) if ids[q] not in not_words and ids[q] != targets[k]]
        raw = activations[image_tokens.positions, column_of_target[k]]
        others = activations[np.ix_(image_tokens.positions, column_of_input[before])].T
        noise = interference(others, activations[before, column_of_target[k]])
        maps.append(rank_filter(remove_interference(raw, noise).reshape(image_tokens.shape)))
    return image_tokens.paint(np.mean(maps, axis=0).ravel())


def interference(maps: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the weighted mean of the maps of earlier tokens.

    Parameters
    ----------
    maps : ndarray, (M, n)
        One map per earlier token.
    weights : ndarray, (M,)
        Non-negative weights.

    Returns
    -------
    ndarray of float64, (n,)
        The mean; zeros if all weights are zero.

    References
    ----------
    Li et al. 2025, arXiv 2506.23270.

    Examples
    --------
    >>> interference(np.array([[4.0, 0.0], [0.0, 8.0]]), np.array([1.0, 3.0]))
    array([1., 6.])
    """
    total = float(np.sum(weights))
    if total <= 0:
        return np.zeros(maps.shape[1])
    return np.asarray(np.asarray(weights, dtype=np.float64) / total @ maps)


def remove_interference(raw: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """Return ``max(raw - s · noise, 0)`` with the s that minimises ``|raw - s · noise|²``.

    Parameters
    ----------
    raw : ndarray, (n,)
        A map.
    noise : ndarray, (n,)
        Its interference.

    Returns
    -------
    ndarray of float64, (n,)
        At least 0.

    References
    ----------
    Li et al. 2025, arXiv 2506.23270.

    Examples
    --------
    >>> remove_interference(np.array([2.0, 1.0, 0.0]), np.array([1.0, 1.0, 2.0]))
    array([1.5, 0.5, 0. ])
    """
    power = float(noise @ noise)
    scale = float(raw @ noise) / power if power > 0 else 0.0
    return np.maximum(np.asarray(raw, dtype=np.float64) - scale * noise, 0)


def rank_filter(grid: np.ndarray) -> np.ndarray:
    """Replace each value by a weighted mean of its sorted 3 × 3 window.

    The weights are Gaussian in the rank and centred on the median. Their standard deviation, in ranks, is the coefficient of variation of
    the window (standard deviation over mean): uniform windows become their median, varied ones come closer to their mean. Windows
    at the border repeat its values.

    Parameters
    ----------
    grid : ndarray, (h, w)
        A map.

    Returns
    -------
    ndarray of float64, (h, w)
        The filtered map.

    References
    ----------
    Li et al. 2025, arXiv 2506.23270.
    """
    padded = np.pad(np.asarray(grid, dtype=np.float64), 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(*np.shape(grid), 9)
    ordered = np.sort(windows, axis=-1)
    mean, deviation = ordered.mean(-1), ordered.std(-1)
    sigma = np.divide(deviation, mean, out=np.zeros_like(mean), where=mean > 0)
    ranks = np.arange(9) - 4
    weights = np.exp(-(ranks**2) / (2 * np.maximum(sigma, 1e-3)[..., None] ** 2))
    return np.asarray((ordered * weights).sum(-1) / weights.sum(-1))
