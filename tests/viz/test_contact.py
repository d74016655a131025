"""Several pictures in figures: each lit for itself, titled, and nothing drawn between them."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from eagle_nb.viz import explanation_figure, saliency_figure
from eagle_nb.viz.contact import lit_part, lit_sheet, sheet_titles
from eagle_nb.viz.paper_pictures import chosen_panels
from eagle_nb.viz.pictures import lit_picture

from ..widgets.answers import SIZES, explain_pictures, make_explanation


@pytest.fixture(scope="module")
def explanation():
    words = explain_pictures(images=[0, 1, 3])
    return words[words.most_reliant]


@pytest.fixture(scope="module")
def video():
    words = explain_pictures("video", 8)
    return words[words.most_reliant]


def decoded(trace):
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(trace.source.partition(",")[2]))).convert("RGB"))


def test_pictures_are_lit_and_the_space_between_them_is_white(explanation):
    sheet, layout = np.asarray(lit_sheet(explanation, 1000)), explanation.regions.layout
    assert (sheet[layout.numbers < 0] == 255).all()
    for k, (part, image) in enumerate(zip(layout.split(sheet), explanation.response.images, strict=True)):
        expected = image if k == 2 else lit_picture(image, explanation.saliency()[k])
        np.testing.assert_array_equal(part, np.asarray(expected))


def test_a_picture_that_was_not_explained_is_drawn_as_it_is():
    image = Image.new("RGB", (4, 2), (10, 20, 30))
    assert lit_part(image, np.full((2, 4), np.nan), (4, 2)).getpixel((0, 0)) == (10, 20, 30)
    assert lit_part(image, np.zeros((2, 4)), (4, 2)).getpixel((0, 0)) != (10, 20, 30)


def test_a_sheet_of_one_picture_is_its_map():
    single = make_explanation(regions=4)
    np.testing.assert_array_equal(lit_sheet(single, 400), lit_picture(single.response.image, single.saliency()))
    assert sheet_titles(single) == []


@pytest.mark.parametrize("plot", [saliency_figure, explanation_figure])
def test_plotly_draws_each_picture_at_its_place_with_its_title(explanation, plot):
    figure = plot(explanation)
    images = [trace for trace in figure.data if trace.type == "image"]
    boxes = explanation.regions.layout.boxes
    assert [decoded(trace).shape[1::-1] for trace in images] == SIZES
    assert [(trace.x0 - trace.dx / 2, trace.y0 - trace.dy / 2) for trace in images] == [box[:2] for box in boxes]
    titles = [a for a in figure.layout.annotations if a.text.startswith("picture")]
    assert [a.text for a in titles] == ["picture 1", "picture 2", "picture 3<br>not explained", "picture 4"]
    assert [(a.x, a.y) for a in titles] == [box[:2] for box in boxes]
    (heat,) = (trace for trace in figure.data if trace.type == "heatmap")
    z, step = np.asarray(heat.z, dtype=float), int(heat.x[1] - heat.x[0])
    np.testing.assert_array_equal(np.isnan(z), explanation.regions.labels[step // 2 :: step, step // 2 :: step] < 0)
    assert "of the pictures" in heat.hovertemplate


def test_frames_are_titled_by_their_time(video):
    assert sheet_titles(video) == ["0.0 s", "0.5 s", "1.0 s", "1.5 s"]


def drawn_texts(figure):
    return [text.get_text() for text in figure.texts]


def test_papers_have_a_panel_per_picture(explanation):
    figure = explanation.plot("map", columns=2)
    assert [round(float(25.4 * figure.get_figwidth()))] == [175]
    texts, evidence = drawn_texts(figure), explanation.picture_evidence
    for k, label in enumerate(sheet_titles(explanation)):
        assert label.split(":")[0] in texts
        assert ("not explained" if k == 2 else f"evidence {evidence[k]:.2f}") in texts
    shapes = [a.images[0].get_extent() for a in figure.axes if a.get_xlim()[1] > 1]
    assert [(int(right), int(bottom)) for _, right, bottom, _ in shapes] == SIZES


def test_the_strongest_pictures_fit_in_two_rows(explanation, video):
    assert chosen_panels(explanation, 4) == ([0, 1, 2, 3], 4)
    assert chosen_panels(explanation, 3) == ([0, 1, 2, 3], 2)
    two, columns = chosen_panels(video, 1)
    assert columns == 1 and two == sorted(np.argsort(-video.picture_evidence)[:2].tolist())


def test_the_rest_is_said_in_the_caption():
    words = explain_pictures("video", 20, frames=20)
    figure = words[words.most_reliant].plot("map")
    assert any(
        "Not drawn: 12 of 20 frames, those with the least evidence." in text for text in [" ".join(drawn_texts(figure))]
    )


@pytest.mark.parametrize("kind", ["filmstrip", "summary", "curves"])
def test_the_other_figures_for_papers_are_drawn(explanation, kind, tmp_path):
    assert explanation.plot(kind, path=tmp_path / "figure.svg").axes
    if kind != "filmstrip":
        assert "share of the pictures" in (tmp_path / "figure.svg").read_text(encoding="utf-8")


def test_pictures_that_are_not_explained_are_shown_at_every_step(explanation):
    first = explanation.plot("filmstrip").axes[0].images[0].get_array()  # insertion, no region shown
    canvas, layout = explanation.response.canvas, explanation.regions.layout
    pixels = np.asarray(canvas.resize(first.shape[1::-1], Image.Resampling.LANCZOS))
    left, top, right, bottom = layout.boxes[2]
    factor = first.shape[1] / canvas.width
    inner = np.s_[
        round(factor * top) + 3 : round(factor * bottom) - 3, round(factor * left) + 3 : round(factor * right) - 3
    ]
    np.testing.assert_array_equal(first[inner], pixels[inner])
