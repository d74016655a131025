"""TAM, token activation maps (Li et al. 2025, arXiv 2506.23270)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from ..models.huggingface.whitebox import WhiteBox


def tam(view: WhiteBox, tokens: Sequence[int], seed: int = 0) -> np.ndarray:
    """Where the image tokens' last hidden states say the token, less what earlier tokens explain: float32 (H, W).

    One forward pass. For each selected token: its raw map (the output layer's value for the token at every image token,
    positive part), the interference of the words before it in prompt and answer removed (`interference`,
    `remove_interference`), and a 3 × 3 filter over ranks (`rank_filter`). Several tokens' maps are averaged. Special
    tokens of the chat template count as no words.

    Parameters
    ----------
    view : WhiteBox
    tokens : sequence of int
    seed : int
        Nothing here is random.

    Raises
    ------
    NotImplementedError
        If the family has no image tokens in a grid.
    """
    image_tokens = view.image_tokens
    ids = view.text["input_ids"][0].cpu().numpy()
    targets = view.targets.cpu().numpy()
    named, column = np.unique(np.concatenate([ids, targets]), return_inverse=True)
    known = np.minimum(named, view.model.vocabulary_size - 1)  # placeholders may lie outside the output layer
    with torch.inference_mode():
        logits = view.logits(view.shown, keep=view.length)[0, :, torch.from_numpy(known).to(view.model.device)]
    if len(logits) != len(ids):
        family = view.model.network.config.model_type
        raise NotImplementedError(f"this {family!r} network has {len(logits)} positions for {len(ids)} input ids")
    activations = np.maximum(logits.cpu().numpy().astype(np.float64), 0)
    column_of_input, column_of_target = column[: len(ids)], column[len(ids) :]
    no_words = set(view.model.tokenizer.all_special_ids) | {int(ids[image_tokens.positions[0]])}
    maps = []
    for k in tokens:
        before = [q for q in range(view.prompt_length + k) if ids[q] not in no_words and ids[q] != targets[k]]
        raw = activations[image_tokens.positions, column_of_target[k]]
        others = activations[np.ix_(image_tokens.positions, column_of_input[before])].T
        noise = interference(others, activations[before, column_of_target[k]])
        maps.append(rank_filter(remove_interference(raw, noise).reshape(image_tokens.shape)))
    return image_tokens.paint(np.mean(maps, axis=0).ravel())


def interference(maps: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Earlier tokens' maps (M, n), averaged with weights (M,) scaled to sum to 1: float64 (n,); zero without weight."""
    total = float(np.sum(weights))
    if total <= 0:
        return np.zeros(maps.shape[1])
    return np.asarray(np.asarray(weights, dtype=np.float64) / total @ maps)


def remove_interference(raw: np.ndarray, noise: np.ndarray) -> np.ndarray:
    """``max(raw - s · noise, 0)`` with the s that makes ``|raw - s · noise|²`` smallest: float64 (n,)."""
    power = float(noise @ noise)
    scale = float(raw @ noise) / power if power > 0 else 0.0
    return np.maximum(np.asarray(raw, dtype=np.float64) - scale * noise, 0)


def rank_filter(grid: np.ndarray) -> np.ndarray:
    """Each value becomes a mean of its sorted 3 × 3 window, Gaussian over rank: (h, w) → float64 (h, w).

    The weights are centred on the median; their standard deviation, in ranks, is the window's coefficient of variation
    (standard deviation over mean). Even windows so become their median, uneven ones nearer their mean. Windows at the
    border repeat its values.
    """
    padded = np.pad(np.asarray(grid, dtype=np.float64), 1, mode="edge")
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3)).reshape(*np.shape(grid), 9)
    ordered = np.sort(windows, axis=-1)
    mean, deviation = ordered.mean(-1), ordered.std(-1)
    sigma = np.divide(deviation, mean, out=np.zeros_like(mean), where=mean > 0)
    ranks = np.arange(9) - 4
    weights = np.exp(-(ranks**2) / (2 * np.maximum(sigma, 1e-3)[..., None] ** 2))
    return np.asarray((ordered * weights).sum(-1) / weights.sum(-1))
