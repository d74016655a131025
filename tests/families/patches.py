"""Families whose processors lay images out patch by patch, at any size, and name the grid of patches."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .clips import clip_template
from .tiny import family, tokenizer

SIZE = {"shortest_edge": 16 * 16, "longest_edge": 64 * 64}
TOKENS = ["<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>"]
WINDOWS = dict(depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4,
               window_size=16, fullatt_block_indexes=[1])  # fmt: skip


def patches(
    prefix: str, text: dict[str, Any], tower: dict[str, Any], images: str, videos: str, tokens: list[str] = TOKENS,
    ends: bool = False, **more: Any,
) -> tuple[Any, Any]:  # fmt: skip
    """Return a network and its processor; `ends`: its configuration has the ids of the marks around an image."""
    words = tokenizer(*tokens)
    names = ["image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id"][: 4 if ends else 2]
    config = getattr(hf, f"{prefix}Config")(
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=2)
        | text,
        vision_config=tower, tie_word_embeddings=False,
        **dict(zip(names, words.convert_tokens_to_ids(tokens), strict=False)), **more,
    )  # fmt: skip
    image, video = (f"{tokens[2]}{token}{tokens[3]}" for token in tokens[:2])
    return getattr(hf, f"{prefix}ForConditionalGeneration")(config), getattr(hf, f"{prefix}Processor")(
        getattr(hf, f"{images}ImageProcessor")(patch_size=4, size=SIZE), words,
        getattr(hf, f"{videos}VideoProcessor")(patch_size=4, size=SIZE), chat_template=clip_template(image, video),
    )  # fmt: skip


@family(native=(56, 32), tested=False)
def cohere_compass() -> tuple[Any, Any]:
    """Parallel attention and feed-forward layers, sliding and full attention."""
    kinds = ["sliding_attention", "full_attention"]
    rope = {"rope_type": "default", "mrope_section": [3, 3, 2], "rope_theta": 10000.0}
    text = dict(layer_types=kinds, sliding_window=16, logit_scale=1.0, rope_parameters=dict.fromkeys(kinds, rope))
    tower = dict(depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4,
                 num_position_embeddings=64, deepstack_visual_indexes=[0])  # fmt: skip
    tokens = ["<|IMAGE_PAD|>", "<|VIDEO_PAD|>", "<|VISION_START|>", "<|VISION_END|>"]
    return patches("CohereCompass", text, tower, "CohereCompass", "CohereCompass", tokens, ends=True)


def _with_types(processor: Any, image: Any, prompt: str) -> Any:
    """Return inputs with the types of tokens, which the network needs and the processor leaves out unless asked."""
    content = [{"type": "image"}, {"type": "text", "text": prompt}]
    words = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
    return processor(images=image, text=words, return_tensors="pt", return_mm_token_type_ids=True)


@family(native=(48, 32), tested=False, ask=_with_types)
def cosmos3_edge() -> tuple[Any, Any]:
    rope = {"rope_type": "default", "mrope_section": [3, 3, 2], "rope_theta": 10000.0}
    tower = dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, patch_size=4,
                 num_patches=64)  # fmt: skip
    text = dict(head_dim=16, rope_parameters=rope)
    return patches("Cosmos3Edge", text, tower, "Cosmos3Edge", "Cosmos3Edge", ends=True, projector_hidden_size=48)


@family(native=(48, 32), tested=False)
def exaone4_5() -> tuple[Any, Any]:
    """Grouped queries and windows in the vision tower, sliding attention in the language model."""
    text = dict(model_type="exaone4", layer_types=["sliding_attention", "full_attention"], sliding_window=16)
    return patches("Exaone4_5_", text, WINDOWS | dict(num_key_value_heads=1), "Qwen2VL", "Qwen2VL")


@family(native=(48, 32), tested=False)
def hyperclovax_vision_v2() -> tuple[Any, Any]:
    """Qwen2.5-VL's vision tower."""
    return patches("HyperCLOVAXVisionV2", dict(model_type="hyperclovax"), dict(WINDOWS), "Qwen2VL", "Qwen2VL")
