"""Modality reliance: how much the probability of a token depends on the image, from its insertion curve.

High reliance: the token is carried by perception. Low reliance: it is carried by the language prior, as articles and the second
half of a word are. The paper gives every step the same weight, its code weights steps by their area; both are here.

Source: EAGLE (arXiv 2509.22496), section 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .curves import SENSITIVE, auc


class TokenReliance(NamedTuple):
    """Reliance of one token.

    Attributes
    ----------
    token : str
        Its text.
    score, score_area, p_full, p_blank : float
        See `Reliance`.
    """

    token: str
    score: float
    score_area: float
    p_full: float
    p_blank: float


@dataclass(frozen=True, eq=False)
class Reliance:
    """Reliance of each of T tokens; indexing gives one token's values, ``reliance[3].score``.

    Attributes
    ----------
    tokens : list of str
        Texts.
    score : ndarray of float64, (T,)
        The paper's definition: the mean over the insertion steps k = 0 … N of p_k - min_j p_j. In [0, 1].
    score_area : ndarray of float64, (T,)
        The definition of the published code: the area under p over image area, minus min_j p_j. In [0, 1].
    p_full, p_blank : ndarray of float64, (T,)
        Probability on the full and on the blank image. Their difference misses tokens whose probability rises and falls again.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.4.
    """

    tokens: list[str]
    score: np.ndarray
    score_area: np.ndarray
    p_full: np.ndarray
    p_blank: np.ndarray

    @property
    def difference(self) -> np.ndarray:
        """The naive measure p(full) - p(blank): float64 (T,)."""
        return np.asarray(self.p_full - self.p_blank)

    @property
    def sensitive(self) -> np.ndarray:
        """Whether p(full) - p(blank) exceeds 0.2: bool (T,)."""
        return np.asarray(self.difference > SENSITIVE)

    def __len__(self) -> int:
        return len(self.score)

    def __getitem__(self, token: int) -> TokenReliance:
        values = (float(v[token]) for v in (self.score, self.score_area, self.p_full, self.p_blank))
        return TokenReliance(self.tokens[token], *values)

    def __iter__(self) -> Iterator[TokenReliance]:
        return (self[k] for k in range(len(self)))

    def __repr__(self) -> str:
        rows = [f"{t.token!r:>14} {t.score:8.3f} {t.score_area:8.3f} {t.p_full:8.3f} {t.p_blank:8.3f}" for t in self]
        return "\n".join(["         token    score     area   p_full  p_blank", *rows])


def measure_reliance(insertion: np.ndarray, area: np.ndarray, tokens: list[str] | None = None) -> Reliance:
    """Compute reliance from insertion curves.

    Parameters
    ----------
    insertion : ndarray, (N + 1, T)
        Token probabilities from the blank image to the full one.
    area : ndarray, (N + 1,)
        Fraction of the image shown at each step.
    tokens : list of str, optional
        Texts of the tokens; their indices by default.

    Returns
    -------
    Reliance
        Of all T tokens.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.4.

    Examples
    --------
    >>> measure_reliance(np.array([[0.0], [0.5], [1.0]]), np.array([0.0, 0.5, 1.0])).score
    array([0.5])
    """
    curves = np.asarray(insertion, dtype=np.float64)
    lowest = curves.min(0)
    return Reliance(
        tokens=list(tokens) if tokens is not None else [str(k) for k in range(curves.shape[1])],
        score=(curves - lowest).mean(0),
        score_area=auc(curves, area) - lowest,
        p_full=curves[-1],
        p_blank=curves[0],
    )
