"""Explanations of several pictures and of videos, on a model whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle
from eagle_nb.inputs.messages import read_messages

SIZES = [(24, 16), (16, 16), (24, 16)]


class SecondPicture:
    """The probability is the share of the second picture that is shown; its left half counts three times."""

    tied_frames = 1

    def __init__(self) -> None:
        self.passes = 0

    def scorer(self, response, regions, fill, target_ids=None):
        model, labels = self, regions.maps[1]
        weight = np.ones(labels.shape)
        weight[:, : labels.shape[1] // 2] = 3

        class Scorer:
            n_regions = regions.n

            def __call__(self, shown):
                model.passes += len(shown)
                rows = np.concatenate([shown, np.ones((len(shown), 1), bool)], axis=1)
                seen = rows[:, labels] * weight
                return (seen.sum((1, 2)) / weight.sum()).astype(np.float32)[:, None]

        return Scorer()


def response(kind: str = "image") -> eagle.Response:
    rng = np.random.default_rng(0)
    pictures = [Image.fromarray(rng.integers(0, 256, (h, w, 3), dtype=np.uint8)) for w, h in SIZES]
    if kind == "video":
        parts = [{"type": "video", "video": [p.resize((24, 16)) for p in pictures], "fps": 2}]
    else:
        parts = [{"type": "image", "image": p} for p in pictures]
    text = {"type": "text", "text": "what?"}
    conversation, taken = read_messages([{"role": "user", "content": [*parts, text]}])
    return eagle.Response(tuple(taken), "what?", "cat", [1], ["cat"], [(0, 3)], conversation=conversation)


def test_which_picture_carried_the_word():
    explanation = eagle.explain(
        SecondPicture(), response(), regions=eagle.Regions.whole(response().images), progress=False
    )
    assert explanation.order[0] == 1
    np.testing.assert_allclose(explanation.evidence, [0, 1, 0], atol=0.02)


def test_regions_of_all_pictures_have_one_numbering():
    explanation = eagle.explain(SecondPicture(), response(), regions=[2, 4, 2], segmentation="grid", progress=False)
    assert set(explanation.order[:4]) == {2, 3, 4, 5}
    maps = explanation.saliency()
    assert [part.shape for part in maps] == [(16, 24), (16, 16), (16, 24)]
    assert maps[1].min() > 0.2 and maps[0].max() < 0.1 and maps[2].max() < 0.1
    assert maps[1][:, :8].mean() > 2 * maps[1][:, 8:].mean()
    frame = explanation.regions_frame()
    assert frame["picture"].tolist()[:4] == [1] * 4
    assert set(frame["pictures"]) == {1}
    assert frame["box"][0][2] <= 16  # boxes are those within their picture
    assert frame["area"].sum() == pytest.approx(1)


def test_other_pictures_are_left_as_they_are():
    model = SecondPicture()
    explanation = eagle.explain(model, response(), regions=4, images=[1], segmentation="grid", progress=False)
    assert explanation.regions.n == 4 and explanation.regions.explained_pictures == [1]
    first, second, third = explanation.saliency()
    assert np.isnan(first).all() and np.isnan(third).all() and not np.isnan(second).any()
    beside = eagle.explain(model, response(), regions=4, images=0, segmentation="grid", progress=False)
    np.testing.assert_allclose(beside.insertion[:, 0], 1)
    with pytest.raises(ValueError, match="the pictures are 0 … 2"):
        eagle.explain(model, response(), regions=4, images=[3], progress=False)


def test_a_video_has_a_map_per_frame_and_times():
    made = response("video")
    explanation = eagle.explain(SecondPicture(), made, regions=eagle.Regions.grid(made.images, 6), progress=False)
    assert explanation.saliency().shape == (3, 16, 24)
    assert explanation.regions_frame()["seconds"].tolist()[0] == 0.5


def test_two_levels_within_one_budget():
    model = SecondPicture()
    levels = eagle.explain_pictures(model, response(), regions=4, budget=40, segmentation="grid", progress=False)
    assert levels.chosen == (1,) and levels.inside.regions.explained_pictures == [1]
    assert levels.forward_passes <= 40 and model.passes <= 40
    assert levels.headline.startswith("Picture 2 of 3 carried it.")
    with pytest.raises(ValueError, match="too small: 3 pictures take at least 8, 4 regions at least 10"):
        eagle.explain_pictures(model, response(), regions=4, budget=17)
    with pytest.raises(ValueError, match="pictures must be 1 … 2"):
        eagle.explain_pictures(model, response(), regions=4, pictures=3)


def test_frames_of_one_temporal_patch_are_chosen_together():
    model = SecondPicture()
    model.tied_frames = 2
    levels = eagle.explain_pictures(model, response("video"), regions=4, segmentation="grid", progress=False)
    assert levels.chosen == (0, 1)
    assert levels.pictures.provenance["tied_frames"] == 2


def test_saving_and_loading(tmp_path):
    made = response("video")
    explanation = eagle.explain(SecondPicture(), made, regions=eagle.Regions.tubes(made.images, 4), progress=False)
    again = eagle.load(explanation.save(tmp_path / "video.npz"))
    assert again.response.conversation == made.conversation
    np.testing.assert_array_equal(again.saliency(), explanation.saliency())
    for picture, own in zip(again.response.images, made.images, strict=True):
        np.testing.assert_array_equal(np.asarray(picture), np.asarray(own))


def test_messages_are_part_of_provenance_and_of_the_stores_key():
    one, other = response(), response("video")
    model = SecondPicture()
    explanation = eagle.explain(model, one, regions=3, progress=False)
    assert explanation.provenance["conversation"]["messages"][0]["role"] == "user"
    from eagle_nb.scoring.identity import case_identity

    keys = [case_identity(r, eagle.Regions.whole(r.images), r.canvas) for r in (one, other)]
    assert keys[0]["messages"] != keys[1]["messages"]
