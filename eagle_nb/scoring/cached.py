"""The cached scorer: asks a scorer about each coalition once and remembers the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import StoreError
from ..protocols import Scorer
from .coalitions import coalition_keys, number_of_regions
from .identity import digest
from .store import Store

CHUNK = 128
"""Coalitions per call of a scorer, or one of its batches where that is more: what a crash loses, and how often callbacks run."""


class CachedScorer:
    """Ask a scorer for each coalition once; check, count and remember the answers.

    It is a scorer itself, so cached scorers can wrap each other: several searches wrap one that they share. Each then
    counts the coalitions that it asked for, and none is scored twice.

    Parameters
    ----------
    scorer : Scorer
        The scorer.
    store : Store, optional
        Scores on disk. Stored scores are used when asked for and counted like fresh ones, so a search that resumes runs as
        if it had never stopped.
    case : str, optional
        Digest of everything that the scores depend on, required with a store; by default the digest of ``scorer.identity``.

    Attributes
    ----------
    n_regions, n_tokens : int
        Number of regions N and of tokens T.
    on_scores : callable or None
        Called without arguments after every chunk of new scores.
    seconds : float
        Time spent in the scorer.
    asked : int
        Coalitions that the scorer was asked about, those found in the store not included.

    Raises
    ------
    StoreError
        If a store is given, but neither `case` nor ``scorer.identity["model"]`` says what it would hold.
    ValueError
        If the scorer returns another shape, no tokens, NaN or infinity.
    TypeError
        If it does not return numbers.

    Examples
    --------
    >>> class Mean:
    ...     n_regions = 2
    ...     def __call__(self, shown):
    ...         return shown.mean(1, keepdims=True)
    >>> cached = CachedScorer(Mean())
    >>> cached(np.array([[True, False]]))
    array([[0.5]], dtype=float32)
    >>> len(cached)  # the blank and the full image are scored first
    3
    """

    def __init__(self, scorer: Scorer, store: Store | None = None, case: str | None = None) -> None:
        self.scorer, self.store = scorer, store
        self.n_regions, self.n_tokens = number_of_regions(scorer), 0
        self.case = case if case is not None or store is None else _identified(scorer)
        self.on_scores: Callable[[], None] | None = None
        self.seconds, self.asked, self._first = 0.0, 0, (0.0, 0)
        self._index: dict[bytes, int] = {}
        self._shown = np.zeros((256, self.n_regions), dtype=bool)
        self._rows = np.zeros((256, 0), dtype=np.float32)
        self.n_tokens = self(np.array([[False] * self.n_regions, [True] * self.n_regions])).shape[1]

    @property
    def batch_size(self) -> int:
        """Coalitions that are scored at once, or 0 where the scorer does not say."""
        return int(getattr(self.scorer, "batch_size", 0) or 0)

    @property
    def resolution(self) -> float | None:
        """Relative difference of probabilities that only rounding explains; None where the scorer does not say."""
        return getattr(self.scorer, "resolution", None)

    @property
    def identity(self) -> Mapping[str, str] | None:
        """What the scores depend on, as the scorer says."""
        return getattr(self.scorer, "identity", None)

    @property
    def measured(self) -> np.ndarray | None:
        """Which tokens are scored, bool (T,), where the scorer leaves some out: their columns are NaN."""
        return getattr(self.scorer, "measured", None)

    @property
    def pace(self) -> float:
        """Seconds per forward pass; the first call, which warms a model up, counts only until there are others."""
        seconds, asked = self._first if self.asked > self._first[1] else (0.0, 0)
        return (self.seconds - seconds) / max(self.asked - asked, 1)

    def __len__(self) -> int:
        """Return the number of distinct coalitions scored: each is one forward pass."""
        return len(self._index)

    @property
    def shown(self) -> np.ndarray:
        """Every coalition scored: bool (len, N)."""
        return self._shown[: len(self)]

    @property
    def rows(self) -> np.ndarray:
        """Their probabilities: float32 (len, T)."""
        return self._rows[: len(self)]

    def __contains__(self, key: bytes) -> bool:
        return key in self._index

    def __call__(self, shown: np.ndarray) -> np.ndarray:
        """Score coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float32, (M, T)
            Probabilities.
        """
        shown = np.asarray(shown)
        if shown.ndim != 2 or shown.shape[1] != self.n_regions:
            raise ValueError(f"coalitions must be bool (M, {self.n_regions}), got shape {shown.shape}")
        shown = np.ascontiguousarray(shown, dtype=bool)
        keys = coalition_keys(shown)
        new = {key: k for k, key in enumerate(keys) if key not in self._index}
        fresh, at = list(new), list(new.values())
        size = max(CHUNK, self.batch_size)
        for k in range(0, len(fresh), size):
            part = shown[at[k : k + size]]
            self._remember(fresh[k : k + size], part, self._ask(fresh[k : k + size], part))
            if self.on_scores is not None:
                self.on_scores()
        return np.asarray(self._rows[[self._index[key] for key in keys]])

    def _ask(self, keys: list[bytes], shown: np.ndarray) -> np.ndarray:
        """Return the probabilities of new coalitions, from the store where it has them."""
        scores = {} if self.store is None else self.store.get_scores(str(self.case), keys)
        missing = [k for k, key in enumerate(keys) if key not in scores]
        if missing:
            began = time.perf_counter()
            try:
                rows = self._checked(self.scorer(shown[missing]), shown[missing])
            except BaseException:
                self._store_finished([keys[k] for k in missing])
                raise
            self.seconds += time.perf_counter() - began
            self.asked += len(missing)
            if self._first == (0.0, 0):
                self._first = (self.seconds, self.asked)
            fresh = {keys[k]: row for k, row in zip(missing, rows, strict=True)}
            if self.store is not None:
                self.store.put_scores(str(self.case), fresh)
            scores |= fresh
        return np.stack([scores[key] for key in keys])

    def _store_finished(self, keys: list[bytes]) -> None:
        """Store what a call that failed or was interrupted had scored, where the scorer says."""
        finished = getattr(self.scorer, "finished", None)
        if self.store is not None and callable(finished):
            self.store.put_scores(str(self.case), finished(keys))

    def _remember(self, keys: list[bytes], shown: np.ndarray, rows: np.ndarray) -> None:
        """Append coalitions and their probabilities."""
        size, total = len(self), len(self) + len(keys)
        if self._rows.shape[1] == 0:
            self._rows = np.zeros((len(self._shown), rows.shape[1]), dtype=np.float32)
        while total > len(self._shown):
            self._shown = np.concatenate([self._shown, np.zeros_like(self._shown)])
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._shown[size:total], self._rows[size:total] = shown, rows
        self._index.update({key: size + k for k, key in enumerate(keys)})

    def _checked(self, answer: object, shown: np.ndarray) -> np.ndarray:
        """Validate what the scorer returned."""
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
        measured = slice(None) if self.measured is None else np.asarray(self.measured, dtype=bool)
        bad = ~np.isfinite(scores[:, measured]).all(1)
        if bad.any():
            regions = np.flatnonzero(shown[int(np.argmax(bad))]).tolist()
            raise ValueError(f"the scorer returned NaN or infinity for the coalition of regions {regions}")
        return scores


def _identified(scorer: Scorer) -> str:
    """Return the digest of a scorer's identity."""
    identity: Any = getattr(scorer, "identity", None)
    if not isinstance(identity, Mapping) or not identity.get("model"):
        raise StoreError(
            "a store needs to know what the scores depend on; give the scorer an `identity`: a mapping of str to str that holds "
            "'model' and everything else that changes its probabilities"
        )
    return digest(regions=number_of_regions(scorer), scorer={str(name): str(value) for name, value in identity.items()})
