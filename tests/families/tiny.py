"""Tiny random-weight checkpoints of real architectures, made from the families' own configuration and processor classes.

Weights are scaled to give probabilities that depend on the image and are far from uniform, unlike default initialisation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import transformers as hf
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

TEXTS = [
    "a red circle on grass, beside a small blue square.",
    "What is in the image? Yes, there is a cat; no dog.",
    "naïve café ☃ 猫が木の上にいる 🐈 über-große Äpfel",
]

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|{{ message['role'] }}|>"
    "{% for part in message['content'] %}{% if part['type'] == 'image' %}IMAGE{% else %}{{ part['text'] }}{% endif %}"
    "{% endfor %}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


@dataclass(frozen=True)
class Family:
    """How to make a checkpoint, and what a plain forward pass needs to know about it."""

    make: Callable[[], tuple[Any, Any]]
    native: tuple[int, int] | None
    """Width and height of an image that its processor does not resample; None: it always does."""
    other: tuple[int, int] = (53, 38)
    prefix: str = ""
    """What stands before the prompt, for processors without a chat template."""
    extend: Mapping[str, int] = field(default_factory=dict)
    """Value of the answer's tokens in inputs with one value per token, where it is not the usual one."""
    load: Mapping[str, Any] = field(default_factory=dict)
    """Further options of `load_model`."""
    ask: Callable[[Any, Any, str], Any] | None = None
    """Processor, image and prompt → inputs, for processors that are called in an unusual way."""


FAMILIES: dict[str, Family] = {}
"""Common families, by model type."""

OTHERS: dict[str, Family] = {}
"""Further families that the tests run, by model type."""

BENCHMARKED: dict[str, Family] = {}
"""Families that only `benchmarks/families.py` runs, by model type."""

NOT_BUILT: dict[str, str] = {}
"""Why there is no tiny checkpoint of a model type."""


def family(
    native: tuple[int, int] | None,
    other: tuple[int, int] = (53, 38),
    listed: bool = True,
    tested: bool = True,
    model_type: str | None = None,
    **more: Any,
) -> Any:
    """Register a function that makes a network and its processor, under the model type or else its name."""

    def register(make: Callable[[], tuple[Any, Any]]) -> Callable[[], tuple[Any, Any]]:
        registry = BENCHMARKED if not tested else FAMILIES if listed else OTHERS
        registry[model_type or make.__name__] = Family(make, native, other, **more)
        return make

    return register


def save(name: str, folder: Path) -> Path:
    """Make the family's checkpoint in a folder."""
    torch.manual_seed(7)
    network, processor = {**FAMILIES, **OTHERS, **BENCHMARKED}[name].make()
    if processor is None:  # the configuration is enough to refuse the family
        network.save_pretrained(folder)
        return folder
    speaker, network = network, getattr(network, "thinker", network)
    decide(network)
    tokens = getattr(processor, "tokenizer", processor)
    placeholders = ("<image>", "<|image_pad|>", "<|video_pad|>", "[IMG]", "<IMG_CONTEXT>", "<image_soft_token>")
    unlikely = [*tokens.all_special_ids, *(tokens.get_vocab()[t] for t in placeholders if t in tokens.get_vocab())]
    head = network.get_output_embeddings()
    if head is not None:
        with torch.no_grad():  # otherwise answers would be empty
            head.weight[[i for i in unlikely if i < len(head.weight)]] = 0
    if network.generation_config is not None:
        network.generation_config.eos_token_id = tokens.eos_token_id
        network.generation_config.pad_token_id = tokens.pad_token_id
        network.generation_config.repetition_penalty = 1.3  # must not affect greedy decoding
    speaker.save_pretrained(folder)
    if hasattr(speaker, "load_speakers"):
        torch.save({}, folder / "spk_dict.pt")  # voices
    processor.save_pretrained(folder)
    return folder


