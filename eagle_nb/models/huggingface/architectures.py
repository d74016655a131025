"""Architectures of checkpoints: which class loads them, and which of them can be scored."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

UNFIT = {
    "pi0": "it predicts robot actions, not tokens",
    "diffusion_gemma": "it fills in blocks of tokens at once; no token has a probability given those before it",
    "evolla": "it reads proteins, not images",
    "mistral4": "it is a language model alone; checkpoints with images hold it inside a mistral3 model",
    "vision-encoder-decoder": "its answer comes from a separate decoder that takes no prompt",
}
"""Types of models that do not work here, with the reason."""

AUTO_CLASSES = (
    "AutoModelForImageTextToText",
    "AutoModelForMultimodalLM",
    "AutoModelForVision2Seq",
    "AutoModelForCausalLM",
    "AutoModel",
)
"""Classes that code of a checkpoint may be registered under, in order of preference."""

VISION_PARTS = ("vision_config", "thinker_config", "vision_tower", "visual", "img_processor")
"""Entries of a configuration that a model with images has."""


def load_config(source: str, label: str, options: Mapping[str, Any]) -> Any:
    """Load and validate the configuration of a checkpoint.

    Parameters
    ----------
    source : str
        Folder or hub id.
    label : str
        Name of the checkpoint in messages.
    options : mapping
        Options of `from_pretrained`, `trust_remote_code` among them.

    Returns
    -------
    transformers.PreTrainedConfig
        The configuration.

    Raises
    ------
    ValueError
        If it cannot be read, or the model accepts no images or is not a decoder.
    """
    from transformers import AutoConfig

    try:
        config = AutoConfig.from_pretrained(source, **options)
    except (OSError, ValueError, KeyError) as error:
        if Path(source).is_dir():
            raise ValueError(f"cannot read the configuration in {label!r}: {error}") from error
        raise ValueError(
            f"cannot read a model configuration from {label!r}. A hub id needs the network (or a cache that holds it); "
            f"without it, download the model elsewhere and load the folder: load_model('path/to/folder'). transformers says: {error}"
        ) from error
    remote = options.get("trust_remote_code") and remote_class(config)
    if not remote and local_class(config) is None:
        code = " Its own code may: load_model(…, trust_remote_code=True)" if remote_class(config) else ""
        raise ValueError(
            f"{label!r} is a {config.model_type!r} model, which does not accept images together with text; "
            f"give a vision-language checkpoint that AutoModelForImageTextToText loads.{code}"
        )
    check_config(config, label)
    return config


def check_config(config: Any, label: str) -> None:
    """Validate that a model continues its prompt token by token.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration.
    label : str
        Name of the checkpoint in messages.

    Raises
    ------
    ValueError
        If it does not.
    """
    text = getattr(config, "text_config", None)
    reason = UNFIT.get(config.model_type)
    if reason is None and any(getattr(part, "is_encoder_decoder", False) for part in (config, text)):
        reason = "it is an encoder-decoder; only models that continue their prompt (decoders) can be scored"
    if reason is not None:
        raise ValueError(f"{label!r} is a {config.model_type!r} model and does not work here: {reason}")


def model_class(config: Any, source: str, options: Mapping[str, Any]) -> Any:
    """Return the class whose `from_pretrained` loads a checkpoint.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration.
    source : str
        Folder or hub id.
    options : mapping
        Options of `from_pretrained`, `trust_remote_code` among them.

    Returns
    -------
    type
        A class of transformers, or of the checkpoint's own code if that may run.
    """
    import transformers

    name = remote_class(config) if options.get("trust_remote_code") else None
    if name is None:
        return getattr(transformers, local_class(config) or AUTO_CLASSES[0])
    if hasattr(transformers, name):
        return getattr(transformers, name)
    from transformers.dynamic_module_utils import get_class_from_dynamic_module
    from transformers.models.auto.auto_factory import add_generation_mixin_to_remote_model

    revision = {"revision": options["revision"]} if options.get("revision") else {}
    return add_generation_mixin_to_remote_model(
        get_class_from_dynamic_module(config.auto_map[name], source, **revision)
    )


def local_class(config: Any) -> str | None:
    """Return the name of the auto class of transformers that loads a model with images.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration.

    Returns
    -------
    str or None
        The name; None if no such class loads this type.
    """
    from transformers.models.auto import modeling_auto as auto

    if config.model_type in auto.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING_NAMES:
        return "AutoModelForImageTextToText"
    multimodal = getattr(auto, "MODEL_FOR_MULTIMODAL_LM_MAPPING_NAMES", {})
    sees = any(getattr(config, part, None) is not None for part in VISION_PARTS)
    return "AutoModelForMultimodalLM" if config.model_type in multimodal and sees else None


def remote_class(config: Any) -> str | None:
    """Return the name of the auto class that a checkpoint's own code is registered under.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration.

    Returns
    -------
    str or None
        The name; None without such code.
    """
    mapped = getattr(config, "auto_map", None) or {}
    return next((name for name in AUTO_CLASSES if name in mapped), None)


def quantizes_images(config: Any) -> bool:
    """Return whether images enter a network as entries of a codebook, so that a grey level may change a token.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.

    Returns
    -------
    bool
        True for such families; not for those that use a codebook only to draw.
    """
    tower = getattr(config, "vision_config", None)
    own = tower is None and getattr(config, "vq_config", None) is not None
    return own or getattr(tower, "codebook_size", None) is not None
