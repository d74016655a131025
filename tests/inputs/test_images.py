"""Any image becomes the right RGB pixels, or a clear error."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from eagle_nb.errors import ImageError, MissingImageError
from eagle_nb.inputs.images import open_image

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def pixels(source) -> list:
    opened = open_image(source)
    assert opened.mode == "RGB"
    return [tuple(int(v) for v in p) for p in np.asarray(opened).reshape(-1, 3)]


def grey16() -> Image.Image:
    return Image.fromarray(np.array([[0, 32768, 65535]], np.uint16))


def palette() -> Image.Image:
    image = Image.new("P", (2, 1))
    image.putpalette([*RED, *BLUE])
    image.putpixel((1, 0), 1)
    return image


def half_clear() -> Image.Image:
    image = Image.new("RGBA", (2, 1), (*RED, 255))
    image.putpixel((1, 0), (*RED, 0))
    return image


def clear_palette() -> bytes:
    return encoded(palette(), transparency=1)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (Image.new("RGB", (1, 1), GREEN), [GREEN]),
        (Image.new("L", (1, 1), 77), [(77, 77, 77)]),
        (Image.new("1", (1, 1), 1), [WHITE]),
        (palette(), [RED, BLUE]),
        (clear_palette(), [RED, WHITE]),
        (half_clear(), [RED, WHITE]),
        (Image.new("LA", (1, 1), (10, 0)), [WHITE]),
        (Image.new("CMYK", (1, 1), (0, 255, 255, 0)), [RED]),
        (Image.new("CMYK", (1, 1), (0, 0, 0, 255)), [BLACK]),
        (grey16(), [BLACK, (128,) * 3, WHITE]),
        (encoded(grey16()), [BLACK, (128,) * 3, WHITE]),
        (Image.fromarray(np.array([[0.0, 0.5, 1.0]], np.float32)), [BLACK, (128,) * 3, WHITE]),
        (np.array([[0, 255]], np.uint8), [BLACK, WHITE]),
        (np.array([[[255, 0, 0, 0]]], np.uint8), [WHITE]),
        (np.array([[[1.0, 0.0, 0.0]]]), [RED]),
        (np.array([[True, False]]), [WHITE, BLACK]),
        (np.array([[0, 65535]], np.uint16), [BLACK, WHITE]),
        (np.full((1, 1, 1), 9, np.int64), [(9, 9, 9)]),
        (np.array([[100, 200, 300]], np.uint16), [BLACK, (128,) * 3, WHITE]),
        (np.array([[[4095, 0, 2048]]], np.uint16), [(255, 0, 128)]),
        (Image.fromarray(np.array([[-5, 0, 5]], np.int32)), [BLACK, (128,) * 3, WHITE]),
    ],
)
def test_modes(source, expected):
    assert pixels(source) == expected


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [[RED, GREEN]]),
        (2, [[GREEN, RED]]),
        (3, [[GREEN, RED]]),
        (4, [[RED, GREEN]]),
        (5, [[RED], [GREEN]]),
        (6, [[RED], [GREEN]]),
        (7, [[GREEN], [RED]]),
        (8, [[GREEN], [RED]]),
    ],
)
def test_exif_rotation(orientation, expected):
    image = Image.new("RGB", (2, 1), RED)
    image.putpixel((1, 0), GREEN)
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_image(encoded(image, exif=exif))
    assert np.array_equal(np.asarray(opened), np.array(expected, np.uint8))


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_rotation_of_a_file(tmp_path, kind, orientation):
    stored = np.array([[10, 20, 30], [40, 50, 60]], np.uint8)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(stored).save(tmp_path / "a", kind, exif=exif)
    expected = {
        1: stored, 2: stored[:, ::-1], 3: stored[::-1, ::-1], 4: stored[::-1], 5: stored.T, 6: stored[::-1].T,
        7: stored[::-1, ::-1].T, 8: stored[:, ::-1].T,
    }[orientation]  # fmt: skip
    for source in (tmp_path / "a", (tmp_path / "a").read_bytes(), Image.open(tmp_path / "a")):
        np.testing.assert_array_equal(np.asarray(open_image(source))[..., 0], expected)


def test_jpeg_in_cmyk(tmp_path):
    Image.new("CMYK", (8, 8), (0, 255, 255, 0)).save(tmp_path / "x.jpg", quality=100)
    red, green, blue = pixels(tmp_path / "x.jpg")[0]
    assert red > 240 and green < 15 and blue < 15


def colour16(values: np.ndarray) -> bytes:
    """A PNG of 16 bits per channel, which Pillow cannot write."""
    height, width, _ = values.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in values)
    header = struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(rows), b"IEND")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks
    )


def test_a_colour_image_of_16_bits_that_uses_12_of_them_is_dark_with_a_warning():
    with pytest.warns(UserWarning, match="16 bits per channel.* brightest value is then 15 of 255"):
        assert pixels(colour16(np.array([[[4095, 0, 256]]]))) == [(15, 0, 1)]
    assert pixels(colour16(np.array([[[65535, 0, 256]]]))) == [(255, 0, 1)]


@pytest.mark.parametrize("missing", [-3.4e38, 3.4028235e38, np.nan, -np.inf])
def test_customary_values_of_missing_pixels(missing):
    image = Image.fromarray(np.array([[missing, 1.0, 3.0]], np.float32))
    with pytest.warns(UserWarning, match="1 pixels of the Image image have no finite value or are marked as no data"):
        assert pixels(image) == [BLACK, BLACK, WHITE]


def test_path_and_copy(tmp_path):
    Image.new("RGB", (2, 2), BLUE).save(tmp_path / "x.png")
    assert pixels(tmp_path / "x.png") == pixels(str(tmp_path / "x.png")) == [BLUE] * 4
    original = Image.new("RGB", (1, 1), RED)
    open_image(original).putpixel((0, 0), BLUE)
    assert original.getpixel((0, 0)) == RED


def bomb() -> bytes:
    """A PNG header that claims 20,000 × 20,000 pixels."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"IDAT" + zlib.compress(b"\0")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in (chunk, data, b"IEND")
    )


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (np.zeros((0, 4, 3), np.uint8), r"no pixels: its shape is \(0, 4, 3\)"),
        (Image.new("RGB", (0, 3)), "no pixels: its size is 0 × 3"),
        (b"", "not an image that Pillow can read"),
        (b"not an image", "not an image that Pillow can read"),
        (encoded(Image.effect_noise((64, 64), 50))[:-900], "broken or truncated"),
        (encoded(Image.effect_noise((64, 64), 50), "JPEG")[:700], "broken or truncated"),
        (bomb(), "too large"),
        (np.zeros((2, 2, 5), np.uint8), "must be"),
        (np.zeros(4, np.uint8), "must be"),
        (np.array([[1.5]]), "0 … 1"),
        (np.array([[np.nan]]), "0 … 1"),
        (np.array([[300]]), "0 … 255"),
        (np.array([[-1]]), "0 … 255"),
        (np.array([[1j]]), "complex"),
    ],
)
def test_unusable_images(source, says):
    with pytest.raises(ImageError, match=says):
        open_image(source)


