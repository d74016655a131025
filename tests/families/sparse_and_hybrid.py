"""Families with mixtures of experts, sparse attention, convolutions or state-space layers."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .clips import LINEAR, clip_template, qwen
from .tiny import family, template, text, tokenizer, vision

MUSE_TOKENS = ["<|patch|>", "<|image_start|>", "<|image_end|>", "<|video|>", "<|vid_start|>", "<|vid_end|>",
               "<|vid_frame_separator|>", "<|audio|>", "<|soft_audio_start|>", "<|soft_audio_end|>"]  # fmt: skip


@family(native=(56, 32), tested=False)
def qwen4_exp() -> tuple[Any, Any]:
    """Linear and indexed attention, several residual streams, n-gram embeddings, mixture of experts."""
    return qwen(
        "Qwen4Exp",
        dict(num_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, shared_expert_intermediate_size=16,
             hc_count=2, hc_lowrank=8, ple_layer_ids=[1], heads_per_ngram=2, ngram_vocab_size_base=100,
             make_ngram_vocab_size_divisible_by=8, split_ngram_parts=1, indexer_n_heads=2, indexer_kv_heads=1,
             indexer_head_dim=16, indexer_budget=64, indexer_compress_ratio=4, **LINEAR),
        {},
    )  # fmt: skip


@family(native=(48, 32), tested=False)
def mistral_large4() -> tuple[Any, Any]:
    """Latent attention with an indexer, mixture of experts, soft-capped logits."""
    words = tokenizer("[IMG]", "[IMG_BREAK]", "[IMG_END]")
    config = hf.MistralLarge4Config(
        vision_config=vision(hf.PixtralVisionConfig, size=64, head_dim=12),
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, moe_intermediate_size=16, n_routed_experts=4,
                         num_experts_per_tok=2, kv_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=8, v_head_dim=16,
                         index_topk=64, index_head_dim=16, index_n_heads=2, pad_token_id=0, bos_token_id=1,
                         eos_token_id=2),
        image_token_index=words.convert_tokens_to_ids("[IMG]"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.PixtralImageProcessor(size={"longest_edge": 64}, patch_size=8)
    processor = hf.PixtralProcessor(images, words, patch_size=8, spatial_merge_size=2, chat_template=template("[IMG]"))
    return hf.MistralLarge4ForConditionalGeneration(config), processor


@family(native=(56, 32), tested=False)
def minimax_m3_vl() -> tuple[Any, Any]:
    """Full and block-sparse attention, dense and expert layers."""
    kind = hf.MiniMaxM3VLProcessor
    words = tokenizer(kind.IMAGE_TOKEN, kind.VIDEO_TOKEN, kind.VISION_START_TOKEN, kind.VISION_END_TOKEN)
    config = hf.MiniMaxM3VLConfig(
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                           image_size=64, patch_size=4),
        text_config=text(hf.MiniMaxM3VLTextConfig, words, dense_intermediate_size=48, shared_intermediate_size=16,
                         rotary_dim=8, num_local_experts=4, num_experts_per_tok=2, intermediate_size=16,
                         mlp_layer_types=["dense", "sparse"], layer_types=["full_attention", "minimax_m3_sparse"],
                         index_n_heads=2, index_head_dim=16, index_block_size=8, index_topk_blocks=4),
        image_token_index=words.convert_tokens_to_ids(kind.IMAGE_TOKEN), projector_hidden_size=32,
        video_token_index=words.convert_tokens_to_ids(kind.VIDEO_TOKEN), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.MiniMaxM3VLImageProcessor(patch_size=4, size={"shortest_edge": 64, "longest_edge": 64 * 64})
    videos = hf.MiniMaxM3VLVideoProcessor(
        patch_size=4, size={"height": 32, "width": 32}, min_pixels=64, max_pixels=64 * 64, min_frames=2
    )
    template_of_both = clip_template(kind.IMAGE_TOKEN, kind.VIDEO_TOKEN)
    return hf.MiniMaxM3SparseForConditionalGeneration(config), kind(
        images, words, videos, chat_template=template_of_both
    )


@family(native=(56, 32), tested=False)
def lfm3_vl() -> tuple[Any, Any]:
    """Convolutions beside attention, in the vision tower too."""
    tokens = ["<|image_pad|>", "<|video_pad|>", "<|vision_start|>", "<|vision_end|>"]
    words = tokenizer(*tokens)
    image, video, start, end = words.convert_tokens_to_ids(tokens)
    config = hf.Lfm3VlConfig(
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                           num_key_value_heads=2, patch_size=4, layer_types=["conv", "full_attention"]),
        text_config=text(hf.Lfm3Config, words, layer_types=["conv", "full_attention"]), projector_hidden_size=32,
        image_token_id=image, video_token_id=video, vision_start_token_id=start, vision_end_token_id=end,
        tie_word_embeddings=False,
    )  # fmt: skip
    size = {"shortest_edge": 64, "longest_edge": 64 * 64}
    images = hf.Qwen2VLImageProcessor(patch_size=4, size=size)
    videos = hf.Qwen3VLVideoProcessor(patch_size=4, size=size, min_frames=2, do_sample_frames=False)
    seen = "<|vision_start|><|image_pad|><|vision_end|>"
    processor = hf.Lfm3VlProcessor(images, words, videos, chat_template=clip_template(seen, "<|video_pad|>"))
    return hf.Lfm3VlForConditionalGeneration(config), processor


@family(native=(64, 64), other=(150, 60), tested=False)
def step3p7() -> tuple[Any, Any]:
    """A global view and crops; full and sliding attention, dense and expert layers."""
    words = tokenizer("<im_patch>", "<im_start>", "<im_end>", "<patch_start>", "<patch_end>", "<patch_newline>")
    config = hf.Step3p7Config(
        vision_config=dict(hidden_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=64, patch_size=4,
                           mlp_ratio=2.0, max_position_embeddings=256),
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, head_dim=16, sliding_window=16,
                         layer_types=["sliding_attention", "full_attention"], mlp_layer_types=["dense", "sparse"],
                         n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, share_expert_dim=16,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2),
        image_token_id=words.convert_tokens_to_ids("<im_patch>"),
    )  # fmt: skip
    images = hf.Step3p7ImageProcessor(
        size={"height": 64, "width": 64}, patch_size=48, vision_patch_size=4, max_image_size=192
    )
    processor = hf.Step3p7Processor(images, words, chat_template=template("<im_patch>"))
    return hf.Step3p7ForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def nemotron_h_omni() -> tuple[Any, Any]:
    """State-space, attention, dense and expert layers; no audio tower."""
    words = tokenizer("<image>", "<video>", "<img>", "</img>", "<so_embedding>", "<so_start>", "<so_end>")
    ids = words.convert_tokens_to_ids
    config = hf.NemotronH_Omni_Reasoning_V3_Config(
        vision_config=dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, mlp_ratio=2.0, patch_size=4,
                           image_size=64, max_img_size=64, num_cls_tokens=1, num_registers=1, summary_idxs=[0],
                           video_temporal_patch_size=2),
        text_config=dict(vocab_size=len(words), hidden_size=32, layers_block_type=["linear_attention", "moe",
                         "full_attention", "mlp"], num_attention_heads=2, num_key_value_heads=2, head_dim=16,
                         intermediate_size=48, ssm_state_size=8, mamba_num_heads=4, mamba_head_dim=16, n_groups=2,
                         chunk_size=16, n_routed_experts=4, moe_intermediate_size=16,
                         moe_shared_expert_intermediate_size=16, pad_token_id=0, bos_token_id=1, eos_token_id=2),
        projector_hidden_size=32, vision_hidden_size=24, image_token_id=ids("<image>"), video_token_id=ids("<video>"),
        audio_token_id=ids("<so_embedding>"),
    )  # fmt: skip
    images = hf.NemotronH_Omni_Reasoning_V3ImageProcessor(patch_size=4, min_num_patches=16, max_num_patches=256)
    videos = hf.NemotronH_Omni_Reasoning_V3VideoProcessor(
        patch_size=4, video_target_num_patches=64, norm_mean=images.image_mean, norm_std=images.image_std
    )
    processor = hf.NemotronH_Omni_Reasoning_V3Processor(
        images, videos, words, hf.ParakeetFeatureExtractor(), chat_template=clip_template("<image>", "<video>")
    )
    return hf.NemotronH_Omni_Reasoning_V3(config), processor


def muse_vision() -> dict[str, Any]:
    return dict(patch_size=4, pos_emb_height=16, pos_emb_width=16, num_attention_heads=2, num_hidden_layers=2,
                hidden_size=32, intermediate_size=48, max_position_embeddings=256)  # fmt: skip


def muse_processors() -> tuple[Any, Any]:
    images = hf.MuseGlimmerImageProcessor(patch_size=4, max_image_tokens=64)
    return images, hf.MuseGlimmerVideoProcessor(
        patch_size=4, max_video_frame_tokens=16, num_frames=4, do_sample_frames=False, return_metadata=True
    )


@family(native=(48, 32), tested=False)
def muse_glimmer() -> tuple[Any, Any]:
    """Layers with and without rotary positions, soft-capped logits."""
    words = tokenizer(*MUSE_TOKENS)
    config = hf.MuseGlimmerConfig(
        text_config=text(hf.MuseGlimmerTextConfig, words, sliding_window=16, output_multiplier=1.0),
        vision_config=muse_vision(), out_hidden_size=128, projector_hidden_size=32,
        image_token_id=words.convert_tokens_to_ids("<|patch|>"), video_token_id=words.convert_tokens_to_ids("<|video|>"),
    )  # fmt: skip
    processor = hf.MuseGlimmerProcessor(
        *muse_processors(), words, chat_template=clip_template("<|patch|>", "<|video|>")
    )
    return hf.MuseGlimmerForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def muse_spark() -> tuple[Any, Any]:
    """Muse Glimmer with a mixture of experts and an audio tower."""
    words = tokenizer(*MUSE_TOKENS)
    ids = words.convert_tokens_to_ids
    config = hf.MuseSparkConfig(
        text_config=text(hf.MuseSparkTextConfig, words, sliding_window=16, output_multiplier=1.0, num_local_experts=4,
                         num_experts_per_tok=2, moe_intermediate_size=16, moe_hidden_size=16,
                         mlp_layer_types=["dense", "sparse"]),
        vision_config=muse_vision(), out_hidden_size=128, projector_hidden_size=32,
        audio_config=dict(patch_sizes=[16, 6], hidden_sizes=[8, 8], depths=[1, 1], num_hidden_layers=2,
                          out_hidden_size=32),
        image_token_id=ids("<|patch|>"), video_token_id=ids("<|video|>"), audio_token_id=ids("<|audio|>"),
    )  # fmt: skip
    processor = hf.MuseSparkProcessor(
        *muse_processors(), words, hf.MuseSparkFeatureExtractor(), chat_template=clip_template("<|patch|>", "<|video|>")
    )
    return hf.MuseSparkForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def mistral4() -> tuple[Any, Any]:
    """Mistral Small 4's language model alone; the published checkpoint holds it in a `mistral3`, which sees images."""
    words = tokenizer("[IMG]", "[IMG_BREAK]", "[IMG_END]")
    config = hf.Mistral4Config(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, moe_intermediate_size=16, n_routed_experts=4, num_experts_per_tok=2, kv_lora_rank=16,
        q_lora_rank=16, qk_rope_head_dim=8, qk_nope_head_dim=8, v_head_dim=16, first_k_dense_replace=1, pad_token_id=0,
    )  # fmt: skip
    images = hf.PixtralImageProcessor(size={"longest_edge": 64}, patch_size=8)
    processor = hf.PixtralProcessor(images, words, patch_size=8, chat_template=template("[IMG]"))
    return hf.Mistral4ForCausalLM(config), processor
