"""Bias samples: scenes and questions are what they promise."""

from __future__ import annotations

import numpy as np
import pytest

from eagle_nb.hallucination import BIASES, bias_samples, mixed_bias_samples


def test_a_table_with_a_cloth_but_without_a_cup():
    (item,) = list(bias_samples("cloth", [4]))
    assert (item.sample.prompt, item.sample.answer) == ("is there a cup?", "no")
    assert "cup" not in {o.name.split()[-1] for o in item.sample.objects}
    picture, mask = item.repainted["cloth"]
    differs = (np.asarray(picture) != np.asarray(item.sample.image)).any(-1)
    assert np.array_equal(differs, mask)
    assert 0.01 < mask.mean() < 0.2


def test_a_colour_and_a_shape_of_different_objects():
    for item in bias_samples("colour", range(6)):
        label = item.sample.label
        assert item.sample.prompt == f"is there a {label}?"
        names = [o.name for o in item.sample.objects]
        assert label not in names
        color, shape = label.split()
        assert any(name.startswith(color) for name in names)
        assert any(name.endswith(shape) for name in names)
        for name, (picture, mask) in item.repainted.items():
            assert name in names
            assert (np.asarray(picture) != np.asarray(item.sample.image)).any(-1)[mask].mean() > 0.9


def test_a_shape_without_its_colour():
    for item in bias_samples("bare shape", range(4)):
        assert item.sample.answer == "yes"
        assert all(not name.endswith(item.sample.label) for name in item.repainted)


def test_an_empty_scene():
    (item,) = list(bias_samples("empty", [1]))
    assert item.sample.objects == ()
    assert np.array_equal(np.asarray(item.empty_scene), np.asarray(item.sample.image))


def test_biases_take_turns():
    assert [item.bias for item in mixed_bias_samples(7)] == [*BIASES, BIASES[0]]


def test_arguments_are_checked():
    with pytest.raises(ValueError, match="unknown bias 'moon'; known: cloth"):
        bias_samples("moon", 3)
    with pytest.raises(ValueError, match="n must be 1 or more"):
        mixed_bias_samples(0)
