"""The still picture: readable without scripts, in the colours of the palette."""

from __future__ import annotations

import base64
import io
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image

from eagle_nb.viz.palette import DELETION, INSERTION, RELIANCE_FLOOR, UNMEASURED, reliance_color
from eagle_nb.widgets.static_drawing import plot_point
from eagle_nb.widgets.static_picture import static_html, static_painting

from .answers import HOSTILE, make_explanation, make_response

SVG = "{http://www.w3.org/2000/svg}"
KEPT_TAGS = {"div", "img", "p", "small", "span", "strong", "table", "td", "th", "tr"}
KEPT_ATTRIBUTES = {"alt", "cellpadding", "class", "dir", "src", "style", "title"}


def sources(html):
    """The pictures in a text, as their kind and data."""
    return [
        (kind, base64.b64decode(data))
        for kind, data in re.findall(r"(?:src|href)='data:image/([\w+]+);base64,([^']+)'", html)
    ]


def pixels(data):
    """A picture as uint8 (H, W, 3)."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def drawings(html):
    """The SVG drawings of a still picture."""
    return [ET.fromstring(data) for kind, data in sources(html) if kind == "svg+xml"]


def chips(html):
    """The words of a still picture: text, number, background and whether a box is around them."""
    found = re.findall(
        r"<span title='[^']*' style='background-color:rgb\((\d+),(\d+),(\d+)\);[^']*border:2px solid ([#\w]+);[^']*'>(.*?)</span>",
        html,
    )
    return [
        (
            re.sub(r" ?<small>.*", "", text),
            re.findall(r"<small>(.*)</small>", text),
            tuple(map(int, rgb)),
            line != "transparent",
        )
        for *rgb, line, text in found
    ]


def share(score, top):
    """Place on the colour scale, whose centre is 0.2."""
    return float(np.interp(score, [0, 0.2, top], [0, 0.5, 1]))


def test_tokens_are_coloured_by_what_was_measured_and_grey_elsewhere(explanation):
    html = static_html(explanation)
    large, re_, d, circle = (explanation.insertion[:, k].astype(float) for k in explanation.tokens)
    scores = [float((curve - curve.min()).mean()) for curve in (large, re_ * d, circle)]  # "red" has two tokens
    top = max(RELIANCE_FLOOR, *scores)
    shown = chips(html)
    assert "".join(text for text, *_ in shown) == explanation.response.text.replace(" ", "")
    boxed = [chip for chip in shown if chip[3]]
    assert [text for text, *_ in boxed] == ["large", "red", "circle"]
    assert [number for _, number, *_ in boxed] == [[f"{score:.2f}"] for score in scores]
    assert [rgb for _, _, rgb, _ in boxed] == [reliance_color(share(score, top)) for score in scores]
    others = [chip for chip in shown if not chip[3]]
    assert all(number == [] and rgb == UNMEASURED["light"] for _, number, rgb, _ in others)
    assert "square" in [text for text, *_ in others]  # two tokens, one word
    assert "grey: not measured" in html


def test_words_have_their_own_numbers(words):
    html = static_html(words["grass"], list(words.values()))
    assert [(text, number) for text, number, *_ in chips(html)] == [
        *((name.removesuffix("#2"), [f"{e.target_reliance.score:.2f}"]) for name, e in words.items()),
        (".", []),
    ]
    assert [text for text, _, _, boxed in chips(html) if boxed] == ["grass"]


def test_the_headline_comes_first(explanation):
    html = static_html(explanation).replace("\xa0", " ")
    assert html.index(explanation.headline) < html.index("<img")


def test_the_picture_and_its_map(explanation):
    html = static_html(explanation)
    (_, first), (_, svg) = sources(html)[:2]
    image = np.asarray(explanation.response.image)
    np.testing.assert_array_equal(pixels(first), image)
    ((_, data),) = sources(svg.decode())
    lit, scores = pixels(data), explanation.region_scores()
    best, worst = (explanation.regions.labels == k for k in (scores.argmax(), scores.argmin()))
    np.testing.assert_array_equal(lit[best], image[best])
    assert np.ptp(lit[worst], axis=1).max() == 0  # grey
    texts = [node.text for node in ET.fromstring(svg).iter(f"{SVG}text")]
    assert texts == ["0", "evidence (probability)", f"{explanation.evidence_scale:.2f}"]


def test_both_curves_are_drawn(explanation):
    curves = drawings(static_html(explanation))[1]
    lines = {}
    for node in curves.iter(f"{SVG}polyline"):
        lines[node.get("stroke")] = np.array([p.split(",") for p in node.get("points").split()], dtype=float)
    for color, curve in ((INSERTION, explanation.target_insertion), (DELETION, explanation.target_deletion)):
        points = [plot_point(a, p) for a, p in zip(explanation.area, curve, strict=True)]
        np.testing.assert_allclose(lines[color], points, atol=0.06)
    texts = " ".join(node.text for node in curves.iter(f"{SVG}text"))
    assert f"insertion: regions shown, area {explanation.insertion_auc:.2f}" in texts
    assert f"deletion: regions hidden, area {explanation.deletion_auc:.2f}" in texts


def test_a_sanitizer_removes_nothing_of_it(explanation, words):
    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            assert tag in KEPT_TAGS
            assert {name for name, _ in attrs} <= KEPT_ATTRIBUTES

    for html in (
        static_html(explanation),
        static_html(words.at(0), list(words.values())),
        static_html(explanation.response),
    ):
        Reader().feed(html)
        assert html.count("Trust this notebook to explore") == 1


@pytest.mark.parametrize("side", [12, 2000])
def test_pictures_of_any_size_are_shown_alike_and_hold_at_most_400_pixels(side):
    e = make_explanation(regions=4, image=Image.new("RGB", (side, side // 2), (90, 120, 200)))
    html = static_html(e)
    assert max(pixels(sources(html)[0][1]).shape) == min(side, 400)
    assert "width:250px" in html
    image = next(drawings(html)[0].iter(f"{SVG}image"))
    assert (image.get("width"), image.get("height")) == ("250", "125")


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
    left, right = (pixels(data) for _, data in sources(html))
    assert left.shape == right.shape == (6, 8, 3)
    assert left[0, 0].tolist() == [200, 40, 40]
    assert right[0, -1].tolist() == [0, 0, 0]
    assert "<p>one line</p>" in html
    assert "<td dir='auto'>red</td><td>0.50</td><td>0.25</td>" in html
    assert "<td dir='auto'>·</td><td>1.00</td><td>0.00</td>" in html
    assert "(nothing)" in html
    assert "<table" not in static_painting(image, seen, [], None, [])
