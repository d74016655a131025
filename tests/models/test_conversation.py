"""Conversations with a checkpoint: what reaches the chat template, and what is refused before the network runs."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import eagle_nb as eagle

from ..families import tiny

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{% if message['role'] == 'system' %}{{ message['content'][0]['text'] }}"
    "{% else %}{% for part in message['content'] %}{% if part['type'] == 'image' %}<image>{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% if not enable_thinking %}a {% endif %}{% endif %}"
)
"""It drops pictures of the system's message."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tiny.save("llava", tmp_path_factory.mktemp("conversation") / "llava")
    loaded = eagle.load_model(folder, dtype="float32", device="cpu")
    loaded.processor.chat_template = TEMPLATE
    return loaded


def picture(k: int = 0) -> Image.Image:
    return Image.fromarray(np.random.default_rng(k).integers(0, 256, (32, 32, 3), dtype=np.uint8))


def text(words: str) -> dict:
    return {"type": "text", "text": words}


def image(k: int = 0) -> dict:
    return {"type": "image", "image": picture(k)}


def user(*parts) -> dict:
    return {"role": "user", "content": list(parts)}


def prompt_ids(model, response) -> list[int]:
    scorer = model.scorer(response, eagle.Regions.whole(response.images), Image.new("RGB", response.canvas.size))
    ids = scorer.text["input_ids"][0].tolist()
    return ids[: len(ids) - len(response) + 1]


def own_ids(model, turns, **options) -> list[int]:
    made = model.processor.apply_chat_template(turns, tokenize=True, return_dict=True, return_tensors="pt", **options)
    return made["input_ids"][0].tolist()


def test_arguments_of_the_template_reach_it(model):
    turns = [user(image(), text("Which one?"))]
    ids = {}
    for thinking in (True, False):
        response = model.respond(messages=turns, answer="a cat", chat_template_kwargs={"enable_thinking": thinking})
        ids[thinking] = prompt_ids(model, response)
        assert ids[thinking] == own_ids(model, turns, add_generation_prompt=True, enable_thinking=thinking)
        assert response.conversation.template == {"enable_thinking": thinking}
    assert ids[True] != ids[False]


def test_the_last_message_is_continued(model):
    turns = [user(image(), text("Which one?")), {"role": "assistant", "content": [text("It is a")]}]
    response = model.respond(messages=turns, answer=" cat", continue_final_message=True)
    assert prompt_ids(model, response) == own_ids(model, turns, continue_final_message=True)
    assert response.prompt == "Which one?"


def test_image_and_prompt_are_the_short_form_of_messages(model):
    short = model.generate(picture(), "Which one?", max_new_tokens=4)
    long = model.generate(messages=[user(image(), text("Which one?"))], max_new_tokens=4)
    assert short.token_ids == long.token_ids and short.conversation == long.conversation
    np.testing.assert_array_equal(short.probabilities, long.probabilities)
    several = model.generate([picture(0), picture(1)], "Which one?", max_new_tokens=4)
    assert (
        several.token_ids
        == model.generate(messages=[user(image(0), image(1), text("Which one?"))], max_new_tokens=4).token_ids
    )


def test_generated_tokens_of_several_pictures_are_the_most_probable_ones(model):
    response = model.generate([picture(0), picture(1)], "Describe it.", max_new_tokens=6)
    regions = eagle.Regions.grid(response.images, 4)
    full = model.scorer(response, regions, Image.new("RGB", response.canvas.size)).distributions(np.ones((1, 4), bool))[
        0
    ]
    assert full.argmax(-1).tolist() == response.token_ids
    np.testing.assert_allclose(full.max(-1), response.probabilities, atol=1e-5)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(messages=[{"role": "system", "content": [text("Look."), image()]}, user(image(1), text("?"))]), ValueError,
         r"drops image 0, in message 0 \(system\)"),
        (dict(messages=[user(image(), text("what <image> is"))]), ValueError, "contains '<image>'"),
        (dict(messages=[user(text("?"))]), ValueError, "hold no picture"),
        (dict(messages=[user({"type": "video", "video": [picture(), picture(1)]}, text("?"))]), ValueError, "takes no videos"),
        (dict(image=picture(), messages=[user(image(), text("?"))]), TypeError, "not both|either an image"),
        (dict(), TypeError, "give an image and a prompt, or messages="),
        (dict(messages=[{"role": "tool", "content": 3}]), TypeError, "a text or a list of parts"),
        (dict(messages=[user(image(), text("?"))], fps=1, num_frames=2), ValueError, "fps or num_frames"),
    ],
)  # fmt: skip
def test_bad_messages_are_refused_before_the_network_runs(model, monkeypatch, arguments, error, message):
    monkeypatch.setattr(type(model.network), "forward", None)
    with pytest.raises(error, match=message):
        model.generate(**arguments)


def test_white_box_methods_refuse_several_pictures(model):
    response = model.generate([picture(0), picture(1)], "Describe it.", max_new_tokens=3)
    with pytest.raises(ValueError, match="a map of one image, the response is about 2 pictures"):
        eagle.methods.attribute(model, response, "llava_cam", regions=4)
