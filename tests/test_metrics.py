import numpy as np
import pytest

from eagle_nb import metrics


def test_auc_by_hand():
    area = [0.0, 0.25, 1.0]
    assert metrics.auc([0.0, 1.0, 0.5], area) == pytest.approx(0.125 + 0.5625)
    np.testing.assert_allclose(metrics.auc(np.array([[0.0, 1], [1, 1], [0.5, 1]]), area), [0.6875, 1.0])


def test_auc_refuses_lengths_that_differ():
    with pytest.raises(ValueError, match="agree"):
        metrics.auc([0.0, 1.0], [0.0, 0.5, 1.0])


def test_sensitive_tokens():
    curve = np.array([[0.1, 0.5, 0.0], [0.9, 0.9, 0.9], [0.31, 0.65, 0.2]])
    assert metrics.sensitive_tokens(curve).tolist() == [0]
    assert metrics.sensitive_tokens(curve, 0.1).tolist() == [0, 1, 2]


def test_pointing_game_with_mask_box_and_ties():
    saliency = np.zeros((4, 5))
    saliency[1, 2] = saliency[3, 0] = 1.0
    mask = np.zeros((4, 5), bool)
    mask[1, 2] = True
    assert metrics.pointing_game(saliency, mask)
    assert metrics.pointing_game(saliency, (0, 3, 1, 4))
    assert not metrics.pointing_game(saliency, (3, 0, 5, 4))
    saliency[3, 0] = 2.0
    assert not metrics.pointing_game(saliency, mask)


@pytest.mark.parametrize("target", [np.zeros((4, 5), bool), np.ones((5, 4), bool), (9, 9, 9, 9)])
def test_pointing_game_refuses_a_target_that_cannot_be_hit(target):
    with pytest.raises(ValueError, match="target"):
        metrics.pointing_game(np.zeros((4, 5)), target)
