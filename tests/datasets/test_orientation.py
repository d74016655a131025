"""Boxes, masks and annotations of pictures with an EXIF orientation."""

import warnings

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import from_coco
from eagle_nb.datasets.fields import image_size, stored_size
from eagle_nb.datasets.orientation import turn_box, turn_mask
from eagle_nb.inputs.images import open_image

STORED = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
SHOWN = {
    1: [[1, 2, 3], [4, 5, 6]],
    2: [[3, 2, 1], [6, 5, 4]],
    3: [[6, 5, 4], [3, 2, 1]],
    4: [[4, 5, 6], [1, 2, 3]],
    5: [[1, 4], [2, 5], [3, 6]],
    6: [[4, 1], [5, 2], [6, 3]],
    7: [[6, 3], [5, 2], [4, 1]],
    8: [[3, 6], [2, 5], [1, 4]],
}
# The pixels of values 2 and 3, as stored: left 1, top 0, right 3, bottom 1.
BOXES = {
    1: (1, 0, 3, 1), 2: (0, 0, 2, 1), 3: (0, 1, 2, 2), 4: (1, 1, 3, 2),
    5: (0, 1, 1, 3), 6: (1, 1, 2, 3), 7: (1, 0, 2, 2), 8: (0, 0, 1, 2),
}  # fmt: skip
POLYGON = [1, 0, 3, 0, 3, 1, 1, 1]


def save(folder, orientation, name="a.png"):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(STORED).save(folder / name, exif=exif)
    return folder / name


def annotations(size, **entries):
    row = {"id": 1, "file_name": "a.png"} | ({} if size is None else {"width": size[0], "height": size[1]})
    annotation = {"id": 7, "image_id": 1, "category_id": 10, "bbox": [1, 0, 2, 1], "segmentation": [POLYGON]} | entries
    return {"images": [row], "categories": [{"id": 10, "name": "cat"}], "annotations": [annotation]}


@pytest.mark.parametrize("orientation", SHOWN)
def test_masks_and_boxes_turn_as_pillow_turns_the_picture(tmp_path, orientation):
    path = save(tmp_path, orientation)
    shown = np.array(SHOWN[orientation])
    np.testing.assert_array_equal(turn_mask(STORED, orientation), shown)
    assert turn_box((1, 0, 3, 1), (3, 2), orientation) == BOXES[orientation]
    assert stored_size(path) == ((3, 2), orientation)
    assert image_size(path) == shown.shape[::-1]


@pytest.mark.parametrize("orientation", SHOWN)
@pytest.mark.parametrize("code", [[POLYGON], {"size": [2, 3], "counts": [2, 1, 1, 1, 1]}])
def test_annotations_of_the_picture_as_stored(tmp_path, orientation, code):
    save(tmp_path, orientation)
    pixels = "auto" if orientation >= 5 else "stored"
    sample = from_coco(annotations((3, 2), segmentation=code), tmp_path, pixels=pixels)[0]
    np.testing.assert_array_equal(np.asarray(sample.image)[..., 0], SHOWN[orientation])
    (cat,) = sample.objects
    assert cat.box == BOXES[orientation]
    np.testing.assert_array_equal(cat.mask, np.isin(SHOWN[orientation], (2, 3)))


@pytest.mark.parametrize("orientation", [5, 6, 7, 8])
def test_annotations_of_the_picture_as_shown(tmp_path, orientation):
    save(tmp_path, orientation)
    left, top, right, bottom = BOXES[orientation]
    content = annotations((2, 3), bbox=[left, top, right - left, bottom - top], segmentation=[])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (cat,) = from_coco(content, tmp_path)[0].objects
    assert cat.box == BOXES[orientation]


@pytest.mark.parametrize(("orientation", "size"), [(2, (3, 2)), (3, (3, 2)), (4, (3, 2)), (6, None)])
def test_sizes_that_do_not_show_what_is_meant(tmp_path, orientation, size):
    save(tmp_path, orientation)
    content = annotations(size, bbox=[0, 0, 1, 1], segmentation=[])
    with pytest.warns(UserWarning, match=r"1 images have an EXIF orientation.*first: 'a.png'.*pixels='stored'"):
        (cat,) = from_coco(content, tmp_path)[0].objects
    assert cat.box == (0, 0, 1, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (cat,) = from_coco(content, tmp_path, pixels="shown")[0].objects
    assert cat.box == (0, 0, 1, 1)


def test_a_size_of_another_picture_is_an_error(tmp_path):
    save(tmp_path, 6)
    with pytest.warns(UserWarning, match="skipped"):
        samples = from_coco(annotations((5, 2)), tmp_path)
    assert samples.skipped[0].reason == (
        "'a.png' is 3 × 2 pixels, 2 × 3 turned by its EXIF orientation 6, the file says (5, 2)"
    )
    with pytest.raises(ValueError, match="unknown pixels 'raw'; choose one of auto, stored, shown"):
        from_coco(annotations(None), tmp_path, pixels="raw")


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [0, *SHOWN, 9])
def test_the_size_in_the_header_is_that_of_the_opened_image(tmp_path, kind, orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(STORED).save(tmp_path / "a", kind, exif=exif)
    assert image_size(tmp_path / "a") == open_image(tmp_path / "a").size
