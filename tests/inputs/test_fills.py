"""Fills: the pixels of hidden regions."""

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.fills import FILLS, check_fill, fill_image, masked_image
from eagle_nb.inputs.regions import Regions

IMAGE = eagle.scenes.draw(9).image


def test_black_and_mean():
    assert not np.asarray(fill_image(IMAGE, "black")).any()
    mean = np.asarray(fill_image(IMAGE, "mean"))
    np.testing.assert_allclose(mean[0, 0], np.asarray(IMAGE).mean((0, 1)), atol=0.5)
    assert (mean == mean[0, 0]).all()


def test_blur_keeps_the_mean_and_loses_detail():
    blur = np.asarray(fill_image(IMAGE, "blur"), float)
    assert abs(blur.mean() - np.asarray(IMAGE, float).mean()) < 4
    assert blur.std() < 0.7 * np.asarray(IMAGE, float).std()


def test_noise_is_fixed_by_its_seed():
    a, b, c = (np.asarray(fill_image(IMAGE, "noise", rng=s)) for s in (0, 0, 1))
    assert (a == b).all()
    assert (a != c).any()


def test_inpaint_continues_the_surroundings():
    picture = np.full((32, 32, 3), 90, np.uint8)
    picture[12:20, 12:20] = (250, 0, 0)
    labels = np.zeros((32, 32), int)
    labels[10:22, 10:22] = 1
    filled = np.asarray(fill_image(Image.fromarray(picture), "inpaint", Regions.from_labels(labels)), int)
    assert np.abs(filled[12:20, 12:20] - 90).max() <= 3


def test_a_picture_as_fill():
    other = Image.new("RGB", IMAGE.size, "teal")
    assert fill_image(IMAGE, other).getpixel((3, 3)) == (0, 128, 128)
    with pytest.raises(ValueError, match="sizes must agree"):
        fill_image(IMAGE, Image.new("RGB", (3, 3)))


def test_every_fill_has_the_image_size():
    regions = Regions.grid(IMAGE, 9)
    for fill in FILLS:
        assert fill_image(IMAGE, fill, regions).size == IMAGE.size


def test_unknown_fill_lists_the_known():
    with pytest.raises(ValueError, match="black, mean, blur, noise, inpaint"):
        fill_image(IMAGE, "white")
    with pytest.raises(ValueError, match="needs the regions"):
        fill_image(IMAGE, "inpaint")


def test_a_masked_image_shows_the_fill_in_hidden_regions():
    image, fill = Image.new("RGB", (4, 2), "red"), Image.new("RGB", (4, 2), "blue")
    masked = np.asarray(masked_image(image, Regions.grid(image, 2), fill, np.array([True, False])))
    assert (masked[:, :2] == (255, 0, 0)).all()
    assert (masked[:, 2:] == (0, 0, 255)).all()


def test_the_name_of_a_fill():
    assert check_fill("mean") == "mean"
    assert check_fill(IMAGE) == "picture"
    with pytest.raises(ValueError, match="unknown fill 'white'"):
        check_fill("white")
