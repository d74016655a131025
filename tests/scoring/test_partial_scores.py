"""Scorers that leave tokens out, and scorers that fail after some coalitions."""

import numpy as np
import pytest

from eagle_nb.scoring.cached import CachedScorer
from eagle_nb.scoring.coalitions import coalition_keys
from eagle_nb.scoring.store import Store


class Partial:
    """Scores the second of two tokens."""

    n_regions = 2
    measured = np.array([False, True])

    def __call__(self, shown):
        return np.stack([np.full(len(shown), np.nan), shown.mean(1)], 1)


class Failing:
    """Fails at the third coalition, and says what it had scored before."""

    n_regions = 3
    identity = {"model": "failing"}  # noqa: RUF012

    def __init__(self, most):
        self.most, self.scored = most, {}

    def __call__(self, shown):
        for key, row in zip(coalition_keys(shown), shown, strict=True):
            if len(self.scored) == self.most:
                raise ConnectionError
            self.scored[key] = np.array([row.mean()], dtype=np.float32)
        return np.stack([self.scored[key] for key in coalition_keys(shown)])

    def finished(self, keys):
        return {key: self.scored[key] for key in keys if key in self.scored}


def test_tokens_that_are_left_out_are_not_a_number():
    scorer = CachedScorer(CachedScorer(Partial()))
    np.testing.assert_array_equal(scorer(np.array([[True, False]])), [[np.nan, 0.5]])
    assert scorer.measured.tolist() == [False, True]


def test_a_token_that_is_measured_must_be_a_number():
    class Broken(Partial):
        measured = np.array([True, True])

    with pytest.raises(ValueError, match="NaN or infinity"):
        CachedScorer(Broken())


def test_what_a_failing_call_had_scored_is_stored():
    store, shown = Store(), np.eye(3, dtype=bool)
    scorer = CachedScorer(Failing(4), store)
    with pytest.raises(ConnectionError):
        scorer(shown)
    again = Failing(1)
    np.testing.assert_allclose(CachedScorer(again, store)(shown), np.full((3, 1), 1 / 3), rtol=1e-6)
    assert list(again.scored) == coalition_keys(shown[2:])
