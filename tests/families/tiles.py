"""Families that cut images into tiles, and a classifier of images."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import transformers as hf
from safetensors.torch import save_file

from .clips import clip_template
from .tiny import clip, family, template, text, tokenizer, vision


@family(native=(32, 32), tested=False)
def ovis2() -> tuple[Any, Any]:
    """Image tokens are distributions over a visual vocabulary."""
    marks = ["<IMG_START>", "<IMG_GRID>", "<IMG_COL>", "<IMG_ROW>", "<IMG_END>"]
    words = tokenizer("<image>", "<IMG_ATOM>", *marks)
    config = hf.Ovis2Config(
        vision_config=vision(hf.Ovis2VisionConfig, hidden_stride=2, vocab_size=64, num_visual_indicator_tokens=5),
        text_config=text(hf.Qwen2Config, words), image_token_id=words.convert_tokens_to_ids("<IMG_ATOM>"),
        visual_indicator_token_ids=words.convert_tokens_to_ids(marks), vocab_size=len(words), hidden_size=32,
        tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Ovis2ImageProcessor(size={"height": 32, "width": 32}, crop_to_patches=True, max_patches=4)
    return hf.Ovis2ForConditionalGeneration(config), hf.Ovis2Processor(
        images, words, image_seq_length=4, chat_template=template()
    )


@family(native=None, tested=False)
def perception_lm() -> tuple[Any, Any]:
    """A vision tower of timm."""
    words = tokenizer(image_token="<|image|>", video_token="<|video|>")
    tower = dict(embed_dim=24, depth=2, num_heads=2, img_size=[32, 32], ref_feat_shape=[4, 4], patch_size=8,
                 global_pool="", use_post_transformer_norm=False)  # fmt: skip
    config = hf.PerceptionLMConfig(
        vision_config=hf.TimmWrapperConfig(architecture="vit_pe_core_tiny_patch16_384", do_pooling=False,
                                           model_args=tower),
        text_config=text(hf.LlamaConfig, words), vision_use_cls_token=True, projector_pooling_ratio=2,
        image_token_id=words.convert_tokens_to_ids("<|image|>"), tie_word_embeddings=False,
        video_token_id=words.convert_tokens_to_ids("<|video|>"),
    )  # fmt: skip
    images = hf.PerceptionLMImageProcessor(tile_size=32, max_num_tiles=4)
    videos = hf.PerceptionLMVideoProcessor(size={"height": 32, "width": 32})
    processor = hf.PerceptionLMProcessor(
        videos, images, words, patch_size=8, chat_template=clip_template("<|image|>", "<|video|>")
    )
    return hf.PerceptionLMForConditionalGeneration(config), processor


@family(native=(32, 32), tested=False)
def shieldgemma2() -> tuple[Any, Any]:
    """Gemma 3 whose processor writes the prompts itself: one for each policy."""
    words = tokenizer(boi_token="<start_of_image>", eoi_token="<end_of_image>", image_token="<image_soft_token>")
    ids = words.convert_tokens_to_ids
    config = hf.ShieldGemma2Config(
        text_config=text(hf.Gemma3TextConfig, words, sliding_window=16, query_pre_attn_scalar=16),
        vision_config=vision(hf.SiglipVisionConfig), mm_tokens_per_image=4, boi_token_index=ids("<start_of_image>"),
        eoi_token_index=ids("<end_of_image>"), image_token_index=ids("<image_soft_token>"), tie_word_embeddings=True,
    )  # fmt: skip
    processor = hf.ShieldGemma2Processor(
        clip(hf.Gemma3ImageProcessor), words, image_seq_length=4, chat_template=template("<start_of_image>")
    )
    network = hf.Gemma3ForConditionalGeneration(config)

    def save_pretrained(folder: Path) -> None:
        """Save under the published checkpoint's names; those that transformers 5.24 writes cannot be loaded again."""
        weights = {published(name): value for name, value in network.state_dict().items() if name != "lm_head.weight"}
        Path(folder).mkdir(parents=True, exist_ok=True)
        save_file(weights, Path(folder) / "model.safetensors", metadata={"format": "pt"})
        config.save_pretrained(folder)
        network.generation_config.save_pretrained(folder)

    network.save_pretrained = save_pretrained
    return network, processor


def published(name: str) -> str:
    """Return the name that a weight of ShieldGemma 2 has in the published checkpoint."""
    name = name.removeprefix("model.").replace("language_model.", "language_model.model.")
    return name.replace("vision_tower.", "vision_tower.vision_model.")
