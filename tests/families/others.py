"""Further families that the adapter supports."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import clip, family, template, text, tokenizer, vision


@family(native=(32, 32), listed=False, prefix="<image>", extend={"token_type_ids": 1})
def paligemma() -> tuple[Any, Any]:
    """Bidirectional attention over the prompt, no chat template."""
    words = tokenizer("<image>", *(f"<loc{i:04d}>" for i in range(1024)), *(f"<seg{i:03d}>" for i in range(128)))
    config = hf.PaliGemmaConfig(
        vision_config=vision(hf.SiglipVisionConfig, vision_use_head=False, projection_dim=32), projection_dim=32,
        text_config=text(hf.GemmaConfig, words), image_token_index=words.convert_tokens_to_ids("<image>"),
        hidden_size=32, tie_word_embeddings=False,
    )  # fmt: skip
    images = clip(hf.SiglipImageProcessor)
    images.image_seq_length = 16
    return hf.PaliGemmaForConditionalGeneration(config), hf.PaliGemmaProcessor(images, words)


@family(native=(32, 32), tested=False)
def vipllava() -> tuple[Any, Any]:
    words = tokenizer("<image>")
    config = hf.VipLlavaConfig(
        vision_config=vision(hf.CLIPVisionConfig), text_config=text(hf.LlamaConfig, words),
        image_token_index=words.convert_tokens_to_ids("<image>"), vision_feature_layers=[-2, -1],
    )  # fmt: skip
    processor = hf.LlavaProcessor(clip(), words, 8, "default", chat_template=template(), num_additional_image_tokens=1)
    return hf.VipLlavaForConditionalGeneration(config), processor


@family(native=(64, 64), listed=False)
def fast_vlm() -> tuple[Any, Any]:
    """A convolutional vision tower; its images are laid out channels last."""
    words = tokenizer("<image>")
    tower = hf.ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic")
    tower.hidden_size = 16
    config = hf.FastVlmConfig(
        vision_config=tower, text_config=text(hf.LlamaConfig, words), vision_feature_layer=-1,
        image_token_index=words.convert_tokens_to_ids("<image>"), vision_feature_select_strategy="full",
    )  # fmt: skip
    processor = hf.LlavaProcessor(
        clip(side=64), words, 8, "full", chat_template=template(), num_additional_image_tokens=0
    )
    return hf.FastVlmForConditionalGeneration(config), processor


@family(native=(56, 32), listed=False)
def glm4v() -> tuple[Any, Any]:
    special = [
        "<|begin_of_image|>",
        "<|end_of_image|>",
        "<|image|>",
        "<|video|>",
        "<|begin_of_video|>",
        "<|end_of_video|>",
    ]
    words = tokenizer(*special)
    ids = words.convert_tokens_to_ids
    rope = {"rope_type": "default", "mrope_section": [2, 1, 1], "rope_theta": 10000.0, "partial_rotary_factor": 0.5}
    config = hf.Glm4vConfig(
        text_config=dict(
            vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=2, rope_parameters=rope, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        ),
        vision_config=dict(
            depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4, image_size=32,
        ),
        image_token_id=ids("<|image|>"), video_token_id=ids("<|video|>"), tie_word_embeddings=False,
        image_start_token_id=ids("<|begin_of_image|>"), image_end_token_id=ids("<|end_of_image|>"),
        video_start_token_id=ids("<|begin_of_video|>"), video_end_token_id=ids("<|end_of_video|>"),
    )  # fmt: skip
    images = hf.Glm4vImageProcessor(patch_size=4, size={"shortest_edge": 16 * 16, "longest_edge": 96 * 96})
    processor = hf.Glm4vProcessor(
        images, words, hf.Glm4vVideoProcessor(patch_size=4),
        chat_template=template("<|begin_of_image|><|image|><|end_of_image|>"),
    )  # fmt: skip
    return hf.Glm4vForConditionalGeneration(config), processor


@family(native=(32, 32), other=(70, 30), listed=False)
def aya_vision() -> tuple[Any, Any]:
    names = [
        "<|START_OF_IMG|>",
        "<|END_OF_IMG|>",
        "<|IMG_PATCH|>",
        "<|IMG_LINE_BREAK|>",
        "TILE",
        "TILE_GLOBAL",
        "<image>",
    ]
    words = tokenizer(*names)
    config = hf.AyaVisionConfig(
        vision_config=vision(hf.SiglipVisionConfig), text_config=text(hf.Cohere2Config, words), downsample_factor=2,
        image_token_index=words.convert_tokens_to_ids("<|IMG_PATCH|>"), adapter_layer_norm_eps=1e-6,
        tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.GotOcr2ImageProcessor(size={"height": 32, "width": 32}, min_patches=1, max_patches=4)
    processor = hf.AyaVisionProcessor(
        images, words, patch_size=8, img_size=32, downsample_factor=2, chat_template=template("<image>")
    )
    return hf.AyaVisionForConditionalGeneration(config), processor


@family(native=(32, 32), listed=False)
def idefics2() -> tuple[Any, Any]:
    words = tokenizer("<fake_token_around_image>", "<image>", "<end_of_utterance>")
    config = hf.Idefics2Config(
        image_token_id=words.convert_tokens_to_ids("<image>"), vision_config=vision(hf.Idefics2VisionConfig),
        text_config=text(hf.MistralConfig, words), tie_word_embeddings=False,
        perceiver_config={"resampler_n_latents": 4, "resampler_depth": 1, "resampler_n_heads": 2,
                          "resampler_head_dim": 16, "num_key_value_heads": 2, "hidden_size": 32},
    )  # fmt: skip
    images = hf.Idefics2ImageProcessor(size={"shortest_edge": 16, "longest_edge": 32}, do_image_splitting=False)
    processor = hf.Idefics2Processor(images, words, image_seq_len=4, chat_template=template())
    return hf.Idefics2ForConditionalGeneration(config), processor


@family(native=(32, 32), tested=False)
def deepseek_vl() -> tuple[Any, Any]:
    words = tokenizer(image_token="<image_placeholder>")
    config = hf.DeepseekVLConfig(
        vision_config=vision(hf.SiglipVisionConfig), text_config=text(hf.LlamaConfig, words),
        image_token_id=words.convert_tokens_to_ids("<image_placeholder>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.DeepseekVLImageProcessor(size={"height": 32, "width": 32}, min_size=4)
    processor = hf.DeepseekVLProcessor(
        images, words, chat_template=template("<image_placeholder>"), num_image_tokens=16
    )
    return hf.DeepseekVLForConditionalGeneration(config), processor


@family(native=(32, 32), listed=False, model_type="blip-2")
def blip2() -> tuple[Any, Any]:
    """No `logits_to_keep`, no chat template."""
    words = tokenizer("<image>")
    config = hf.Blip2Config(
        vision_config=vision(hf.Blip2VisionConfig).to_dict(),
        qformer_config=dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
                            encoder_hidden_size=24, vocab_size=len(words)),
        text_config=hf.OPTConfig(vocab_size=len(words), hidden_size=32, ffn_dim=48, num_hidden_layers=2,
                                 num_attention_heads=2, word_embed_proj_dim=32, max_position_embeddings=256,
                                 bos_token_id=1, eos_token_id=2, pad_token_id=0, tie_word_embeddings=False).to_dict(),
        num_query_tokens=4, image_token_index=words.convert_tokens_to_ids("<image>"), tie_word_embeddings=False,
    )  # fmt: skip
    processor = hf.Blip2Processor(clip(hf.BlipImageProcessor), words, num_query_tokens=4)
    return hf.Blip2ForConditionalGeneration(config), processor


@family(native=None, listed=False)
def mllama() -> tuple[Any, Any]:
    """The image enters by cross-attention, with a mask per token."""
    words = tokenizer("<|image|>", "<|python_tag|>", "<|begin_of_text|>")
    rope = {"rope_type": "default", "rope_theta": 10000.0}
    config = hf.MllamaConfig(
        vision_config=dict(hidden_size=24, num_hidden_layers=2, num_global_layers=1, num_attention_heads=2, image_size=32,
                           attention_heads=2, intermediate_size=32, vision_output_dim=48, patch_size=8, max_num_tiles=4,
                           intermediate_layers_indices=[0]),
        text_config=dict(vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
                         num_key_value_heads=2, intermediate_size=48, cross_attention_layers=[1], rope_parameters=rope,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2, tie_word_embeddings=False),
        image_token_index=words.convert_tokens_to_ids("<|image|>"),
    )  # fmt: skip
    images = hf.MllamaImageProcessor(size={"height": 32, "width": 32}, max_image_tiles=4)
    return hf.MllamaForConditionalGeneration(config), hf.MllamaProcessor(
        images, words, chat_template=template("<|image|>")
    )


@family(native=(32, 32), listed=False)
def lfm2_vl() -> tuple[Any, Any]:
    words = tokenizer("<image>", "<|image_start|>", "<|image_end|>", "<|img_thumbnail|>")
    config = hf.Lfm2VlConfig(
        vision_config=dict(model_type="siglip2_vision_model", hidden_size=24, intermediate_size=32, num_hidden_layers=2,
                           num_attention_heads=2, num_patches=16, patch_size=8, vision_use_head=False),
        text_config=dict(model_type="lfm2", vocab_size=len(words), hidden_size=32, intermediate_size=48,
                         num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
                         layer_types=["conv", "full_attention"], pad_token_id=0, bos_token_id=1, eos_token_id=2),
        image_token_id=words.convert_tokens_to_ids("<image>"), downsample_factor=2, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Lfm2VlImageProcessor(
        encoder_patch_size=8, tile_size=32, min_image_tokens=1, max_image_tokens=4, max_num_patches=16, downsample_factor=2,
        do_image_splitting=False,
    )  # fmt: skip
    return hf.Lfm2VlForConditionalGeneration(config), hf.Lfm2VlProcessor(images, words, chat_template=template())


@family(native=(32, 32), listed=False)
def janus() -> tuple[Any, Any]:
    words = tokenizer(image_token="<image_placeholder>", boi_token="<begin_of_image>", eoi_token="<end_of_image>")
    config = hf.JanusConfig(
        vision_config=dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, image_size=32, patch_size=8,
                           mlp_ratio=2.0, projection_dim=32, depth=1),
        text_config=text(hf.LlamaConfig, words),
        vq_config=dict(embed_dim=8, num_embeddings=16, latent_channels=8, base_channels=32, channel_multiplier=[1],
                       num_res_blocks=1, projection_dim=32, image_token_embed_dim=32, num_patches=4),
        image_token_id=words.convert_tokens_to_ids("<image_placeholder>"),
    )  # fmt: skip
    images = hf.JanusImageProcessor(size={"height": 32, "width": 32}, min_size=4)
    processor = hf.JanusProcessor(images, words, chat_template=template("<image_placeholder>"), num_image_tokens=16)
    return hf.JanusForConditionalGeneration(config), processor


@family(native=(48, 32), listed=False)
def kimi_k25() -> tuple[Any, Any]:
    """Images laid out patch by patch and padded at the end; the processor names the grid of patches."""
    words = tokenizer(image_token="<|media_pad|>", video_token="<|kimi_k25_video_placeholder|>")
    ids = words.convert_tokens_to_ids
    config = hf.Kimi_K25Config(
        vision_config=dict(patch_size=4, pos_emb_height=16, pos_emb_width=16, num_attention_heads=2, num_hidden_layers=2,
                           hidden_size=32, intermediate_size=48),
        text_config=text(hf.LlamaConfig, words), projection_hidden_size=32,
        image_token_id=ids("<|media_pad|>"), video_token_id=ids("<|kimi_k25_video_placeholder|>"),
        vision_start_token_id=1, vision_end_token_id=2, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Kimi_K25ImageProcessor(patch_size=4, merge_size=2)
    processor = hf.Kimi_K25Processor(
        images, words, hf.Kimi_K25VideoProcessor(patch_size=4), chat_template=template("<|media_pad|>")
    )
    return hf.Kimi_K25ForConditionalGeneration(config), processor


@family(native=(48, 32), listed=False)
def paddleocr_vl() -> tuple[Any, Any]:
    words = tokenizer("<|vision_start|>", "<|vision_end|>", "<|video_pad|>", image_token="<|image_pad|>")
    ids = words.convert_tokens_to_ids
    rope = {"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10000.0}
    config = hf.PaddleOCRVLConfig(
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                           image_size=32, patch_size=4),
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, head_dim=16, rope_parameters=rope,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2),
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"), vision_end_token_id=ids("<|vision_end|>"),
        tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.PaddleOCRVLImageProcessor(patch_size=4, size={"shortest_edge": 16 * 16, "longest_edge": 64 * 64})
    template_of_image = template("<|vision_start|><|image_pad|><|vision_end|>")
    processor = hf.PaddleOCRVLProcessor(images, words, chat_template=template_of_image)
    return hf.PaddleOCRVLForConditionalGeneration(config), processor
