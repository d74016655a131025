"""What several pictures are called, how much evidence lies in each, and where regions lie, in words."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.attribution.places import explained_subject, picture_evidence, picture_labels, place_text
from eagle_nb.inputs.messages import read_messages


def answered(*parts):
    conversation, taken = read_messages([{"role": "user", "content": [*parts, {"type": "text", "text": "what?"}]}])
    return eagle.Response(tuple(taken), "what?", "cat", [1], ["cat"], [(0, 3)], conversation=conversation)


def frames(count):
    return [Image.new("RGB", (4, 4), (k, 0, 0)) for k in range(count)]


def video(count, **settings):
    return {"type": "video", "video": frames(count), **settings}


STILLS = [{"type": "image", "image": image} for image in frames(6)]


def test_pictures_have_numbers_and_frames_have_times():
    assert picture_labels(answered(*STILLS[:2])) == ["picture 1", "picture 2"]
    assert picture_labels(answered(video(3, fps=2))) == ["0.0 s", "0.5 s", "1.0 s"]
    assert picture_labels(answered(video(3, fps=3))) == ["0.00 s", "0.33 s", "0.67 s"]
    assert picture_labels(answered(video(2))) == ["frame 1", "frame 2"]
    assert picture_labels(answered(STILLS[0], video(2, fps=1))) == ["picture 1", "0.0 s", "1.0 s"]
    two = picture_labels(answered(video(1, fps=1), video(2, fps=1)))
    assert two == ["video 1, 0.0 s", "video 2, 0.0 s", "video 2, 1.0 s"]


def test_evidence_is_shared_by_pixels():
    maps = [np.array([[0, 0, 1]]), np.array([[1, 1, 2]]), np.array([[3, 3, 3]])]
    regions = eagle.Regions.from_labels(maps)
    np.testing.assert_allclose(picture_evidence(regions, np.array([0.2, 0.3, -0.5, 0.0])), [0.3, 0.2, 0])
    part = picture_evidence(regions.only([0]), np.array([0.2, 0.3]))
    np.testing.assert_allclose(part, [0.5, np.nan, np.nan])


@pytest.mark.parametrize(
    ("parts", "chosen", "text"),
    [
        (STILLS[:3], [1], "in picture 2"),
        (STILLS[:3], [2, 1], "in pictures 2 and 3"),
        (STILLS[:3], [0, 1, 2], ""),
        (STILLS[:5], [0, 1, 4], "in pictures 1, 2 and 5"),
        (STILLS, [0, 1, 2, 3, 4], "in 5 of 6 pictures"),
        (STILLS[:1], [0], ""),
        ([video(4, fps=2)], [2], "at 1.0 s"),
        ([video(4, fps=2)], [3, 2], "between 1.0 s and 1.5 s"),
        ([video(4, fps=2)], [0, 2], "at 0.0 s and 1.0 s"),
        ([video(4)], [2], "in frame 3"),
        ([video(4)], [1, 2], "in frames 2 to 3"),
        ([video(4)], [0, 2], "in frames 1 and 3"),
        ([video(9, fps=2)], [0, 2, 4, 6, 8], "in 5 of 9 frames"),
        ([STILLS[0], video(2, fps=1)], [0, 2], "in picture 1 and 1.0 s"),
    ],
)
def test_where_regions_lie_is_said_in_words(parts, chosen, text):
    response = answered(*parts)
    assert place_text(response, eagle.Regions.whole(response.images), chosen) == text


def test_what_is_explained_is_said_in_words():
    stills, clip = answered(*STILLS[:2]), answered(video(2, fps=2))
    whole = eagle.Regions.whole
    assert explained_subject(stills, whole(stills.images)) == ("the pictures", "all pictures", True)
    assert explained_subject(stills, whole(stills.images, only=[1])) == ("picture 2", "all of picture 2", False)
    assert explained_subject(clip, whole(clip.images)).name == "the video"
    assert explained_subject(clip, whole(clip.images, only=[1])).name == "the frame at 0.5 s"
    one = answered(STILLS[0])
    assert explained_subject(one, whole(one.images)).name == "the image"


class Counting:
    """The probability is the share of the chosen pictures that is shown."""

    tied_frames = 1

    def __init__(self, *chosen):
        self.chosen = list(chosen)

    def scorer(self, response, regions, fill, target_ids=None):
        chosen = self.chosen

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                share = shown[:, chosen].mean(1) if chosen else np.full(len(shown), 0.5)
                return share.astype(np.float32)[:, None]

        return Scorer()


def test_headlines_name_pictures_and_times():
    stills, clip = answered(*STILLS[:3]), answered(video(4, fps=2))
    explain = lambda model, response: eagle.explain(  # noqa: E731
        model, response, regions=eagle.Regions.whole(response.images), progress=False
    )
    assert explain(Counting(1), stills).headline == (
        "One region in picture 2, 33 % of the pictures, is enough for “cat”: 0.00 → 1.00. Without it: 1.00 → 0.00."
    )
    assert explain(Counting(2, 3), clip).headline.startswith(
        "Without one region at 1.0 s, 25 % of the video, “cat” is lost: 1.00 → 0.50. "
        "It takes 2 regions between 1.0 s and 1.5 s, 50 % of the video,"
    )
    assert explain(Counting(), stills).headline == (
        "“cat” does not depend on the pictures. Its probability is 0.50 with every region hidden, 0.50 with all pictures."
    )
