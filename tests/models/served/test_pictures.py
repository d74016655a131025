import base64
import io

import numpy as np
import pytest
from PIL import Image

from eagle_nb.inputs.messages import read_messages
from eagle_nb.inputs.regions import Regions
from eagle_nb.inputs.response import Response
from eagle_nb.models.served.pictures import CoalitionPictures


def pixels(url):
    assert url.startswith("data:image/png;base64,")
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))).convert("RGB"))


def urls(messages):
    return [
        p["image_url"]["url"]
        for m in messages
        if isinstance(m["content"], list)
        for p in m["content"]
        if p["type"] == "image_url"
    ]


def test_hidden_regions_show_the_fill_without_loss(picture):
    regions, fill = Regions.grid(picture, 4), Image.effect_noise(picture.size, 60).convert("RGB")
    made = CoalitionPictures(Response(picture, "what?", "", [], [], []), regions, fill)
    shown = np.array([True, False, False, True])
    (message,) = made(shown)
    expected = np.where(shown[regions.labels][..., None], np.asarray(picture), np.asarray(fill))
    assert message["role"] == "user"
    assert [part["type"] for part in message["content"]] == ["image_url", "text"]
    np.testing.assert_array_equal(pixels(urls([message])[0]), expected)


def test_several_pictures_stand_where_the_messages_have_them(picture):
    small = picture.resize((20, 16))
    messages = [
        {"role": "system", "content": "be brief"},
        {
            "role": "user",
            "content": [
                {"type": "text", "text": "first"},
                {"type": "image", "image": picture},
                {"type": "image", "image": small},
            ],
        },
    ]
    conversation, pictures = read_messages(messages)
    response = Response(tuple(pictures), "first", "", [], [], [], conversation=conversation)
    regions = Regions.whole(pictures)
    made = CoalitionPictures(response, regions, response.layout.compose([Image.new("RGB", p.size) for p in pictures]))
    sent = made(np.array([False, True]))
    assert sent[0] == {"role": "system", "content": "be brief"}
    assert [part["type"] for part in sent[1]["content"]] == ["text", "image_url", "image_url"]
    first, second = urls(sent)
    assert pixels(first).max() == 0
    np.testing.assert_array_equal(pixels(second), np.asarray(small))


def test_pictures_that_are_not_explained_are_never_hidden(picture):
    response = Response((picture, picture), "what?", "", [], [], [])
    regions = Regions.whole([picture, picture], only=[1])
    made = CoalitionPictures(response, regions, Image.new("RGB", response.canvas.size))
    first, second = urls(made(np.array([False])))
    np.testing.assert_array_equal(pixels(first), np.asarray(picture))
    assert pixels(second).max() == 0


def test_sizes_must_fit(picture):
    with pytest.raises(ValueError, match="make both from"):
        CoalitionPictures(Response(picture, "?", "", [], [], []), Regions.grid(picture, 4), Image.new("RGB", (3, 3)))
