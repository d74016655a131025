"""Families of Inkling: short convolutions, relative positions and experts; a soft token for each block of pixels."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family, template, tokenizer

IMAGE = "<|unused_200054|>"
TEXT = dict(
    hidden_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2, head_dim=16,
    swa_num_attention_heads=2, swa_num_key_value_heads=2, swa_head_dim=16, sliding_window_size=16, d_rel=4, rel_extent=32,
    layer_types=["hybrid_sliding", "hybrid"], moe_intermediate_size=16, n_routed_experts=4, num_experts_per_tok=2,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, route_scale=1.0,
)  # fmt: skip
TOWER = dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=4, posemb_grid_size=8,
             projection_hidden_dim=48, text_hidden_size=32)  # fmt: skip
BLOCK = {"height": 8, "width": 8}


def _second(prefix: str, text: dict[str, Any], tower: dict[str, Any]) -> tuple[Any, Any]:
    words = tokenizer(IMAGE)
    config = getattr(hf, f"{prefix}Config")(
        text_config=dict(TEXT, vocab_size=len(words), unpadded_vocab_size=len(words), n_layers_per_attn_res_block=1) | text,
        vision_config=tower, image_token_id=words.convert_tokens_to_ids(IMAGE),
    )  # fmt: skip
    processor = hf.Inkling2Processor(hf.Inkling2ImageProcessor(size=BLOCK), words, chat_template=template(IMAGE))
    return getattr(hf, f"{prefix}ForConditionalGeneration")(config), processor


@family(native=(48, 32), tested=False)
def inkling2() -> tuple[Any, Any]:
    return _second("Inkling2", {}, dict(TOWER))


@family(native=(48, 32), tested=False)
def inkling2_loop() -> tuple[Any, Any]:
    """Its second layer runs twice."""
    text = dict(
        num_hidden_layers=3, layer_types=["hybrid_sliding", "hybrid", "hybrid"], loop_layer_index_start=1,
        loop_layer_index_end=2, loop_num_passes=2, loop_gate_rank=8,
    )  # fmt: skip
    return _second("Inkling2Loop", text, dict(TOWER, model_type="inkling2_vision"))


@family(native=(48, 32), tested=False)
def inkling_mm_model() -> tuple[Any, Any]:
    """The first Inkling, which also hears."""
    marks = ["<|unused_200053|>", "<|content_image|>", "<|content_audio_input|>"]
    words = tokenizer(IMAGE, *marks)
    audio, image_start, audio_start = words.convert_tokens_to_ids(marks)
    config = hf.InklingConfig(
        text_config=dict(TEXT, vocab_size=len(words), unpadded_vocab_size=len(words), intermediate_size=48,
                         mlp_layer_types=["dense", "sparse"], n_shared_experts=1, logits_mup_width_multiplier=1.0),
        vision_config=dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=8),
        audio_config=dict(n_mel_bins=16, mel_vocab_size=16), image_token_id=words.convert_tokens_to_ids(IMAGE),
        audio_token_id=audio, image_bos_token_id=image_start, audio_bos_token_id=audio_start,
    )  # fmt: skip
    processor = hf.InklingProcessor(
        hf.InklingFeatureExtractor(), hf.InklingImageProcessor(size=BLOCK), words,
        chat_template=template(f"<|content_image|>{IMAGE}"),
    )  # fmt: skip
    return hf.InklingForConditionalGeneration(config), processor
