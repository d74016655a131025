"""Coalitions of regions as captum sees them: a row of ones and zeros, and a function of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import torch

from ..scoring.objective import insight
from ..scoring.cached import Scores

BATCH = 256
"""Coalitions that captum hands over at once; the Scorer finds its own batches among them."""


def as_function(scores: Scores, tokens: Sequence[int]) -> Callable[[torch.Tensor], torch.Tensor]:
    """The selected tokens' mean probability as a function of rows (M, N) of ones (shown) and zeros (hidden): float64 (M,)."""

    def value(rows: torch.Tensor) -> torch.Tensor:
        return torch.from_numpy(insight(scores(rows.numpy() > 0.5), tokens))

    return value


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Torch's own random numbers from a seed while this lasts, as captum takes no generator."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        yield


def check_count(value: int, name: str) -> None:
    """Raise unless `value` is a whole number of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
