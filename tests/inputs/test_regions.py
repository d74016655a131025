"""Regions: partitions of an image by segmenters, label maps and masks."""

import warnings
from itertools import permutations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb import Regions

SEGMENTERS = ["slic", "grid", "felzenszwalb", "watershed"]


@pytest.mark.parametrize("segmenter", SEGMENTERS)
@pytest.mark.parametrize("n", [1, 2, 7, 49, 64, 100, 300])
def test_exactly_as_many_as_asked(segmenter, n):
    image = eagle.scenes.draw(5, size=96).image
    regions = getattr(Regions, segmenter)(image, n)
    assert len(regions) == n
    assert sorted(np.unique(regions.labels)) == list(range(n))
    assert regions.area.sum() == pytest.approx(1)


@pytest.mark.parametrize("segmenter", SEGMENTERS)
def test_one_region_a_pixel_at_most(segmenter):
    image = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    assert len(getattr(Regions, segmenter)(image, 35)) == 35
    for n in (0, -3, 36):
        with pytest.raises(ValueError, match=r"1 … 35"):
            getattr(Regions, segmenter)(image, n)


def test_slic_follows_the_picture():
    picture = np.zeros((20, 20, 3), np.uint8)
    picture[:, 10:] = 255
    labels = Regions.slic(picture, 2).labels
    assert len(np.unique(labels[:, :10])) == len(np.unique(labels[:, 10:])) == 1
    assert labels[0, 0] != labels[0, -1]


def test_slic_regions_are_connected():
    from skimage.measure import label

    regions = Regions.slic(eagle.scenes.draw(2).image, 64)
    for k in range(64):
        assert label(regions.labels == k, connectivity=1).max() == 1


def test_grid_cuts_equal_rectangles():
    regions = Regions.grid(np.zeros((6, 9, 3), np.uint8), 6)
    expected = np.repeat(np.repeat([[0, 1, 2], [3, 4, 5]], 3, 0), 3, 1)
    np.testing.assert_array_equal(regions.labels, expected)


def test_from_labels_renumbers():
    regions = Regions.from_labels(np.array([[7, -2], [7, 40]]))
    assert regions.labels.tolist() == [[1, 0], [1, 2]]


A, B, WHOLE = (np.array([row], bool) for row in ([1, 1, 0, 0], [0, 1, 1, 0], [1, 1, 1, 1]))


def test_a_pixel_in_several_masks_belongs_to_the_smallest():
    assert Regions.from_masks([A, B]).labels.tolist() == [[0, 0, 1, 2]]
    assert Regions.from_masks([B, A]).labels.tolist() == [[1, 1, 0, 2]]  # the same partition in another order
    small = np.array([[0, 1, 0, 0]], bool)
    for masks in permutations([WHOLE, B, small]):
        labels = Regions.from_masks(masks).labels[0].tolist()
        sizes = [int(masks[k].sum()) for k in labels]
        assert sizes == [4, 1, 2, 4]


def test_a_mask_that_smaller_ones_cover_is_left_out_with_a_warning():
    c = np.array([[0, 0, 1, 1]], bool)
    with pytest.warns(UserWarning, match=r"masks \[1\], which are left out"):
        regions = Regions.from_masks([A, WHOLE, c])
    assert regions.labels.tolist() == [[0, 0, 1, 1]]


def test_masks_as_segmenters_return_them():
    sam = [{"segmentation": A, "area": 2}, {"segmentation": B, "area": 2}]
    expected = Regions.from_masks([A, B]).labels.tolist()
    assert Regions.from_masks(sam).labels.tolist() == expected
    assert Regions.from_masks([m.astype(np.uint8) * 255 for m in (A, B)]).labels.tolist() == expected
    logits = [np.where(m, 3.0, -3.0) for m in (A, B)]
    assert Regions.from_masks(logits, threshold=0.0).labels.tolist() == expected
    with pytest.raises(ValueError, match=r"threshold=0\.0 for logits or threshold=0\.5"):
        Regions.from_masks(logits)
    with pytest.raises(ValueError, match=r"from_labels"):
        Regions.from_masks([np.array([[0, 1, 2]])])
    with pytest.raises(TypeError, match="pycocotools"):
        Regions.from_masks([{"segmentation": {"counts": "x", "size": [1, 4]}}])
    with pytest.raises(ValueError, match="mask 1 covers no pixel"):
        Regions.from_masks([A, np.zeros_like(A)])
    with pytest.raises(ValueError, match="one shape"):
        Regions.from_masks([A, A.T])


def test_pixels_and_boundaries():
    regions = Regions.from_labels(np.array([[0, 0, 1], [0, 0, 1]]))
    assert regions.pixels(np.array([False, True])).tolist() == [[False, False, True]] * 2
    assert regions.boundaries().any()


@pytest.mark.parametrize(
    ("labels", "error", "says"),
    [
        (np.zeros((2, 2, 2), int), ValueError, "H, W"),
        (np.zeros((0, 2), int), ValueError, "empty"),
        (np.zeros((2, 2)), TypeError, "integers"),
        (np.array([[0, 2]]), ValueError, "renumbers"),
        (np.array([[-1, 0]]), ValueError, "renumbers"),
    ],
)
def test_bad_maps(labels, error, says):
    with pytest.raises(error, match=says):
        Regions(labels)


def test_a_number_that_is_none():
    for n in (2.5, True, "64"):
        with pytest.raises(TypeError, match="integer"):
            Regions.slic(Image.new("RGB", (8, 8)), n)


def test_labels_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        Regions.grid(Image.new("RGB", (8, 8)), 4).labels[0, 0] = 3


def test_masks_of_equal_size_give_one_map_in_any_order():
    masks = [np.array([rows], bool) for rows in ([1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0])]
    maps = set()
    for order in permutations(range(4)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            regions = Regions.from_masks([masks[k] for k in order])
        maps.add(tuple(np.unique(regions.labels[0], return_index=True)[1][regions.labels[0]]))
    assert len(maps) == 1


def test_masks_as_the_predictor_of_sam_returns_them():
    masks = np.array([[[[1, 1, 0]]], [[[0, 1, 0]]]], bool)
    assert Regions.from_masks(masks).labels.tolist() == [[0, 1, 2]]
    assert Regions.from_masks(mask for mask in masks).n == 3


@pytest.mark.parametrize("masks", [{"segmentation": np.eye(2, dtype=bool)}, "masks.json"])
def test_a_mapping_or_a_path_is_no_list_of_masks(masks):
    with pytest.raises(TypeError, match="from_masks takes a list of masks"):
        Regions.from_masks(masks)