def decide(network: Any) -> None:
    """Initialise weights with unit gain, and the output layer for probabilities far from uniform."""
    head = network.get_output_embeddings()
    heads = set() if head is None else {id(p) for p in head.parameters()}
    for name, parameter in network.named_parameters():
        if "gate" in name and parameter.ndim <= 1:
            torch.nn.init.ones_(parameter)  # Mllama's gates are closed initially, which hides the image
        if parameter.ndim >= 2:
            tables = ("experts", "position_embedding_table")  # one matrix per expert or axis
            stacked = any(table in name for table in tables) and parameter.ndim == 3
            std = (parameter.shape[-1] if stacked else parameter.numel() / parameter.shape[0]) ** -0.5
            torch.nn.init.normal_(parameter, std=3 * std if id(parameter) in heads else std)
    torch.nn.init.normal_(network.get_input_embeddings().weight, std=0.5)


def tokenizer(*special: str, **named: str) -> Any:
    """Train a byte-level BPE tokenizer on a few lines; `named` tokens become attributes of the tokenizer."""
    bpe = Tokenizer(models.BPE())
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    tokens = ["<pad>", "<s>", "</s>", "<|user|>", "<|assistant|>", "<|end|>", *special, *named.values()]
    trainer = trainers.BpeTrainer(
        vocab_size=300 + len(tokens),
        special_tokens=list(dict.fromkeys(tokens)),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator(TEXTS, trainer)
    return hf.PreTrainedTokenizerFast(
        tokenizer_object=bpe, bos_token="<s>", eos_token="</s>", pad_token="<pad>", extra_special_tokens=named
    )


def template(image: str = "<image>") -> str:
    return TEMPLATE.replace("IMAGE", image)


def text(kind: Any, words: Any, **more: Any) -> Any:
    """Return the configuration of a two-layer language model."""
    options = dict(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, head_dim=16, max_position_embeddings=2048, tie_word_embeddings=False,
        bos_token_id=words.bos_token_id, eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id,
    )  # fmt: skip
    return kind(**{**options, **more})


def vision(kind: Any, size: int = 32, patch: int = 8, **more: Any) -> Any:
    """Return the configuration of a two-layer vision tower."""
    options = dict(
        hidden_size=24,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        image_size=size,
        patch_size=patch,
    )
    return kind(**{**options, **more})


def clip(kind: Any = hf.CLIPImageProcessor, side: int = 32, **more: Any) -> Any:
    return kind(size={"height": side, "width": side}, do_center_crop=False, **more)


@family(native=(32, 32))
def llava() -> tuple[Any, Any]:
    words = tokenizer("<image>")
    config = hf.LlavaConfig(
        vision_config=vision(hf.CLIPVisionConfig),
        text_config=text(hf.LlamaConfig, words),
        image_token_index=words.convert_tokens_to_ids("<image>"),
    )
    images = hf.CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    processor = hf.LlavaProcessor(images, words, 8, "default", chat_template=template(), num_additional_image_tokens=1)
    return hf.LlavaForConditionalGeneration(config), processor


@family(native=(64, 64))
def llava_next() -> tuple[Any, Any]:
    words, grid = tokenizer("<image>"), [[32, 64], [64, 32], [64, 64]]
    config = hf.LlavaNextConfig(
        vision_config=vision(hf.CLIPVisionConfig), text_config=text(hf.LlamaConfig, words), image_grid_pinpoints=grid,
        image_token_index=words.convert_tokens_to_ids("<image>"),
    )  # fmt: skip
    images = hf.LlavaNextImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}, image_grid_pinpoints=grid
    )
    processor = hf.LlavaNextProcessor(
        images, words, 8, "default", chat_template=template(), num_additional_image_tokens=1
    )
    return hf.LlavaNextForConditionalGeneration(config), processor


@family(native=(64, 64))
def llava_onevision() -> tuple[Any, Any]:
    words, grid = tokenizer("<image>", "<video>"), [[32, 64], [64, 32], [64, 64]]
    ids = words.convert_tokens_to_ids
    config = hf.LlavaOnevisionConfig(
        vision_config=vision(hf.SiglipVisionConfig, vision_use_head=False), text_config=text(hf.Qwen2Config, words),
        image_grid_pinpoints=grid,
        image_token_index=ids("<image>"), video_token_index=ids("<video>"), vision_aspect_ratio="anyres_max_4",
    )  # fmt: skip
    images = hf.LlavaOnevisionImageProcessor(size={"height": 32, "width": 32}, image_grid_pinpoints=grid)
    processor = hf.LlavaOnevisionProcessor(
        images, words, hf.LlavaOnevisionVideoProcessor(), num_image_tokens=16, vision_feature_select_strategy="full",
        chat_template=template(), vision_aspect_ratio="anyres_max_4",
    )  # fmt: skip
    return hf.LlavaOnevisionForConditionalGeneration(config), processor


