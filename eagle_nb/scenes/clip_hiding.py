"""Hidden regions and hidden frames in training clips."""

from __future__ import annotations

import numpy as np

from .clip_plan import FRAME_SIZE

_COARSE = 20  # cells along each side of the map that regions are drawn on


def hide_clip(pixels: np.ndarray, rng: np.random.Generator, share: float = 0.35) -> tuple[np.ndarray, np.ndarray]:
    """Hide whole frames or random regions in a share of the clips.

    The regions are cells of a random Voronoi partition: another one in each frame, or the same in all.

    Parameters
    ----------
    pixels : ndarray of uint8, (F, H, W, 3)
        The frames.
    rng : numpy.random.Generator
        Source of the choices.
    share : float
        Probability that something is hidden.

    Returns
    -------
    pixels : ndarray of uint8, (F, H, W, 3)
        The frames with hidden regions filled.
    hidden : ndarray of bool, (F, H, W)
        The hidden pixels.
    """
    frames = len(pixels)
    hidden = np.zeros(pixels.shape[:3], bool)
    if rng.random() >= share:
        return pixels, hidden
    kind = rng.random()
    fraction = 1.0 if rng.random() < 0.05 else rng.random()
    if kind < 0.4:
        hidden[rng.random(frames) < fraction] = True
    elif kind < 0.75:
        for f in range(frames):
            hidden[f] = _voronoi(rng, fraction)
    else:
        hidden[:] = _voronoi(rng, fraction)
    if kind >= 0.4 and rng.random() < 0.25:
        hidden[rng.random(frames) < 0.3] = True
    choice = rng.random()
    if choice < 0.75:
        fill = np.zeros_like(pixels)
    elif choice < 0.87:
        fill = np.broadcast_to(pixels.mean((1, 2), keepdims=True).astype(np.uint8), pixels.shape)
    else:
        fill = rng.integers(0, 256, pixels.shape, np.uint8)
    return np.where(hidden[..., None], fill, pixels), hidden


def _voronoi(rng: np.random.Generator, fraction: float) -> np.ndarray:
    """Hide a fraction of the cells of a random partition, bool (H, W)."""
    number = int(rng.integers(4, 50))
    seeds = rng.random((number, 2))
    grid = (np.arange(_COARSE) + 0.5) / _COARSE
    distance = (grid[:, None, None] - seeds[:, 0]) ** 2 + (grid[None, :, None] - seeds[:, 1]) ** 2
    away = (rng.random(number) < fraction)[distance.argmin(-1)]
    return np.kron(away, np.ones((FRAME_SIZE // _COARSE,) * 2, bool))
