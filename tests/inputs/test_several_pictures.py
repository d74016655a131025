"""Regions over several pictures."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from eagle_nb.inputs.cutting import check_pictures, shared_numbers
from eagle_nb.inputs.fills import fill_pictures, masked_image
from eagle_nb.inputs.layout import Layout
from eagle_nb.inputs.regions import Regions, as_regions


def picture(seed: int, size: tuple[int, int] = (24, 16)) -> Image.Image:
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


PICTURES = [picture(0), picture(1, (48, 16)), picture(2)]


@pytest.mark.parametrize(("n", "numbers"), [(8, [2, 4, 2]), (3, [1, 1, 1]), ([2, 1, 5], [2, 1, 5])])
def test_the_number_is_shared_by_area_or_given_per_picture(n, numbers):
    regions = Regions.slic(PICTURES, n)
    assert [len(np.unique(part)) for part in regions.maps] == numbers
    assert regions.n == sum(numbers)
    first = [int(part.min()) for part in regions.maps]
    assert first == [0, *np.cumsum(numbers)[:-1]]


def test_shared_numbers_add_up():
    layout = Layout(((10, 10), (7, 10), (3, 3)))
    for n in range(3, 40):
        assert sum(shared_numbers(n, layout, [0, 1, 2])) == n
    with pytest.raises(ValueError, match="at least that of the pictures, 3"):
        shared_numbers(2, layout, [0, 1, 2])
    with pytest.raises(ValueError, match="2 numbers of regions and 3 pictures"):
        shared_numbers([1, 2], layout, [0, 1, 2])


def test_areas_count_all_pixels_of_all_pictures():
    regions = Regions.whole(PICTURES)
    np.testing.assert_allclose(regions.area, [0.25, 0.5, 0.25])
    np.testing.assert_array_equal(regions.picture_area, np.eye(3))
    assert regions.pictures.tolist() == [0, 1, 2]


def test_frames_of_one_temporal_patch_form_one_region():
    frames = [picture(k) for k in range(5)]
    regions = Regions.whole(frames, tied=2)
    assert [int(part[0, 0]) for part in regions.maps] == [0, 0, 1, 1, 2]
    np.testing.assert_allclose(regions.area, [0.4, 0.4, 0.2])


def test_pictures_that_are_not_explained_have_no_region_and_are_shown():
    regions = Regions.grid(PICTURES, 8).only([1])
    assert regions.n == 4 and regions.explained_pictures == [1]
    assert (regions.maps[0] == -1).all() and (regions.maps[2] == -1).all()
    assert regions.area.sum() == pytest.approx(1)
    fill = fill_pictures(PICTURES, "black", regions)
    hidden = regions.layout.split(masked_image(regions.layout.compose(PICTURES), regions, fill, np.zeros(4, bool)))
    np.testing.assert_array_equal(np.asarray(hidden[0]), np.asarray(PICTURES[0]))
    np.testing.assert_array_equal(np.asarray(hidden[2]), np.asarray(PICTURES[2]))
    assert np.asarray(hidden[1]).max() == 0
    same = as_regions(4, PICTURES, "grid", images=[1])
    np.testing.assert_array_equal(same.labels, regions.labels)


def test_tubes_extend_through_time():
    frames = np.zeros((4, 16, 16, 3), np.uint8)
    for t in range(4):
        frames[t, 4:12, 2 + 2 * t : 8 + 2 * t] = (255, 0, 0)
    regions = Regions.tubes(list(frames), 6)
    assert regions.n == 6
    spans = (regions.picture_area > 0).sum(axis=1)
    assert spans.max() > 1
    with pytest.raises(ValueError, match="frames of one size"):
        Regions.tubes([frames[0], frames[0][:8]], 4)


def test_masks_of_an_object_in_every_frame():
    mask = np.zeros((3, 4, 4), bool)
    mask[:, 1:3, 1:3] = True
    regions = Regions.from_masks([mask])
    assert regions.n == 2
    for part in regions.maps:
        np.testing.assert_array_equal(part, np.where(mask[0], 0, 1))
    np.testing.assert_allclose(regions.area, [0.25, 0.75])
    everything = Regions.from_masks([mask, ~mask])
    assert everything.n == 2


def test_labels_of_several_pictures_share_their_numbering():
    regions = Regions.from_labels(np.array([[[5, 5], [9, 9]], [[9, 9], [2, 2]]]))
    assert [part.tolist() for part in regions.maps] == [[[1, 1], [2, 2]], [[2, 2], [0, 0]]]


def test_values_are_painted_into_their_regions():
    regions = Regions.whole(PICTURES)
    painted = regions.paint(np.array([1.0, 2.0, 3.0]))
    for part, value in zip(regions.layout.split(painted), (1, 2, 3), strict=True):
        assert (part == value).all()
    assert np.isnan(painted[regions.layout.numbers < 0]).all()


def test_fills_are_those_of_each_picture():
    regions = Regions.grid(PICTURES, 6)
    means = regions.layout.split(np.asarray(fill_pictures(PICTURES, "mean", regions)))
    for part, own in zip(means, PICTURES, strict=True):
        np.testing.assert_allclose(part[0, 0], np.asarray(own).mean((0, 1)), atol=0.51)
    for fill in ("blur", "noise", "inpaint"):
        assert fill_pictures(PICTURES, fill, regions).size == regions.layout.size
    with pytest.raises(ValueError, match="fill has 1 pictures, the response 3"):
        fill_pictures(PICTURES, [PICTURES[0]], regions)


def test_regions_of_other_pictures_are_refused():
    with pytest.raises(ValueError, match=r"make the regions from response\.images"):
        as_regions(Regions.grid(PICTURES[:2], 4), PICTURES)


@pytest.mark.parametrize(
    ("images", "error", "message"),
    [
        ([], ValueError, "empty"),
        ([3], ValueError, "0 … 2"),
        ([0, 0], ValueError, "repeats"),
        ("all", TypeError, "list"),
    ],
)
def test_bad_numbers_of_pictures(images, error, message):
    with pytest.raises(error, match=message):
        check_pictures(images, 3)
