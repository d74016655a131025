"""The pointing game."""

import numpy as np
import pytest

from eagle_nb import metrics
from eagle_nb.metrics.pointing import pointing_any, pointing_union


def test_pointing_game_with_mask_box_and_ties():
    saliency = np.zeros((4, 5))
    saliency[1, 2] = saliency[3, 0] = 1.0
    mask = np.zeros((4, 5), bool)
    mask[1, 2] = True
    assert metrics.pointing_game(saliency, mask)
    assert metrics.pointing_share(saliency, mask) == 0.5
    assert metrics.pointing_game(saliency, (0, 3, 1, 4))
    assert not metrics.pointing_game(saliency, (3, 0, 5, 4))
    saliency[3, 0] = 2.0
    assert not metrics.pointing_game(saliency, mask)
    assert metrics.pointing_share(saliency, mask) == 0.0


def test_a_box_covers_every_pixel_that_it_touches():
    saliency = np.arange(20.0).reshape(4, 5)
    saliency[2, 3] = 99.0
    for box in [(3.2, 2.2, 3.9, 2.9), (3, 2, 4, 3), (0, 0, 3.01, 2.01), (3.99, 2.99, 9, 9)]:
        assert metrics.pointing_share(saliency, box) == 1.0
    for box in [(0, 0, 3, 4), (4, 0, 5, 4), (0, 0, 5, 2), (0, 3, 5, 4)]:
        assert metrics.pointing_share(saliency, box) == 0.0
    assert metrics.pointing_share(np.ones((4, 5)), (0.5, 0.5, 1.5, 1.0)) == 2 / 20


@pytest.mark.parametrize(
    "target", [np.zeros((4, 5), bool), np.ones((5, 4), bool), (9, 9, 10, 10), (1.9, 0, 1.2, 3), (1.5, 0, 1.5, 3)]
)
def test_pointing_game_refuses_a_target_that_cannot_be_hit(target):
    with pytest.raises(ValueError, match="target"):
        metrics.pointing_game(np.zeros((4, 5)), target)


def test_several_targets():
    saliency = np.zeros((4, 5))
    saliency[1, 2] = saliency[3, 0] = 1.0
    empty = np.zeros((4, 5), bool)
    one = empty.copy()
    one[1, 2] = True
    assert pointing_any(saliency, [(0, 0, 1, 1), one]) is True
    assert pointing_any(saliency, [(0, 0, 1, 1), empty]) is False
    assert pointing_any(saliency, [empty]) is pointing_any(saliency, []) is None
    assert pointing_union(saliency, [one, (0, 3, 1, 4)]) == 1.0
    assert pointing_union(saliency, [one, (4, 3, 5, 4)]) == 0.5
    assert pointing_union(saliency, []) is None