VISION = "<|vision_start|><|image_pad|><|vision_end|>"


def _qwen(prefix: str, mrope: list[int], **tower: Any) -> tuple[Any, Any]:
    words = tokenizer("<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>")
    ids = words.convert_tokens_to_ids
    config_kind = getattr(hf, f"{prefix}Config")
    rope = {"rope_type": "default", "mrope_section": mrope, "rope_theta": 10000.0}
    options = dict(
        vocab_size=len(words), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, head_dim=16, rope_parameters=rope, pad_token_id=0, bos_token_id=1, eos_token_id=2,
    )  # fmt: skip
    config = config_kind(
        text_config=options, vision_config=tower, image_token_id=ids("<|image_pad|>"), tie_word_embeddings=False,
        video_token_id=ids("<|video_pad|>"), vision_start_token_id=ids("<|vision_start|>"),
        vision_end_token_id=ids("<|vision_end|>"),
    )  # fmt: skip
    kind, side = ("Qwen3VL", tower["patch_size"]) if prefix == "Qwen3VL" else ("Qwen2VL", tower["patch_size"])
    images = hf.Qwen2VLImageProcessor(patch_size=side, size={"shortest_edge": (2 * side) ** 2, "longest_edge": 64 * 64})
    video = getattr(hf, f"{kind}VideoProcessor")(patch_size=side)
    processor = getattr(hf, {"Qwen2_5_VL": "Qwen2_5_VLProcessor"}.get(prefix, f"{prefix}Processor"))(
        images, words, video, chat_template=template(VISION)
    )
    return getattr(hf, f"{prefix}ForConditionalGeneration")(config), processor


@family(native=(56, 32))
def qwen2_vl() -> tuple[Any, Any]:
    return _qwen("Qwen2VL", [2, 3, 3], depth=2, embed_dim=32, hidden_size=32, num_heads=2, mlp_ratio=2, patch_size=4)


@family(native=(56, 32))
def qwen2_5_vl() -> tuple[Any, Any]:
    return _qwen(
        "Qwen2_5_VL", [2, 3, 3], depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2,
        patch_size=4, window_size=16, fullatt_block_indexes=[1],
    )  # fmt: skip


@family(native=(56, 32))
def qwen3_vl() -> tuple[Any, Any]:
    return _qwen(
        "Qwen3VL", [3, 3, 2], depth=2, hidden_size=32, out_hidden_size=32, intermediate_size=48, num_heads=2, patch_size=4,
        num_position_embeddings=64, deepstack_visual_indexes=[0],
    )  # fmt: skip


@family(native=(32, 32), other=(70, 30))
def internvl() -> tuple[Any, Any]:
    words = tokenizer(
        start_image_token="<img>", end_image_token="</img>", context_image_token="<IMG_CONTEXT>", video_token="<video>"
    )
    tower = vision(hf.InternVLVisionConfig, image_size=[32, 32], patch_size=[8, 8])
    config = hf.InternVLConfig(
        vision_config=tower, text_config=text(hf.Qwen3Config, words), image_token_id=words.convert_tokens_to_ids("<IMG_CONTEXT>"),
        image_seq_length=4, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.GotOcr2ImageProcessor(size={"height": 32, "width": 32}, min_patches=1, max_patches=4)
    processor = hf.InternVLProcessor(
        images, words, hf.InternVLVideoProcessor(), image_seq_length=4, chat_template=template("<IMG_CONTEXT>\n")
    )
    return hf.InternVLForConditionalGeneration(config), processor


IDEFICS_TOKENS = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>"] + [
    f"<row_{i}_col_{j}>" for i in range(1, 7) for j in range(1, 7)
]


