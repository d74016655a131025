"""Images and heat maps as plotly draws them."""

from __future__ import annotations

import base64
import io

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image

from eagle_nb.inputs import Regions
from eagle_nb.viz.pictures import (
    at_size,
    data_uri,
    frame_image,
    heat_cells,
    image_trace,
    lit_picture,
    map_greys,
    map_traces,
    mask_outlines,
)


def test_a_data_uri_holds_every_pixel():
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    head, _, data = data_uri(Image.fromarray(pixels)).partition(",")
    assert head == "data:image/png;base64"
    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))), pixels)
    assert image_trace(Image.fromarray(pixels)).source == f"{head},{data}"


@pytest.mark.parametrize(("width", "height", "step"), [(120, 10, 1), (121, 10, 2), (10, 360, 3)])
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


def test_a_map_keeps_colours_or_turns_them_to_dark_grey():
    image = Image.fromarray(np.array([[[0, 200, 0], [0, 200, 0], [0, 200, 0]]], dtype=np.uint8))
    full, half, none = np.asarray(lit_picture(image, np.array([[1.0, 0.5, 0.0]])))[0].tolist()
    assert full == [0, 200, 0]
    assert none[0] == none[1] == none[2] == round(0.35 * 0.587 * 200)
    np.testing.assert_allclose(half, [none[0] / 2, (200 + none[0]) / 2, none[0] / 2], atol=1)


def test_a_value_that_is_not_measured_is_drawn_as_zero():
    image = Image.new("RGB", (2, 1), (255, 255, 255))
    dark, same = np.asarray(lit_picture(image, np.array([[np.nan, 0.0]])))[0].tolist()
    assert dark == same


def test_the_colour_bar_shows_what_a_map_does_to_a_light_grey():
    image = Image.new("RGB", (9, 1), (235, 235, 235))
    shares, greys = zip(*map_greys(), strict=True)
    drawn = np.asarray(lit_picture(image, np.array([shares])))[0, :, 0]
    np.testing.assert_allclose(drawn, greys, atol=1)
    steps = np.diff(greys)
    assert steps.min() > 0
    assert np.ptp(steps) <= 1


def test_a_photograph_is_drawn_smaller_over_the_same_axes():
    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    image = Image.fromarray(pixels).resize((4000, 3000))
    trace = image_trace(image)
    assert trace.source.startswith("data:image/jpeg;base64,")
    assert (trace.dx, trace.dy, trace.x0, trace.y0) == (5, 5, 2.5, 2.5)


def test_a_map_has_a_colour_bar_only_with_a_label():
    image, values = Image.new("RGB", (4, 3)), np.ones((3, 4))
    assert [trace.type for trace in map_traces(image, values, z=values)] == ["image", "heatmap"]
    *_, bar = map_traces(image, values, "evidence", z=values)
    assert bar.marker.colorbar.title.text == "evidence"


def test_outlines_are_in_pixels_of_the_mask():
    mask = np.zeros((60, 80), dtype=bool)
    mask[20:40, 0:30] = True
    (line,) = mask_outlines(mask, (40, 30))
    np.testing.assert_allclose([line.min(0), line.max(0)], [[0, 20], [30, 40]], atol=1)
    assert mask_outlines(np.zeros((6, 8), dtype=bool), (8, 6)) == []


def test_a_map_at_another_size_takes_the_nearest_pixel():
    assert at_size(np.array([[0, 1], [2, 3]]), (4, 2)).tolist() == [[0, 0, 1, 1], [2, 2, 3, 3]]
