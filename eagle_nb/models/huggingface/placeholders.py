"""Placeholders of images, videos and sounds in a model's prompts."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any

MEDIA = ("image", "img", "video", "vision", "audio", "boi_", "eoi_")
"""Parts of the names of special tokens that stand for a medium."""


def placeholder_texts(*owners: Any) -> set[str]:
    """Return the texts that stand for an image, video or sound.

    Parameters
    ----------
    *owners : object
        A processor and its tokenizer, whose attributes name them.

    Returns
    -------
    set of str
        Texts.
    """
    texts = set()
    for owner in owners:
        for name, value in _attributes(owner).items():
            medium = any(part in name for part in MEDIA)
            if name.endswith("_token") and medium and isinstance(value, str) and value.strip():
                texts.add(value)
    return texts


def placeholder_ids(config: Any, size: int, media: Sequence[str] = ("image", "video", "audio")) -> set[int]:
    """Return the token ids of placeholders that a configuration names.

    Parameters
    ----------
    config : transformers.PreTrainedConfig
        The configuration of the network.
    size : int
        Number of tokens of the tokenizer.
    media : sequence of str
        What they stand for.

    Returns
    -------
    set of int
        Token ids.
    """
    names = (f"{medium}_token_{end}" for medium in media for end in ("id", "index"))
    values = (getattr(config, name, None) for name in names)
    return {int(value) for value in values if isinstance(value, int) and 0 <= value < size}


def missing_inputs(network: Any, processor: Any) -> dict[str, bool]:
    """Return the options that make a processor return what its network needs.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.
    processor : transformers.ProcessorMixin
        Its processor.

    Returns
    -------
    dict of str to bool
        Options of the processor; token types where the network reads them and the processor leaves them out.
    """
    readers = (network.forward, getattr(getattr(network, "model", None), "forward", None))
    reads = any("mm_token_type_ids" in inspect.signature(reader).parameters for reader in readers if reader is not None)
    left_out = getattr(processor, "return_mm_token_type_ids", None) is False
    return {"return_mm_token_type_ids": True} if reads and left_out else {}


def _attributes(owner: Any) -> dict[str, Any]:
    """Return the special tokens of a processor or tokenizer by name."""
    attributes = {name: value for name, value in vars(owner).items() if not name.startswith("_")}
    for name in ("image_token", "video_token", "boi_token", "eoi_token"):
        attributes.setdefault(name, getattr(owner, name, None))
    return {**getattr(owner, "_special_tokens_map", {}), **attributes}
