"""Images and heat maps as plotly draws them."""

from __future__ import annotations

import base64
import io

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from eagle_nb.inputs import Regions
from eagle_nb.viz.pictures import data_uri, frame_image, heat_cells, image_trace


def test_a_data_uri_holds_every_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    head, _, data = data_uri(Image.fromarray(pixels)).partition(",")
    assert head == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))), pixels)
    assert image_trace(Image.fromarray(pixels)).source == f"{head},{data}"


@pytest.mark.parametrize(("width", "height", "step"), [(220, 10, 1), (221, 10, 2), (10, 660, 3)])
def test_cells_lie_at_their_centres(width, height, step):
    labels = np.arange(height)[:, None] // 5 * width + np.arange(width)
    regions = Regions.from_labels(labels)
    size, cells, x, y = heat_cells(Image.new("RGB", (width, height)), regions)
    assert size == step
    assert cells.shape == (len(y), len(x))
    np.testing.assert_array_equal(cells, regions.labels[y.astype(int)][:, x.astype(int)])


def test_the_vertical_axis_points_down():
    figure = go.Figure()
    frame_image(figure, Image.new("RGB", (8, 6)))
    assert list(figure.layout.xaxis.range) == [0, 8]
    assert list(figure.layout.yaxis.range) == [6, 0]
    assert figure.layout.yaxis.scaleanchor == "x"
