import numpy as np
import pytest

from eagle_nb.methods.rise import rise_scores
from eagle_nb.scoring.cached import CachedScorer

from .games import WEIGHTS, AdditiveScorer


def test_the_score_is_the_mean_of_the_masks_that_show_a_region():
    scores = rise_scores(CachedScorer(AdditiveScorer(WEIGHTS)), [0], masks=4000, probability=0.3)
    expected = [0.1 + w + 0.3 * (sum(WEIGHTS) - w) for w in WEIGHTS]
    np.testing.assert_allclose(scores, expected, atol=0.02)
    assert np.argsort(-scores).tolist() == np.argsort(-np.array(WEIGHTS)).tolist()


def test_a_region_that_no_mask_shows_gets_the_mean():
    scores = rise_scores(CachedScorer(AdditiveScorer(WEIGHTS)), [0], masks=1, probability=1e-9)
    np.testing.assert_allclose(scores, 0.1, atol=1e-7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"masks": 0}, "masks must be a whole number of at least 1, got 0"),
        ({"probability": 1.0}, r"probability must lie between 0 and 1, got 1\.0"),
    ],
)
def test_options_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        rise_scores(CachedScorer(AdditiveScorer(WEIGHTS)), [0], **options)
