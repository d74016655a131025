"""Figures of explanations: what is drawn where, and in which colour."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.viz import curves_figure, explanation_figure, saliency_figure
from eagle_nb.viz.palette import DELETION, INSERTION, RELIANCE_FLOOR, reliance_color

from ..widgets.answers import HOSTILE, make_explanation, make_response


@pytest.fixture(scope="module")
def explanation():
    return make_explanation()


def traces(figure, kind):
    return [trace for trace in figure.data if trace.type == kind]


@pytest.mark.parametrize("plot", [saliency_figure, explanation_figure])
def test_the_saliency_of_each_region_is_drawn_over_the_image(explanation, plot):
    figure = plot(explanation)
    assert traces(figure, "image")[0].source.startswith("data:image/png;base64,")
    (heat,) = traces(figure, "heatmap")
    np.testing.assert_allclose(heat.z, explanation.saliency(), rtol=1e-6)
    rank, region, share = np.moveaxis(np.asarray(heat.customdata), -1, 0)
    np.testing.assert_array_equal(region, explanation.regions.labels)
    assert rank[explanation.regions.labels == explanation.order[0]].tolist() == [1.0] * int((rank == 1).sum())
    np.testing.assert_allclose(share, 100 * explanation.regions.area[explanation.regions.labels])
    assert list(figure.layout.xaxis.range) == [0, 160]
    assert list(figure.layout.yaxis.range) == [120, 0]


def test_both_mean_curves_are_drawn_with_their_areas(explanation):
    lines = traces(explanation_figure(explanation), "scatter")[:2]
    expected = [
        (f"insertion, AUC {explanation.insertion_auc:.3f}", INSERTION, explanation.insertion),
        (f"deletion, AUC {explanation.deletion_auc:.3f}", DELETION, explanation.deletion),
    ]
    for line, (name, color, curve) in zip(lines, expected, strict=True):
        assert (line.name, line.line.color) == (name, color)
        np.testing.assert_array_equal(line.x, explanation.area)
        np.testing.assert_array_equal(line.y, curve[:, explanation.tokens].mean(1))


def test_the_curves_of_each_token_are_drawn_beside_the_mean(explanation):
    lines = curves_figure(explanation).data
    tokens = [explanation.target_tokens[k] for k in explanation.tokens]
    assert [line.name for line in lines[:4]] == [f"insertion {token}" for token in tokens]
    for line, k in zip(lines[5:9], explanation.tokens, strict=True):
        np.testing.assert_array_equal(line.y, explanation.deletion[:, k])
    assert [line.line.color for line in lines] == [INSERTION] * 5 + [DELETION] * 5
    assert len(curves_figure(make_explanation(selected=[2])).data) == 2


def test_the_sentence_is_coloured_by_reliance(explanation):
    figure = explanation_figure(explanation)
    scores = explanation.reliance.score
    top = max(RELIANCE_FLOOR, float(scores.max()))
    boxes = figure.layout.shapes
    assert [box.fillcolor for box in boxes] == ["rgb({},{},{})".format(*reliance_color(float(s) / top)) for s in scores]
    assert [k for k, box in enumerate(boxes) if box.line.width] == explanation.tokens
    text = traces(figure, "scatter")[-1]
    assert list(text.text) == [token.strip() for token in explanation.response.tokens]
    np.testing.assert_allclose([row[1] for row in text.customdata], scores)


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
    assert max(box.x1 for box in boxes) <= 78 + 7
    lines = {box.y0 for box in boxes}
    assert len(lines) > 4
    short, long = (explanation_figure(make_explanation(t, 4, selected=[0])) for t in (tokens[:5], tokens))
    assert long.layout.height == short.layout.height + 26 * (len(lines) - 2)


def test_a_large_image_has_few_cells():
    image = Image.new("RGB", (1000, 440))
    (heat,) = traces(saliency_figure(make_explanation(["a", " cup"], 4, image, selected=[1])), "heatmap")
    assert np.shape(heat.z) == (88, 200)
    assert (heat.x[0], heat.x[-1]) == (2.5, 997.5)
    assert (heat.y[0], heat.y[-1]) == (2.5, 437.5)


def test_what_a_model_says_is_escaped():
    explanation = make_explanation(["a", f" {HOSTILE}"], 3, selected=[0, 1])
    for plot in (explanation_figure, curves_figure):
        text = plot(explanation).to_json().replace("\\u003c", "<")
        assert "<img" not in text
        assert "&lt;img" in text
