"""Groups of regions that one picture can show at once."""

from __future__ import annotations

import numpy as np
import pytest
import transformers
from PIL import Image

import eagle_nb as eagle
from eagle_nb.models.huggingface import masking
from eagle_nb.models.huggingface.grouping import bounding_boxes, disjoint_groups, owner_map
from eagle_nb.models.huggingface.masking import MaskedImages


def test_boxes_hold_their_regions():
    regions = eagle.Regions.from_labels(np.array([[0, 0, 1], [2, 2, 1]]))
    assert bounding_boxes(regions).tolist() == [[0, 1, 0, 2], [0, 2, 2, 3], [1, 2, 0, 2]]


def test_regions_of_a_group_stay_apart():
    """A 4 × 4 grid of boxes of 10 pixels: neighbours may not share a group, and four groups suffice."""
    boxes = np.array([[10 * r, 10 * r + 10, 10 * c, 10 * c + 10] for r in range(4) for c in range(4)])
    groups = disjoint_groups(boxes, 5)
    assert sorted(np.concatenate(groups).tolist()) == list(range(16))
    assert [group.tolist() for group in groups] == [[0, 2, 8, 10], [1, 3, 9, 11], [4, 6, 12, 14], [5, 7, 13, 15]]
    assert len(disjoint_groups(boxes, 6)) == 9
    assert len(disjoint_groups(boxes, 100)) == 16


def test_pixels_belong_to_the_grown_box_that_holds_them():
    boxes = np.array([[0, 2, 0, 2], [0, 1, 0, 1], [0, 2, 5, 6]])
    owners = owner_map(boxes, np.array([0, 2]), 1, (4, 7))
    assert owners.tolist() == [[0, 0, 0, -1, 2, 2, 2]] * 3 + [[-1] * 7]


@pytest.mark.parametrize(("side", "passes"), [(48, 22), (12, 26)])
def test_grouped_regions_are_masked_as_single_ones_are(side, passes, monkeypatch):
    """96 pixels to 48: a region acts on a few values beyond its border; to 12, on many."""
    y, x = np.mgrid[:96, :96] / 12.0
    image = Image.fromarray(np.uint8(127 + 120 * np.stack([np.sin(x + y), np.cos(1.3 * x), np.sin(0.7 * y - x)], -1)))
    regions, fill = eagle.Regions.grid(image, 36), Image.new("RGB", image.size, (30, 60, 90))
    processor = transformers.CLIPImageProcessor(size={"height": side, "width": side}, do_center_crop=False)
    calls = []

    def prepare(picture, **options):
        calls.append(1)
        return dict(processor(picture, return_tensors="pt", **options))

    grouped = MaskedImages(prepare, lambda inputs: inputs, image, fill, regions)
    assert grouped.mode == "add" and len(calls) <= passes
    monkeypatch.setattr(masking, "disjoint_groups", lambda boxes, _: [np.array([k]) for k in range(len(boxes))])
    single = MaskedImages(prepare, lambda inputs: inputs, image, fill, regions)
    shown = np.random.default_rng(0).random((5, 36)) < 0.5
    np.testing.assert_allclose(grouped(shown)["pixel_values"], single(shown)["pixel_values"], atol=1e-6)
    assert single.error == pytest.approx(grouped.error, abs=1e-6)


def test_a_processor_that_mixes_far_pixels_gets_one_region_at_a_time():
    """Each value also depends a little on the mirrored pixel."""
    image = Image.fromarray(np.random.default_rng(0).integers(60, 200, (64, 64, 3), dtype=np.uint8))
    honest = transformers.CLIPImageProcessor(
        size={"height": 32, "width": 32}, do_center_crop=False, do_normalize=False, resample=Image.Resampling.BILINEAR
    )

    def mirrored(picture, **options):
        made = dict(honest(picture, return_tensors="pt", **options))
        if options.get("do_rescale") is not False:
            made["pixel_values"] = 0.75 * made["pixel_values"] + 0.25 * made["pixel_values"].flip(-1)
        return made

    regions, fill = eagle.Regions.grid(image, 16), Image.new("RGB", image.size)
    made = MaskedImages(mirrored, lambda inputs: inputs, image, fill, regions)
    assert made.mode == "add"
    shown = np.random.default_rng(1).random((4, 16)) < 0.5
    literal = MaskedImages(mirrored, lambda inputs: inputs, image, fill, regions, literal=True)
    assert np.abs(made(shown)["pixel_values"].numpy() - literal(shown)["pixel_values"].numpy()).mean() < 0.5 / 255
