import math

import numpy as np
import pytest

from eagle_nb.models.served.bounds import floor_bound


def test_the_bound_is_the_smaller_of_the_least_listed_and_the_rest():
    assert math.exp(floor_bound(np.log([0.5, 0.3]))) == pytest.approx(0.2)
    assert math.exp(floor_bound(np.log([0.5, 0.1]))) == pytest.approx(0.1)


def test_it_is_never_zero():
    assert floor_bound([0.0, math.log(1e-9)]) > -math.inf


def test_where_the_answer_ends_any_other_token_has_at_most_a_half():
    assert math.exp(floor_bound([])) == pytest.approx(0.5)


def test_no_token_outside_the_list_is_more_probable():
    rng = np.random.default_rng(0)
    for _ in range(50):
        p = np.sort(rng.dirichlet(np.full(30, 0.3)))[::-1]
        bound = math.exp(floor_bound(np.log(p[:5])))
        assert p[5] <= bound + 1e-12
