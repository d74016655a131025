"""Families that quantise images to tokens of a codebook, and others with an unusual image input."""

from __future__ import annotations

import json
from typing import Any

import transformers as hf
from tokenizers import Regex, Tokenizer, normalizers, pre_tokenizers

from .tiny import clip, family, template, text, tokenizer, vision

ROPE = {"rope_type": "default", "rope_theta": 10000.0}


def _names(number: int, code: Any) -> list[str]:
    return [code(k) for k in range(number)]


@family(native=(32, 32), tested=False, prefix="<image>")
def chameleon() -> tuple[Any, Any]:
    """Image tokens are quantised: small differences of pixels may change a token."""
    codes = _names(16, lambda k: f"IMGIMG{''.join(chr(65 + int(d)) for d in str(k))}Z")
    words = tokenizer(*codes, image_token="<image>", boi_token="<racm3:break>", eoi_token="<eoss>")
    vocabulary = {name: words.convert_tokens_to_ids(name) for name in [*codes, "<image>"]}
    config = hf.ChameleonConfig(
        **text(dict, words, rope_parameters=ROPE), vocabulary_map=vocabulary,
        vq_config=dict(embed_dim=8, num_embeddings=16, latent_channels=8, resolution=32, base_channels=32,
                       channel_multiplier=[1, 1, 1, 1], num_res_blocks=1),
    )  # fmt: skip
    images = hf.ChameleonImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
    processor = hf.ChameleonProcessor(images, words, image_seq_length=16)
    return hf.ChameleonForConditionalGeneration(config), processor


@family(native=None, tested=False)
def emu3() -> tuple[Any, Any]:
    """Image tokens are quantised."""
    codes = _names(16, lambda k: f"<|visual token {k:06d}|>")
    words = tokenizer(
        *codes, "<|extra_200|>", image_token="<image>", boi_token="<|image start|>", eoi_token="<|image end|>",
        image_wrapper_token="<|image token|>", eof_token="<|extra_201|>",
    )  # fmt: skip
    names = [*codes, "<image>", "<|extra_200|>"]
    config = hf.Emu3Config(
        text_config=text(dict, words, rope_parameters=ROPE),
        vq_config=dict(codebook_size=16, embed_dim=4, latent_channels=4, base_channels=32, channel_multiplier=[1, 1, 1, 1],
                       num_res_blocks=1, hidden_size=32, attn_resolutions=[], temporal_downsample_factor=1),
        vocabulary_map={name: words.convert_tokens_to_ids(name) for name in names},
    )  # fmt: skip
    images = hf.Emu3ImageProcessor(min_pixels=32 * 32, max_pixels=64 * 64, spatial_factor=8)
    return hf.Emu3ForConditionalGeneration(config), hf.Emu3Processor(images, words, chat_template=template())


@family(native=(64, 64), tested=False)
def llama4() -> tuple[Any, Any]:
    marks = [
        "<|image_start|>",
        "<|image_end|>",
        "<|tile_x_separator|>",
        "<|tile_y_separator|>",
        "<|image|>",
        "<|patch|>",
    ]
    words = tokenizer(*marks)
    ids = words.convert_tokens_to_ids
    config = hf.Llama4Config(
        vision_config=dict(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=96,
                           vision_output_dim=32, image_size=32, patch_size=8, projector_input_dim=32,
                           projector_output_dim=32, rope_parameters=ROPE),
        text_config=text(dict, words, intermediate_size_mlp=48, num_local_experts=2, rope_parameters=ROPE,
                         attention_chunk_size=512),
        boi_token_index=ids("<|image_start|>"), eoi_token_index=ids("<|image_end|>"),
        image_token_index=ids("<|patch|>"),
    )  # fmt: skip
    images = hf.Llama4ImageProcessor(size={"height": 32, "width": 32}, max_patches=4)
    processor = hf.Llama4Processor(images, words, patch_size=8, chat_template=template("<|image|>"))
    return hf.Llama4ForConditionalGeneration(config), processor


