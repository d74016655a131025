"""Scenes: the same seed gives the same scene, and masks agree with the image."""

import numpy as np
import pytest

from eagle_nb.scenes import draw


def test_the_same_seed_gives_the_same_scene():
    a, b = draw(11), draw(11)
    assert a.caption == b.caption
    assert a.questions == b.questions
    np.testing.assert_array_equal(np.asarray(a.image), np.asarray(b.image))
    assert draw(12).caption != a.caption


def test_size_changes_nothing_but_the_size():
    small, large = draw(3, size=96), draw(3, size=224)
    assert small.caption == large.caption
    assert large.image.size == (224, 224)
    for a, b in zip(small.objects, large.objects, strict=True):
        assert b.mask.shape == (224, 224)
        assert a.mask.mean() == pytest.approx(b.mask.mean(), rel=0.15)


def test_masks_are_where_the_colour_is():
    """Inside its mask the image has the object's colour, and nowhere else."""
    scene = draw(0, objects=["large red circle"], background="paper")
    pixels, mask = np.asarray(scene.image, int), scene.objects[0].mask
    red = (pixels[..., 0] > 110) & (pixels[..., 1] < 100) & (pixels[..., 2] < 100)
    assert red[mask].mean() > 0.97
    assert red[~mask].mean() < 0.002


def test_masks_do_not_overlap_and_are_visible(scenes):
    for scene in scenes:
        stack = np.stack([o.mask for o in scene.objects])
        assert stack.sum(0).max() <= 1
        assert min(o.mask.sum() for o in scene.objects) > 60


@pytest.mark.parametrize("relation", ["in front of", "behind"])
def test_what_is_in_front_is_whole_and_covers_the_other(relation):
    from scipy.ndimage import binary_dilation

    touch = []
    for seed in range(20):
        scene = draw(seed, objects=["large red circle", "large blue square"], relation=relation)
        circle, square = (o.mask for o in scene.objects)
        width, side = (np.ptp(np.flatnonzero(m.any(0))) + 1 for m in (circle, square))
        if relation == "in front of":
            assert circle.sum() == pytest.approx(np.pi / 4 * width**2, rel=0.04)
        else:
            assert square.sum() == pytest.approx(side**2, rel=0.06)
        touch.append((binary_dilation(circle) & square).any())
    assert np.mean(touch) > 0.8  # a circle may just miss the corner of a square


def test_masks_of_words():
    scene = draw(0, objects=["red circle", "blue star"], relation="left of")
    red = next(w for w in scene.words if w.text == "red")
    left = next(w for w in scene.words if w.text == "left")
    ground = scene.words[-1]
    np.testing.assert_array_equal(scene.mask(red), scene.objects[0].mask)
    np.testing.assert_array_equal(scene.mask(left), scene.objects[0].mask | scene.objects[1].mask)
    np.testing.assert_array_equal(scene.mask(ground), ~scene.mask(left))
    assert not scene.mask(next(w for w in scene.words if w.text == "a")).any()
    np.testing.assert_array_equal(scene.mask("red"), scene.mask(red))
    with pytest.raises(ValueError, match="occurs 2 times"):
        scene.mask("a")
