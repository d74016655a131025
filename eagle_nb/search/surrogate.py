"""The surrogate: a model of the scorer, fitted to every coalition scored so far. It proposes; exact scores decide.

Gaussian process regression of each token's transformed probability on the coalition, with the kernel

    k(S, S') = variance (1 + s·s' / N + exp(-d(S, S') / (reach N)))

where s_v is 1 where region v is shown and −1 where it is hidden, and d counts the regions in which two coalitions differ. The second
term models the effect of each region by itself. The third correlates neighbouring coalitions, which covers joint effects of regions.

The scale on which effects of regions add up depends on the token: the probability itself; its log-odds; its logarithm, where all of
several regions are needed; or the logarithm of its complement, where one of several is enough. Each fit chooses the scale with the
smallest mean squared leave-one-out error of the probability.

References: Rasmussen and Williams 2006, "Gaussian Processes for Machine Learning", sections 2.2 and 5.4.2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import expit, logit

from ..scoring.objective import Weights, objective_values

_LEAST = 1e-3  # probabilities are clipped to this distance from 0 and 1

_SPAN = 8.0  # the range of probabilities on their own scale, close to that of the other scales

Scale = tuple[Callable[[Any], Any], Callable[[Any], Any]]
"""The transform of a probability, and its inverse."""

PROBABILITY_SCALE: Scale = (lambda p: _SPAN * (p - 0.5), lambda y: np.clip(y / _SPAN + 0.5, 0.0, 1.0))
"""The probability itself."""

SCALES: tuple[Scale, ...] = (
    (logit, expit),
    PROBABILITY_SCALE,
    (np.log, lambda y: np.exp(np.minimum(y, 0.0))),
    (lambda p: -np.log1p(-p), lambda y: -np.expm1(-np.maximum(y, 0.0))),
)
"""Scales on which effects of regions may add up."""


class Surrogate:
    """Gaussian process regression of each token's probability on the coalition.

    Parameters
    ----------
    n_regions : int
        Number of regions N.
    variance : float
        Variance of the kernel's terms.
    reach : float
        Length scale of the third term, as a share of all regions.
    noise : float
        Variance of what the kernel does not explain.
    evidence : int
        Maximum number of coalitions of a fit; time grows with its cube, memory with its square.
    scales : sequence of Scale
        The scales that a fit chooses from.

    Examples
    --------
    >>> shown = np.array([[False, False], [True, True], [True, False]])
    >>> surrogate = Surrogate(2)
    >>> surrogate.fit(shown, shown[:, :1].astype(float))
    >>> surrogate.continued([[]], 2, (1.0, 1.0))
    [[0, 1]]
    """

    def __init__(
        self,
        n_regions: int,
        variance: float = 4.0,
        reach: float = 1.0,
        noise: float = 0.03,
        evidence: int = 2000,
        scales: Sequence[Scale] = SCALES,
    ) -> None:
        self.n, self.variance, self.reach, self.noise, self.evidence = n_regions, variance, reach, noise, evidence
        self.scales = scales
        self.signs = np.zeros((0, n_regions))  # of the coalitions: 1 where a region is shown, −1 where it is hidden
        self.inverse = np.zeros((0, 0))  # of the Cholesky factor of the kernel matrix
        self.coefficients = np.zeros((0, 0))
        self.back = scales[0][1]
        self._used, self._seen = np.zeros(0, dtype=int), 0

    def fit(self, shown: np.ndarray, scores: np.ndarray) -> None:
        """Fit to coalitions.

        Those of the last fit must come first; only the new ones are factorised. Of more than `evidence` coalitions the first
        and the latest are used: the ends and the design, and what the current search has scored itself.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.
        scores : ndarray of float, (M, T)
            Their probabilities.
        """
        fresh = np.arange(self._seen, len(shown))
        if len(self._used) + len(fresh) > self.evidence:
            quarter = self.evidence // 4
            fresh = np.r_[:quarter, len(shown) - quarter : len(shown)]
            self._used, self.signs, self.inverse = fresh[:0], self.signs[:0], np.zeros((0, 0))
        self._used, self._seen = np.concatenate([self._used, fresh]), len(shown)
        new = _signs(shown[fresh])
        if len(new):
            across = self.inverse @ self._kernel(self.signs, new)
            own = np.linalg.cholesky(self._kernel(new, new) + self.noise * np.eye(len(new)) - across.T @ across)
            own = solve_triangular(own, np.eye(len(new)), lower=True)
            above = np.zeros((len(self.signs), len(new)))
            self.inverse = np.block([[self.inverse, above], [-own @ across.T @ self.inverse, own]])
            self.signs = np.concatenate([self.signs, new])
        clipped = np.clip(np.asarray(scores[self._used], dtype=float), _LEAST, 1 - _LEAST)
        precision = np.square(self.inverse).sum(0)[:, None]
        least = np.inf
        for scale, back in self.scales:
            values = scale(clipped)
            coefficients = self.inverse.T @ (self.inverse @ values)
            error = np.square(back(values - coefficients / precision) - clipped).mean()
            if error < least:
                least, self.coefficients, self.back = error, coefficients, back

    def probabilities(self, shown: np.ndarray) -> np.ndarray:
        """Predict the probabilities of coalitions.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.

        Returns
        -------
        ndarray of float64, (M, T)
            Probabilities.
        """
        return np.asarray(self.back(self._kernel(_signs(shown), self.signs) @ self.coefficients))

    def objective(self, shown: np.ndarray, weights: Weights) -> np.ndarray:
        """Predict F of coalitions over all fitted tokens.

        Parameters
        ----------
        shown : ndarray of bool, (M, N)
            One coalition per row.
        weights : (float, float)
            λ1 and λ2.

        Returns
        -------
        ndarray of float64, (M,)
            F.
        """
        every = list(range(self.coefficients.shape[1]))
        agreement = _signs(shown) @ self.signs.T  # regions in which coalitions agree, less those in which they differ
        # The complement's kernel follows from the coalition's, so one exponential serves both.
        near = np.exp((agreement - self.n) / (2 * self.n * self.reach))
        insight = self.variance * (1 + agreement / self.n + near) @ self.coefficients
        rest = self.variance * (1 - agreement / self.n + np.exp(-1 / self.reach) / near) @ self.coefficients
        return objective_values(self.back(insight), self.back(rest), every, weights)

    def neighbours(self, shown: np.ndarray, weights: Weights) -> np.ndarray:
        """Predict F of coalitions with one region added or removed each.

        Such a region turns each kernel term exp(x) into exp(x ± 1 / (reach N)), which is linear in the sign, so two matrix
        products serve all neighbours of a coalition.

        Parameters
        ----------
        shown : ndarray of bool, (K, N)
            One coalition per row.
        weights : (float, float)
            λ1 and λ2.

        Returns
        -------
        ndarray of float64, (K, N)
            F with region v added where the coalition does not contain it, and removed where it does.
        """
        tokens = self.coefficients.shape[1]
        signs, step = _signs(shown), 1 / (self.n * self.reach)
        agreement = self.signs @ signs.T
        near = np.exp((agreement - self.n) * step / 2)
        kernels = np.concatenate(
            [near, np.exp(-1 / self.reach) / near], axis=1
        )  # of coalitions, then of their complements
        sides = np.repeat([1.0, -1.0], len(shown))
        constant = (1 + sides * np.tile(agreement, 2) / self.n + np.cosh(step) * kernels).T @ self.coefficients
        linear = np.moveaxis(self._products(2 / self.n + np.sinh(step) * kernels), 1, 2)
        linear *= -(sides[:, None] * np.tile(signs, (2, 1)))[..., None]
        insight, rest = np.split(self.variance * (constant[:, None] + linear), 2)
        values = objective_values(self.back(insight), self.back(rest), list(range(tokens)), weights)
        return np.asarray(np.round(values, 9))  # rounded, so that equal regions stay equal

    def extensions(self, shown: np.ndarray, weights: Weights) -> np.ndarray:
        """Predict F of coalitions with one more region each.

        Parameters
        ----------
        shown : ndarray of bool, (K, N)
            One coalition per row.
        weights : (float, float)
            λ1 and λ2.

        Returns
        -------
        ndarray of float64, (K, N)
            F with region v added; −inf where the coalition contains it.
        """
        return np.where(shown, -np.inf, self.neighbours(shown, weights))

    def continued(
        self, heads: Sequence[Sequence[int]], steps: int, weights: Weights, at_once: int = 1
    ) -> list[list[int]]:
        """Continue orders greedily.

        Parameters
        ----------
        heads : sequence of sequence of int
            Beginnings of orders.
        steps : int
            Number of regions to add to each, at most those that remain.
        weights : (float, float)
            λ1 and λ2.
        at_once : int
            Number of regions to add before the others are predicted again.

        Returns
        -------
        list of list of int
            The continued orders.
        """
        orders = [list(head) for head in heads]
        ends = [min(len(head) + steps, self.n) for head in heads]
        while growing := [k for k, order in enumerate(orders) if len(order) < ends[k]]:
            shown = np.zeros((len(growing), self.n), dtype=bool)
            for row, k in zip(shown, growing, strict=True):
                row[orders[k]] = True
            for k, values in zip(growing, self.extensions(shown, weights), strict=True):
                few = min(at_once, ends[k] - len(orders[k]))
                best = [int(np.argmax(values))] if few == 1 else np.argsort(-values, kind="stable")[:few].tolist()
                orders[k] += best
        return orders

    def shapley_values(self) -> np.ndarray:
        """Return the Shapley value of each region in the fitted function, exactly, on the scale of the fit.

        The linear term contributes its slope. The near term of a fitted coalition with m of N regions is a product over the regions, of 1 where a
        coalition agrees with it and r = exp(-1 / (reach N)) elsewhere. Owen's integral gives the Shapley values of a product: that of
        a region the coalition shows is (1 - r) times the integral over q from 0 to 1 of (q + (1 - q) r)^(m - 1) (q r + 1 - q)^(N - m),
        and of one that it hides the same with m + 1 and the opposite sign.

        Returns
        -------
        ndarray of float64, (N, T)
            They add up to the difference between the full and the blank image.

        References
        ----------
        Owen 1972, "Multilinear extensions of games".
        """
        n, ratio = self.n, np.exp(-1 / (self.reach * self.n))
        nodes, shares = np.polynomial.legendre.leggauss(n // 2 + 1)  # exact for polynomials of degree n - 1
        q, shares = (nodes + 1) / 2, shares / 2
        powers = np.arange(n)[:, None]
        integrals = (1 - ratio) * ((q + (1 - q) * ratio) ** powers * (q * ratio + 1 - q) ** (n - 1 - powers)) @ shares
        size = (self.signs > 0).sum(1)[:, None]
        near = np.where(self.signs > 0, integrals[np.maximum(size - 1, 0)], -integrals[np.minimum(size, n - 1)])
        return np.asarray(self.variance * (2 / n * self.signs + near).T @ self.coefficients)

    def _products(self, terms: np.ndarray) -> np.ndarray:
        """Return sums over the fitted coalitions of terms × coefficients × signs: (M, K) → (K, T, N)."""
        weighted = terms.T[:, None] * self.coefficients.T
        return (weighted.reshape(-1, len(self.signs)) @ self.signs).reshape(*weighted.shape[:2], self.n)

    def _kernel(self, one: np.ndarray, other: np.ndarray) -> np.ndarray:
        """Return the kernel between coalitions given as signs."""
        agreement = one @ other.T
        return np.asarray(
            self.variance * (1 + agreement / self.n + np.exp((agreement - self.n) / (2 * self.n * self.reach)))
        )


def _signs(shown: np.ndarray) -> np.ndarray:
    """Return 1 where a region is shown and −1 where it is hidden."""
    return np.where(np.asarray(shown, dtype=bool), 1.0, -1.0)
