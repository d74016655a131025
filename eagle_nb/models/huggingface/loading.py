"""Load a checkpoint, after validating everything that can be validated without its weights."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from .model import HuggingFaceModel

if TYPE_CHECKING:
    from transformers.utils.quantization_config import QuantizationConfigMixin

BUNDLED = "bundled"
"""The name of the bundled model."""

UNFIT = {
    "pi0": "it predicts robot actions, not tokens",
    "diffusion_gemma": "it fills in blocks of tokens at once; no token has a probability given those before it",
    "evolla": "it reads proteins, not images",
    "vision-encoder-decoder": "its answer comes from a separate decoder that takes no prompt",
}
"""Types of models that do not work here, with the reason."""


def load_model(
    name: str | os.PathLike[str] | None = None,
    *,
    device: str | torch.device = "auto",
    dtype: str | torch.dtype = "auto",
    revision: str | None = None,
    attn_implementation: str | None = None,
    quantization_config: QuantizationConfigMixin | Mapping[str, Any] | None = None,
    trust_remote_code: bool = False,
    max_pixels: int | None = None,
    image_options: Mapping[str, Any] | None = None,
    batch_size: int | None = None,
    literal: bool = False,
) -> HuggingFaceModel:
    """Load a vision-language model with `AutoModelForImageTextToText` and `AutoProcessor`.

    Parameters
    ----------
    name : str or path, optional
        A local folder or a hub id; None or "bundled" loads the model of this package.
    device : str or torch.device
        "auto" chooses CUDA, then MPS, then the CPU.
    dtype : str or torch.dtype
        "auto" keeps the checkpoint's own; otherwise a floating-point type such as "float32" or torch.bfloat16.
    revision : str, optional
        Branch, tag or commit of a hub id.
    attn_implementation : str, optional
        Implementation of attention, such as "sdpa" or "flash_attention_2"; passed to transformers.
    quantization_config : transformers.BitsAndBytesConfig or another configuration, optional
        Quantization of the weights; passed to transformers.
    trust_remote_code : bool
        Whether code that comes with the checkpoint may run.
    max_pixels : int, optional
        Maximum number of pixels that the processor scales an image to, for processors that follow the image's own size (Qwen-VL,
        Pixtral, Idefics3, SmolVLM …). Fewer pixels give fewer image tokens, which is faster. Others have a fixed size.
    image_options : mapping, optional
        Options of the image processor for every image, such as ``{"do_image_splitting": False}``.
    batch_size : int, optional
        Number of coalitions that are scored at once; found during scoring by default, and halved whenever memory runs out.
    literal : bool
        Prepare every masked image through the processor, which is slow, instead of masking on the device.

    Returns
    -------
    HuggingFaceModel
        The model.

    Raises
    ------
    ValueError
        If the folder holds no model or no processor, the checkpoint accepts no images or is not a decoder, a hub id cannot be
        reached, or an option does not fit. Only unreadable weights are found later.
    TypeError
        If `name` is neither a text nor a path.

    Examples
    --------
    >>> model = load_model()
    >>> model.name
    'bundled'
    """
    _check_positive(batch_size, "batch_size")
    _check_positive(max_pixels, "max_pixels")
    target, kind = _device(device), _dtype(dtype)
    source, label = _resolve(name)
    from transformers import AutoModelForImageTextToText

    common: dict[str, Any] = {"trust_remote_code": bool(trust_remote_code)}
    if revision is not None:
        common["revision"] = revision
    config = _config(source, label, common)
    processor = _processor(source, label, common)
    options = _image_options(processor, label, max_pixels, image_options)
    optional = {"attn_implementation": attn_implementation, "quantization_config": quantization_config}
    extra: dict[str, Any] = {key: value for key, value in optional.items() if value is not None}
    if quantization_config is not None:
        extra["device_map"] = {"": target}
    try:
        network: Any = AutoModelForImageTextToText.from_pretrained(source, dtype=kind, **common, **extra)
    except OSError as error:
        raise ValueError(f"{label!r} has no readable weights: {error}") from error
    if quantization_config is None:
        network = network.to(target)
    commit = getattr(config, "_commit_hash", None) or revision or _local_revision(source)
    return HuggingFaceModel(network.eval(), processor, label, commit, batch_size, options, literal)


def _check_positive(value: int | None, name: str) -> None:
    """Validate an optional positive integer."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ValueError(f"{name} must be a positive integer, got {value!r}")


def _resolve(name: str | os.PathLike[str] | None) -> tuple[str, str]:
    """Return where to load from, and its name in messages."""
    if name is None or name == BUNDLED:
        return str(files("eagle_nb.scenes") / "model"), BUNDLED
    if not isinstance(name, str | os.PathLike):
        raise TypeError(f"name is a folder or a hub id, got {type(name).__name__}")
    text = os.fspath(name)
    path = Path(text).expanduser()
    if not text.strip():
        raise ValueError("the model's name is empty; give a folder or a hub id, or None for the bundled model")
    if path.is_dir():
        if not (path / "config.json").is_file():
            raise ValueError(f"the folder {text!r} holds no model: it has no config.json")
        return str(path), text
    hub_like = isinstance(name, str) and not path.is_absolute() and text[0] not in ".~" and text.count("/") <= 1
    if path.exists() or not hub_like:
        raise ValueError(f"there is no model folder {text!r}; give a folder with a config.json, or a hub id")
    return text, text


