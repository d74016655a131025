"""Samples from drawn scenes."""

import numpy as np
import pytest

from eagle_nb.datasets import from_scenes
from eagle_nb.datasets.scenes import KINDS
from eagle_nb.scenes import CAPTION_PROMPT, draw


def test_captions():
    samples = from_scenes([3, 4])
    assert [s.id for s in samples] == ["scene-3", "scene-4"]
    scene = draw(4)
    assert (samples[1].prompt, samples[1].answer, samples[1].label) == (CAPTION_PROMPT, scene.caption, None)
    np.testing.assert_array_equal(np.asarray(samples[1].image), np.asarray(scene.image))
    assert [o.name for o in samples[1].objects] == [o.name for o in scene.objects]
    assert [s.id for s in from_scenes(2)] == ["scene-0", "scene-1"]


@pytest.mark.parametrize("kind", KINDS)
def test_boxes_fit_their_masks_and_ids_are_unique(kind):
    samples = from_scenes(12, kind)
    assert len({s.id for s in samples}) == len(samples) > 0
    assert samples.skipped == []
    for sample in samples:
        for o in sample.objects:
            left, top, right, bottom = (int(v) for v in o.box)
            inside = np.zeros_like(o.mask)
            inside[top:bottom, left:right] = True
            assert not (o.mask & ~inside).any()
            assert (
                o.mask[top].any() and o.mask[bottom - 1].any() and o.mask[:, left].any() and o.mask[:, right - 1].any()
            )


def test_yes_no_questions_have_their_truth():
    samples = from_scenes(60, "yes/no")
    assert {s.answer for s in samples} == {"yes", "no"}
    for sample in samples:
        assert sample.prompt == f"is there a {sample.label}?"
        assert bool(sample.named(sample.label)) == (sample.answer == "yes")


def test_counts_have_their_objects():
    numbers = ("zero", "one", "two", "three", "four", "five")
    for sample in from_scenes(60, "count"):
        if not sample.label.endswith(" things"):
            assert sample.answer == numbers[len(sample.named(sample.label))]


def test_objects_are_labels_where_their_name_is_unique():
    assert [s.label for s in from_scenes([1], "object", objects=["red circle", "blue star"])] == [
        "red circle",
        "blue star",
    ]
    assert len(from_scenes([1], "object", arrangement="group")) == 0


def test_options_of_draw():
    sample = from_scenes([5], pair="table_only", size=96)[0]
    assert sample.image.size == (96, 96)
    assert sample.named("table") and "with" not in sample.answer


def test_errors():
    with pytest.raises(ValueError, match=r"unknown kind 'poem'; known kinds: caption, object"):
        from_scenes(1, "poem")
    with pytest.raises(ValueError, match="negative"):
        from_scenes(-1)
    with pytest.raises(ValueError, match="unknown pair"):
        from_scenes(1, pair="odd")
