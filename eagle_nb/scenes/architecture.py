"""Architecture of the bundled model: stock classes, saved in a stock folder.

A convolutional tower (`ResNetConfig`, stride 16: 11 × 11 image tokens), a projector and a three-layer Llama form a
`FastVlmForConditionalGeneration`. Its folder loads with `AutoModelForImageTextToText` and `AutoProcessor` alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .language import NUMBERS, vocabulary
from .plan import IMAGE_SIZE
from .shapes import BACKGROUNDS, COLORS, PLURALS

GRID = 11
"""Number of image tokens along each side."""

STRIDE = 16
"""Distance in pixels between the centres of neighbouring image tokens; token (i, j) is centred on pixel (16 i, 16 j)."""

USER, ASSISTANT, END, IMAGE, PAD = "<|user|>", "<|assistant|>", "<|end|>", "<image>", "<|pad|>"

_CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|user|>' if message['role'] == 'user' else '<|assistant|>' }}"
    "{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] if part['type'] == 'image' %}<image>{% endfor %}"
    "{% for part in message['content'] if part['type'] == 'text' %}{{ part['text'] }}{% endfor %}"
    "{% endif %}"
    "{% if message['role'] == 'assistant' %}<|end|>{% endif %}"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

_PIECES = (" tri", "angle", " pur", "ple", " gra", "vel", " be", "hind", "low", "es", " squ", "are")
"""Subwords that the tokenizer learns in place of "triangle", "purple", "gravel", "behind", "below", "square" and plurals."""

_IN_PIECES = {"triangle", "purple", "gravel", "behind", "below", "square", *PLURALS.values()}

_BEGINNINGS = ("a", "yes", "no", "is", "how", "where", "what", "describe", "top", "left", "center", "right", "bottom")
FIRST_WORDS = _BEGINNINGS + NUMBERS + tuple(COLORS) + BACKGROUNDS
"""Words that can begin a text, without a leading space."""


def build_tokenizer(words: Sequence[str] | None = None, first_words: Sequence[str] = FIRST_WORDS) -> Any:
    """Build a byte-level BPE tokenizer: words include their leading space, rare words consist of several tokens.

    Parameters
    ----------
    words : sequence of str, optional
        The words that it knows; those of the scenes by default.
    first_words : sequence of str
        Words that can begin a text.

    Returns
    -------
    transformers.PreTrainedTokenizerFast
        The tokenizer.
    """
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    special = [PAD, USER, ASSISTANT, END, IMAGE]
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=4096, min_frequency=1, special_tokens=special, initial_alphabet=sorted(alphabet), show_progress=False
    )
    lines = [*_PIECES, *(f" {word}" for word in words or vocabulary() if word not in _IN_PIECES), *first_words]
    bpe.train_from_iterator(lines, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        pad_token=PAD,
        eos_token=END,
        bos_token=USER,
        extra_special_tokens={"image_token": IMAGE},
        clean_up_tokenization_spaces=False,
        padding_side="left",
    )


def build_processor(
    tokenizer: Any, size: int = IMAGE_SIZE, grid: int = GRID, chat_template: str = _CHAT_TEMPLATE
) -> Any:
    """Build a stock `LlavaProcessor`: resize to `size` × `size` where needed, scale to [-1, 1].

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The tokenizer of `build_tokenizer`.
    size : int
        Side of the network's input, in pixels.
    grid : int
        Number of image tokens along each side.
    chat_template : str
        The chat template.

    Returns
    -------
    transformers.LlavaProcessor
        The processor.
    """
    from transformers import CLIPImageProcessor, LlavaProcessor

    images = CLIPImageProcessor(
        size={"height": size, "width": size},
        do_center_crop=False,
        image_mean=[0.5] * 3,
        image_std=[0.5] * 3,
    )
    return LlavaProcessor(
        image_processor=images,
        tokenizer=tokenizer,
        # The processor counts image tokens as size // patch_size; the tower makes ceil(168 / 16) = 11 per side.
        patch_size=size // grid,
        num_additional_image_tokens=0,
        vision_feature_select_strategy="full",
        chat_template=chat_template,
        image_token=IMAGE,
    )


def build_model(tokenizer: Any, seed: int | None = 0, **text: Any) -> Any:
    """Build the untrained network of 1.7 million parameters.

    Parameters
    ----------
    tokenizer : transformers.PreTrainedTokenizerFast
        The tokenizer of `build_tokenizer`.
    seed : int, optional
        Seed of the weights. None draws them from the current state of `torch.default_generator`.
    **text : int
        What differs in the `LlamaConfig`.

    Returns
    -------
    transformers.FastVlmForConditionalGeneration
        The network.
    """
    import torch
    from transformers import FastVlmConfig, FastVlmForConditionalGeneration, LlamaConfig, ResNetConfig

    vision = ResNetConfig(
        embedding_size=24, hidden_sizes=[64, 128], depths=[2, 3], layer_type="basic", downsample_in_first_stage=True
    )
    vision.hidden_size = 128  # the projector reads it; ResNetConfig does not define it
    end, pad, bos = (tokenizer.convert_tokens_to_ids(t) for t in (END, PAD, USER))
    settings: dict[str, Any] = {
        "hidden_size": 128,
        "intermediate_size": 352,
        "num_hidden_layers": 3,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "max_position_embeddings": 512,
    }
    language = LlamaConfig(
        **(settings | text),
        vocab_size=len(tokenizer),
        tie_word_embeddings=False,
        bos_token_id=bos,
        eos_token_id=end,
        pad_token_id=pad,
    )
    config = FastVlmConfig(
        vision_config=vision, text_config=language, image_token_index=tokenizer.convert_tokens_to_ids(IMAGE)
    )
    if seed is None:
        model = FastVlmForConditionalGeneration(config)
    else:
        with torch.random.fork_rng(devices=[]):  # the global random state stays as it was
            torch.default_generator.manual_seed(seed)
            model = FastVlmForConditionalGeneration(config)
    model.generation_config.eos_token_id = end
    model.generation_config.pad_token_id = pad
    model.generation_config.bos_token_id = bos
    return model


def save(model: Any, processor: Any, folder: str | os.PathLike[str]) -> None:
    """Write the folder of a checkpoint.

    Parameters
    ----------
    model : transformers.FastVlmForConditionalGeneration
        The network.
    processor : transformers.LlavaProcessor
        The processor.
    folder : path
        The folder; it is created.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
