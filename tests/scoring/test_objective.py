import numpy as np
import pytest

from eagle_nb.scoring.objective import (
    check_aggregate,
    check_weights,
    insight,
    necessity,
    objective_values,
    target_columns,
    target_probability,
)


def test_values_of_two_coalitions():
    shown = np.array([[0.9, 0.5, 0.0], [0.1, 0.3, 1.0]])
    hidden = np.array([[0.2, 0.4, 1.0], [0.6, 0.8, 0.0]])
    np.testing.assert_allclose(insight(shown, [0, 1]), [0.7, 0.2])
    np.testing.assert_allclose(necessity(hidden, [0, 1]), [0.7, 0.3])
    np.testing.assert_allclose(objective_values(shown, hidden, [0, 1], (2.0, 0.5)), [1.75, 0.55])


def test_a_set_and_its_complement_sum_to_two():
    rng = np.random.default_rng(0)
    p = rng.random((2, 5, 3))
    np.testing.assert_allclose(objective_values(p[0], p[1], [0, 2]) + objective_values(p[1], p[0], [0, 2]), 2.0)


@pytest.mark.parametrize(
    "weights", [(0, 0), (-1, 1), (1,), (1, 2, 3), "ab", (float("nan"), 1), (float("inf"), 1), None]
)
def test_bad_weights(weights):
    with pytest.raises(ValueError, match="weights"):
        check_weights(weights)


def test_the_joint_target_is_the_product():
    shown, hidden = np.array([[0.5, 0.4, 1.0]]), np.array([[0.1, 0.9, 1.0]])
    assert target_probability(shown, [0, 1], "joint") == pytest.approx([0.2])
    assert target_columns(shown, [0, 1], "joint").shape == (1, 1)
    assert target_probability(shown, [0, 1]) == pytest.approx([0.45])
    # insight 0.2, necessity 1 - 0.09
    assert objective_values(shown, hidden, [0, 1], (1.0, 2.0), "joint") == pytest.approx([0.2 + 2 * 0.91])


def test_an_unknown_aggregate():
    with pytest.raises(ValueError, match=r"'mean' .* 'joint' .* got 'sum'"):
        check_aggregate("sum")