def _instruct(kind: str, images: Any) -> tuple[Any, Any]:
    words, questions = tokenizer("<image>", "<video>"), tokenizer()
    marker = "video" if "Video" in kind else "image"
    config = getattr(hf, f"{kind}Config")(
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=32,
                           patch_size=8),
        qformer_config=dict(vocab_size=len(questions), hidden_size=24, num_hidden_layers=2, num_attention_heads=2,
                            intermediate_size=32, encoder_hidden_size=24, cross_attention_frequency=1),
        text_config=text(hf.LlamaConfig, words).to_dict(), num_query_tokens=4, tie_word_embeddings=False,
        **{f"{marker}_token_index": words.convert_tokens_to_ids(f"<{marker}>")},
    )  # fmt: skip
    processor = getattr(hf, f"{kind}Processor")(images, words, questions, num_query_tokens=4)
    return getattr(hf, f"{kind}ForConditionalGeneration")(config), processor


@family(native=(32, 32), tested=False)
def instructblip() -> tuple[Any, Any]:
    """The queries read the prompt, too."""
    return _instruct("InstructBlip", clip(hf.BlipImageProcessor))


@family(native=(32, 32), tested=False)
def instructblipvideo() -> tuple[Any, Any]:
    """Takes videos only."""
    return _instruct("InstructBlipVideo", hf.InstructBlipVideoVideoProcessor(size={"height": 32, "width": 32}))


def _start(processor: Any, image: Any, prompt: str) -> Any:
    """Return inputs without the token that ends a text."""
    inputs = processor(images=image, text=prompt, return_tensors="pt")
    return {k: v[:, :-1] if k in ("input_ids", "attention_mask", "token_type_ids") else v for k, v in inputs.items()}


@family(native=(32, 32), tested=False, ask=_start)
def git() -> tuple[Any, Any]:
    """The image stands before the text, without tokens of its own in it."""
    words = bert()
    config = hf.GitConfig(
        vision_config=vision(dict), vocab_size=len(words), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=48, bos_token_id=words.cls_token_id, eos_token_id=words.sep_token_id, max_position_embeddings=128,
    )  # fmt: skip
    return hf.GitForCausalLM(config), hf.GitProcessor(clip(), words)


def bert() -> Any:
    """Return a tokenizer that puts a text between [CLS] and [SEP]."""
    from tokenizers.processors import TemplateProcessing

    words = tokenizer("[CLS]", "[SEP]", "[DEC]")
    ids = words.convert_tokens_to_ids
    words.backend_tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", ids("[CLS]")), ("[SEP]", ids("[SEP]"))]
    )
    words.cls_token, words.sep_token = "[CLS]", "[SEP]"
    return words


def _captioned(processor: Any, image: Any, prompt: str) -> Any:
    """Return inputs as `BlipForConditionalGeneration.generate` changes them."""
    inputs = _start(processor, image, prompt)
    inputs["input_ids"][:, 0] = processor.tokenizer.convert_tokens_to_ids("[DEC]")
    return inputs


@family(native=(32, 32), tested=False, ask=_captioned)
def blip() -> tuple[Any, Any]:
    """Generation changes the first and the last token of the prompt."""
    words = bert()
    config = hf.BlipConfig(
        vision_config=dict(hidden_size=24, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2, image_size=32,
                           patch_size=8),
        text_config=dict(vocab_size=len(words), hidden_size=32, encoder_hidden_size=24, intermediate_size=48,
                         num_hidden_layers=2, num_attention_heads=2, max_position_embeddings=128, tie_word_embeddings=False,
                         bos_token_id=words.convert_tokens_to_ids("[DEC]"), sep_token_id=words.sep_token_id,
                         pad_token_id=0, eos_token_id=words.sep_token_id),
        tie_word_embeddings=False,
    )  # fmt: skip
    return hf.BlipForConditionalGeneration(config), hf.BlipProcessor(clip(hf.BlipImageProcessor), words)


