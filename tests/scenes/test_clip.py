"""Clips: the same seed gives the same clip, and masks, words and moments agree with the frames."""

import numpy as np
import pytest
from scipy.ndimage import binary_dilation

from eagle_nb.scenes import FRAME_SIZE, draw_clip, draw_several
from eagle_nb.scenes.shapes import COLORS


@pytest.fixture(scope="module")
def clips():
    return [draw_clip(seed) for seed in range(22_000, 22_150)]


def pixels(clip):
    return np.stack([np.asarray(f, int) for f in clip.frames])


def is_color(values, color):
    """Pixels that are closer to a colour than its shade, the noise and the rim explain."""
    return (np.abs(values - np.array(COLORS[color])).max(-1) < 24).mean()


def test_the_same_seed_gives_the_same_clip():
    a, b = draw_clip(5), draw_clip(5)
    assert a.caption == b.caption
    np.testing.assert_array_equal(pixels(a), pixels(b))
    assert (pixels(draw_clip(6)) != pixels(a)).any()


def test_the_words_spell_the_caption(clips):
    for clip in clips:
        assert all(clip.caption[w.start : w.end] == w.text for w in clip.words)
        assert " ".join(w.text for w in clip.words) == clip.caption.replace(",", "").rstrip(".")


def test_only_the_objects_change_between_frames(clips):
    """Outside the places of the objects that do something, successive frames differ by noise only."""
    for clip in clips[:40]:
        acting = np.zeros((FRAME_SIZE,) * 2, bool)
        for event in clip.events:
            acting |= clip.objects[event.actor].places.any(0)
        wide = binary_dilation(acting, np.ones((3, 3)), 2)  # anti-aliased edges
        difference = np.abs(np.diff(pixels(clip), axis=0)).max((0, -1))
        assert difference[~wide].max() <= 9


def test_each_event_happens_in_its_moment(clips):
    """An object's masks differ, or its colour does, exactly at the steps of its event."""
    for clip in clips:
        for event in clip.events:
            o, frames = clip.objects[event.actor], pixels(clip)
            changed = []
            for f in range(1, len(frames)):
                same = (o.masks[f] == o.masks[f - 1]).all()
                both = o.masks[f] & o.masks[f - 1]
                recolored = both.any() and np.abs(frames[f][both] - frames[f - 1][both]).max(-1).mean() > 25
                if not same or recolored:
                    changed.append(f)
            assert tuple(changed) == event.frames[1:], clip.caption


def test_events_come_one_after_the_other(clips):
    for clip in clips:
        if len(clip.events) == 2:
            first, second = (e.frames[1:] for e in clip.events)
            assert first[-1] < second[0]


@pytest.mark.parametrize(
    ("direction", "axis", "sign"), [("left", 1, -1), ("right", 1, 1), ("up", 0, -1), ("down", 0, 1)]
)
def test_a_movement_goes_where_the_caption_says(direction, axis, sign):
    clip = draw_clip(1, events=[f"moves {direction}"])
    masks = clip.objects[clip.events[0].actor].masks
    before, after = (np.argwhere(masks[f]).mean(0) for f in (0, -1))
    assert sign * (after - before)[axis] >= 22
    assert abs((after - before)[1 - axis]) < 0.5
    assert clip.caption.endswith(f"moves {direction}.")


def test_appearing_vanishing_and_turning():
    shown = draw_clip(2, events=["appears", "vanishes"])
    first, second = (shown.objects[e.actor].masks.any((1, 2)).tolist() for e in shown.events)
    start, end = (e.start for e in shown.events)
    assert first == [f >= start for f in range(6)]
    assert second == [f < end for f in range(6)]
    turned = draw_clip(2, events=["turns"])
    o, event = turned.objects[0], turned.events[0]
    for f, frame in enumerate(pixels(turned)):
        assert is_color(frame[o.masks[f]], o.color if f < event.start else event.color) > 0.5
    color = turned.words[-1]
    assert (color.text, color.kind, color.frames) == (event.color, "object", tuple(range(event.start, 6)))


def test_what_passes_behind_is_covered_in_between():
    for seed in range(20):
        clip = draw_clip(seed, events=["passes behind"])
        event = clip.events[0]
        mover, other = clip.objects[event.actor], clip.objects[event.behind]
        areas = mover.masks.sum((1, 2))
        assert areas[event.start] < areas[0] == areas[-1]
        np.testing.assert_array_equal(other.masks[event.start], other.places[event.start])


def test_masks_of_words():
    clip = draw_clip(3, events=["vanishes"])
    start, masks = clip.events[0].start, clip.objects[0].masks
    _, color, shape, verb = clip.words
    np.testing.assert_array_equal(clip.mask(color), masks)
    np.testing.assert_array_equal(clip.mask(shape), masks)
    moment = clip.mask(verb)
    assert moment.any((1, 2)).nonzero()[0].tolist() == [start - 1, start] == list(verb.frames)
    np.testing.assert_array_equal(moment[start], masks[start - 1])
    assert not masks[start].any()
    assert not clip.mask(clip.words[0]).any()


def test_masks_do_not_overlap(clips):
    for clip in clips:
        assert np.stack([o.masks for o in clip.objects]).sum(0).max() <= 1


def test_clips_that_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"unknown events \['jumps'\]"):
        draw_clip(0, events=["jumps"])
    with pytest.raises(ValueError, match="unknown events"):
        draw_clip(0, events="appears")
    with pytest.raises(ValueError, match="at most two events"):
        draw_clip(0, events=["appears"] * 3)
    with pytest.raises(ValueError, match="'passes behind'"):
        draw_clip(0, events=["passes behind"] * 2)


def test_nothing_happens():
    clip = draw_clip(0, events=[])
    assert clip.caption == f"a {clip.objects[0].name} stays."
    assert np.abs(np.diff(pixels(clip), axis=0)).max() <= 9


def test_one_of_several_pictures_answers_the_question():
    for seed in range(30):
        several = draw_several(seed)
        assert 2 <= len(several.images) <= 4
        color = several.answer.rstrip(".")
        image = np.asarray(several.images[several.index], int)
        assert is_color(image[several.mask], color) > 0.3
        assert several.words[0].frames == (several.index,)
        assert several.answer[several.words[0].start : several.words[0].end] == color
    assert len(draw_several(0, 3).images) == 3
    with pytest.raises(ValueError, match="number must be 2, 3 or 4"):
        draw_several(0, 5)
