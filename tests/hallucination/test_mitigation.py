"""Mitigations: contrastive decoding, enlarging, and their comparison."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.hallucination import MITIGATIONS, compare_mitigations, contrastive_answer, enlarge_region

from .models import AnsweringScorer, case_of, constant_model, one_region_model


class TwoImageScorer(AnsweringScorer):
    """p(yes) is 0.6 on the full image and 0.8 on the contrasting one."""

    n_regions = 2

    def next_token(self, shown, prefix=()):
        assert shown.tolist() == [[True, True], [False, True]]
        if len(prefix) == 0:
            return np.array([[0, 0.6, 0.4, 0, 0], [0, 0.8, 0.2, 0, 0]], np.float32)
        return np.eye(5, dtype=np.float32)[[3 if len(prefix) == 1 else 0] * 2]


def test_contrastive_decoding_by_hand():
    """2 log 0.6 - log 0.8 < 2 log 0.4 - log 0.2, so the answer is no."""
    model, contrast = constant_model(), np.array([False, True])
    scorer = TwoImageScorer(model, 1)
    assert contrastive_answer(model, scorer, contrast) == "no."
    assert contrastive_answer(model, scorer, contrast, alpha=0.0) == "yes."
    assert contrastive_answer(model, scorer, contrast, beta=0.7) == "yes."  # 0.4 < 0.7 * 0.6: not plausible
    assert contrastive_answer(model, scorer, contrast, max_new_tokens=1) == "no"
    with pytest.raises(ValueError, match="beta must be above 0"):
        contrastive_answer(model, scorer, contrast, beta=0)
    with pytest.raises(ValueError, match="alpha must be 0 or more"):
        contrastive_answer(model, scorer, contrast, alpha=-1)


@pytest.mark.model
def test_without_contrast_decoding_is_greedy(bundled):
    scene = eagle.scenes.draw(3)
    response = bundled.generate(scene.image, eagle.scenes.CAPTION_PROMPT)
    scorer = bundled.scorer(response, eagle.Regions.grid(scene.image, 9), Image.new("RGB", scene.image.size))
    assert contrastive_answer(bundled, scorer, np.zeros(9, bool), alpha=0.0) == response.text


def test_enlarging_shows_the_whole_image():
    """Columns 2 and 3 of 10 become four columns; the two before them share 1.5, the six after them 4.5."""
    values = np.arange(10, dtype=np.uint8) * 20
    image = Image.fromarray(np.repeat(np.tile(values, (4, 1))[..., None], 3, 2))
    mask = np.zeros((4, 10), bool)
    mask[:, 2:4] = True
    row = np.asarray(enlarge_region(image, mask, 2.0))[0, :, 0]
    source = np.interp(np.arange(10) + 0.5, [0, 1.5, 5.5, 10], [0, 2, 4, 10]) - 0.5
    np.testing.assert_allclose(row, np.round(np.clip(source, 0, 9) * 20), atol=1)
    assert np.array_equal(np.asarray(enlarge_region(image, mask, 1.0)), np.asarray(image))
    assert np.array_equal(np.asarray(enlarge_region(image, np.ones((4, 10), bool), 3.0)), np.asarray(image))
    with pytest.raises(ValueError, match="empty"):
        enlarge_region(image, np.zeros((4, 10), bool))
    with pytest.raises(ValueError, match="zoom must be 1 or more"):
        enlarge_region(image, mask, 0.5)
    with pytest.raises(ValueError, match="the mask has shape"):
        enlarge_region(image, mask.T)


def test_mitigations_side_by_side():
    model = one_region_model()
    case = case_of(model)
    table = case.mitigations(model).set_index("mitigation")
    assert table.index.tolist() == list(MITIGATIONS)
    # 2 log 0.9 - log p(yes) against 2 log 0.1 - log p(no) of the contrast: yes stays, p(yes) is 0.1 (blank) or 0.6 (region)
    assert table["answer"].tolist() == ["no.", "yes.", "yes.", "yes."]
    assert table["withdrawn"].tolist() == [True, False, False, False]
    cost = case.explanation.forward_passes + case.correction.forward_passes
    assert table["forward_passes"].tolist() == [cost, 2, cost + 2, cost + 1]


def test_large_regions_are_not_removed():
    model = one_region_model()
    table = case_of(model).mitigations(model, compact_area=0.1)
    assert not table["withdrawn"].iloc[0]
    assert table["answer"].iloc[0] == "yes."


def test_without_a_region_the_answer_stays():
    model = constant_model()
    assert case_of(model).mitigations(model)["withdrawn"].tolist() == [False] * 4


def test_a_model_without_distributions_cannot_contrast():
    model = one_region_model(batched=False)
    assert case_of(model).mitigations(model)["mitigation"].tolist() == [MITIGATIONS[0], MITIGATIONS[3]]


def test_comparison_counts_wrong_and_right_statements():
    model, constant = one_region_model(), constant_model()
    wrong = [case_of(model).correction, case_of(constant).correction]
    table = compare_mitigations(model, wrong, wrong[:1]).set_index("mitigation")
    assert table["corrected"].tolist() == [1, 0, 0, 0]
    assert table["broken"].tolist() == [1, 0, 0, 0]
    assert set(table["wrong"]) == {2} and set(table["right"]) == {1}
    assert table.loc["contrast with blank", "forward_passes"] == 2
    with pytest.raises(ValueError, match="no corrections to compare"):
        compare_mitigations(model, [])
