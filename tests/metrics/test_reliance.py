import numpy as np
import pytest

from eagle_nb.metrics import measure_reliance, measure_target


def test_both_definitions_match_a_hand_calculation():
    curve = np.array([[0.2, 0.9], [0.1, 0.9], [0.7, 0.9], [0.6, 0.9]])
    area = np.array([0.0, 0.5, 0.75, 1.0])
    r = measure_reliance(curve, area, ["red", "a"])
    # paper: mean over the four steps of p - 0.1: (0.1 + 0 + 0.6 + 0.5) / 4
    assert r.score == pytest.approx([0.3, 0.0])
    # code: trapezoid 0.5 * 0.15 + 0.25 * 0.4 + 0.25 * 0.65 = 0.3375, minus 0.1
    assert r.score_area == pytest.approx([0.2375, 0.0])
    assert r.p_full == pytest.approx([0.6, 0.9])
    assert r.p_blank == pytest.approx([0.2, 0.9])
    assert r.difference == pytest.approx([0.4, 0.0])
    assert r.sensitive.tolist() == [True, False]
    assert r[0] == ("red", pytest.approx(0.3), pytest.approx(0.2375), pytest.approx(0.6), pytest.approx(0.2))
    assert [t.token for t in r] == ["red", "a"]


def test_a_token_that_rises_and_falls_has_reliance_but_no_difference():
    curve = np.array([[0.1], [0.9], [0.9], [0.1]])
    r = measure_reliance(curve, np.linspace(0, 1, 4))
    assert r.score[0] == pytest.approx(0.4)
    assert r.difference[0] == pytest.approx(0.0)


def test_both_definitions_lie_between_zero_and_one():
    rng = np.random.default_rng(0)
    curves = rng.random((20, 50))
    area = np.concatenate([[0], np.sort(rng.random(18)), [1]])
    r = measure_reliance(curves, area)
    for values in (r.score, r.score_area):
        assert (values >= 0).all()
        assert (values <= 1).all()


def test_tokens_without_an_order_of_their_own_are_not_measured():
    curve = np.array([[0.2, 0.9], [0.7, 0.8], [0.6, 0.9]])
    r = measure_reliance(curve, np.linspace(0, 1, 3), explained=[1])
    assert np.isnan(r.score[0])
    assert np.isnan(r.score_area[0])
    assert r.score[1] == pytest.approx(0.2 / 3)
    assert r.p_full == pytest.approx([0.6, 0.9])
    assert r.sensitive.tolist() == [True, False]


def test_the_reliance_of_a_target():
    assert measure_target(np.array([0.2, 0.1, 0.6]), np.array([0.0, 0.5, 1.0])) == pytest.approx(
        ((0.1 + 0.5) / 3, (0.075 + 0.175) - 0.1, 0.4, 0.6, 0.2)
    )
