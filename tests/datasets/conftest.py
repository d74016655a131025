"""Lists of the published form, read from a temporary folder."""

import json

import pytest
from PIL import Image

from eagle_nb.datasets import from_published


@pytest.fixture
def read(tmp_path):
    (tmp_path / "images").mkdir()
    Image.new("RGB", (6, 4)).save(tmp_path / "images" / "000000000001.jpg")

    def from_rows(*rows, **options):
        (tmp_path / "list.json").write_text(json.dumps(rows))
        return from_published(tmp_path / "list.json", tmp_path / "images", **options)

    return from_rows
