"""Figures of explanations: what is drawn where, and in which colour."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.viz import curves_figure, explanation_figure, saliency_figure
from eagle_nb.viz.palette import DELETION, INSERTION, RELIANCE_FLOOR, UNMEASURED, reliance_color
from eagle_nb.viz.sentences import own_reliance

from ..widgets.answers import HOSTILE, make_explanation, make_response
from .escaping import assert_escaped


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


def traces(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


@pytest.mark.parametrize("plot", [saliency_figure, explanation_figure])
def test_the_evidence_of_each_region_is_drawn_over_the_image(explanation, plot):
    figure = plot(explanation)
    (heat,) = traces(figure, "heatmap")
    labels = explanation.regions.labels[1::2, 1::2]
    np.testing.assert_allclose(heat.z, explanation.saliency("evidence")[1::2, 1::2], rtol=1e-6)
    rank, region, share, evidence = np.moveaxis(np.asarray(heat.customdata), -1, 0)
    np.testing.assert_array_equal(region, labels)
    assert set(rank[labels == explanation.order[0]]) == {1.0}
    np.testing.assert_allclose(share, 100 * explanation.regions.area[labels], rtol=1e-6)
    np.testing.assert_allclose(evidence, explanation.evidence[labels], rtol=1e-5)
    assert list(figure.layout.xaxis.range) == [0, 160]
    assert list(figure.layout.yaxis.range) == [120, 0]


def test_the_picture_has_its_own_colours_where_the_evidence_is_highest(explanation):
    source = traces(saliency_figure(explanation), "image")[0].source
    drawn = np.asarray(Image.open(io.BytesIO(base64.b64decode(source.partition(",")[2]))).convert("RGB"), dtype=int)
    original = np.asarray(explanation.response.image, dtype=int)
    best, worst = (explanation.regions.labels == f(explanation.region_scores()) for f in (np.argmax, np.argmin))
    assert abs(drawn[best] - original[best]).mean() < 3
    assert drawn[worst].max() < 0.4 * 255
    assert np.ptp(drawn[worst], axis=1).max() < 12  # grey


def test_the_colour_bar_gives_the_evidence_in_words_and_numbers(explanation):
    bars = [t.marker.colorbar for t in saliency_figure(explanation).data if t.type == "scatter" and t.marker.showscale]
    (bar,) = bars
    assert bar.title.text == "evidence (probability)"
    assert bar.ticktext[-1] == f"{explanation.evidence_scale:.2f}"


def test_both_curves_of_the_target_are_drawn_with_their_areas(explanation):
    lines = [t for t in traces(explanation_figure(explanation), "scatter") if t.name and "AUC" in t.name]
    expected = [
        (f"insertion, AUC {explanation.insertion_auc:.3f}", INSERTION, explanation.target_insertion),
        (f"deletion, AUC {explanation.deletion_auc:.3f}", DELETION, explanation.target_deletion),
    ]
    for line, (name, color, curve) in zip(lines, expected, strict=True):
        assert (line.name, line.line.color) == (name, color)
        np.testing.assert_array_equal(line.x, explanation.area)
        np.testing.assert_array_equal(line.y, curve)


def test_the_curves_of_each_token_are_drawn_beside_the_target(explanation):
    lines = curves_figure(explanation).data
    tokens = [explanation.target_tokens[k].strip() for k in explanation.tokens]
    assert [line.name for line in lines[:4]] == [f"insertion {token}" for token in tokens]
    for line, k in zip(lines[5:9], explanation.tokens, strict=True):
        np.testing.assert_array_equal(line.y, explanation.deletion[:, k])
    assert [line.line.color for line in lines] == [INSERTION] * 5 + [DELETION] * 5
    assert len(curves_figure(make_explanation(selected=[2])).data) == 2


def test_words_are_coloured_by_their_own_reliance_and_others_are_not_measured(explanation):
    figure = explanation_figure(explanation)
    scores = np.full(len(explanation.response), np.nan)
    for word in explanation.response.words:
        if set(word.tokens) <= set(explanation.tokens):
            curve = explanation.insertion[:, list(word.tokens)].astype(float).prod(1)
            scores[list(word.tokens)] = (curve - curve.min()).mean()
    assert np.isnan(scores[[0, 6]]).all()
    top = max(RELIANCE_FLOOR, float(np.nanmax(scores)))
    grey = "rgb({},{},{})".format(*UNMEASURED["light"])
    boxes = figure.layout.shapes
    colors = [grey if np.isnan(s) else "rgb({},{},{})".format(*reliance_color(float(s) / top)) for s in scores]
    assert [box.fillcolor for box in boxes] == colors
    assert [k for k, box in enumerate(boxes) if box.line.width] == explanation.tokens
    (text,) = (trace for trace in figure.data if trace.name == "sentence")
    shown = [token.strip() for token in explanation.response.tokens]
    assert list(text.text) == [f"<b>{t}</b>" if k in explanation.tokens else t for k, t in enumerate(shown)]
    assert text.customdata[0][1] == "not measured: the token was not explained"
    assert text.customdata[1][1].startswith(f"{scores[1]:.3f}")


def test_the_tokens_of_one_word_share_the_reliance_of_the_word():
    word = make_explanation(["a", " pur", "ple", " cup"], 4, selected=[1, 2])
    np.testing.assert_array_equal(own_reliance(word), [np.nan, *[word.target_reliance.score] * 2, np.nan])
    phrase = make_explanation(["a", " pur", "ple", " cup"], 4, selected=[2, 3])
    np.testing.assert_array_equal(own_reliance(phrase), phrase.reliance.score)


def test_the_title_is_the_headline(explanation):
    title = explanation_figure(explanation).layout.title.text
    assert title.replace("<br>", " ").replace("\u00a0", " ") == explanation.headline
    assert max(map(len, title.split("<br>"))) <= 46


class PriorModel:
    """The probability of each token rises only from 0.8 to 0.9 with the image."""

    def scorer(self, response, regions, fill, target_ids=None):
        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                return np.repeat(0.8 + 0.1 * shown.mean(1, keepdims=True), len(response), 1).astype(np.float32)

        return Scorer()


def test_an_answer_that_owes_little_to_the_image_is_not_red():
    explanation = eagle.explain(PriorModel(), make_response(["yes", "."]), regions=4, progress=False)
    scores = explanation.reliance.score
    assert scores.max() < RELIANCE_FLOOR
    red = "rgb({},{},{})".format(*reliance_color(1.0))
    assert scores.min() > 0
    assert red not in {box.fillcolor for box in explanation_figure(explanation).layout.shapes}


def test_a_long_answer_takes_more_lines_and_more_height():
    tokens = [f" word{k}" for k in range(60)]
    boxes = explanation_figure(make_explanation(tokens, 4, selected=[0])).layout.shapes
    assert max(box.x1 for box in boxes) <= 46
    lines = {box.y0 for box in boxes}
    assert len(lines) > 4
    short, long = (explanation_figure(make_explanation(t, 4, selected=[0])).layout for t in (tokens[:5], tokens))
    assert long.height - long.margin.t == short.height - short.margin.t + 26 * (len(lines) - 1)


def test_a_right_to_left_answer_starts_on_the_right():
    figures = (explanation_figure(make_explanation(t, 4, selected=[1])) for t in (["a", " b"], ["א", " ב"]))
    (left, right), (start, end) = (f.layout.xaxis3.range for f in figures)
    assert left < right
    assert start > end


def test_a_large_image_has_few_cells_and_few_pixels():
    image = Image.new("RGB", (4000, 1760))
    figure = saliency_figure(make_explanation(["a", " cup"], 4, image, selected=[1]))
    (heat,) = traces(figure, "heatmap")
    assert max(np.shape(heat.z)) <= 120
    assert 0 < heat.x[0] < heat.x[-1] < 4000
    (picture,) = traces(figure, "image")
    assert (picture.dx, picture.dy) == (5, 5)
    assert len(figure.to_json()) < 500_000


def test_what_a_model_says_is_escaped():
    explanation = make_explanation(
        ["a", f" {HOSTILE}", " $x^2$", " %{y}", " \x1b[31m\u202e"], 3, selected=[0, 1, 2, 3, 4]
    )
    for plot in (explanation_figure, curves_figure):
        assert_escaped(plot(explanation))


def test_a_token_longer_than_a_line_is_cut():
    figure = explanation_figure(make_explanation(["a", " " + "x" * 100, " 我" * 60], 3, selected=[0]))
    assert max(box.x1 - box.x0 for box in figure.layout.shapes) == 46
    (text,) = (trace for trace in figure.data if trace.name == "sentence")
    assert list(text.text) == ["<b>a</b>", "x" * 44 + "…", ("我 " * 15).strip() + "…"]
