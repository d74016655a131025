"""Families that are refused by their configuration, before any weights are read: a configuration stands for a checkpoint."""

from __future__ import annotations

from typing import Any

import transformers as hf

from .tiny import family


def _alone(kind: str) -> tuple[Any, Any]:
    return getattr(hf, f"{kind}Config")(), None


@family(native=None, tested=False)
def florence2() -> tuple[Any, Any]:
    return _alone("Florence2")


@family(native=None, tested=False)
def pix2struct() -> tuple[Any, Any]:
    return _alone("Pix2Struct")


@family(native=None, tested=False)
def udop() -> tuple[Any, Any]:
    return _alone("Udop")


@family(native=None, tested=False)
def t5gemma2() -> tuple[Any, Any]:
    return _alone("T5Gemma2")


@family(native=None, tested=False)
def evolla() -> tuple[Any, Any]:
    return _alone("Evolla")


@family(native=None, tested=False)
def pi0() -> tuple[Any, Any]:
    return _alone("PI0")


@family(native=None, tested=False)
def diffusion_gemma() -> tuple[Any, Any]:
    return _alone("DiffusionGemma")


@family(native=None, tested=False, model_type="vision-encoder-decoder")
def vision_encoder_decoder() -> tuple[Any, Any]:
    parts = hf.ViTConfig(), hf.BertConfig(is_decoder=True, add_cross_attention=True)
    return hf.VisionEncoderDecoderConfig.from_encoder_decoder_configs(*parts), None