def _device(device: str | torch.device) -> torch.device:
    """Return the requested device, if torch sees it."""
    if device == "auto":
        if torch.cuda.is_available():
            return torch.device("cuda")
        return torch.device("mps" if torch.backends.mps.is_available() else "cpu")
    try:
        chosen = torch.device(device)
    except (RuntimeError, TypeError) as error:
        raise ValueError(f"unknown device {device!r}; give 'auto', 'cpu', 'cuda', 'cuda:1' or 'mps'") from error
    if chosen.type == "cuda" and not torch.cuda.is_available():
        raise ValueError(f"device {device!r} was requested, but torch sees no CUDA device here; use device='auto'")
    if chosen.type == "mps" and not torch.backends.mps.is_available():
        raise ValueError(f"device {device!r} was requested, but torch sees no MPS device here; use device='auto'")
    return chosen


def _dtype(dtype: str | torch.dtype) -> str | torch.dtype:
    """Return the requested precision."""
    if dtype == "auto":
        return "auto"
    chosen = getattr(torch, dtype, None) if isinstance(dtype, str) else dtype
    if not isinstance(chosen, torch.dtype) or not chosen.is_floating_point:
        raise ValueError(
            f"dtype must be 'auto' or a floating-point type such as 'float32' or 'bfloat16', got {dtype!r}"
        )
    return chosen


def _config(source: str, label: str, common: dict[str, Any]) -> Any:
    """Load and check the configuration."""
    from transformers import AutoConfig
    from transformers.models.auto.modeling_auto import MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES

    try:
        config = AutoConfig.from_pretrained(source, **common)
    except (OSError, ValueError, KeyError) as error:
        if Path(source).is_dir():
            raise ValueError(f"cannot read the configuration in {label!r}: {error}") from error
        raise ValueError(
            f"cannot read a model configuration from {label!r}. A hub id needs the network (or a cache that holds it); "
            f"without it, download the model elsewhere and load the folder: load_model('path/to/folder'). transformers says: {error}"
        ) from error
    supported = config.model_type in MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES
    if not supported and not (common["trust_remote_code"] and getattr(config, "auto_map", None)):
        raise ValueError(
            f"{label!r} is a {config.model_type!r} model, which does not accept images together with text; "
            "give a vision-language checkpoint that AutoModelForImageTextToText loads"
        )
    text = getattr(config, "text_config", None)
    reason = UNFIT.get(config.model_type)
    if reason is None and any(getattr(part, "is_encoder_decoder", False) for part in (config, text)):
        reason = "it is an encoder-decoder; only models that continue their prompt (decoders) can be scored"
    if reason is not None:
        raise ValueError(f"{label!r} is a {config.model_type!r} model and does not work here: {reason}")
    return config


def _processor(source: str, label: str, common: dict[str, Any]) -> Any:
    """Load and check the processor."""
    from transformers import AutoProcessor

    remedy = "save the whole processor beside the model with processor.save_pretrained"
    try:
        processor = AutoProcessor.from_pretrained(source, **common)
    except ImportError as error:
        raise ValueError(f"the processor of {label!r} needs a package that is not installed: {error}") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{label!r} has no usable processor; {remedy}. transformers says: {error}") from error
    for part, what in (("image_processor", "images"), ("tokenizer", "text")):
        if getattr(processor, part, None) is None:
            raise ValueError(f"{label!r} has a {type(processor).__name__} but no processor for {what}; {remedy}")
    return processor


def _image_options(
    processor: Any, label: str, max_pixels: int | None, image_options: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the options for every call of the image processor, checked against those it accepts."""
    images = processor.image_processor
    options = dict(image_options or {})
    accepted = set(getattr(getattr(images, "valid_kwargs", None), "__annotations__", {}))
    unknown = sorted(set(options) - accepted) if accepted else []
    if unknown:
        raise ValueError(f"the image processor of {label!r} has no option {unknown[0]!r}; it has {sorted(accepted)}")
    if max_pixels is not None:
        size = dict(options.get("size") or getattr(images, "size", None) or {})
        longest = size.get("longest_edge")
        if longest is None:
            raise ValueError(
                f"the image processor of {label!r} works at a fixed size ({size}); max_pixels has no effect on it"
            )
        if longest > 2**13:  # Qwen's processors and similar ones mean the image's area by this name
            size["longest_edge"] = max_pixels
            if size.get("shortest_edge"):
                size["shortest_edge"] = min(size["shortest_edge"], max_pixels)
        else:
            tile = (dict(getattr(images, "max_image_size", None) or {})).get("longest_edge", 1)
            size["longest_edge"] = max(tile, int(max_pixels**0.5) // tile * tile)
        options["size"] = {key: value for key, value in size.items() if value is not None}
    return options


def _local_revision(source: str) -> str:
    """Return the start of the SHA-256 of a local folder's weights; "local" for large files."""
    weights = Path(source) / "model.safetensors"
    if weights.is_file() and weights.stat().st_size < 2**26:
        return "sha256:" + hashlib.sha256(weights.read_bytes()).hexdigest()[:16]
    return "local"
