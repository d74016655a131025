"""Figures for papers: their size, their files, their text."""

from __future__ import annotations

import io
import itertools
import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.viz.paper_style import PaperFigure, paper_settings

from ..widgets.answers import Model, make_explanation, make_response

KINDS = ("map", "filmstrip", "curves", "summary")


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


@pytest.fixture(scope="module")
def words():
    response = make_response(["a", " red", " circle", ",", " a", " cup", "."])
    return eagle.explain_each(Model(), response, regions=4, progress=False)


def texts(figure):
    """All texts of a figure, those of its axes too."""
    found = list(figure.texts)
    for axes in figure.axes:
        found += [axes.xaxis.label, axes.yaxis.label, *axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    return found


def extent(figure, artist):
    """The box of an artist in a figure that is laid out at the resolution of files."""
    with paper_settings():
        figure.set_dpi(300)
        figure.draw_without_rendering()
        return artist.get_window_extent(figure.canvas.get_renderer())


def shown(figure):
    return " ".join(text.get_text() for text in figure.texts)


@pytest.mark.parametrize(("kind", "columns"), list(itertools.product(KINDS, (1, 2))))
def test_a_figure_is_exactly_as_wide_as_its_columns(explanation, kind, columns, tmp_path):
    width = {1: 85, 2: 175}[columns]
    figure = explanation.plot(kind, columns, tmp_path / "figure.png")
    assert figure.get_figwidth() * 25.4 == pytest.approx(width, abs=1e-6)
    assert figure.get_figheight() * 25.4 < 240
    with Image.open(tmp_path / "figure.png") as image:
        assert image.width == pytest.approx(width / 25.4 * 300, abs=1)
        assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)


@pytest.mark.parametrize(("kind", "columns"), list(itertools.product(KINDS, (1, 2))))
def test_nothing_leaves_the_sheet(explanation, kind, columns):
    figure = explanation.plot(kind, columns)
    for text in texts(figure):
        box = extent(figure, text)
        assert -2 <= box.x0 < box.x1 <= figure.bbox.x1 + 2 or not text.get_text()
        assert -2 <= box.y0 < box.y1 <= figure.bbox.y1 + 2 or not text.get_text()


