"""Samples from annotations in the format of COCO."""

import copy
import json
import re

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import from_coco
from eagle_nb.datasets.published import CAPTION_PROMPT

INSTANCES = {
    "images": [
        {"id": 1, "file_name": "a.png", "width": 6, "height": 4},
        {"id": 2, "file_name": "b.png", "width": 6, "height": 4},
        {"id": 3, "file_name": "missing.png", "width": 6, "height": 4},
    ],
    "categories": [{"id": 10, "name": "cat"}, {"id": 11, "name": "dining table"}],
    "annotations": [
        {"id": 100, "image_id": 1, "category_id": 10, "bbox": [1, 1, 2, 2], "iscrowd": 0,
         "segmentation": [[1, 1, 3, 1, 3, 3, 1, 3]]},
        {"id": 101, "image_id": 1, "category_id": 11, "bbox": [0, 0, 6, 1], "iscrowd": 0, "segmentation": []},
        {"id": 102, "image_id": 2, "category_id": 10, "bbox": [0, 0, 1, 1], "segmentation": [[0, 0, 1, 0, 1, 1, 0, 1]]},
        {"id": 103, "image_id": 2, "category_id": 10, "bbox": [2, 0, 1, 1], "segmentation": [[2, 0, 3, 0, 3, 1, 2, 1]]},
        {"id": 104, "image_id": 2, "category_id": 11, "bbox": [0, 0, 2, 4], "iscrowd": 1,
         "segmentation": {"size": [4, 6], "counts": [0, 8, 16]}},
    ],
}  # fmt: skip
CAPTIONS = {
    "annotations": [
        {"id": 1, "image_id": 1, "caption": "A cat on a table. "},
        {"id": 2, "image_id": 1, "caption": "Cat."},
        {"id": 3, "image_id": 77, "caption": "Of another split."},
    ]
}


@pytest.fixture
def images(tmp_path):
    for name in ("a.png", "b.png"):
        Image.new("RGB", (6, 4)).save(tmp_path / name)
    return tmp_path


def read(content, images, **options):
    with pytest.warns(UserWarning, match="skipped"):
        return from_coco(content, images, **options)


def test_captions_objects_and_a_missing_image(images):
    (images / "instances.json").write_text(json.dumps(INSTANCES))
    (images / "captions.json").write_text(json.dumps(CAPTIONS))
    samples = read(images / "instances.json", images, captions=images / "captions.json")
    assert [s.id for s in samples] == ["1", "2"]
    assert [(row, "no image file" in reason) for row, reason in samples.skipped] == [(2, True)]
    first, second = samples
    assert (first.answer, first.extra["captions"]) == ("A cat on a table.", ["A cat on a table.", "Cat."])
    assert (second.answer, second.extra) == (None, {"image_id": 2, "captions": []})
    assert first.prompt == CAPTION_PROMPT
    assert first.image.size == (6, 4)
    assert [(o.name, o.box) for o in first.objects] == [("cat", (1, 1, 3, 3)), ("dining table", (0, 0, 6, 1))]
    expected = np.zeros((4, 6), bool)
    expected[1:3, 1:3] = True
    np.testing.assert_array_equal(first.objects[0].mask, expected)
    assert first.objects[1].mask is None
    crowd = np.zeros((4, 6), bool)
    crowd[:, :2] = True
    np.testing.assert_array_equal(second.objects[2].mask, crowd)


def test_objects_that_are_unique_in_their_image(images):
    samples = read(INSTANCES, images, kind="object", prompt="what?")
    assert [(s.id, s.label, s.prompt) for s in samples] == [
        ("1-cat", "cat", "what?"),
        ("1-dining-table", "dining table", "what?"),
    ]
    assert [o.name for o in samples[0].objects] == ["cat", "dining table"]


@pytest.mark.parametrize("box", [[1, 1, 0, 5], [1, 1, 5, 0], [3, 3, -2, -2]])
def test_a_box_without_area_is_replaced_by_that_of_the_mask(images, box):
    content = copy.deepcopy(INSTANCES)
    content["annotations"][0]["bbox"] = box
    samples = read(content, images)
    assert [s.id for s in samples] == ["1", "2"]
    cat = samples[0].objects[0]
    assert (cat.name, cat.box, int(cat.mask.sum())) == ("cat", (1, 1, 3, 3), 4)


@pytest.mark.parametrize(
    ("key", "k", "change", "row", "says"),
    [
        ("annotations", 0, {"bbox": [1, 1, 0, 5], "segmentation": []}, 0, "annotation 100: .*the box of 'cat' must be"),
        ("annotations", 0, {"bbox": [1, 1, 0, 5], "segmentation": [[1, 1] * 3]}, 0, "its mask covers no pixel"),
        ("annotations", 0, {"segmentation": [[1, 1, 1e9, 1, 3, 3]]}, 0, "annotation 100: object 'cat': .* far outside"),
        ("annotations", 0, {"bbox": [1, 1, 10**30, 2]}, 0, "annotation 100: object 'cat': .* far outside"),
        ("images", 0, {"file_name": "x" * 300}, 0, "name too long"),
        ("annotations", 0, {"segmentation": [[1, 2, 3]]}, 0, "annotation 100: object 'cat': a polygon"),
        ("annotations", 2, {"bbox": None, "segmentation": None}, 1, "annotation 102: .*neither box nor mask"),
        ("annotations", 2, {"category_id": 99}, 1, "annotation 102 has category 99"),
        ("annotations", 2, {"category_id": [9]}, 1, "has category None"),
        ("annotations", 0, {"bbox": [9, 9, 1, 1]}, 0, "annotation 100: .*outside the image"),
        ("annotations", 4, {"image_id": 5}, 4, "annotation 4 belongs to no image"),
        ("images", 0, {"width": 7}, 0, r"'a.png' is 6 × 4 pixels, the file says \(7, 4\)"),
        ("images", 1, {"file_name": None}, 1, "an image needs id and file_name"),
    ],
)
def test_a_malformed_row_costs_one_sample(images, key, k, change, row, says):
    content = copy.deepcopy(INSTANCES)
    content[key][k] |= change
    samples = read(content, images)
    assert len(samples) == (2 if row == 4 else 1)
    (reason,) = [reason for number, reason in samples.skipped if number == row]
    assert re.search(says, reason), reason


def test_errors_of_the_whole_file(images):
    with pytest.raises(ValueError, match="unknown kind 'poem'"):
        from_coco(INSTANCES, images, kind="poem")
    with pytest.raises(ValueError, match="no folder"):
        from_coco(INSTANCES, images / "nowhere")
    with pytest.raises(ValueError, match="has no list 'categories'"):
        from_coco({"images": [], "annotations": []}, images)
    with pytest.raises(ValueError, match="cannot be read"):
        from_coco(images / "none.json", images)


def test_a_folder_without_any_of_the_images(tmp_path):
    with pytest.raises(ValueError, match=r"none of the 3 images of COCO annotations exists; the first: .*a\.png"):
        from_coco(INSTANCES, tmp_path)
