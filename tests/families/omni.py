"""Families that also hear or speak, of which the part that reads text and images is scored."""

from __future__ import annotations

from typing import Any

import torch
import transformers as hf

from .tiny import VISION, family, template, text, tokenizer

ROPE = {"rope_type": "default", "rope_theta": 10000.0}


def _tokens() -> tuple[Any, Any]:
    names = dict(
        image_token="<|image_pad|>", video_token="<|video_pad|>", audio_token="<|audio_pad|>",
        vision_bos_token="<|vision_start|>", vision_eos_token="<|vision_end|>", audio_bos_token="<|audio_start|>",
        audio_eos_token="<|audio_end|>",
    )  # fmt: skip
    words = tokenizer(**names)
    return words, words.convert_tokens_to_ids


def _thinker(kind: str, words: Any, ids: Any, **more: Any) -> Any:
    options = dict(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, head_dim=16, pad_token_id=0, bos_token_id=1, eos_token_id=2,
        rope_parameters={**ROPE, "mrope_section": [2, 3, 3]}, tie_word_embeddings=False, **more,
    )  # fmt: skip
    tower = dict(depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4)
    if kind == "Qwen2_5Omni":
        options.pop("head_dim")
        tower |= dict(window_size=16, fullatt_block_indexes=[1])
        names = dict(image_token_index=ids("<|image_pad|>"), video_token_index=ids("<|video_pad|>"),
                     audio_token_index=ids("<|audio_pad|>"))  # fmt: skip
        audio = dict(d_model=32, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=32, output_dim=32)
    else:
        tower |= dict(num_position_embeddings=64, deepstack_visual_indexes=[0])
        names = dict(image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"),
                     audio_token_id=ids("<|audio_pad|>"))  # fmt: skip
        audio = dict(d_model=32, encoder_layers=1, encoder_attention_heads=2, encoder_ffn_dim=32, output_dim=32,
                     downsample_hidden_size=8)  # fmt: skip
    return getattr(hf, f"{kind}ThinkerConfig")(
        text_config=options, vision_config=tower, audio_config=audio, audio_start_token_id=ids("<|audio_start|>"),
        audio_end_token_id=ids("<|audio_end|>"), vision_start_token_id=ids("<|vision_start|>"),
        vision_end_token_id=ids("<|vision_end|>"), tie_word_embeddings=False, **names,
    )  # fmt: skip


def _processor(kind: str, words: Any) -> Any:
    images = hf.Qwen2VLImageProcessor(patch_size=4, size={"shortest_edge": 8 * 8, "longest_edge": 64 * 64})
    video = hf.Qwen2VLVideoProcessor(patch_size=4)
    return getattr(hf, f"{kind}Processor")(
        images, video, hf.WhisperFeatureExtractor(), words, chat_template=template(VISION)
    )


@family(native=(56, 32), tested=False)
def qwen2_5_omni_thinker() -> tuple[Any, Any]:
    words, ids = _tokens()
    config = _thinker("Qwen2_5Omni", words, ids)
    return hf.Qwen2_5OmniThinkerForConditionalGeneration(config), _processor("Qwen2_5Omni", words)


@family(native=(56, 32), tested=False)
def qwen3_omni_moe_thinker() -> tuple[Any, Any]:
    words, ids = _tokens()
    config = _thinker("Qwen3OmniMoe", words, ids, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=24)
    return hf.Qwen3OmniMoeThinkerForConditionalGeneration(config), _processor("Qwen3OmniMoe", words)


@family(native=(56, 32), tested=False)
def qwen2_5_omni() -> tuple[Any, Any]:
    """The thinker inside the whole model, without its voice."""
    words, ids = _tokens()
    config = hf.Qwen2_5OmniConfig(
        thinker_config=_thinker("Qwen2_5Omni", words, ids).to_dict(), enable_audio_output=False
    )
    return hf.Qwen2_5OmniForConditionalGeneration(config), _processor("Qwen2_5Omni", words)


@family(native=(56, 32), tested=False)
def qwen3_omni_moe() -> tuple[Any, Any]:
    """The thinker inside the whole model, without its voice."""
    words, ids = _tokens()
    thinker = _thinker("Qwen3OmniMoe", words, ids, num_experts=4, num_experts_per_tok=2, moe_intermediate_size=24)
    config = hf.Qwen3OmniMoeConfig(thinker_config=thinker.to_dict(), enable_audio_output=False)
    return hf.Qwen3OmniMoeForConditionalGeneration(config), _processor("Qwen3OmniMoe", words)


