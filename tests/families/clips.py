"""Families that also read videos, with their video processors and sizes for tiny clips."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import VISION, family, template, text, tokenizer, vision

SIDE = {"height": 32, "width": 32}


def clip_template(image: str, video: str) -> str:
    """Return a chat template with placeholders for images and videos."""
    return template(image).replace(
        "{% else %}{{ part['text'] }}", f"{{% elif part['type'] == 'video' %}}{video}{{% else %}}{{{{ part['text'] }}}}"
    )


QWEN_TEMPLATE = clip_template(VISION, VISION.replace("image", "video"))


def qwen(prefix: str, text_config: dict[str, Any], tower: dict[str, Any], side: int = 4) -> tuple[Any, Any]:
    """Return a network and its processor for the families that use Qwen3-VL's processor."""
    words = tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    ids = words.convert_tokens_to_ids
    config = getattr(hf, f"{prefix}Config")(
        text_config=dict(vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                         num_key_value_heads=2, head_dim=16, pad_token_id=0, bos_token_id=1, eos_token_id=2,
                         tie_word_embeddings=False) | text_config,
        vision_config=dict(depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2,
                           patch_size=side, num_position_embeddings=64) | tower,
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"), tie_word_embeddings=False,
        vision_start_token_id=ids("<|vision_start|>"), vision_end_token_id=ids("<|vision_end|>"),
    )  # fmt: skip
    size = {"shortest_edge": (2 * side) ** 2, "longest_edge": 64 * 64}
    images = hf.Qwen2VLImageProcessor(patch_size=side, size=size)
    videos = hf.Qwen3VLVideoProcessor(patch_size=side, size=size, min_frames=2, do_sample_frames=False)
    processor = hf.Qwen3VLProcessor(images, words, videos, chat_template=QWEN_TEMPLATE)
    return getattr(hf, f"{prefix}ForConditionalGeneration")(config), processor


EXPERTS = dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16)
MROPE = {"rope_type": "default", "mrope_section": [3, 3, 2], "rope_theta": 10000.0, "mrope_interleaved": True}
LINEAR = dict(
    layer_types=["linear_attention", "full_attention"], linear_key_head_dim=8, linear_value_head_dim=8,
    linear_num_key_heads=2, linear_num_value_heads=4, rope_parameters=MROPE, partial_rotary_factor=1.0,
)  # fmt: skip


@family(native=(56, 32), tested=False)
def qwen3_vl_moe() -> tuple[Any, Any]:
    """Mixture of experts."""
    moe = dict(intermediate_size=48, rope_parameters=MROPE, **EXPERTS)
    return qwen("Qwen3VLMoe", moe, dict(deepstack_visual_indexes=[0]))


@family(native=(56, 32), tested=False)
def qwen3_5() -> tuple[Any, Any]:
    """Linear and full attention."""
    return qwen("Qwen3_5", dict(intermediate_size=48, **LINEAR), {})


@family(native=(56, 32), tested=False)
def qwen3_5_moe() -> tuple[Any, Any]:
    """Linear and full attention, mixture of experts."""
    return qwen("Qwen3_5Moe", dict(shared_expert_intermediate_size=16, **EXPERTS, **LINEAR), {})


@family(native=(48, 32), tested=False)
def video_llama_3() -> tuple[Any, Any]:
    """Videos lose the tokens of patches that do not change."""
    words = tokenizer("<|image_pad|>", "<|video_pad|>")
    ids = words.convert_tokens_to_ids
    config = hf.VideoLlama3Config(
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                           patch_size=4),
        text_config=text(hf.Qwen2Config, words), tie_word_embeddings=False,
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"),
    )  # fmt: skip
    size = {"shortest_edge": 8 * 8, "longest_edge": 64 * 64}
    images = hf.VideoLlama3ImageProcessor(patch_size=4, merge_size=2, size=size)
    videos = hf.VideoLlama3VideoProcessor(patch_size=4, merge_size=2, size=size)
    processor = hf.VideoLlama3Processor(
        images, words, videos, chat_template=clip_template("<|image_pad|>", "<|video_pad|>")
    )
    return hf.VideoLlama3ForConditionalGeneration(config), processor


@family(native=(32, 32), tested=False)
def video_llava() -> tuple[Any, Any]:
    """Two vision towers: one for images, one for videos of eight frames."""
    words = tokenizer("<image>", "<video>")
    ids = words.convert_tokens_to_ids
    config = hf.VideoLlavaConfig(
        vision_config=vision(hf.CLIPVisionConfig), text_config=text(hf.LlamaConfig, words),
        image_token_index=ids("<image>"), video_token_index=ids("<video>"),
    )  # fmt: skip
    images = hf.VideoLlavaImageProcessor(size={"shortest_edge": 32}, crop_size=SIDE)
    videos = hf.VideoLlavaVideoProcessor(size={"shortest_edge": 32}, crop_size=SIDE)
    processor = hf.VideoLlavaProcessor(
        images, videos, words, patch_size=8, chat_template=clip_template("<image>", "<video>")
    )
    return hf.VideoLlavaForConditionalGeneration(config), processor


@family(native=(64, 64), tested=False)
def llava_next_video() -> tuple[Any, Any]:
    """LLaVA-NeXT with pooled video frames."""
    words, grid = tokenizer("<image>", "<video>"), [[32, 64], [64, 32], [64, 64]]
    ids = words.convert_tokens_to_ids
    config = hf.LlavaNextVideoConfig(
        vision_config=vision(hf.CLIPVisionConfig), text_config=text(hf.LlamaConfig, words), image_grid_pinpoints=grid,
        image_token_index=ids("<image>"), video_token_index=ids("<video>"),
    )  # fmt: skip
    images = hf.LlavaNextImageProcessor(size={"shortest_edge": 32}, crop_size=SIDE, image_grid_pinpoints=grid)
    videos = hf.LlavaNextVideoVideoProcessor(size={"shortest_edge": 32}, crop_size=SIDE)
    processor = hf.LlavaNextVideoProcessor(
        videos, images, words, patch_size=8, vision_feature_select_strategy="default", num_additional_image_tokens=1,
        chat_template=clip_template("<image>", "<video>"),
    )  # fmt: skip
    return hf.LlavaNextVideoForConditionalGeneration(config), processor
