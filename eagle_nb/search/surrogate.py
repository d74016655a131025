"""A model of the scorer, fitted to every coalition scored so far. It proposes; only exact passes decide.

Gaussian process regression of each token's transformed probability on the coalition (Rasmussen and Williams 2006, section 2.2), with
the kernel

    k(S, S') = VARIANCE (1 + s·s' / N + exp(-d(S, S') / (REACH N)))

where s_v is 1 where v is shown and −1 where it is hidden, and d counts the regions in which two coalitions differ. The second term
is each region's own part; the third lets a coalition's neighbours speak for it, so that what regions do only together, and
gains that have aged a little, count as far as they are near.

On which scale the parts of the regions add up depends on what is said: in probability; in log-odds; in the logarithm of the
probability, where all of several regions are needed; or in that of its complement, where one of several is enough. The scale is chosen
anew at each fit, by the mean squared error of the probability of each coalition as the others foretell it (leave-one-out, section 5.4.2
there).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import expit, logit

from ..objective import Weights, objective

VARIANCE = 4.0
REACH = 1.0
"""Of all regions, how many differ between coalitions that have little to tell of each other."""

NOISE = 0.03
"""Variance of what the kernel cannot tell."""

EVIDENCE = 2000
"""Coalitions that it is fitted to at most: time grows with their cube, memory with their square."""

_LEAST = 1e-3  # probabilities are told apart down to this

_SPAN = 8.0  # of probabilities on their own scale, near that of the others

SCALES: tuple[tuple[Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (logit, expit),
    (lambda p: _SPAN * (p - 0.5), lambda y: np.clip(y / _SPAN + 0.5, 0.0, 1.0)),
    (np.log, lambda y: np.exp(np.minimum(y, 0.0))),
    (lambda p: -np.log1p(-p), lambda y: -np.expm1(-np.maximum(y, 0.0))),
)
"""Scales on which the parts of regions may add up: from a probability, and back."""


class Surrogate:
    """Gaussian process regression of each token's probability on the shown regions.

    Parameters
    ----------
    n_regions : int
    """

    def __init__(self, n_regions: int) -> None:
        self.n = n_regions
        self.signs = np.zeros((0, n_regions))  # of the coalitions, 1 where a region is shown and −1 where it is hidden
        self.inverse = np.zeros((0, 0))  # of the Cholesky factor of the kernel
        self.coefficients = np.zeros((0, 0))
        self.back = SCALES[0][1]
        self._used, self._seen = np.zeros(0, dtype=int), 0

    def fit(self, shown: np.ndarray, scores: np.ndarray) -> None:
        """Fit to coalitions; those of the last fit must come first, and only the new ones are factorised.

        Of more than `EVIDENCE` coalitions the first and the latest are used: the ends and the design, and what the search
        that asks has scored itself.

        Parameters
        ----------
        shown : bool (M, N)
        scores : float (M, T)
            Probabilities.
        """
        fresh = np.arange(self._seen, len(shown))
        if len(self._used) + len(fresh) > EVIDENCE:
            quarter = EVIDENCE // 4
            fresh = np.r_[:quarter, len(shown) - quarter : len(shown)]
            self._used, self.signs, self.inverse = fresh[:0], self.signs[:0], np.zeros((0, 0))
        self._used, self._seen = np.concatenate([self._used, fresh]), len(shown)
        new = _signs(shown[fresh])
        if len(new):
            across = self.inverse @ self._kernel(self.signs, new)
            own = np.linalg.cholesky(self._kernel(new, new) + NOISE * np.eye(len(new)) - across.T @ across)
            own = solve_triangular(own, np.eye(len(new)), lower=True)
            above = np.zeros((len(self.signs), len(new)))
            self.inverse = np.block([[self.inverse, above], [-own @ across.T @ self.inverse, own]])
            self.signs = np.concatenate([self.signs, new])
        known = np.clip(np.asarray(scores[self._used], dtype=float), _LEAST, 1 - _LEAST)
        precision = np.square(self.inverse).sum(0)[:, None]
        least = np.inf
        for scale, back in SCALES:
            values = scale(known)
            coefficients = self.inverse.T @ (self.inverse @ values)
            error = np.square(back(values - coefficients / precision) - known).mean()
            if error < least:
                least, self.coefficients, self.back = error, coefficients, back

    def probabilities(self, shown: np.ndarray) -> np.ndarray:
        """Bool (M, N) → (M, T)."""
        return np.asarray(self.back(self._kernel(_signs(shown), self.signs) @ self.coefficients))

    def objective(self, shown: np.ndarray, weights: Weights) -> np.ndarray:
        """F of coalitions over all tokens fitted: bool (M, N) → (M,)."""
        every = list(range(self.coefficients.shape[1]))
        alike = _signs(shown) @ self.signs.T  # in how many more regions coalitions agree than differ
        # What hides a coalition is as unlike another as the coalition is like it; one exponential tells both.
        near = np.exp((alike - self.n) / (2 * self.n * REACH))
        insight = VARIANCE * (1 + alike / self.n + near) @ self.coefficients
        rest = VARIANCE * (1 - alike / self.n + np.exp(-1 / REACH) / near) @ self.coefficients
        return objective(self.back(insight), self.back(rest), every, weights)

    def extensions(self, shown: np.ndarray, weights: Weights) -> np.ndarray:
        """F of coalitions with each region added that they lack, over all tokens fitted: bool (K, N) → (K, N), −inf for their own.

        A region more or less makes each kernel term exp(x) one of exp(x ± 1 / (REACH N)), which is linear in the sign, so that all
        extensions of a coalition take two products of a matrix and a vector.
        """
        tokens = self.coefficients.shape[1]
        alike, step = self.signs @ _signs(shown).T, 1 / (self.n * REACH)
        near = np.exp((alike - self.n) * step / 2)
        insight, rest = (
            VARIANCE
            * (
                (1 + sign * alike / self.n + np.cosh(step) * kernel).T[:, None] @ self.coefficients
                + sign * np.moveaxis(self._products(2 / self.n + np.sinh(step) * kernel), 1, 2)
            )
            for sign, kernel in ((1.0, near), (-1.0, np.exp(-1 / REACH) / near))
        )
        values = objective(self.back(insight), self.back(rest), list(range(tokens)), weights)
        return np.where(shown, -np.inf, np.round(values, 9))  # so that regions that are alike stay so

    def continued(self, heads: Sequence[Sequence[int]], steps: int, weights: Weights) -> list[list[int]]:
        """Orders that begin with these and take the region of the largest F at each of so many steps, or until none is left."""
        orders = [list(head) for head in heads]
        for _ in range(steps):
            growing = [order for order in orders if len(order) < self.n]
            if not growing:
                break
            shown = np.zeros((len(growing), self.n), dtype=bool)
            for row, order in zip(shown, growing, strict=True):
                row[order] = True
            for order, values in zip(growing, self.extensions(shown, weights), strict=True):
                order.append(int(np.argmax(values)))
        return orders

    def _products(self, terms: np.ndarray) -> np.ndarray:
        """Sums over the coalitions fitted of terms × coefficients × signs: (M, K) → (K, T, N)."""
        weighted = terms.T[:, None] * self.coefficients.T
        return (weighted.reshape(-1, len(self.signs)) @ self.signs).reshape(*weighted.shape[:2], self.n)

    def _kernel(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        alike = one @ other.T
        return np.asarray(VARIANCE * (1 + alike / self.n + np.exp((alike - self.n) / (2 * self.n * REACH))))


def _signs(shown: np.ndarray) -> np.ndarray:
    return np.where(np.asarray(shown, dtype=bool), 1.0, -1.0)
