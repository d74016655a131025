"""Messages: pictures and videos taken out, and what is wrong with them."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from eagle_nb.errors import ImageError
from eagle_nb.inputs.messages import conversation_from, read_messages, short_form
from eagle_nb.inputs.response import Response

RED, BLUE = Image.new("RGB", (4, 3), "red"), Image.new("RGB", (5, 2), "blue")
IMAGE = {"type": "image", "image": RED}
TEXT = {"type": "text", "text": "What differs?"}


def user(*parts) -> dict:
    return {"role": "user", "content": list(parts)}


def test_pictures_are_taken_out_in_order():
    turns = [
        {"role": "system", "content": "Be brief."},
        user(IMAGE, TEXT),
        {"role": "assistant", "content": "Nothing."},
        user({"type": "image", "image": BLUE}, TEXT),
    ]
    conversation, pictures = read_messages(turns)
    assert [p.size for p in pictures] == [(4, 3), (5, 2)]
    assert conversation.media == ["image", "image"]
    assert conversation.messages[0] == {"role": "system", "content": "Be brief."}
    assert conversation.messages[3]["content"] == [{"type": "image"}, TEXT]
    assert turns[1]["content"][0]["image"] is RED  # the caller's messages are unchanged
    assert conversation_from(conversation.as_dict()) == conversation
    assert conversation.prompt == "What differs?" and not conversation.is_short


def test_the_short_form():
    conversation, _ = read_messages([user(IMAGE, TEXT)])
    assert conversation == short_form("What differs?") and conversation.is_short


def test_pictures_as_data_urls():
    buffer = io.BytesIO()
    RED.save(buffer, "PNG")
    text = base64.b64encode(buffer.getvalue()).decode()
    for part in (
        {"type": "image", "url": f"data:image/png;base64,{text}"},
        {"type": "image", "base64": text},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{text}"}},
    ):
        _, (picture,) = read_messages([user(part, TEXT)])
        assert picture.getpixel((0, 0)) == (255, 0, 0)


def test_a_video_is_its_frames():
    frames = np.zeros((3, 4, 6, 3), np.uint8)
    conversation, pictures = read_messages([user(IMAGE, {"type": "video", "video": frames, "fps": 2}, TEXT)])
    assert len(pictures) == 4 and conversation.media == ["image", "video"]
    assert conversation.picture_counts() == [1, 3]
    response = Response(tuple(pictures), "?", "a", [1], ["a"], [(0, 1)], conversation=conversation)
    np.testing.assert_array_equal(response.timestamps, [np.nan, 0, 0.5, 1])
    with pytest.raises(ValueError, match=r"4 pictures; use response\.images"):
        _ = response.image


@pytest.mark.parametrize(
    ("turns", "error", "message"),
    [
        ([], ValueError, "messages is empty"),
        ("hello", TypeError, "a list of messages"),
        ([user(TEXT)], ValueError, "hold no picture"),
        ([{"role": "robot", "content": [IMAGE]}], ValueError, "'robot'"),
        ([{"content": [IMAGE]}], TypeError, "with 'role' and 'content'"),
        ([user(IMAGE), {"role": "assistant", "content": "A"}], ValueError, "continue_final_message=True"),
        ([user({"type": "image"}, TEXT)], ImageError, "holds no picture"),
        ([user({"type": "audio", "audio": "x"}, IMAGE)], ValueError, "'audio'"),
        ([user({"type": "image", "url": "https://example.org/a.jpg"})], ImageError, "download it first"),
        ([user({"type": "image", "base64": "???"})], ImageError, "not valid base64"),
        ([user({"type": "image", "image": "no/such.jpg"})], ImageError, "no image file"),
        ([{"role": "user", "content": 3}], TypeError, "a text or a list of parts"),
        ([{"role": "system", "content": [IMAGE]}], ValueError, "none of the user"),
    ],
)
def test_bad_messages(turns, error, message):
    with pytest.raises(error, match=message):
        read_messages(turns)


def test_only_the_assistants_message_is_continued():
    with pytest.raises(ValueError, match="continues a message of the assistant"):
        read_messages([user(IMAGE, TEXT)], continue_final_message=True)
