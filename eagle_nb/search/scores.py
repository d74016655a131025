"""Scores: what a scorer said of every coalition it was asked about."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np

from .checkpoint import Checkpoint

CHUNK = 32
"""Coalitions that a scorer is asked about at a time, or one of its batches where that is more: what is lost in a crash, and how
often a callback hears."""


@runtime_checkable
class Scorer(Protocol):
    """Anything that turns coalitions of regions into token probabilities."""

    n_regions: int

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Bool (M, n_regions) → probabilities (M, T)."""


class Scores:
    """Asks a scorer for each coalition once and remembers the answers; several searches may share them.

    Parameters
    ----------
    scorer : Scorer
    checkpoint : Checkpoint, optional
        Scores kept on disk. They are used when asked for and counted like fresh ones, so that a search that goes on
        from a checkpoint runs as if it had never stopped.

    Attributes
    ----------
    n, n_tokens : int
    heard : callable or None
        Called without arguments after every chunk of new scores; whoever listens sets it.
    seconds : float
        Spent in asking.
    asked : int
        Coalitions that the scorer itself was asked about, those of a checkpoint not among them.

    Raises
    ------
    ValueError
        If the scorer returns another shape, no tokens, NaN or infinity.
    TypeError
        If it returns no numbers.
    """

    def __init__(self, scorer: Scorer, checkpoint: Checkpoint | None = None) -> None:
        self.scorer, self.checkpoint = scorer, checkpoint
        self.heard: Callable[[], None] | None = None
        self.n, self.n_tokens = number_of_regions(scorer), 0
        self.seconds, self.asked, self._first = 0.0, 0, (0.0, 0)
        self._index: dict[bytes, int] = {}
        self._shown = np.zeros((256, self.n), dtype=bool)
        self._rows = np.zeros((256, 0), dtype=np.float32)
        self.n_tokens = self(np.array([[False] * self.n, [True] * self.n])).shape[1]

    @property
    def pace(self) -> float:
        """Seconds per pass of the scorer; its first few, which warm it up, count only until there are others."""
        seconds, asked = self._first if self.asked > self._first[1] else (0.0, 0)
        return (self.seconds - seconds) / max(self.asked - asked, 1)

    def __len__(self) -> int:
        """Distinct coalitions scored: each is one forward pass."""
        return len(self._index)

    @property
    def shown(self) -> np.ndarray:
        """Every coalition scored: bool (len, n)."""
        return self._shown[: len(self)]

    @property
    def rows(self) -> np.ndarray:
        """Their probabilities: float32 (len, T)."""
        return self._rows[: len(self)]

    def __contains__(self, key: bytes) -> bool:
        return key in self._index

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Probabilities of coalitions: bool (M, n) → float32 (M, T)."""
        shown = np.ascontiguousarray(shown, dtype=bool)
        keys = coalition_keys(shown)
        new = {key: k for k, key in enumerate(keys) if key not in self._index}
        fresh, at = list(new), list(new.values())
        size = max(CHUNK, int(getattr(self.scorer, "batch_size", 0) or 0))
        for k in range(0, len(fresh), size):
            part = shown[at[k : k + size]]
            self._remember(fresh[k : k + size], part, self._ask(fresh[k : k + size], part))
            if self.heard is not None:
                self.heard()
        return np.asarray(self._rows[[self._index[key] for key in keys]])

    def _ask(self, keys: list[bytes], shown: np.ndarray) -> np.ndarray:
        kept = self.checkpoint.scores if self.checkpoint is not None else {}
        found = {key: kept[key] for key in keys if key in kept}
        missing = [k for k, key in enumerate(keys) if key not in found]
        if missing:
            began = time.perf_counter()
            scores = self._checked(self.scorer(shown[missing]), shown[missing])
            self.seconds += time.perf_counter() - began
            self.asked += len(missing)
            if self._first == (0.0, 0):
                self._first = (self.seconds, self.asked)
            fresh = {keys[k]: row for k, row in zip(missing, scores, strict=True)}
            if self.checkpoint is not None:
                self.checkpoint.add(fresh)
            found |= fresh
        return np.stack([found[key] for key in keys])

    def _remember(self, keys: list[bytes], shown: np.ndarray, rows: np.ndarray) -> None:
        have, total = len(self), len(self) + len(keys)
        if self._rows.shape[1] == 0:
            self._rows = np.zeros((len(self._shown), rows.shape[1]), dtype=np.float32)
        while total > len(self._shown):
            self._shown = np.concatenate([self._shown, np.zeros_like(self._shown)])
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._shown[have:total], self._rows[have:total] = shown, rows
        self._index.update({key: have + k for k, key in enumerate(keys)})

    def _checked(self, answer: object, shown: np.ndarray) -> np.ndarray:
        try:
            with np.errstate(over="ignore"):
                scores = np.asarray(answer).astype(np.float32)
        except (TypeError, ValueError) as error:
            raise TypeError(f"the scorer must return an array of numbers (M, T), got {answer!r:.200}") from error
        tokens = self.n_tokens or None
        if scores.ndim != 2 or len(scores) != len(shown) or tokens not in (None, scores.shape[-1]):
            expected = f"({len(shown)}, {tokens or 'T'})"
            raise ValueError(
                f"the scorer returned shape {scores.shape} for {len(shown)} coalitions, expected {expected}"
            )
        if scores.shape[1] == 0:
            raise ValueError("the scorer returned no tokens; there is nothing to explain")
        bad = ~np.isfinite(scores).all(1)
        if bad.any():
            regions = np.flatnonzero(shown[int(np.argmax(bad))]).tolist()
            raise ValueError(f"the scorer returned NaN or infinity for the coalition of regions {regions}")
        return scores


def number_of_regions(scorer: object) -> int:
    """How many regions a scorer has.

    Raises
    ------
    TypeError
        If it does not say, or cannot be called.
    """
    n = getattr(scorer, "n_regions", None)
    if not callable(scorer) or isinstance(n, bool) or not isinstance(n, int | np.integer):
        raise TypeError(
            f"a scorer is callable, bool (M, N) to probabilities (M, T), and has an integer n_regions; {type(scorer).__name__} "
            f"{'is not callable' if not callable(scorer) else f'has n_regions {n!r}'}"
        )
    return int(n)


def prefixes(order: Sequence[int] | np.ndarray) -> np.ndarray:
    """The coalitions along an order of all regions, from none to all: bool (N + 1, N)."""
    n = len(order)
    shown = np.zeros((n + 1, n), dtype=bool)
    shown[1:, np.asarray(order, dtype=int)] = np.tri(n, dtype=bool)
    return shown


def coalition_keys(shown: np.ndarray) -> list[bytes]:
    """A key for each coalition (M, n): its bits."""
    return [row.tobytes() for row in np.packbits(np.asarray(shown, dtype=bool), axis=1)]
