"""Modality reliance: how much the probability of a token depends on the image, from its insertion curve.

High reliance: the token is carried by perception. Low reliance: it is carried by the language prior, as articles and the second
half of a word are. The paper gives every step the same weight, its code weights steps by their area; both are here.

Source: EAGLE (arXiv 2509.22496), section 3.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ..inputs.text import quoted
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


class TargetReliance(NamedTuple):
    """Reliance of a target: of a token, a word or a selection taken together.

    Attributes
    ----------
    score : float
        The paper's definition, see `Reliance`.
    score_area : float
        The definition of the published code.
    difference : float
        p(full) - p(blank).
    p_full, p_blank : float
        Probability on the full and on the blank image.
    """

    score: float
    score_area: float
    difference: float
    p_full: float
    p_blank: float


@dataclass(frozen=True, eq=False)
class Reliance:
    """Reliance of each of T tokens; indexing gives one token's values, ``reliance[3].score``.

    Reliance is defined along an order that was found for the token. Where there is none, `score` and `score_area` are NaN; the
    probabilities on the full and the blank image need no order.

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
        rows = [
            f"{quoted(t.token):>14} {t.score:8.3f} {t.score_area:8.3f} {t.p_full:8.3f} {t.p_blank:8.3f}" for t in self
        ]
        return "\n".join(["         token    score     area   p_full  p_blank", *rows])


def measure_reliance(
    insertion: np.ndarray, area: np.ndarray, tokens: list[str] | None = None, explained: Sequence[int] | None = None
) -> Reliance:
    """Compute reliance from insertion curves.

    Parameters
    ----------
    insertion : ndarray, (N + 1, T)
        Token probabilities from the blank image to the full one.
    area : ndarray, (N + 1,)
        Fraction of the image shown at each step.
    tokens : list of str, optional
        Texts of the tokens; their indices by default.
    explained : sequence of int, optional
        The tokens for which the order of the curves was found; all by default. The reliance of others is NaN.

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
    unmeasured = np.zeros(curves.shape[1])
    if explained is not None:
        unmeasured[np.setdiff1d(np.arange(curves.shape[1]), explained)] = np.nan
    return Reliance(
        tokens=list(tokens) if tokens is not None else [str(k) for k in range(curves.shape[1])],
        score=(curves - lowest).mean(0) + unmeasured,
        score_area=auc(curves, area) - lowest + unmeasured,
        p_full=curves[-1],
        p_blank=curves[0],
    )


def measure_target(insertion: np.ndarray, area: np.ndarray) -> TargetReliance:
    """Compute the reliance of one target from its insertion curve.

    Parameters
    ----------
    insertion : ndarray, (N + 1,)
        Probability of the target from the blank image to the full one.
    area : ndarray, (N + 1,)
        Fraction of the image shown at each step.

    Returns
    -------
    TargetReliance
        Of the target.

    Examples
    --------
    >>> measure_target(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.5, 1.0])).score
    0.5
    """
    r = measure_reliance(np.asarray(insertion)[:, None], area)
    return TargetReliance(*(float(v[0]) for v in (r.score, r.score_area, r.difference, r.p_full, r.p_blank)))
