"""SearchStepper: the steps and tokens that can be shown."""

from __future__ import annotations

import pytest

from eagle_nb.widgets import SearchStepper


def test_stepper_refuses_steps_out_of_range(explanation):
    stepper = SearchStepper(explanation, step=16)
    for value in (-1, 17):
        with pytest.raises(ValueError, match="step must be 0 … 16"):
            stepper.step = value
    assert stepper.step == 16
    with pytest.raises(ValueError, match="token must be None or 0 … 12"):
        stepper.token = 13
    with pytest.raises(ValueError, match="step must be 0 … 16"):
        SearchStepper(explanation, step=17)


@pytest.mark.parametrize("speed", [0, -1, 61, float("nan")])
def test_the_speed_is_limited(explanation, speed):
    stepper = SearchStepper(explanation)
    with pytest.raises(ValueError, match="speed is in steps per second"):
        stepper.speed = speed
    assert stepper.speed == 4


def test_of_several_words_one_is_shown(words):
    stepper = SearchStepper(words)
    stepper.word = 3
    assert stepper.explanation is words["on"]
