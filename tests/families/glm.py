"""Families of GLM: one processor design, networks with dense layers, experts and linear attention."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family, template, tokenizer

MARKS = [
    f"<|{mark}|>" for mark in ("image", "video", "begin_of_image", "end_of_image", "begin_of_video", "end_of_video")
]
SIZE = {"shortest_edge": 16 * 16, "longest_edge": 96 * 96}
EXPERTS = dict(n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2, moe_intermediate_size=16)


def _rope(factor: float, sections: list[int]) -> dict[str, Any]:
    return dict(rope_type="default", mrope_section=sections, rope_theta=10000.0, partial_rotary_factor=factor)


HALF, WHOLE = _rope(0.5, [2, 1, 1]), _rope(1.0, [2, 3, 3])


def glm(
    prefix: str, text: dict[str, Any], network: str | None = None, tower: dict[str, Any] | None = None,
    processor: str = "Glm46V", images: str = "Glm46V", size: dict[str, Any] | None = None,
) -> tuple[Any, Any]:  # fmt: skip
    """Return a network and its processor; prefixes name the classes of the configuration, network and processors."""
    words = tokenizer(*MARKS)
    image, video, image_start, image_end, video_start, video_end = words.convert_tokens_to_ids(MARKS)
    config = getattr(hf, f"{prefix}Config")(
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=2)
        | text,
        vision_config=dict(depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4,
                           image_size=32) | (tower or {}),
        image_token_id=image, image_start_token_id=image_start, image_end_token_id=image_end, video_token_id=video,
        video_start_token_id=video_start, video_end_token_id=video_end, tie_word_embeddings=False,
    )  # fmt: skip
    size = size or {"size": SIZE}
    return getattr(hf, f"{network or prefix}ForConditionalGeneration")(config), getattr(hf, f"{processor}Processor")(
        getattr(hf, f"{images}ImageProcessor")(patch_size=4, **size), words,
        getattr(hf, f"{images}VideoProcessor")(patch_size=4, **size),
        chat_template=template("<|begin_of_image|><|image|><|end_of_image|>"),
    )  # fmt: skip


@family(native=(56, 32), tested=False)
def glm46v() -> tuple[Any, Any]:
    """GLM-4V's network; its frames of videos have timestamps."""
    return glm("Glm46V", dict(rope_parameters=HALF))


@family(native=(56, 32), tested=False)
def glmga() -> tuple[Any, Any]:
    """GLM-4.6V's network with its own image processor."""
    return glm("Glmga", dict(rope_parameters=HALF), network="Glm46V", images="Glmga")


@family(native=(56, 32), tested=False)
def glm4v_moe() -> tuple[Any, Any]:
    """One dense layer, one with experts."""
    return glm("Glm4vMoe", dict(rope_parameters=HALF, **EXPERTS), processor="Glm4v", images="Glm4v")


@family(native=(56, 32), tested=False)
def glm_ocr() -> tuple[Any, Any]:
    return glm("GlmOcr", dict(rope_parameters=WHOLE))


@family(native=(48, 32), tested=False)
def glm5_next() -> tuple[Any, Any]:
    """Linear attention and sparse attention to blocks of tokens, experts, several residual streams."""
    text = dict(
        layer_types=["linear_attention", "indexed_attention"], mlp_layer_types=["dense", "sparse"],
        indexer_types=["full", "full"], kv_lora_rank=16, q_lora_rank=16, v_head_dim=16, qk_nope_head_dim=16,
        index_topk=32, index_head_dim=16, index_n_heads=2, index_kpool=4, linear_head_dim=16, linear_num_heads=2,
        hc_mult=2, **EXPERTS,
    )  # fmt: skip
    tokens = dict(min_image_tokens=4, max_image_tokens=144)
    tower = dict(projection_intermediate_size=48)
    return glm("Glm5Next", text, tower=tower, processor="Glm5Next", images="Glm5Next", size=tokens)
