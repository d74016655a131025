"""Families with a mixture of experts, some with sparse attention."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .clips import MROPE, clip_template, qwen
from .tiny import family, template, text, tokenizer, vision

SIZE = {"shortest_edge": 16 * 16, "longest_edge": 64 * 64}


@family(native=None, tested=False)
def aria() -> tuple[Any, Any]:
    """Learned queries summarise the image, which its processor always makes 980 pixels wide or high."""
    words = tokenizer(image_token="<|img|>")
    config = hf.AriaConfig(
        vision_config=vision(hf.Idefics3VisionConfig, size=980, patch=140), projector_patch_to_query_dict={49: 4},
        text_config=text(hf.AriaTextConfig, words, moe_num_experts=4, moe_topk=2, moe_num_shared_experts=1),
        image_token_index=words.convert_tokens_to_ids("<|img|>"), tie_word_embeddings=False,
    )  # fmt: skip
    processor = hf.AriaProcessor(
        hf.AriaImageProcessor(), words, chat_template=template("<|img|>"), size_conversion={980: 4}
    )
    return hf.AriaForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False, extend={"moe_mm_token_type_ids": 0})
def ernie4_5_vl_moe() -> tuple[Any, Any]:
    """Separate experts for text and for images."""
    marks = {
        f"{kind}_{part}token": f"<|{kind}_{part}pad|>" for kind in ("image", "video") for part in ("", "start_", "end_")
    }
    words = tokenizer(**marks)
    ids = {f"{name}_id": words.convert_tokens_to_ids(token) for name, token in marks.items()}
    rope = {"rope_type": "default", "mrope_section": [3, 3, 2], "rope_theta": 10000.0}
    config = hf.Ernie4_5_VLMoeConfig(
        text_config=text(hf.Ernie4_5_VLMoeTextConfig, words, rope_parameters=rope, moe_intermediate_size=[16, 16],
                         moe_k=2, moe_num_experts=4, moe_num_shared_experts=1).to_dict(),
        vision_config=dict(depth=2, hidden_size=32, num_heads=2, patch_size=4, intermediate_size=48),
        tie_word_embeddings=False, **ids,
    )  # fmt: skip
    images = hf.Ernie4_5_VLMoeImageProcessor(patch_size=4, size=SIZE)
    videos = hf.Ernie4_5_VLMoeVideoProcessor(patch_size=4, size=SIZE, draw_on_frames=False)
    image, video = ("".join(marks[f"{kind}_{p}token"] for p in ("start_", "", "end_")) for kind in ("image", "video"))
    processor = hf.Ernie4_5_VLMoeProcessor(images, words, videos, chat_template=clip_template(image, video))
    return hf.Ernie4_5_VLMoeForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def dots3_note() -> tuple[Any, Any]:
    """The vision tower's experts choose their tokens; sparse and sliding attention; an audio tower."""
    words = tokenizer("<|imgpad|>", "<|video_pad|>", "<|audio_comp_pad|>")
    image, video, audio = words.convert_tokens_to_ids(["<|imgpad|>", "<|video_pad|>", "<|audio_comp_pad|>"])
    latent = dict(q_lora_rank=16, kv_lora_rank=16, head_dim=16, qk_nope_head_dim=8, v_head_dim=16,
                  num_attention_heads=2, num_key_value_heads=2)  # fmt: skip
    config = hf.Dots3NoteConfig(
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         layer_types=["indexed_attention", "sliding_attention"], mlp_layer_types=["dense", "sparse"],
                         n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, sliding_window=16,
                         shared_experts_intermediate_size=16, qk_rope_head_dim=8, index_topk=32, index_head_dim=16,
                         index_n_heads=2, pad_token_id=0, bos_token_id=1, eos_token_id=2, **latent,
                         **{f"swa_{name}": value for name, value in latent.items()}),
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2, patch_size=4,
                           moe_intermediate_size=16, mlp_layer_types=["dense", "sparse"], num_local_experts=4,
                           num_experts_per_tok=2, adapter_in_dim=32, adapter_out_dim=32),
        audio_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=1, num_attention_heads=2,
                          feature_size=16, downsample_hidden_size=8, adapter_input_size=32, adapter_out_dim=32),
        image_token_id=image, video_token_id=video, audio_token_id=audio, tie_word_embeddings=False,
    )  # fmt: skip
    processor = hf.Dots3NoteProcessor(
        hf.Qwen2VLImageProcessor(patch_size=4, size=SIZE, temporal_patch_size=1), words,
        hf.Qwen2VLVideoProcessor(patch_size=4, size=SIZE, temporal_patch_size=1),
        hf.Dots3NoteFeatureExtractor(feature_size=16),
        chat_template=clip_template("<|imgpad|>", "<|video_pad|>"),
    )  # fmt: skip
    return hf.Dots3NoteForConditionalGeneration(config), processor


@family(native=(48, 32), tested=False)
def hy_v4_vl() -> tuple[Any, Any]:
    """Sparse attention that layers share, several residual streams."""
    words = tokenizer("<|image_pad|>", "<|video_pad|>")
    image, video = words.convert_tokens_to_ids(["<|image_pad|>", "<|video_pad|>"])
    rope = {"rope_type": "default", "mrope_section": [4, 2, 2], "rope_theta": 10000.0}
    config = hf.HYV4VLConfig(
        text_config=dict(vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                         num_attention_heads=2, num_key_value_heads=2, q_lora_rank=16, kv_lora_rank=16,
                         qk_nope_head_dim=8, qk_rope_head_dim=16, v_head_dim=16, mlp_layer_types=["dense", "sparse"],
                         n_routed_experts=4, num_experts_per_tok=2, moe_intermediate_size=16, index_topk=32,
                         index_head_dim=16, index_n_heads=2, indexer_types=["full", "shared"], hc_mult=2,
                         rope_parameters=rope, pad_token_id=0, bos_token_id=1, eos_token_id=2),
        vision_config=dict(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
                           out_hidden_size=32, patch_size=4, max_image_size=64),
        image_token_id=image, video_token_id=video, tie_word_embeddings=False,
    )  # fmt: skip
    processor = hf.HYV4VLProcessor(
        hf.HYV4VLImageProcessor(patch_size=4, size=SIZE), words, hf.HYV4VLVideoProcessor(patch_size=4, size=SIZE),
        chat_template=clip_template("<|image_pad|>", "<|video_pad|>"),
    )  # fmt: skip
    return hf.HYV4VLForConditionalGeneration(config), processor


@family(native=(56, 32), tested=False)
def cosmos3_omni() -> tuple[Any, Any]:
    """Qwen3-VL's parts in a network that also generates."""
    return qwen("Cosmos3Omni", dict(intermediate_size=48, rope_parameters=MROPE), dict(deepstack_visual_indexes=[0]))