@family(native=None, tested=False)
def phi4_multimodal() -> tuple[Any, Any]:
    words = tokenizer(image_token="<|image|>", audio_token="<|audio|>")
    ids = words.convert_tokens_to_ids
    config = hf.Phi4MultimodalConfig(
        **text(dict, words, rope_parameters={**ROPE, "partial_rotary_factor": 1.0}),
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=3, num_attention_heads=2, image_size=128,
                           patch_size=4, crop_size=128, image_token_id=ids("<|image|>")),
        audio_config=dict(hidden_size=16, intermediate_size=16, num_blocks=2, num_attention_heads=2,
                          ext_pw_out_channel=16, depthwise_separable_out_channel=16, nemo_conv_channels=8,
                          audio_token_id=ids("<|audio|>")),
    )  # fmt: skip
    images = hf.Phi4MultimodalImageProcessor(size={"height": 128, "width": 128}, patch_size=4, dynamic_hd=1)
    processor = hf.Phi4MultimodalProcessor(
        images, hf.Phi4MultimodalFeatureExtractor(), words, chat_template=template("<|image|>")
    )
    return hf.Phi4MultimodalForCausalLM(config), processor


def _gemma4(kind: str, tower: dict[str, Any]) -> tuple[Any, Any]:
    words = tokenizer(
        image_token="<image_soft_token>", boi_token="<start_of_image>", eoi_token="<end_of_image>",
        audio_token="<audio_soft_token>", boa_token="<start_of_audio>", eoa_token="<end_of_audio>",
        video_token="<|video|>",
    )  # fmt: skip
    ids = words.convert_tokens_to_ids
    rope = {"sliding_attention": ROPE, "full_attention": ROPE}
    options = text(dict, words, sliding_window=16, layer_types=["sliding_attention", "full_attention"],
                   rope_parameters=rope)  # fmt: skip
    if kind == "Gemma4":
        options |= dict(vocab_size_per_layer_input=len(words), hidden_size_per_layer_input=8)
    config = getattr(hf, f"{kind}Config")(
        text_config=options, vision_config=tower, audio_config=None, boi_token_id=ids("<start_of_image>"),
        eoi_token_id=ids("<end_of_image>"), image_token_id=ids("<image_soft_token>"), tie_word_embeddings=False,
        video_token_id=ids("<|video|>"), audio_token_id=ids("<audio_soft_token>"), boa_token_id=ids("<start_of_audio>"),
        eoa_token_index=ids("<end_of_audio>"),
    )  # fmt: skip
    images = getattr(hf, f"{kind}ImageProcessor")(patch_size=4, max_soft_tokens=70, pooling_kernel_size=2)
    processor = getattr(hf, f"{kind}Processor")(
        getattr(hf, f"{kind}AudioFeatureExtractor" if kind != "Gemma4" else "Gemma4AudioFeatureExtractor")(),
        images, words, getattr(hf, f"{kind}VideoProcessor")(patch_size=4, pooling_kernel_size=2),
        chat_template=template("<image_soft_token>"), image_seq_length=70,
    )  # fmt: skip
    network = getattr(hf, f"{kind}ForConditionalGeneration")(config)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            if "k_norm" in name:  # these networks learn the scale of attention, which is the width's root elsewhere
                weight *= len(weight) ** -0.5
    return network, processor


@family(native=None, tested=False)
def gemma4() -> tuple[Any, Any]:
    """Soft tokens of pooled patches; attention to the whole image and to a sliding window."""
    tower = dict(
        hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, num_key_value_heads=2,
        head_dim=12, pooling_kernel_size=2, patch_size=4, position_embedding_size=64,
        rope_parameters=dict(ROPE, rope_theta=100.0),
    )  # fmt: skip
    return _gemma4("Gemma4", tower)


@family(native=None, tested=False)
def gemma4_unified() -> tuple[Any, Any]:
    """Patches enter the language model without a vision tower."""
    return _gemma4(
        "Gemma4Unified",
        dict(patch_size=4, pooling_kernel_size=2, mm_embed_dim=32, mm_posemb_size=64, output_proj_dims=32),
    )
