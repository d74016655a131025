import warnings
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb import metrics
from eagle_nb.evaluation import tables as results
from eagle_nb.datasets import Sample, SampleObject

from .conftest import make_response

# Four quarters of a 24 x 16 image; columns 0-5, 6-11, 12-17, 18-23.
QUARTERS = eagle.regions.from_labels(np.repeat(np.arange(24) // 6, 16).reshape(24, 16).T)


class Table:
    """Probabilities of three tokens from hand-made curves along the order 2, 0, 3, 1; other coalitions are worthless."""

    def __init__(self, insertion, deletion):
        self.curves = {}
        shown = np.zeros(4, bool)
        for k in range(5):
            self.curves[shown.tobytes()] = insertion[k]
            if 0 < k < 4:
                self.curves[(~shown).tobytes()] = deletion[k]
            if k < 4:
                shown[[2, 0, 3, 1][k]] = True

    def decode(self, token_ids):
        return "?"

    def scorer(self, response, regions, fill, target_ids=None):
        table = self

        class Scorer:
            n_regions = 4

            def __call__(self, shown):
                worst = [0.0] * len(response)
                return np.array([table.curves.get(row.tobytes(), worst) for row in shown], np.float32)

        return Scorer()


def explained(insertion, deletion, tokens):
    """An explanation whose order and curves are given: p of tokens "a", " tri", "angle" at each step."""
    response = make_response(["a", " tri", "angle"])
    model = Table(np.array(insertion), np.array(deletion))
    trace = eagle.search.replay(model.scorer(response, QUARTERS, None), [2, 0, 3, 1], tokens)
    picture = Image.new("RGB", (24, 16))
    return eagle.Explanation(
        response, QUARTERS, trace, np.array([1, 2, 3]), list(response.tokens), "black", picture, {}
    )


INSERTION = [[0.5, 0.1, 0.9], [0.5, 0.9, 1.0], [0.5, 0.9, 1.0], [0.5, 0.7, 1.0], [0.5, 0.5, 1.0]]
DELETION = [[0.5, 0.5, 1.0], [0.5, 0.1, 1.0], [0.5, 0.0, 1.0], [0.5, 0.1, 1.0], [0.5, 0.1, 0.9]]


def test_auc_by_hand():
    area = [0.0, 0.25, 1.0]
    assert metrics.auc([0.0, 1.0, 0.5], area) == pytest.approx(0.125 + 0.5625)
    np.testing.assert_allclose(metrics.auc(np.array([[0.0, 1], [1, 1], [0.5, 1]]), area), [0.6875, 1.0])


def test_auc_refuses_lengths_that_differ():
    with pytest.raises(ValueError, match="agree"):
        metrics.auc([0.0, 1.0], [0.0, 0.5, 1.0])


def test_sensitive_tokens():
    curve = np.array([[0.1, 0.5, 0.0], [0.9, 0.9, 0.9], [0.31, 0.65, 0.2]])
    assert metrics.sensitive_tokens(curve).tolist() == [0]
    assert metrics.sensitive_tokens(curve, 0.1).tolist() == [0, 1, 2]


def test_pointing_game_with_mask_box_and_ties():
    saliency = np.zeros((4, 5))
    saliency[1, 2] = saliency[3, 0] = 1.0
    mask = np.zeros((4, 5), bool)
    mask[1, 2] = True
    assert metrics.pointing_game(saliency, mask)
    assert metrics.pointing_share(saliency, mask) == 0.5
    assert metrics.pointing_game(saliency, (0, 3, 1, 4))
    assert not metrics.pointing_game(saliency, (3, 0, 5, 4))
    saliency[3, 0] = 2.0
    assert not metrics.pointing_game(saliency, mask)
    assert metrics.pointing_share(saliency, mask) == 0.0


def test_a_box_has_the_pixels_that_it_touches():
    saliency = np.arange(20.0).reshape(4, 5)
    saliency[2, 3] = 99.0
    for box in [(3.2, 2.2, 3.9, 2.9), (3, 2, 4, 3), (0, 0, 3.01, 2.01), (3.99, 2.99, 9, 9)]:
        assert metrics.pointing_share(saliency, box) == 1.0
    for box in [(0, 0, 3, 4), (4, 0, 5, 4), (0, 0, 5, 2), (0, 3, 5, 4)]:
        assert metrics.pointing_share(saliency, box) == 0.0
    assert metrics.pointing_share(np.ones((4, 5)), (0.5, 0.5, 1.5, 1.0)) == 2 / 20


@pytest.mark.parametrize(
    "target", [np.zeros((4, 5), bool), np.ones((5, 4), bool), (9, 9, 10, 10), (1.9, 0, 1.2, 3), (1.5, 0, 1.5, 3)]
)
def test_pointing_game_refuses_a_target_that_cannot_be_hit(target):
    with pytest.raises(ValueError, match="target"):
        metrics.pointing_game(np.zeros((4, 5)), target)


def test_curve_scores_by_hand():
    explanation = explained(INSERTION, DELETION, [1, 2])
    # Four equal steps; token 1: 0.25 * (0.05 + 0.9 + 0.9 + 0.7 + 0.25), token 2: 1 - 0.25 * 0.05.
    first, second = 0.7, 0.9875
    assert metrics.curve_scores(explanation, [1]).insertion_auc == pytest.approx(first)
    both = metrics.curve_scores(explanation)
    assert both.insertion_auc == pytest.approx((first + second) / 2) == explanation.insertion_auc
    assert both.deletion_auc == pytest.approx((0.125 + second) / 2) == explanation.deletion_auc
    assert both.highest_score == pytest.approx(0.95) == explanation.highest_score
    with pytest.raises(ValueError, match=r"indices 0 … 2 .*got \[3\]"):
        metrics.curve_scores(explanation, [3])
    with pytest.raises(ValueError, match="at least one"):
        metrics.curve_scores(explanation, [])


def test_sensitive_scores_leave_other_tokens_out():
    explanation = explained(INSERTION, DELETION, [0, 1, 2])
    found = metrics.sensitive_scores(explanation)  # only token 1 gains more than 0.2
    assert found == pytest.approx((0.7, 0.125, 0.9))
    assert found == metrics.curve_scores(explanation, [1])
    assert metrics.sensitive_scores(explained(INSERTION, DELETION, [0, 2])) is None
    assert metrics.sensitive_scores(explanation, 0.05) == metrics.curve_scores(explanation, [1, 2])


def test_separation_counts_pairs():
    assert metrics.separation([0.9, 0.8], [0.1, 0.2, 0.3]) == 1.0
    assert metrics.separation([0.1], [0.9, 0.2]) == 0.0
    rng = np.random.default_rng(0)
    high, low = rng.integers(0, 5, 7) + 1, rng.integers(0, 5, 9)
    pairs = np.sign(high[:, None] - low) / 2 + 0.5
    assert metrics.separation(high, low) == pytest.approx(pairs.mean())
    with pytest.raises(ValueError, match="linguistic must hold"):
        metrics.separation([1.0], [])
    with pytest.raises(ValueError, match=r"perceived .*nan"):
        metrics.separation([np.nan], [1.0])


def test_rank_correlation_by_hand():
    a = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert metrics.rank_correlation(a, np.exp(a)) == pytest.approx(1.0)
    assert metrics.rank_correlation(a, -a) == pytest.approx(-1.0)
    assert metrics.rank_correlation(a, [[1, 2], [4, 3]]) == pytest.approx(1 - 6 * 2 / (4 * 15))
    # Ties share their mean rank: (1, 2, 3, 4) against (1, 2.5, 2.5, 4).
    assert metrics.rank_correlation(a, [[0, 1], [1, 2]]) == pytest.approx(4.5 / np.sqrt(5 * 4.5))
    flat = np.full((2, 2), 0.5)
    assert (metrics.rank_correlation(a, flat), metrics.rank_correlation(flat, flat)) == (0.0, 1.0)
    with pytest.raises(ValueError, match="one shape"):
        metrics.rank_correlation(a, np.ones(4))
    with pytest.raises(ValueError, match="NaN"):
        metrics.rank_correlation(a, a * np.nan)


def test_interval_of_a_mean_covers_it_as_often_as_it_says():
    rng = np.random.default_rng(0)
    covered = []
    for _ in range(300):
        low, high = metrics.interval(rng.normal(3, 2, 40), resamples=600)
        covered.append(low <= 3 <= high)
    assert 0.91 <= np.mean(covered) <= 0.98


def test_interval_is_the_bootstrap_of_scipy():
    from scipy.stats import bootstrap

    values = np.random.default_rng(1).exponential(size=30)
    expected = bootstrap((values,), np.mean, random_state=np.random.default_rng(5)).confidence_interval
    assert metrics.interval(values, seed=5) == (expected.low, expected.high)
    assert metrics.interval(values, seed=5) != metrics.interval(values, seed=6)


def test_intervals_of_degenerate_data():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert metrics.interval([0.3, 0.3, 0.3]) == (0.3, 0.3)
        assert np.isnan(metrics.interval([0.3])).all() and np.isnan(metrics.interval([])).all()
        assert metrics.interval([0.0, 1.0]) == (0.0, 1.0)
        low, high = metrics.interval([True] * 5)
    z = 1.959963984540054
    assert (low, high) == (pytest.approx(5 / (5 + z**2)), pytest.approx(1.0))  # Wilson's
    with pytest.raises(ValueError, match="finite values, got inf"):
        metrics.interval([1.0, np.inf])


def test_a_summary_counts_what_it_skips():
    found = metrics.summarize([0.2, None, 0.4, float("nan"), 0.6], "deletion_auc")
    assert (found.value, found.n, found.skipped) == (pytest.approx(0.4), 3, 2)
    assert 0.2 <= found.low < 0.4 < found.high <= 0.6
    assert found.better == "lower" and "EAGLE" in found.source
    assert "n = 3, 2 skipped; lower is better; mean over samples; trapezoid over image area; EAGLE" in str(found)
    nothing = metrics.summarize([None])
    assert np.isnan(nothing.value) and (nothing.n, nothing.skipped, nothing.better) == (0, 1, None)


def test_every_known_figure_has_a_source_and_agrees_with_the_tables_words():
    assert list(results.METRICS) == list(metrics.FACTS)
    for name, fact in metrics.FACTS.items():
        assert fact.source and fact.convention == results.METRICS[name].convention
        assert (fact.better is None) == name.startswith("reliance")


def test_evaluate_makes_a_row():
    whole, first = explained(INSERTION, DELETION, [1, 2]), explained(INSERTION, DELETION, [1])
    mask = QUARTERS.labels == 2
    mask[:, 12:15] = False  # half of the region with the maximum
    row = metrics.evaluate(whole, mask, first)
    assert row["method"] == "replay" and "sample" not in row
    assert row["insertion_auc"] == whole.insertion_auc
    assert row["sensitive_insertion_auc"] == pytest.approx(0.7)
    # The paper: mean of p - min; the code: the area less the minimum; both averaged over the two tokens.
    assert row["reliance"] == pytest.approx(((0.1 + 0.9 + 0.9 + 0.7 + 0.5) / 5 - 0.1 + 0.98 - 0.9) / 2)
    assert row["reliance_area"] == pytest.approx((0.7 - 0.1 + 0.9875 - 0.9) / 2)
    assert row["reliance_difference"] == pytest.approx((0.4 + 0.1) / 2)
    assert row["pointing_mask"] and row["pointing_box"] and row["pointing_mask_first_token"]
    assert row["pointing_mask_share"] == 0.5
    assert set(row) - {"method", "forward_passes", "seconds"} <= set(metrics.FACTS)
    elsewhere = metrics.evaluate(whole, (0, 0, 6, 16))
    assert elsewhere["pointing_box"] is False
    assert elsewhere["pointing_mask"] is elsewhere["pointing_box_first_token"] is None
    assert not [name for name in metrics.evaluate(whole) if name.startswith("pointing")]


def test_a_word_of_one_token_is_its_own_first_token():
    row = metrics.evaluate(explained(INSERTION, DELETION, [1]), (12, 0, 18, 16))
    assert row["pointing_box"] is row["pointing_box_first_token"] is True


def test_evaluate_knows_samples():
    image = Image.new("RGB", (24, 16))
    objects = (SampleObject("cup", mask=QUARTERS.labels == 0), SampleObject("cup", mask=QUARTERS.labels == 2))
    sample = Sample("s", image, "what?", objects=(*objects, SampleObject("hat", (0, 0, 6, 16))), label="cup")
    explanation = explained(INSERTION, DELETION, [1])
    row = metrics.evaluate(explanation, sample)
    assert row["sample"] == "s" and row["pointing_mask_share"] == 1.0
    assert row["pointing_mask"] is row["pointing_box"] is True
    assert metrics.evaluate(explanation, objects[0])["pointing_mask"] is False
    hat = metrics.evaluate(explanation, Sample("t", image, "what?", objects=sample.objects, label="hat"))
    assert (hat["pointing_mask"], hat["pointing_box"]) == (None, False)
    unknown = metrics.evaluate(explanation, Sample("u", image, "what?", label="cup"))
    assert unknown["pointing_mask"] is None and unknown["pointing_box"] is None
    table = results.summary(results.frame([row, hat, unknown])).set_index("metric")
    assert (table.loc["pointing_box", "value"], table.loc["pointing_box", "left_out"]) == (0.5, 1)
    assert (table.loc["pointing_mask", "n"], table.loc["pointing_mask", "left_out"]) == (1, 2)


def test_an_empty_target_leaves_the_other_figures():
    whole, nowhere = explained(INSERTION, DELETION, [1, 2]), np.zeros((16, 24), bool)
    for target in (nowhere, (90, 90, 95, 95)):
        row = metrics.evaluate(whole, target)
        assert {row[name] for name in row if name.startswith("pointing")} == {None}
        assert row["insertion_auc"] == whole.insertion_auc
    objects = (SampleObject("cup", mask=nowhere), SampleObject("cup", mask=QUARTERS.labels == 2))
    row = metrics.evaluate(whole, Sample("s", Image.new("RGB", (24, 16)), "what?", objects=objects, label="cup"))
    assert row["pointing_mask"] is row["pointing_box"] is True and row["pointing_mask_share"] == 1.0


def test_evaluate_says_which_counter_token_was_followed():
    explanation = explained(INSERTION, DELETION, [1])
    assert "counter" not in metrics.evaluate(explanation)
    other = {"target_ids": np.array([1, 9, 3]), "target_tokens": ["a", " dog", "angle"]}
    assert metrics.evaluate(replace(explanation, **other))["counter"] == "dog"
    assert metrics.evaluate(replace(explanation, **other | {"target_tokens": ["a", " ", "b"]}))["counter"] == "<9>"
    elsewhere = {"target_ids": np.array([7, 2, 3]), "target_tokens": ["the", " tri", "angle"]}
    assert "counter" not in metrics.evaluate(replace(explanation, **elsewhere))


def test_evaluate_refusals():
    whole = explained(INSERTION, DELETION, [1, 2])
    with pytest.raises(ValueError, match=r"first_token explains tokens \[2\], the first one of \[1, 2\]"):
        metrics.evaluate(whole, None, explained(INSERTION, DELETION, [2]))
    with pytest.raises(TypeError, match="a target is a Sample"):
        metrics.evaluate(whole, "cup")
    with pytest.raises(ValueError, match="target mask has shape"):
        metrics.evaluate(whole, np.ones((4, 4), bool))
