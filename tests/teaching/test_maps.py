"""Pictures with numbered regions."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.teaching import numbered_image


def test_every_region_has_its_number_in_the_middle():
    image = Image.new("RGB", (60, 30), (200, 30, 30))
    picture = np.asarray(numbered_image(image, eagle.Regions.grid(image, 8))).astype(int)
    assert picture.shape == (168, 336, 3)
    for row in range(2):
        for column in range(4):
            cell = picture[84 * row + 5 : 84 * row + 79, 84 * column + 5 : 84 * column + 79]
            assert (cell[:20] == (200, 30, 30)).all()
            assert (cell[27:47, 27:47] == (255, 255, 255)).all(-1).any()
    assert (picture[:, 84] == 255).all() or (picture[:, 83] == 255).all()


def test_regions_of_another_image_are_refused():
    image = Image.new("RGB", (60, 30))
    with pytest.raises(ValueError, match="give the regions of this image"):
        numbered_image(image, eagle.Regions.grid(image.resize((30, 30)), 9))
