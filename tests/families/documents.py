"""Families that read documents, charts and formulas."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family, template, text, tokenizer, vision


@family(native=(48, 32), tested=False)
def lighton_ocr() -> tuple[Any, Any]:
    words = tokenizer(image_token="<|image_pad|>", image_break_token="<|vision_pad|>", image_end_token="<|vision_end|>")
    config = hf.LightOnOcrConfig(
        vision_config=vision(hf.PixtralVisionConfig, size=64, head_dim=12), text_config=text(hf.Qwen3Config, words),
        image_token_id=words.convert_tokens_to_ids("<|image_pad|>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.PixtralImageProcessor(size={"longest_edge": 64}, patch_size=16)
    processor = hf.LightOnOcrProcessor(images, words, patch_size=8, chat_template=template("<|image_pad|>"))
    return hf.LightOnOcrForConditionalGeneration(config), processor


@family(native=(32, 32), other=(70, 30), tested=False)
def qianfan_ocr() -> tuple[Any, Any]:
    """InternVL's tiles in an older form."""
    words = tokenizer(start_image_token="<img>", end_image_token="</img>", context_image_token="<IMG_CONTEXT>")
    config = hf.QianfanOCRConfig(
        vision_config=vision(hf.QianfanOCRVisionConfig, drop_path_rate=0.0), text_config=text(hf.Qwen3Config, words),
        image_token_id=words.convert_tokens_to_ids("<IMG_CONTEXT>"), image_seq_length=4, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.GotOcr2ImageProcessor(size={"height": 32, "width": 32}, min_patches=1, max_patches=4)
    processor = hf.QianfanOCRProcessor(images, words, image_seq_length=4, chat_template=template("<image>\n"))
    return hf.QianfanOCRForConditionalGeneration(config), processor


@family(native=(64, 64), tested=False)
def pp_chart2table() -> tuple[Any, Any]:
    """GOT-OCR2's network; the chat template repeats the image token."""
    words = tokenizer("<img>", "</img>", image_token="<imgpad>")
    tower = dict(hidden_size=24, output_channels=16, num_hidden_layers=2, num_attention_heads=2, image_size=64,
                 patch_size=4, window_size=4, global_attn_indexes=[1], mlp_dim=32)  # fmt: skip
    config = hf.PPChart2TableConfig(
        vision_config=tower, text_config=text(hf.Qwen2Config, words), image_seq_length=16, tie_word_embeddings=False,
        image_token_index=words.convert_tokens_to_ids("<imgpad>"),
    )  # fmt: skip
    images = hf.PPChart2TableImageProcessor(size={"height": 64, "width": 64})
    processor = hf.PPChart2TableProcessor(images, words, chat_template=template("<img>" + "<imgpad>" * 16 + "</img>"))
    return hf.GotOcr2ForConditionalGeneration(config), processor


@family(native=(64, 64), other=(150, 60), tested=False)
def unlimited_ocr() -> tuple[Any, Any]:
    """Two vision towers, tiles, attention to the prompt and to a sliding window, mixture of experts.

    Only generation restricts attention to the window. The answers tested here are shorter; for longer ones, the check of the
    arg-max warns.
    """
    words = tokenizer("<image>")
    config = hf.UnlimitedOcrConfig(
        vision_config=dict(
            sam_config=dict(hidden_size=24, output_channels=16, num_hidden_layers=2, num_attention_heads=2, image_size=64,
                            patch_size=4, window_size=4, global_attn_indexes=[1], mlp_dim=32,
                            downsample_channels=[16, 24]),
            encoder_config=vision(hf.UnlimitedOcrVisionEncoderConfig, size=16, patch=4).to_dict(),
        ),
        text_config=text(hf.UnlimitedOcrTextConfig, words, n_routed_experts=4, n_shared_experts=1, num_experts_per_tok=2,
                         moe_intermediate_size=16, first_k_dense_replace=1, sliding_window=64),
        image_token_id=words.convert_tokens_to_ids("<image>"), tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.UnlimitedOcrImageProcessor(size={"height": 64, "width": 64}, tile_size=64)
    processor = hf.UnlimitedOcrProcessor(
        images, words, patch_size=4, downsample_ratio=4, chat_template=template("<image>")
    )
    return hf.UnlimitedOcrForConditionalGeneration(config), processor


@family(native=None, tested=False)
def minicpm_ocr() -> tuple[Any, Any]:
    """Slices of the image, linear and full attention; tokens merged in windows."""
    words = tokenizer(
        image_token="<|image_pad|>", video_token="<|video_pad|>", image_start_token="<image>",
        image_end_token="</image>", slice_start_token="<slice>", slice_end_token="</slice>",
        image_id_start_token="<image_id>", image_id_end_token="</image_id>",
    )  # fmt: skip
    ids = words.convert_tokens_to_ids
    linear = dict(layer_types=["linear_attention", "full_attention"], linear_key_head_dim=8, linear_value_head_dim=8,
                  linear_num_key_heads=2, linear_num_value_heads=4)  # fmt: skip
    config = hf.MiniCPMOcrConfig(
        vision_config=vision(hf.MiniCPMOcrVisionConfig, size=64, patch=4).to_dict(), insert_layer_id=0,
        text_config=text(hf.Qwen3_5TextConfig, words, **linear), image_token_id=ids("<|image_pad|>"),
        video_token_id=ids("<|video_pad|>"), tie_word_embeddings=False,
    )  # fmt: skip
    sizes = dict(scale_resolution=32, patch_size=4, max_slice_nums=4)
    processor = hf.MiniCPMOcrProcessor(
        hf.MiniCPMOcrImageProcessor(**sizes), hf.MiniCPMOcrVideoProcessor(**sizes), words,
        chat_template=template("<|image_pad|>"),
    )  # fmt: skip
    return hf.MiniCPMOcrForConditionalGeneration(config), processor


@family(native=None, tested=False)
def pp_formulanet() -> tuple[Any, Any]:
    """An encoder-decoder without a prompt."""
    words = tokenizer()
    config = hf.PPFormulaNetConfig(
        vision_config=dict(hidden_size=24, output_channels=16, num_hidden_layers=2, num_attention_heads=2, image_size=64,
                           patch_size=4, window_size=4, global_attn_indexes=[1], mlp_dim=32, post_conv_in_channels=16,
                           post_conv_mid_channels=16, post_conv_out_channels=32, decoder_hidden_size=32),
        text_config=dict(vocab_size=len(words), d_model=32, encoder_layers=2, decoder_layers=2, decoder_ffn_dim=48,
                         encoder_attention_heads=2, decoder_attention_heads=2, max_position_embeddings=64,
                         pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=2,
                         forced_eos_token_id=None),
    )  # fmt: skip
    images = hf.PPFormulaNetImageProcessor(size={"height": 64, "width": 64})
    network = hf.PPFormulaNetForConditionalGeneration(config)
    network.get_input_embeddings = lambda: network.model.decoder.embed_tokens
    return network, hf.PPFormulaNetProcessor(images, words)