def test_text_of_an_svg_is_text(explanation, tmp_path):
    explanation.plot("summary", 2, tmp_path / "figure.svg")
    root = ET.parse(tmp_path / "figure.svg").getroot()
    written = " ".join("".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "large red circle" in written
    assert f"insertion, AUC {explanation.insertion_auc:.3f}" in written
    assert root.get("width") == f"{175 / 25.4 * 72:.6f}".rstrip("0") + "pt"


def test_a_pdf_embeds_truetype_fonts(explanation, tmp_path):
    explanation.plot("curves", path=tmp_path / "figure.pdf")
    data = (tmp_path / "figure.pdf").read_bytes()
    assert b"/FontFile2" in data
    assert b"/Type3" not in data
    width, _ = (float(v) for v in re.search(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)", data).groups())
    assert width == pytest.approx(85 / 25.4 * 72, abs=0.01)


def test_the_explained_words_are_boxed_in_the_sentence(explanation):
    figure = explanation.plot("curves")
    (box,) = (patch for patch in figure.get_children() if type(patch).__name__ == "FancyBboxPatch")
    (word,) = (text for text in figure.texts if text.get_text() == "large red circle")
    inner, outer = extent(figure, word), extent(figure, box)
    assert outer.x0 < inner.x0
    assert inner.x1 < outer.x1
    assert {"a", "left of a small blue square."} <= {text.get_text() for text in figure.texts}


def test_the_headline_and_the_areas_are_written(explanation):
    figure = explanation.plot("summary", 2)
    assert explanation.headline.replace(" %", "\u00a0%") in shown(figure)
    assert f"deletion, AUC {explanation.deletion_auc:.3f}" in shown(figure)
    assert "evidence: change of probability" in shown(figure)
    assert f"{explanation.evidence_scale:.2f}" in shown(figure)


def test_the_curves_are_those_of_the_target(explanation):
    axes = explanation.plot("curves").axes[0]
    lines = [line.get_ydata() for line in axes.lines if len(line.get_ydata()) == explanation.regions.n + 1]
    np.testing.assert_array_equal(lines, [explanation.target_insertion, explanation.target_deletion])


def test_a_filmstrip_shows_what_the_model_saw(explanation):
    figure = explanation.plot("filmstrip")
    pictures = [np.asarray(axes.images[0].get_array()) for axes in figure.axes]
    assert len(pictures) == 8
    assert not pictures[0].any()  # nothing is shown: the fill
    np.testing.assert_array_equal(pictures[3], pictures[4])  # everything is shown: nothing is hidden
    written = {text.get_text() for text in figure.texts}
    for curve in (explanation.target_insertion, explanation.target_deletion):
        assert {f"{curve[0]:.2f}", f"{curve[-1]:.2f}"} <= written


@pytest.mark.parametrize("count", [120, 300])
def test_a_long_answer_is_cut_around_the_word(count):
    tokens = [(" " if k else "") + f"word{k}" for k in range(count)]
    written = shown(make_explanation(tokens, 4, selected=[count // 2]).plot("curves"))
    assert f"word{count // 2}" in written
    assert written.count("…") == 2
    assert "word0 " not in written
    assert f"word{count - 1}" not in written


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_a_model_is_not_typeset(kind):
    figure = make_explanation(["a", " $x^2$", " <b>y</b>", " \x1b[1m\n\u202ez", " ", ""], 3, selected=[1, 2]).plot(kind)
    assert not any(text.get_parse_math() for text in figure.texts)
    written = shown(figure)
    assert "$x^2$ <b>y</b>" in written
    assert not re.search("[\x00-\x1f\u202a-\u202e]", written)
    figure.savefig(io.BytesIO(), format="pdf")


@pytest.mark.parametrize(
    "tokens",
    [
        ["דרך", " אדומה", " ועוד", "."],
        ["我喜欢", "红色", "的杯子"],
        ["एक", " लाल", " वृत्त"],
        ["a", " 😀👩‍👩‍👧", " é"],
        ["x" * 400, " b"],
        ["\ud800", " cup"],
        [" yes"],
    ],
)  # fmt: skip
def test_any_script_is_drawn(tokens, tmp_path, recwarn):
    selected = [min(1, len(tokens) - 1)]
    for suffix in ("png", "pdf", "svg"):
        make_explanation(tokens, 2, selected=selected).plot("summary", path=tmp_path / f"a.{suffix}")


def test_right_to_left_words_run_from_the_right():
    figure = make_explanation(["דרך", " אדומה", " ועוד", "."], 3, selected=[1]).plot("curves")
    left = {text.get_text(): text.get_position()[0] for text in figure.texts}
    assert left["דרך"] > left["אדומה"] > left["ועוד."]


@pytest.mark.parametrize("count", [2, 400])
def test_few_and_many_regions_are_drawn(count):
    response = make_response(["a", " cup"], Image.new("RGB", (400, 300)))
    explanation = eagle.explain(Model(), response, [1], regions=count, search="single", progress=False)
    figure = explanation.plot("map")
    assert figure.get_figheight() * 25.4 < 150
    figure.savefig(io.BytesIO(), format="pdf")


@pytest.mark.parametrize("columns", [1, 2])
def test_each_word_has_a_map_with_its_own_reliance(words, columns, tmp_path):
    figure = words.plot(columns, tmp_path / "words.pdf")
    assert figure.get_figwidth() * 25.4 == pytest.approx({1: 85, 2: 175}[columns])
    assert len([axes for axes in figure.axes if axes.images]) == len(words) + 1  # and the colour bar
    written = [text.get_text() for text in figure.texts]
    for name, explanation in words.items():
        assert name in written
        assert f"reliance {explanation.target_reliance.score:.2f}" in written


def test_many_words_fit_a_page():
    tokens = [(" " if k else "") + f"word{k}" for k in range(60)]
    words = eagle.explain_each(Model(), make_response(tokens), regions=2, search="greedy", progress=False)
    assert words.plot().get_figheight() * 25.4 < 250


def test_unknown_kinds_columns_and_formats_are_refused(explanation, words, tmp_path):
    with pytest.raises(ValueError, match="kind must be one of 'map', 'filmstrip', 'curves', 'summary', got 'pie'"):
        explanation.plot("pie")
    for plot in (lambda columns: explanation.plot("map", columns), words.plot):
        for columns in (0, 3, True, "1"):
            with pytest.raises(ValueError, match=r"columns must be 1 \(85 mm\) or 2 \(175 mm\)"):
                plot(columns)
    for name in ("figure", "figure.jpg"):
        with pytest.raises(ValueError, match=r"path must end in \.pdf, \.svg, \.png, \.eps"):
            explanation.plot("map", path=tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_settings_of_the_user_neither_change_nor_matter(explanation, tmp_path):
    with mpl.rc_context(
        {"text.parse_math": True, "figure.facecolor": "black", "font.size": 30, "savefig.bbox": "tight"}
    ):
        before = dict(mpl.rcParams)
        explanation.plot("curves", path=tmp_path / "b.png")
        assert dict(mpl.rcParams) == before
    explanation.plot("curves", path=tmp_path / "a.png")
    a, b = (np.asarray(Image.open(tmp_path / name)) for name in ("a.png", "b.png"))
    np.testing.assert_array_equal(a, b)


def test_a_figure_shows_itself_in_a_notebook(explanation):
    formatters = pytest.importorskip("IPython.core.formatters")
    figure = explanation.plot("curves")
    assert isinstance(figure, PaperFigure)
    data, metadata = formatters.DisplayFormatter().format(figure)
    assert data["image/png"].startswith(b"\x89PNG")
    assert set(metadata["image/png"]) == {"width", "height"}


def test_nothing_is_imported_or_opened_before_it_is_needed():
    script = (
        "import sys, eagle_nb, eagle_nb.viz, eagle_nb.attribution.explanation_set; print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    script = "import sys, eagle_nb.viz.paper; print('matplotlib.pyplot' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_an_eps_is_written_without_the_name_of_a_temporary_file(explanation, tmp_path):
    explanation.plot("summary", 2, tmp_path / "figure.eps")
    data = (tmp_path / "figure.eps").read_bytes()
    assert data.startswith(b"%!PS-Adobe")
    assert b".figure.eps" not in data
    assert [path.name for path in tmp_path.iterdir()] == ["figure.eps"]
