"""Layouts: several pictures on one canvas."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from eagle_nb.inputs.layout import Layout

SIZES = ((4, 2), (3, 5), (6, 1))


def test_a_single_picture_is_its_own_canvas():
    picture = Image.new("RGB", (4, 2), "red")
    layout = Layout.of([picture])
    assert layout.compose([picture]) is picture
    assert layout.boxes == ((0, 0, 4, 2),)
    assert (layout.numbers == 0).all()


def test_pictures_stand_in_rows_without_touching():
    layout = Layout(SIZES)
    assert layout.boxes == ((0, 0, 4, 2), (5, 0, 8, 5), (0, 6, 6, 7))
    assert layout.size == (8, 7)
    counts = [(layout.numbers == k).sum() for k in range(3)]
    assert counts == [8, 15, 6]
    assert (layout.numbers < 0).sum() == 8 * 7 - sum(counts)


def test_splitting_a_canvas_gives_back_its_pictures():
    rng = np.random.default_rng(0)
    pictures = [Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8)) for w, h in SIZES]
    layout = Layout.of(pictures)
    canvas = layout.compose(pictures)
    for made in (layout.split(canvas), layout.split(np.asarray(canvas))):
        for part, picture in zip(made, pictures, strict=True):
            np.testing.assert_array_equal(np.asarray(part), np.asarray(picture))


def test_joining_maps_is_the_inverse_of_splitting():
    layout = Layout(SIZES)
    maps = [np.full((h, w), k) for k, (w, h) in enumerate(SIZES)]
    joined = layout.join(maps, -1)
    np.testing.assert_array_equal(joined, layout.numbers)
    with pytest.raises(ValueError, match="2 maps and 3 pictures"):
        layout.join(maps[:2], -1)
    with pytest.raises(ValueError, match=r"map 1 has shape \(3, 5\); picture 1 has 3 × 5 pixels"):
        layout.join([maps[0], maps[1].T, maps[2]], -1)


def test_no_picture():
    with pytest.raises(ValueError, match="no picture"):
        Layout(())
