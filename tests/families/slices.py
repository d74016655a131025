"""Families that cut an image into slices or number its patches throughout a batch."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family, template, tokenizer

ROPE = {"rope_type": "default", "rope_theta": 10000.0}


@family(native=None, tested=False)
def molmo2() -> tuple[Any, Any]:
    """Crops with overlapping margins; pooled patches are named by indices that count through a batch."""
    marks = ["<im_patch>", "<im_col>", "<im_start>", "<low_res_im_start>", "<frame_start>", "<im_end>", "<frame_end>"]
    words = tokenizer(*marks, "<im_low>", "<|video|>", image_token="<|image|>")
    ids = words.convert_tokens_to_ids
    config = hf.Molmo2Config(
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
                           num_key_value_heads=2, head_dim=12, image_size=[32, 32], patch_size=8),
        adapter_config=dict(vision_feature_layer=[1, 0], hidden_size=24, num_attention_heads=2, num_key_value_heads=2,
                            head_dim=12, intermediate_size=48, text_hidden_size=32),
        text_config=dict(hidden_size=32, num_attention_heads=2, num_key_value_heads=2, head_dim=16, vocab_size=len(words),
                         additional_vocab_size=0, num_hidden_layers=2, intermediate_size=48, rope_parameters=ROPE,
                         max_position_embeddings=2048, pad_token_id=0, bos_token_id=1, eos_token_id=2),
        image_patch_id=ids("<im_patch>"), image_start_token_id=ids("<im_start>"), image_end_token_id=ids("<im_end>"),
        low_res_image_start_token_id=ids("<low_res_im_start>"), frame_start_token_id=ids("<frame_start>"),
        frame_end_token_id=ids("<frame_end>"),
    )  # fmt: skip
    images = hf.Molmo2ImageProcessor(
        size={"height": 32, "width": 32}, patch_size=8, max_crops=2, overlap_margins=[1, 1]
    )
    processor = hf.Molmo2Processor(images, hf.Molmo2VideoProcessor(), words, chat_template=template("<|image|>"))
    return hf.Molmo2ForConditionalGeneration(config), processor


@family(native=None, tested=False)
def hunyuan_vl() -> tuple[Any, Any]:
    """Positions count the images of a whole batch."""
    words = tokenizer(image_token="<img>", image_start_token="<img_start>", image_end_token="<img_end>")
    ids = words.convert_tokens_to_ids
    config = hf.HunYuanVLConfig(
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, patch_size=8,
                           max_image_size=64, min_image_size=32, out_hidden_size=32),
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, head_dim=16,
                         num_attention_heads=2, num_key_value_heads=2, tie_word_embeddings=False,
                         rope_parameters={**ROPE, "mrope_section": [2, 2, 2, 2]}),
        image_token_id=ids("<img>"), im_start_id=ids("<img_start>"), im_end_id=ids("<img_end>"), im_newline_id=3,
        tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.HunYuanVLImageProcessor(patch_size=8, size={"shortest_edge": 32 * 32, "longest_edge": 64 * 64})
    processor = hf.HunYuanVLProcessor(images, words, chat_template=template("<img_start><img><img_end>"))
    return hf.HunYuanVLForConditionalGeneration(config), processor


def _minicpm(version: str, **more: Any) -> tuple[Any, Any]:
    """Pixel values of all slices and images side by side along the last axis."""
    words = tokenizer(
        image_token="<|image_pad|>", video_token="<|video_pad|>", image_start_token="<image>", image_end_token="</image>",
        slice_start_token="<slice>", slice_end_token="</slice>", image_id_start_token="<image_id>",
        image_id_end_token="</image_id>",
    )  # fmt: skip
    ids = words.convert_tokens_to_ids
    named = {f"{part}_id": ids(text) for part, text in more.items()}
    config = getattr(hf, f"MiniCPMV{version}Config")(
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=64,
                           patch_size=4),
        text_config=hf.Qwen3_5TextConfig(
            vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
            num_key_value_heads=2, head_dim=16, linear_key_head_dim=8, linear_value_head_dim=8, linear_num_key_heads=2,
            linear_num_value_heads=2, layer_types=["linear_attention", "full_attention"], pad_token_id=0, bos_token_id=1,
            eos_token_id=2, rope_parameters={**ROPE, "partial_rotary_factor": 0.5, "mrope_section": [2, 1, 1],
                                             "mrope_interleaved": True}),
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"), insert_layer_id=0, image_size=64, **named,
    )  # fmt: skip
    images = hf.MiniCPMV4_6ImageProcessor(patch_size=4, scale_resolution=32, max_slice_nums=2)
    processor = getattr(hf, f"MiniCPMV{version}Processor")(
        images, hf.MiniCPMV4_6VideoProcessor(patch_size=4), words, chat_template=template("<|image_pad|>")
    )
    return getattr(hf, f"MiniCPMV{version}ForConditionalGeneration")(config), processor


@family(native=None, tested=False)
def minicpmv4_6() -> tuple[Any, Any]:
    return _minicpm("4_6")


@family(native=None, tested=False)
def minicpmv4_7() -> tuple[Any, Any]:
    return _minicpm(
        "4_7", image_start="<image>", image_end="</image>", slice_start="<slice>", slice_end="</slice>", newline="Ċ"
    )
