"""A model of the scorer, fitted to every coalition scored so far. It proposes; only exact passes decide.

Each token's probability is taken to be logistic in the shown regions, p(S) = sigmoid(b + sum_v w_v s_v) with s_v = 1
where v is shown and −1 where it is hidden, with a ridge on w. So regions that replace each other saturate, and regions
that need each other lie below the threshold until all are there.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from ..objective import Weights, objective

RIDGE = 1.0
_LONGEST_STEP = 2.0


class Surrogate:
    """Logistic regression of each token's probability on the shown regions.

    Parameters
    ----------
    n_regions, n_tokens : int
    ridge : float
        Weight of the squared coefficients against the cross-entropy of one coalition.
    """

    def __init__(self, n_regions: int, n_tokens: int, ridge: float = RIDGE) -> None:
        self.weights = np.zeros((n_tokens, n_regions + 1))
        self.penalty = ridge * np.eye(n_regions + 1)
        self.penalty[0, 0] = 1e-3

    def fit(self, shown: np.ndarray, scores: np.ndarray, steps: int = 8) -> None:
        """Newton's method on the cross-entropy with soft targets, starting from what is there.

        Parameters
        ----------
        shown : bool (M, N)
        scores : float (M, T)
            Probabilities.
        steps : int
            At most so many.
        """
        signs, targets = _signs(shown), np.clip(np.asarray(scores, dtype=float).T, 1e-4, 1 - 1e-4)
        for _ in range(steps):
            fitted = expit(self.weights @ signs.T)
            gradient = (fitted - targets) @ signs + self.weights @ self.penalty
            curvature = fitted * (1 - fitted) + 1e-3
            hessian = np.stack([(signs * c[:, None]).T @ signs for c in curvature]) + self.penalty
            step = np.linalg.solve(hessian, gradient[..., None])[..., 0]
            longest = np.abs(step).max(axis=1, keepdims=True)
            self.weights -= step * np.minimum(1.0, _LONGEST_STEP / np.maximum(longest, 1e-12))
            if longest.max() < 1e-3:
                break

    def probabilities(self, shown: np.ndarray) -> np.ndarray:
        """Bool (M, N) → (M, T)."""
        return np.asarray(expit(_signs(shown) @ self.weights.T))

    def objective(self, shown: np.ndarray, weights: Weights, tokens: Sequence[int] | None = None) -> np.ndarray:
        """F of coalitions: bool (M, N) → (M,)."""
        chosen = range(len(self.weights)) if tokens is None else tokens
        return objective(self.probabilities(shown), self.probabilities(~shown), list(chosen), weights)


def _signs(shown: np.ndarray) -> np.ndarray:
    return np.concatenate([np.ones((len(shown), 1)), np.where(shown, 1.0, -1.0)], axis=1)
