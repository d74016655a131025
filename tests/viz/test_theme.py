"""Themes of plotly figures, and their static export."""

from __future__ import annotations

import importlib.util
import shutil

import plotly.graph_objects as go
import plotly.io
import pytest

from eagle_nb.viz import curves_figure
from eagle_nb.viz.theme import color_bar, set_title, wrapped_title

from ..widgets.answers import make_explanation


def test_figures_are_legible_on_any_page_and_have_templates_of_full_contrast():
    layout = curves_figure(make_explanation(["a", " cup"], 4, selected=[1])).layout.template.layout
    assert (layout.paper_bgcolor, layout.plot_bgcolor) == ("rgba(0,0,0,0)", "rgba(0,0,0,0)")
    for name in ("eagle_nb_light", "eagle_nb_dark"):
        assert plotly.io.templates[name].layout.paper_bgcolor.startswith("#")


def test_a_title_breaks_between_words_and_keeps_numbers_with_their_unit():
    assert wrapped_title("about 46 % of it", 9) == "about<br>46\u00a0% of<br>it"
    assert wrapped_title("") == ""


def test_a_longer_title_takes_more_margin():
    figure = go.Figure()
    one = set_title(figure, "short", 300)
    three = set_title(figure, "words " * 20, 300)
    assert three == one + 36
    assert figure.layout.height == three + 300
    assert figure.layout.margin.t == three


def test_a_colour_bar_runs_from_0_to_1():
    assert color_bar("x", len=0.5)["len"] == 0.5
    assert color_bar("x")["tickvals"] == [0, 0.5, 1]


@pytest.mark.browser
@pytest.mark.parametrize(("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<svg"), ("pdf", b"%PDF")])
def test_a_figure_is_exported_as_a_file(tmp_path, suffix, start):
    browsers = ("chromium", "chromium-browser", "google-chrome", "chrome")
    if importlib.util.find_spec("kaleido") is None or not any(map(shutil.which, browsers)):
        pytest.skip("static export needs kaleido and Chrome or Chromium")
    path = tmp_path / f"figure.{suffix}"
    curves_figure(make_explanation(["a", " cup"], 4, selected=[1])).write_image(path)
    assert path.read_bytes().startswith(start)
