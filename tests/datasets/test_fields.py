"""Fields of rows: image sizes, boxes, masks and objects."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets.fields import decode_mask, encode_mask, image_size, read_box, read_object, read_text
from eagle_nb.errors import ImageError

SQUARE = [[1, 1, 3, 1, 3, 3, 1, 3]]
PIXELS = np.zeros((4, 6), bool)
PIXELS[1:3, 1:3] = True


def runs(mask):
    """Run lengths down the columns, beginning with a run of zeros."""
    counts, last = [0], False
    for value in mask.T.ravel().tolist():
        if value != last:
            counts.append(0)
        counts[-1] += 1
        last = value
    return counts


def test_polygons_run_lengths_and_compressed_ones_agree():
    assert runs(PIXELS) == [5, 2, 2, 2, 13]
    compressed = encode_mask(SQUARE, 6, 4)
    counts = compressed["counts"]
    for segmentation in (
        SQUARE,
        {"size": [4, 6], "counts": runs(PIXELS)},
        {"size": [4, 6], "counts": counts},
        {"size": [4, 6], "counts": counts.decode()},
    ):
        np.testing.assert_array_equal(decode_mask(encode_mask(segmentation, 6, 4)), PIXELS)


def test_several_polygons_are_joined():
    both = decode_mask(encode_mask([*SQUARE, [4, 0, 6, 0, 6, 1, 4, 1]], 6, 4))
    expected = PIXELS.copy()
    expected[0, 4:6] = True
    np.testing.assert_array_equal(both, expected)


def test_polygons_are_clipped_to_the_image():
    beyond = [[-18, -12, 3, -12, 3, 16, -18, 16]]
    expected = np.zeros((4, 6), bool)
    expected[:, :3] = True
    np.testing.assert_array_equal(decode_mask(encode_mask(beyond, 6, 4)), expected)
    assert decode_mask(encode_mask([[24, 1, 24, 3, 1, 3, 1, 1]], 6, 4))[1:3, 1:].all()


def test_texts():
    row = {"a": " x ", "b": 7, "c": " ", "d": None, "e": np.int64(3)}
    assert [read_text(row, key) for key in "abcdef"] == ["x", "7", None, None, "3", None]
    for value in (True, 1.5, ["x"]):
        with pytest.raises(ValueError, match="'a' must be a text"):
            read_text({"a": value}, "a")


@pytest.mark.parametrize(
    ("segmentation", "says"),
    [
        ([], "polygons or a run-length code"),
        ("abc", "polygons or a run-length code"),
        ([[0, 0, 1, 1]], "at least three points"),
        ([[0, 0, 1, 1, 2]], "at least three points"),
        ([[0, 0, 1, 1, 2, "3"]], "at least three points"),
        ([[0, 0, 1, 1, 2, float("nan")]], "at least three points"),
        ([3], "at least three points"),
        ([[0, 0, 1, 1, 2, 10**400]], "at least three points"),
        ([[0, 0, 1, 1, 2, 1j]], "at least three points"),
        ([[0, 0, 1, 1, 2, 10**30]], r"the coordinate 1e\+30 lies far outside the image of 6 × 4 pixels"),
        ([[0, 0, 1e9, 1, 2, 3]], r"the coordinate 1e\+09 lies far outside"),
        ([[0, 0, -4.3e8, 1, 2, 3]], r"the coordinate -4.3e\+08 lies far outside"),
        ([[0, 0, 1, 17, 2, 3]], "the coordinate 17 lies far outside"),
        ([*SQUARE, [0, -13, 1, 1, 2, 3]], "the coordinate -13 lies far outside"),
        ({"size": [4, 6], "counts": [2**63, 2**63 + 24]}, "do not add up"),
        ({"size": [6, 4], "counts": [24]}, r"size \[6, 4\], the image has \[4, 6\]"),
        ({"counts": [24]}, "size None"),
        ({"size": [4, 6], "counts": [5, 2]}, "do not add up to 6 × 4"),
        ({"size": [4, 6], "counts": [30, -6]}, "do not add up"),
        ({"size": [4, 6], "counts": []}, "do not add up"),
        ({"size": [4, 6], "counts": None}, "do not add up"),
        ({"size": [4, 6], "counts": ""}, "do not add up"),
        ({"size": [4, 6], "counts": "52"}, "do not add up"),
        ({"size": [4, 6], "counts": "garbage!!"}, "Invalid|do not add up"),
    ],
)
def test_malformed_masks(segmentation, says):
    with pytest.raises(ValueError, match=says):
        encode_mask(segmentation, 6, 4)


def test_sizes_are_those_of_the_opened_image(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (3, 2)).save(tmp_path / "turned.jpg", exif=exif)
    Image.new("RGB", (3, 2)).save(tmp_path / "plain.png")
    assert image_size(tmp_path / "turned.jpg") == (2, 3)
    assert image_size(str(tmp_path / "plain.png")) == (3, 2)
    assert image_size((tmp_path / "plain.png").read_bytes()) == (3, 2)
    assert image_size(np.zeros((5, 7, 3), np.uint8)) == (7, 5)
    with pytest.raises(ImageError, match="no image file"):
        image_size(tmp_path / "missing.png")
    with pytest.raises(ImageError, match="not an image"):
        image_size(b"nonsense")


def test_a_decompression_bomb_is_rejected_by_its_header(monkeypatch):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 40)).save(buffer, "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(ImageError, match="too large"):
        image_size(buffer.getvalue())


def test_boxes():
    assert read_box([1, 2, 3, 4], (6, 8)) == (1, 2, 3, 4)
    assert read_box([1, 2, 3, 4], (6, 8), corners=False) == (1, 2, 4, 6)
    for box in ([1, 2, 3], "1234", [1, 2, 3, None], [1, 2, 3, True], {"left": 1}, [1, 2, 3, 10**400], [1, 2, 3, 4j]):
        with pytest.raises(ValueError, match="four numbers"):
            read_box(box, (6, 8))
    for box in ([6, 0, 9, 4], [0, 8, 3, 9], [-3, 0, 0, 4]):
        with pytest.raises(ValueError, match="outside the image"):
            read_box(box, (6, 8))
    assert read_box([-18, -24, 24, 32], (6, 8)) == (-18, -24, 24, 32)
    for box in ([-19, 0, 3, 4], [0, 0, 3, 33], [0, 0, 10**30, 4]):
        with pytest.raises(ValueError, match="far outside the image of 6 × 8"):
            read_box(box, (6, 8))
    with pytest.raises(ValueError, match="far outside"):
        read_box([1, 1, 1e308, 1e308], (6, 8), corners=False)


def test_objects():
    cup = read_object({"category": "cup", "bbox": [1, 1, 2, 2], "segmentation": SQUARE}, (6, 4), corners=False)
    assert (cup.name, cup.box) == ("cup", (1, 1, 3, 3))
    np.testing.assert_array_equal(cup.mask, PIXELS)
    assert read_object({"category": 1, "box": [0, 0, 2, 2]}, (6, 4), names=["cup", "book"]).name == "book"
    line = [[1, 1, 1, 1, 1, 1]]
    assert read_object({"name": "thread", "box": [0, 0, 2, 2], "mask": line}, (6, 4)).target == (0, 0, 2, 2)


def test_a_mask_from_a_file_or_pixels(tmp_path):
    Image.fromarray((PIXELS * 7).astype(np.uint8)).save(tmp_path / "mask.png")
    for mask in ("mask.png", PIXELS.astype(int), Image.fromarray(PIXELS)):
        np.testing.assert_array_equal(read_object({"name": "cup", "mask": mask}, (6, 4), tmp_path).mask, PIXELS)
    with pytest.raises(ValueError, match="the mask is 6 × 4 pixels, the image 4 × 6"):
        read_object({"name": "cup", "mask": "mask.png"}, (4, 6), tmp_path)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (3, "a mapping with name"),
        ({"box": [0, 0, 1, 1]}, "needs a name"),
        ({"name": 3, "box": [0, 0, 1, 1]}, "needs a name"),
        ({"name": "cup"}, "neither box nor mask"),
        ({"name": "cup", "box": [2, 2, 1, 1]}, "object 'cup'.*must be"),
        ({"name": "cup", "mask": [[1, 1, 1, 1, 1, 1]]}, "covers no pixel"),
        ({"name": "cup", "mask": "no.png"}, "object 'cup': there is no image file"),
    ],
)
def test_malformed_objects(entry, says, tmp_path):
    with pytest.raises(ValueError, match=says):
        read_object(entry, (6, 4), tmp_path)


def test_a_class_number_that_does_not_exist():
    with pytest.raises(ValueError, match="category 2 is not among the 2"):
        read_object({"category": 2, "box": [0, 0, 1, 1]}, (6, 4), names=["cup", "book"])


def test_the_error_without_pycocotools_names_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "pycocotools", None)
    with pytest.raises(ImportError, match=r'pip install "eagle_nb\[data\]"'):
        encode_mask(SQUARE, 6, 4)
