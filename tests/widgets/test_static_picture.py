"""The still picture: readable without scripts, in the colours of the palette."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image

from eagle_nb.viz.palette import DELETION, INSERTION, RELIANCE_FLOOR, reliance_color
from eagle_nb.widgets.static_picture import static_html, static_painting

from .answers import HOSTILE, make_explanation, make_response


def pictures(html):
    """The images of a still picture: uint8 (H, W, 3)."""
    return [
        np.asarray(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))
        for data in re.findall(r"src='data:image/\w+;base64,([^']+)'", html)
    ]


def test_the_answer_is_coloured_by_reliance(explanation):
    html = static_html(explanation)
    scores = explanation.reliance.score
    top = max(RELIANCE_FLOOR, float(scores.max()))
    spans = re.findall(
        r"<span style='background:rgb\((\d+),(\d+),(\d+)\);[^']*text-decoration:(\w+)'>([^<]*)</span>", html
    )
    assert [span[4] for span in spans] == explanation.response.tokens
    assert [tuple(map(int, span[:3])) for span in spans] == [reliance_color(float(s) / top) for s in scores]
    assert [k for k, span in enumerate(spans) if span[3] == "underline"] == explanation.tokens


def test_the_image_is_lit_where_regions_carried_the_words(explanation):
    (pair,) = pictures(static_html(explanation))
    image = np.asarray(explanation.response.image)
    np.testing.assert_array_equal(pair[:, :160], image)
    lit = pair[:, 168:]
    first, last = (explanation.regions.labels == explanation.order[k] for k in (0, -1))
    np.testing.assert_array_equal(lit[first], image[first])  # its score is 1
    np.testing.assert_array_equal(np.ptp(lit[last], axis=1), 0)  # its score is 0: grey


def test_both_curves_are_drawn(explanation):
    html = static_html(explanation)
    lines = dict(re.findall(r"<polyline points='([^']+)' fill='none' stroke='(#\w+)'", html))
    points = {color: np.array([p.split(",") for p in line.split()], dtype=float) for line, color in lines.items()}
    for color, curve in ((INSERTION, explanation.insertion), (DELETION, explanation.deletion)):
        np.testing.assert_allclose(points[color][:, 0], 30 + 360 * explanation.area, atol=0.06)
        np.testing.assert_allclose(points[color][:, 1], 150 - 140 * curve[:, explanation.tokens].mean(1), atol=0.06)


def test_texts_are_escaped():
    explanation = make_explanation(["a", f" {HOSTILE}"], 3, selected=[1])
    image = explanation.response.image
    for html in (
        static_html(explanation),
        static_html(make_response([HOSTILE])),
        static_painting(image, image, [(HOSTILE, 0.5, 0.25)], HOSTILE, [HOSTILE]),
    ):
        assert HOSTILE not in html
        assert "&lt;img src=x" in html


def test_a_painted_image_stands_beside_the_whole_one():
    image, seen = Image.new("RGB", (8, 6), (200, 40, 40)), Image.new("RGB", (8, 6))
    html = static_painting(image, seen, [(" red", 0.5, 0.25), (" ", 1, 0)], "", ["one line"])
    (pair,) = pictures(html)
    assert pair.shape == (6, 24, 3)
    assert pair[0, 0].tolist() == [200, 40, 40]
    assert pair[0, -1].tolist() == [0, 0, 0]
    assert "<p>one line</p>" in html
    assert "<td dir='auto'>red</td><td>0.50</td><td>0.25</td>" in html
    assert "<td dir='auto'>·</td><td>1.00</td><td>0.00</td>" in html
    assert "(nothing)" in html
    assert "<table" not in static_painting(image, seen, [], None, [])
