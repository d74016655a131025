"""Several pictures as the browser receives them: stored once, each with its place, its name and the evidence in it."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.layout import Layout
from eagle_nb.widgets import Explorer, MaskPainter, SearchStepper
from eagle_nb.widgets.picture_data import (
    LONGEST_SIDE,
    MAX_BYTES,
    MAX_PIXELS,
    NO_REGION,
    picture_bytes,
    run_lengths,
    screen_layout,
)

from .answers import SIZES, Model, explain_pictures, make_explanation, make_pictures, sent


@pytest.fixture(scope="module")
def words():
    return explain_pictures(images=[0, 1, 3])


def decoded(search):
    pairs = np.frombuffer(search["labels"], "<u2").reshape(-1, 2)
    return np.repeat(pairs[:, 0], pairs[:, 1]).reshape(search["height"], search["width"])


def test_pictures_are_sent_once_with_their_places(words):
    search = sent(Explorer(words))["search"]
    e = next(iter(words.values()))
    canvas = Image.open(io.BytesIO(search["image"]))
    assert canvas.size == (search["width"], search["height"]) == e.regions.layout.size
    assert [part["label"] for part in search["pictures"]] == [f"picture {k}" for k in (1, 2, 3, 4)]
    assert [part["explained"] for part in search["pictures"]] == [True, True, False, True]
    assert [part["seconds"] for part in search["pictures"]] == [None] * 4
    for part, own in zip(search["pictures"], e.response.images, strict=True):
        np.testing.assert_array_equal(np.asarray(canvas.crop(part["box"]).convert("RGB")), np.asarray(own))
    labels = decoded(search)
    np.testing.assert_array_equal(np.where(labels == NO_REGION, -1, labels.astype(int)), e.regions.labels)
    assert search["regionPicture"] == e.regions.pictures.tolist()
    assert search["subject"] == "the pictures"


def test_the_evidence_in_each_picture_is_that_of_python(words):
    each = sent(Explorer(words))["each"]
    for e, part in zip(words.values(), each, strict=True):
        evidence = part["search"]["pictureEvidence"]
        assert evidence[2] is None
        np.testing.assert_allclose([evidence[k] for k in (0, 1, 3)], e.picture_evidence[[0, 1, 3]])


def test_frames_have_times():
    search = sent(Explorer(explain_pictures("video", 8)))["search"]
    assert [part["label"] for part in search["pictures"]] == ["0.0 s", "0.5 s", "1.0 s", "1.5 s"]
    assert [part["seconds"] for part in search["pictures"]] == [0, 0.5, 1, 1.5]
    assert all(part["frame"] for part in search["pictures"])
    assert search["subject"] == "the video"


def test_one_picture_is_sent_as_before():
    search = sent(Explorer(make_explanation(regions=4)))["search"]
    assert not {"pictures", "regionPicture", "pictureEvidence", "subject"} & set(search)


@pytest.mark.parametrize("count", [1, 2, 16])
def test_pictures_are_scaled_to_the_screen(count):
    layout = screen_layout(Layout(((3000, 2000),) * count))
    width, height = layout.sizes[0]
    assert width <= LONGEST_SIDE and abs(width / height - 1.5) < 0.01
    if count > 1:
        assert sum(w * h for w, h in layout.sizes) <= 1.01 * MAX_PIXELS
    small = Layout(((100, 50),) * count)
    assert screen_layout(small) == small


def test_scaled_labels_stay_within_their_pictures():
    images = [np.zeros((60, 90, 3), np.uint8)] * 3
    regions = eagle.Regions.whole(images)
    layout = Layout(((30, 20),) * 3)
    pairs = np.frombuffer(run_lengths(regions, layout), "<u2").reshape(-1, 2)
    labels = np.repeat(pairs[:, 0], pairs[:, 1]).reshape(layout.shape)
    np.testing.assert_array_equal(np.where(labels == NO_REGION, -1, labels.astype(int)), layout.numbers)


def test_noise_is_compressed_further():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (1365, 1365, 3), dtype=np.uint8))
    data, kind = picture_bytes(noise, noise.size, MAX_BYTES)
    assert kind == "image/jpeg" and len(data) < 1.3 * MAX_BYTES
    assert len(picture_bytes(noise, noise.size)[0]) > 2 * len(data)  # a single picture keeps its quality
    assert picture_bytes(Image.new("RGB", (9, 9)), (9, 9))[1] == "image/png"


def test_a_page_of_sixteen_frames_is_small(tmp_path):
    y, x = np.mgrid[0:336, 0:336]
    rng = np.random.default_rng(0)
    frames = []
    for k in range(16):  # a smooth scene with the grain of a camera
        scene = 127 + 100 * np.stack([np.sin(x / 31 + k), np.cos(y / 23), np.sin((x + y) / 47 - k)], -1)
        frames.append(Image.fromarray(np.clip(scene + rng.normal(0, 4, scene.shape), 0, 255).astype(np.uint8)))
    from eagle_nb.inputs.messages import read_messages

    content = [{"type": "video", "video": frames, "fps": 2}, {"type": "text", "text": "what?"}]
    conversation, taken = read_messages([{"role": "user", "content": content}])
    response = eagle.Response(
        tuple(taken), "what?", "a cat", [1, 2], ["a", " cat"], [(0, 1), (1, 5)], conversation=conversation
    )
    words = eagle.explain_each(Model(), response, regions=64, fill="noise", segmentation="grid", progress=False)
    assert words.to_html(tmp_path / "video.html").stat().st_size < 3_000_000


@pytest.mark.parametrize("widget", [Explorer, SearchStepper])
def test_the_picture_that_is_shown_is_checked(words, widget):
    shown = widget(words)
    assert shown.picture is None
    shown.picture = 3
    with pytest.raises(ValueError, match=r"picture must be None or 0 … 3 \(one per picture\), got 4"):
        shown.picture = 4


def test_another_word_moves_to_its_strongest_picture(words):
    explorer = Explorer(words)
    explorer.picture = 0
    explorer.word = (explorer.word + 1) % len(words)
    assert explorer.picture is None


def test_the_painter_paints_regions_of_all_pictures():
    response = make_pictures()
    painter = MaskPainter(Model(), response, regions=8)
    data = sent(painter)["painting"]
    assert [part["box"] for part in data["pictures"]] == [list(box) for box in Layout(tuple(SIZES)).boxes]
    painter.painted = [0, 7]
    whole = np.asarray(painter.trials.seen(painter.tried[-1]).convert("RGB"))
    labels = painter.regions.labels
    assert whole[np.isin(labels, [0, 7])].max() == 0
    np.testing.assert_array_equal(whole[labels == 3], np.asarray(response.canvas)[labels == 3])
    assert "of the pictures" in painter.fragment()