def test_the_bomb_guard_warns_as_an_error(monkeypatch):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    with pytest.raises(ImageError, match="too large"):
        open_image(encoded(Image.new("RGB", (4, 4))))


def test_missing_file_folder_and_type(tmp_path):
    with pytest.raises(MissingImageError, match=r"no image file .*missing\.png"):
        open_image(tmp_path / "missing.png")
    with pytest.raises(ImageError, match="is a folder"):
        open_image(tmp_path)
    with pytest.raises(TypeError, match="got int"):
        open_image(3)


def test_pixels_without_a_value_are_black_with_a_warning():
    grey = Image.fromarray(np.array([[np.nan, 2.0, 4.0, -np.inf]], np.float32))
    with pytest.warns(UserWarning, match="2 pixels of the .* image have no finite value"):
        assert pixels(grey) == [BLACK, BLACK, WHITE, BLACK]


def test_the_no_data_value_of_a_tiff_is_not_stretched(tmp_path):
    path = tmp_path / "height.tif"
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[42113] = "-9999"
    Image.fromarray(np.array([[-9999.0, 1.0, 3.0]], np.float32)).save(path, tiffinfo=tags)
    with pytest.warns(UserWarning, match="1 pixels"):
        assert pixels(path) == [BLACK, BLACK, WHITE]


@pytest.mark.parametrize("grey", [np.full((2, 2), 7, np.uint16) * 100, np.full((2, 2), 0.5, np.float32)])
def test_an_image_without_contrast_is_refused(grey):
    with pytest.raises(ImageError, match="no contrast"):
        open_image(Image.fromarray(grey))


def test_of_an_animation_the_first_frame_is_used_with_a_warning(tmp_path):
    frames = [Image.new("RGB", (4, 4), color) for color in (RED, BLUE)]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    with pytest.warns(UserWarning, match=r"x\.gif' has 2 frames"):
        assert pixels(tmp_path / "x.gif") == [RED] * 16


def test_a_palette_with_transparency_in_memory():
    image = palette()
    image.putpalette([*RED, 255, *BLUE, 0], "RGBA")
    assert pixels(image) == pixels(encoded(image)) == [RED, WHITE]


@given(
    mode=st.sampled_from(
        [
            "1",
            "L",
            "P",
            "RGB",
            "RGBA",
            "CMYK",
            "YCbCr",
            "LAB",
            "HSV",
            "I",
            "F",
            "LA",
            "PA",
            "RGBX",
            "RGBa",
            "La",
            "I;16",
        ]
    ),
    size=st.tuples(st.integers(1, 9), st.integers(1, 9)),
    seed=st.integers(0, 99),
)
def test_an_image_of_any_mode_becomes_rgb_or_is_refused(mode, size, seed):
    noise = Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))
    via = {"PA": "LA", "RGBa": "RGBA", "La": "LA", "I;16": "I"}.get(mode, mode)
    try:
        image = (
            noise.convert("L").convert(via).convert(mode)
            if via in ("LA", "I", "F")
            else noise.convert(via).convert(mode)
        )
    except ValueError:
        return  # Pillow cannot make one
    try:
        opened = open_image(image)
    except ImageError as error:
        assert "no contrast" in str(error)
    else:
        assert (opened.mode, opened.size) == ("RGB", size)
