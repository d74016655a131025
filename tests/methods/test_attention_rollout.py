import numpy as np

from eagle_nb.methods.attention_rollout import roll_out


def test_one_layer_is_half_attention_and_half_identity():
    np.testing.assert_allclose(roll_out([np.array([[1.0, 0.0], [0.5, 0.5]])]), [[1, 0], [0.25, 0.75]])


def test_later_layers_multiply_from_the_left():
    first = np.array([[1.0, 0, 0], [1, 0, 0], [0, 1, 0]])  # each position attends to the one before it
    second = np.array(
        [[1.0, 0, 0], [0, 1, 0], [0, 1, 0]]
    )  # the last position attends to the middle one, which attends to itself
    expected = [[1, 0, 0], [0.5, 0.5, 0], [0.25, 0.5, 0.25]]
    # last row: half of the middle row (0.5, 0.5, 0), half of its own after the first layer (0, 0.5, 0.5)
    np.testing.assert_allclose(roll_out([first, second]), expected)
    assert not np.allclose(roll_out([second, first]), expected)