@family(native=(64, 64))
def idefics3() -> tuple[Any, Any]:
    words = tokenizer(*IDEFICS_TOKENS)
    config = hf.Idefics3Config(
        image_token_id=words.convert_tokens_to_ids("<image>"), vision_config=vision(hf.Idefics3VisionConfig),
        text_config=text(hf.LlamaConfig, words), scale_factor=2, tie_word_embeddings=False, pad_token_id=0,
    )  # fmt: skip
    images = hf.Idefics3ImageProcessor(size={"longest_edge": 64}, max_image_size={"longest_edge": 32})
    return hf.Idefics3ForConditionalGeneration(config), hf.Idefics3Processor(
        images, words, image_seq_len=4, chat_template=template()
    )


@family(native=(64, 64))
def smolvlm() -> tuple[Any, Any]:
    words = tokenizer(*IDEFICS_TOKENS, "<video>")
    config = hf.SmolVLMConfig(
        image_token_id=words.convert_tokens_to_ids("<image>"), vision_config=vision(hf.SmolVLMVisionConfig),
        text_config=text(hf.LlamaConfig, words), scale_factor=2, tie_word_embeddings=False, pad_token_id=0,
    )  # fmt: skip
    images = hf.SmolVLMImageProcessor(size={"longest_edge": 64}, max_image_size={"longest_edge": 32})
    video = hf.SmolVLMVideoProcessor()
    return hf.SmolVLMForConditionalGeneration(config), hf.SmolVLMProcessor(
        images, words, video, image_seq_len=4, chat_template=template()
    )


@family(native=(32, 32))
def gemma3() -> tuple[Any, Any]:
    words = tokenizer(boi_token="<start_of_image>", eoi_token="<end_of_image>", image_token="<image_soft_token>")
    ids = words.convert_tokens_to_ids
    config = hf.Gemma3Config(
        text_config=text(hf.Gemma3TextConfig, words, sliding_window=16, query_pre_attn_scalar=16),
        vision_config=vision(hf.SiglipVisionConfig),
        mm_tokens_per_image=4, boi_token_index=ids("<start_of_image>"), eoi_token_index=ids("<end_of_image>"),
        image_token_index=ids("<image_soft_token>"), tie_word_embeddings=False,
    )  # fmt: skip
    processor = hf.Gemma3Processor(
        clip(hf.Gemma3ImageProcessor), words, image_seq_length=4, chat_template=template("<start_of_image>")
    )
    return hf.Gemma3ForConditionalGeneration(config), processor


@family(native=(48, 32))
def mistral3() -> tuple[Any, Any]:
    words = tokenizer("[IMG]", "[IMG_BREAK]", "[IMG_END]")
    config = hf.Mistral3Config(
        vision_config=vision(hf.PixtralVisionConfig, size=64, head_dim=12), text_config=text(hf.MistralConfig, words),
        image_token_index=words.convert_tokens_to_ids("[IMG]"), spatial_merge_size=2, vision_feature_layer=-1,
        tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.PixtralImageProcessor(size={"longest_edge": 64}, patch_size=8)
    processor = hf.PixtralProcessor(images, words, patch_size=8, spatial_merge_size=2, chat_template=template("[IMG]"))
    return hf.Mistral3ForConditionalGeneration(config), processor


@family(native=(48, 32))
def pixtral() -> tuple[Any, Any]:
    words = tokenizer("[IMG]", "[IMG_BREAK]", "[IMG_END]")
    config = hf.LlavaConfig(
        vision_config=vision(hf.PixtralVisionConfig, size=64, head_dim=12), text_config=text(hf.MistralConfig, words), vision_feature_layer=-1,
        image_token_index=words.convert_tokens_to_ids("[IMG]"), vision_feature_select_strategy="full",
    )  # fmt: skip
    images = hf.PixtralImageProcessor(size={"longest_edge": 64}, patch_size=8)
    return hf.LlavaForConditionalGeneration(config), hf.PixtralProcessor(
        images, words, patch_size=8, chat_template=template("[IMG]")
    )
