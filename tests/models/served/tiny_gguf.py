"""A tiny random-weight Qwen2-VL twice: as a checkpoint for transformers, and as the two GGUF files that llama.cpp loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
import transformers as hf

from ...families import tiny

NATIVE = (56, 32)
"""Width and height of an image that neither transformers' processor nor llama.cpp resamples."""

CONTEXT = 512
TEMPORAL = 2


def make_checkpoint() -> tuple[Any, Any]:
    """Return a network and its processor; llama.cpp needs a vision tower of more than two blocks."""
    words = tiny.tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    ids = words.convert_tokens_to_ids
    language = tiny.text(
        hf.models.qwen2_vl.configuration_qwen2_vl.Qwen2VLTextConfig,
        words,
        rope_parameters={"rope_type": "default", "mrope_section": [2, 3, 3], "rope_theta": 10000.0},
        max_position_embeddings=CONTEXT,
    ).to_dict()
    vision = dict(depth=3, embed_dim=32, hidden_size=32, num_heads=2, mlp_ratio=2, patch_size=4)
    config = hf.Qwen2VLConfig(
        text_config=language, vision_config=vision, tie_word_embeddings=False,
        image_token_id=ids("<|image_pad|>"), video_token_id=ids("<|video_pad|>"),
        vision_start_token_id=ids("<|vision_start|>"), vision_end_token_id=ids("<|vision_end|>"),
    )  # fmt: skip
    images = hf.Qwen2VLImageProcessor(patch_size=4, size={"shortest_edge": 8**2, "longest_edge": 64 * 64})
    processor = hf.Qwen2VLProcessor(
        images, words, hf.Qwen2VLVideoProcessor(patch_size=4), chat_template=tiny.template(tiny.VISION)
    )
    return hf.Qwen2VLForConditionalGeneration(config), processor


def save(folder: Path) -> Path:
    """Write a folder with the checkpoint ``hf/``, ``model.gguf`` and ``mmproj.gguf``, all of the same weights.

    ``blind.gguf`` is a vision tower that shows the same whatever the image.
    """
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(7)
    network, processor = make_checkpoint()
    tiny.decide(network)
    words = processor.tokenizer
    unlikely = [i for i in range(len(words)) if i in words.added_tokens_decoder or not words.decode([i]).isprintable()]
    unlikely += [i for i in range(len(words)) if not words.decode([i]).isascii()]
    with torch.no_grad():  # otherwise answers would be empty or end within a character
        network.get_output_embeddings().weight[unlikely] = 0
    network.generation_config.eos_token_id = words.eos_token_id
    network.generation_config.pad_token_id = words.pad_token_id
    network.save_pretrained(folder / "hf")
    processor.save_pretrained(folder / "hf")
    weights = {name.removeprefix("model."): w.float().numpy() for name, w in network.state_dict().items()}
    write_language(folder / "model.gguf", network.config.text_config, processor, weights)
    write_vision(folder / "mmproj.gguf", network.config.vision_config, processor.image_processor, weights)
    end = "visual.merger.mlp.2."
    blind = {**weights, f"{end}weight": 0 * weights[f"{end}weight"], f"{end}bias": 0.5 + weights[f"{end}bias"]}
    write_vision(folder / "blind.gguf", network.config.vision_config, processor.image_processor, blind)
    return folder


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_language(path: Path, config: Any, processor: Any, weights: dict[str, np.ndarray]) -> None:
    """Write the language model and its tokenizer."""
    writer = gguf.GGUFWriter(path, "qwen2vl")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(CONTEXT)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_sections([*config.rope_parameters["mrope_section"], 0])
    write_tokenizer(writer, processor)

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN2VL, config.num_hidden_layers)
    for name, weight in weights.items():
        if not name.startswith("visual."):
            name = name.replace("language_model.", "model.")
            writer.add_tensor(names.get_name(name, (".weight", ".bias")), weight)
    finish(writer)


def write_tokenizer(writer: gguf.GGUFWriter, processor: Any) -> None:
    """Write the vocabulary and merges of a byte-level BPE tokenizer, and the chat template."""
    words = processor.tokenizer
    vocabulary = sorted(words.get_vocab(), key=words.get_vocab().get)
    special = set(words.added_tokens_encoder)
    kinds = [gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL for token in vocabulary]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(vocabulary)
    writer.add_token_types(kinds)
    writer.add_token_merges(merge_list(words))
    writer.add_bos_token_id(words.bos_token_id)
    writer.add_eos_token_id(words.eos_token_id)
    writer.add_pad_token_id(words.pad_token_id)
    writer.add_add_bos_token(False)  # the template writes it
    writer.add_chat_template(processor.chat_template)


def merge_list(words: Any) -> list[str]:
    """Return the merges as "left right"."""
    merges = json.loads(words.backend_tokenizer.to_str())["model"]["merges"]
    return [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]


def write_vision(path: Path, config: Any, images: Any, weights: dict[str, np.ndarray]) -> None:
    """Write the vision tower and its projector."""
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_clip_projector_type("qwen2vl_merger")
    writer.add_vision_image_size(56)
    writer.add_vision_patch_size(config.patch_size)
    writer.add_vision_embedding_length(config.embed_dim)
    writer.add_vision_feed_forward_length(config.embed_dim * config.mlp_ratio)
    writer.add_vision_projection_dim(config.hidden_size)
    writer.add_vision_block_count(config.depth)
    writer.add_vision_head_count(config.num_heads)
    writer.add_vision_attention_layernorm_eps(1e-6)
    writer.add_vision_image_mean(list(images.image_mean))
    writer.add_vision_image_std(list(images.image_std))

    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.MMPROJ, config.depth)
    for name, weight in weights.items():
        if not name.startswith("visual."):
            continue
        if name == "visual.patch_embed.proj.weight":  # one kernel per frame of a pair
            for frame in range(TEMPORAL):
                writer.add_tensor("v.patch_embd.weight" + (f".{frame}" if frame else ""), weight[:, :, frame].copy())
        elif ".qkv." in name:
            for part, third in zip("qkv", np.split(weight, 3), strict=True):
                split = name.replace("qkv", part)
                writer.add_tensor(names.get_name(split, (".weight", ".bias")), third.copy())
        else:
            writer.add_tensor(names.get_name(name, (".weight", ".bias")), weight)
    finish(writer)
