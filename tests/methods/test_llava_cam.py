import numpy as np

from eagle_nb.methods.llava_cam import class_activation


def test_channels_are_weighted_by_the_mean_positive_gradient():
    activations = np.array([[1.0, 2.0], [3.0, -4.0], [0.0, 1.0]])
    gradients = np.array([[3.0, -9.0], [0.0, 6.0], [-5.0, 0.0]])
    # weights: (3 + 0 + 0) / 3 = 1 and (0 + 6 + 0) / 3 = 2; maps (1 + 4) / 2, (3 - 8) / 2, (0 + 2) / 2
    np.testing.assert_allclose(class_activation(activations, gradients), [2.5, 0.0, 1.0])