@family(native=None, tested=False, model_type="kosmos-2", extend={"image_embeds_position_mask": 0})
def kosmos2() -> tuple[Any, Any]:
    words = tokenizer("<unk>", *(f"<image token {k}>" for k in range(64)))
    words.unk_token = "<unk>"
    images = clip()
    processor = hf.Kosmos2Processor(images, words, 16)
    config = hf.Kosmos2Config(
        text_config=dict(vocab_size=len(words), embed_dim=32, layers=2, ffn_dim=48, attention_heads=2, pad_token_id=0,
                         bos_token_id=1, eos_token_id=2, max_position_embeddings=256, tie_word_embeddings=False,
                         dropout=0.0, attention_dropout=0.0),
        vision_config=vision(dict), latent_query_num=64, tie_word_embeddings=False,
    )  # fmt: skip
    return hf.Kosmos2ForConditionalGeneration(config), processor


def _few_patches(processor: Any, image: Any, prompt: str) -> Any:
    """Return inputs of few patches; the processor asks for 4,096, whatever its image processor says."""
    return processor(images=image, text=prompt, return_tensors="pt", images_kwargs={"max_patches": 12})


@family(
    native=None, tested=False, model_type="kosmos-2.5", extend={"image_embeds_position_mask": 0}, ask=_few_patches,
    load={"image_options": {"max_patches": 12}},
)  # fmt: skip
def kosmos2_5() -> tuple[Any, Any]:
    words = tokenizer(boi_token="<image>", eoi_token="</image>", image_token="<s>")
    config = hf.Kosmos2_5Config(
        text_config=dict(vocab_size=len(words), embed_dim=32, layers=2, ffn_dim=48, attention_heads=2, pad_token_id=0,
                         bos_token_id=1, eos_token_id=2, max_position_embeddings=256, tie_word_embeddings=False,
                         dropout=0.0),
        vision_config=dict(hidden_size=32, patch_embed_hidden_size=16 * 16 * 3, intermediate_size=48, head_dim=16,
                           num_hidden_layers=2, num_attention_heads=2, max_num_patches=4096),
        latent_query_num=4, tie_word_embeddings=False,
    )  # fmt: skip
    images = hf.Kosmos2_5ImageProcessor(max_patches=12)
    return hf.Kosmos2_5ForConditionalGeneration(config), hf.Kosmos2_5Processor(images, words, num_image_tokens=4)


@family(native=None, tested=False)
def fuyu() -> tuple[Any, Any]:
    """Pixels of patches enter the language model directly; its tokenizer puts a mark before every text, which its processor drops."""
    words = tokenizer("|SPEAKER|", "|NEWLINE|", "<0x04>", "<0x00>", "<0x01>", "<0x02>", "<0x03>")
    spec = json.loads(words.backend_tokenizer.to_str())
    spec["added_tokens"] = [token for token in spec["added_tokens"] if token["content"][0] != "|"]
    spec["model"]["ignore_merges"] = True
    backend = Tokenizer.from_str(json.dumps(spec))
    marks = pre_tokenizers.Split(Regex(r"\|SPEAKER\||\|NEWLINE\|"), "isolated")
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [marks, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    backend.normalizer = normalizers.Prepend("_")
    words = hf.PreTrainedTokenizerFast(tokenizer_object=backend, bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    config = hf.FuyuConfig(
        text_config=dict(model_type="persimmon", **text(dict, words)), image_size=32, patch_size=8,
        image_token_id=words.convert_tokens_to_ids("|SPEAKER|"),
    )  # fmt: skip
    images = hf.FuyuImageProcessor(size={"height": 32, "width": 64}, patch_size={"height": 8, "width": 8})
    return hf.FuyuForCausalLM(config), hf.FuyuProcessor(images, words)
