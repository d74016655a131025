"""Samples and their objects: lazy images and masks, targets, and checks."""

import numpy as np
import pytest
from PIL import Image

from eagle_nb.datasets import Sample, SampleObject

RED = Image.new("RGB", (3, 2), (255, 0, 0))


def test_image_and_mask_are_made_at_access():
    calls = []

    def picture():
        calls.append("image")
        return RED

    def mask():
        calls.append("mask")
        return np.eye(2, 3, dtype=bool)

    cup = SampleObject("cup", (0, 0, 2, 2), mask)
    sample = Sample("a", picture, "what?", objects=(cup,))
    assert calls == []
    assert sample.image.getpixel((2, 1)) == (255, 0, 0)
    assert cup.target.tolist() == [[True, False, False], [False, True, False]]
    assert calls == ["image", "mask"]


def test_the_box_is_the_target_of_an_object_without_a_mask():
    assert SampleObject("cup", (0, 1, 2, 3)).target == (0, 1, 2, 3)
    assert SampleObject("cup").target is None


def test_named_ignores_case():
    sample = Sample("a", RED, "what?", objects=(SampleObject("Cup"), SampleObject("table")))
    assert [o.name for o in sample.named("cUP")] == ["Cup"]
    assert Sample("a", RED, "what?").named("cup") == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((" ",), "needs a name"),
        (("cup", (3, 0, 3, 5)), "left, top, right, bottom"),
        (("cup", (0, 0, float("nan"), 5)), "left, top, right, bottom"),
        (("cup", None, np.zeros((2, 3))), "must be bool"),
        (("cup", None, np.zeros(3, bool)), "must be bool"),
    ],
)
def test_an_object_checks_itself(arguments, says):
    with pytest.raises(ValueError, match=says):
        SampleObject(*arguments)


def test_a_mask_is_checked_when_it_is_made():
    cup = SampleObject("cup", mask=lambda: np.zeros((2, 3)))
    with pytest.raises(ValueError, match=r"mask of 'cup' must be bool"):
        _ = cup.mask


def test_an_empty_prompt_is_an_error():
    with pytest.raises(ValueError, match="'a' has an empty prompt"):
        Sample("a", RED, " ")


def test_the_location_of_an_image(tmp_path):
    assert Sample("a", tmp_path / "a.png", "what?").location == str(tmp_path / "a.png")
    assert Sample("a", RED, "what?").location == "in memory"
