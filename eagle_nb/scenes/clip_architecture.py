"""Architecture of the clip model: the bundled model's classes, for several small pictures.

The tower is the bundled model's; its 5 × 5 tokens of each 80 × 80 frame go to a four-layer Llama in the order of the
frames. The folder loads with `AutoModelForImageTextToText` and `AutoProcessor` alone.
"""

from __future__ import annotations

from typing import Any

from .architecture import build_model, build_processor, build_tokenizer
from .clip_language import clip_vocabulary
from .clip_plan import FRAME_SIZE
from .shapes import COLORS

CLIP_GRID = 5
"""Number of image tokens along each side of a frame."""

CLIP_STRIDE = 16
"""Distance in pixels between the centres of neighbouring image tokens."""

_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|user|>' if message['role'] == 'user' else '<|assistant|>' }}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% elif part['type'] == 'text' %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}"
    "{% if message['role'] == 'assistant' %}<|end|>{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def build_clip_processor() -> Any:
    """Build the processor, with its tokenizer and chat template.

    Returns
    -------
    transformers.LlavaProcessor
        The processor.
    """
    tokenizer = build_tokenizer(clip_vocabulary(), ("a", "what", "describe", *COLORS))
    return build_processor(tokenizer, FRAME_SIZE, CLIP_GRID, _TEMPLATE)


def build_clip_model(tokenizer: Any) -> Any:
    """Build the untrained network of 1.9 million parameters, with weights from the current random state.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The processor's tokenizer.

    Returns
    -------
    transformers.FastVlmForConditionalGeneration
        The network.
    """
    return build_model(
        tokenizer, None, num_hidden_layers=4, intermediate_size=256, num_attention_heads=4, num_key_value_heads=4
    )
