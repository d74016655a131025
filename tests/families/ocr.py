"""Families whose vision tower is SAM's, and Granite's: they read documents."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family, template, text, tokenizer, vision


def _sam(size: int, **more: Any) -> dict[str, Any]:
    """Return a tower whose tokens are four times four patches; its patches attend within windows."""
    return dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=size, patch_size=2, window_size=8,
                output_channels=16, mlp_dim=32, **more)  # fmt: skip


@family(native=(96, 96), other=(150, 60), tested=False)
def deepseek_ocr2() -> tuple[Any, Any]:
    """A language model as second encoder, with 144 queries for each tile; experts."""
    words = tokenizer("<image>")
    encoder = dict(
        hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2
    )
    config = hf.DeepseekOcr2Config(
        vision_config=dict(
            sam_config=_sam(96, downsample_channels=[16, 24], global_attn_indexes=[1]), encoder_config=encoder
        ),
        text_config=text(hf.DeepseekOcr2TextConfig, words, n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2,
                         moe_intermediate_size=16, mlp_layer_types=["dense", "sparse"]),
        image_token_id=words.convert_tokens_to_ids("<image>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.DeepseekOcr2ImageProcessor(size={"height": 96, "width": 96}, tile_size=96)
    processor = hf.DeepseekOcr2Processor(images, words, patch_size=2, chat_template=template())
    return hf.DeepseekOcr2ForConditionalGeneration(config), processor


@family(native=(128, 128), tested=False, prefix="<imgpad>")
def got_ocr2() -> tuple[Any, Any]:
    """256 tokens for each image; no chat template."""
    words = tokenizer("<img>", "</img>", "<imgpad>")
    config = hf.GotOcr2Config(
        vision_config=_sam(128, global_attn_indexes=[]), text_config=text(hf.Qwen2Config, words), image_seq_length=256,
        image_token_index=words.convert_tokens_to_ids("<imgpad>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.GotOcr2ImageProcessor(size={"height": 128, "width": 128})
    return hf.GotOcr2ForConditionalGeneration(config), hf.GotOcr2Processor(images, words)


@family(native=(64, 64), tested=False)
def granite4_vision() -> tuple[Any, Any]:
    """Features of several vision layers, downsampled in windows and added to several language layers."""
    words, grid = tokenizer("<image>"), [[32, 64], [64, 32], [64, 64]]
    config = hf.Granite4VisionConfig(
        vision_config=vision(hf.SiglipVisionConfig, hidden_size=64, vision_use_head=False),
        text_config=text(hf.Granite4VisionTextConfig, words), image_grid_pinpoints=grid,
        qformer_config=dict(model_type="blip_2_qformer", num_hidden_layers=1, intermediate_size=32, vocab_size=8),
        vision_feature_select_strategy="full", downsample_rate="1/2", deepstack_layer_map=[[0, 0]],
        spatial_vision_layer=-1, spatial_target_layers=[1], projector_dropout=0.0,
        image_token_index=words.convert_tokens_to_ids("<image>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.LlavaNextImageProcessor(
        size={"height": 32, "width": 32}, crop_size={"height": 32, "width": 32}, image_grid_pinpoints=grid
    )
    processor = hf.Granite4VisionProcessor(
        images, words, patch_size=8, vision_feature_select_strategy="full", chat_template=template(),
        downsample_rate="1/2",
    )  # fmt: skip
    return hf.Granite4VisionForConditionalGeneration(config), processor


@family(native=(32, 32), other=(70, 30), tested=False)
def granite_docling() -> tuple[Any, Any]:
    """Tiles of 2 × 2 tokens, or 4 × 4 on the fine route."""
    tiles = [f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)]
    words = tokenizer("<image>", "<fake_token_around_image>", "<global-img>", *tiles)
    config = hf.GraniteDoclingConfig(
        vision_config=vision(hf.GraniteDoclingVisionConfig, out_hidden_size=32, scale_factor=2,
                             deepstack_visual_indexes=[0]),
        text_config=text(hf.GraniteDoclingTextConfig, words, embedding_multiplier=1.0, residual_multiplier=1.0,
                         attention_multiplier=0.25, logits_scaling=1.0), tie_word_embeddings=False,
        image_token_id=words.convert_tokens_to_ids("<image>"), pad_token_id=words.pad_token_id,
    )  # fmt: skip
    images = hf.GraniteDoclingImageProcessor(size={"height": 32, "width": 32}, max_patches=4)
    processor = hf.GraniteDoclingProcessor(images, words, image_seq_len=4, chat_template=template())
    return hf.GraniteDoclingForConditionalGeneration(config), processor
