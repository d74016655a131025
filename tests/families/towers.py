"""Families with an unusual way from the image to the language model: two towers, timm, a codebook, cross-attention."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import clip, family, template, text, tokenizer, vision


@family(native=(32, 32), other=(70, 30), tested=False)
def cohere2_vision() -> tuple[Any, Any]:
    """Tiles, each 4 × 4 tokens."""
    words = tokenizer(
        image_token="<|IMG_PATCH|>", boi_token="<|START_OF_IMG|>", eoi_token="<|END_OF_IMG|>",
        img_line_break_token="<|IMG_LINE_BREAK|>",
    )  # fmt: skip
    config = hf.Cohere2VisionConfig(
        vision_config=vision(hf.SiglipVisionConfig, patch=4, vision_use_head=False),
        text_config=text(hf.Cohere2Config, words, logit_scale=1.0), alignment_intermediate_size=48,
        image_token_id=words.convert_tokens_to_ids("<|IMG_PATCH|>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Cohere2VisionImageProcessor(size={"height": 32, "width": 32}, patch_size=4, max_patches=4)
    processor = hf.Cohere2VisionProcessor(images, words, chat_template=template("<|IMG_PATCH|>"))
    return hf.Cohere2VisionForConditionalGeneration(config), processor


@family(native=None, tested=False)
def deepseek_vl_hybrid() -> tuple[Any, Any]:
    """SigLIP and SAM see the image at two resolutions."""
    words = tokenizer(image_token="<image_placeholder>")
    config = hf.DeepseekVLHybridConfig(
        vision_config=vision(hf.SiglipVisionConfig, vision_use_head=False), text_config=text(hf.LlamaConfig, words),
        high_res_vision_config=dict(model_type="sam_vision_model", hidden_size=24, output_channels=16, num_hidden_layers=2,
                                    num_attention_heads=2, image_size=64, patch_size=4, window_size=4, mlp_dim=32,
                                    global_attn_indexes=[1]),
        image_token_id=words.convert_tokens_to_ids("<image_placeholder>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.DeepseekVLHybridImageProcessor(
        size={"height": 32, "width": 32}, high_res_size={"height": 64, "width": 64}, min_size=4
    )
    processor = hf.DeepseekVLHybridProcessor(
        images, words, chat_template=template("<image_placeholder>"), num_image_tokens=16
    )
    return hf.DeepseekVLHybridForConditionalGeneration(config), processor


@family(native=(64, 64), tested=False)
def gemma3n() -> tuple[Any, Any]:
    """A convolutional tower of timm, an audio tower; layers that share keys and values."""
    marks = {f"{name}_token": f"<{name}>" for name in ("image", "boi", "eoi", "audio", "boa", "eoa")}
    words = tokenizer(**marks)
    kinds = ["sliding_attention", "full_attention"] * 2
    config = hf.Gemma3nConfig(
        text_config=text(hf.Gemma3nTextConfig, words, num_hidden_layers=4, num_kv_shared_layers=2, layer_types=kinds,
                         sliding_window=16, hidden_size_per_layer_input=8, vocab_size_per_layer_input=len(words),
                         laurel_rank=4, altup_num_inputs=2).to_dict(),
        vision_config=dict(architecture="test_efficientnet", hidden_size=256, vocab_size=8, vocab_offset=len(words)),
        audio_config=dict(hidden_size=32, input_feat_size=16, conf_num_attention_heads=2, conf_num_hidden_layers=1,
                          sscp_conv_channel_size=[8, 4], vocab_size=8, vocab_offset=len(words) + 8),
        vision_soft_tokens_per_image=4, audio_soft_tokens_per_image=4, tie_word_embeddings=False,
        **{f"{name}_id": words.convert_tokens_to_ids(token) for name, token in marks.items()},
    )  # fmt: skip
    processor = hf.Gemma3nProcessor(
        hf.Gemma3nAudioFeatureExtractor(feature_size=16), clip(hf.SiglipImageProcessor, side=64), words,
        chat_template=template("<image>"), audio_seq_length=4, image_seq_length=4,
    )  # fmt: skip
    return hf.Gemma3nForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def apertus1p5() -> tuple[Any, Any]:
    """The image becomes tokens of a codebook, which are words of the vocabulary."""
    names = ("image", "audio", "boi", "eoi", "image_wrapper", "eol", "boa", "eoa")
    words = tokenizer(**{f"{name}_token": f"<|{name}|>" for name in names})
    size, codes = len(words), 64
    config = hf.Apertus1p5Config(
        text_config=text(hf.Apertus1p5TextConfig, words, vocab_size=size + codes + 16, output_vocab_size=size).to_dict(),
        vision_config=dict(codebook_size=codes, embed_dim=8, latent_channels=8, base_channels=32, resolution=32,
                           channel_multiplier=[1, 1, 1], num_res_blocks=1, attn_resolutions=[8]),
        audio_config=dict(model_type="wavtokenizer_encoder", num_filters=4, hidden_size=16, codebook_size=16,
                          codebook_dim=16, num_lstm_layers=1, upsampling_ratios=[2, 2]),
        image_token_id=words.convert_tokens_to_ids("<|image|>"), audio_token_id=words.convert_tokens_to_ids("<|audio|>"),
        image_token_offset=size, audio_token_offset=size + codes, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Apertus1p5ImageProcessor(spatial_factor=4, size={"min_pixels": 16 * 16, "max_pixels": 64 * 64})
    processor = hf.Apertus1p5Processor(
        images, hf.WavTokenizerFeatureExtractor(), words, chat_template=template("<|image|>")
    )
    return hf.Apertus1p5ForConditionalGeneration(config), processor


@family(native=(32, 32), tested=False, extend={"image_attention_mask": 1})
def idefics() -> tuple[Any, Any]:
    """The image enters by gated cross-attention, with a mask per token; the processor places the image."""
    words = tokenizer("<fake_token_around_image>", "<image>", "<end_of_utterance>")
    config = hf.IdeficsConfig(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        cross_layer_interval=1, alpha_initializer="ones", pad_token_id=0, bos_token_id=1, eos_token_id=2,
        vision_config=dict(embed_dim=24, image_size=32, intermediate_size=32, patch_size=8, num_hidden_layers=2,
                           num_attention_heads=2),
    )  # fmt: skip
    images = hf.IdeficsImageProcessor(image_size=32, size={"height": 32, "width": 32})
    return hf.IdeficsForVisionText2Text(config), hf.IdeficsProcessor(images, words, image_size=32)
