"""Prompts: parts or text, and exactly one image placeholder."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import transformers
from PIL import Image

from eagle_nb.inputs.messages import short_form
from eagle_nb.models.huggingface.prompting import PromptFormat

from ..families import tiny
from .scorers import PROMPT

pytestmark = pytest.mark.families
PARTS = tiny.template()
TEXT = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
ADDED = TEXT.replace("{{ message['content'] }}", "{{ message['content'] + '' }}")
"""A template that fails on a list."""


@pytest.mark.parametrize(("template", "takes_parts"), [(PARTS, True), (TEXT, False), (ADDED, False)])
def test_templates_of_text_get_text(model, image, template, takes_parts):
    want = model.inputs(image, PROMPT)
    model.processor.chat_template = template
    assert PromptFormat(model.processor).takes_parts == takes_parts
    got = model.inputs(image, PROMPT)
    assert (
        got["input_ids"].tolist() == want["input_ids"].tolist()
    )  # one placeholder, one <s>, no list in Python's notation
    torch.testing.assert_close(got["pixel_values"], want["pixel_values"])


@pytest.mark.parametrize("end", ["<|end|>", " <|end|>", "\n<|end|>\n"])
def test_a_text_template_ends_an_answer_with_its_own_token(model, end):
    model.processor.chat_template = TEXT.replace("<|end|>", end)
    assert PromptFormat(model.processor).turn_ends == {model.tokenizer.convert_tokens_to_ids("<|end|>")}


def test_without_a_template_the_placeholder_is_added(model, image):
    model.processor.chat_template = None
    ids = model.inputs(image, PROMPT)["input_ids"][0].tolist()
    assert ids.count(model.network.config.image_token_index) == 17 - 1  # 4 × 4 patches


def kosmos():
    """A processor that writes the image's tokens before every text."""
    words = tiny.tokenizer("<image>", image_token="<image>", boi_token="<boi>", eoi_token="<eoi>")
    images = transformers.Kosmos2_5ImageProcessor(max_patches=16, patch_size={"height": 8, "width": 8})
    return transformers.Kosmos2_5Processor(images, words, num_image_tokens=5)


class Underscored(transformers.PreTrainedTokenizerFast):
    """A tokenizer that begins special tokens with an underscore, as Fuyu's does; its processor cuts that off."""

    def __call__(self, text, **options):
        return super().__call__(f"_{text}" if text.startswith("|SPEAKER|") else text, **options)


def fuyu():
    """A processor that writes one token for every patch."""
    words = tiny.tokenizer("|SPEAKER|", "|NEWLINE|", "<0x04>", "<0x00>", "<0x01>", "<0x02>", "<0x03>", "\x04")
    words.__class__ = Underscored
    images = transformers.FuyuImageProcessor(size={"height": 32, "width": 32}, patch_size={"height": 8, "width": 8})
    return transformers.FuyuProcessor(images, words)


@pytest.mark.parametrize(("make", "number"), [(kosmos, 5), (fuyu, 16)])
def test_a_placeholder_that_the_processor_adds_itself_is_not_doubled(make, number):
    processor = make()
    image = Image.fromarray(np.zeros((32, 32, 3), np.uint8))
    batch = PromptFormat(processor)([image], short_form(PROMPT), {})
    token = processor.tokenizer.convert_tokens_to_ids(PromptFormat(processor).placeholder)
    assert torch.as_tensor(batch["input_ids"]).flatten().tolist().count(token) == number
