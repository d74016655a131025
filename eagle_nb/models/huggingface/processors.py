"""Processors of checkpoints: load them, and validate their options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch


def load_processor(source: str, label: str, options: Mapping[str, Any]) -> Any:
    """Load and validate the processor of a checkpoint.

    Parameters
    ----------
    source : str
        Folder or hub id.
    label : str
        Name of the checkpoint in messages.
    options : mapping
        Options of `from_pretrained`.

    Returns
    -------
    transformers.ProcessorMixin
        The processor.

    Raises
    ------
    ValueError
        If there is none, or it lacks a part for images or for text.
    """
    from transformers import AutoProcessor

    remedy = "save the whole processor beside the model with processor.save_pretrained"
    try:
        processor = AutoProcessor.from_pretrained(source, **options)
    except ImportError as error:
        raise ValueError(f"the processor of {label!r} needs a package that is not installed: {error}") from error
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{label!r} has no usable processor; {remedy}. transformers says: {error}") from error
    check_processor(processor, label)
    if getattr(processor, "chat_template", None) is None:  # some processor classes leave it to the tokenizer
        processor.chat_template = getattr(processor.tokenizer, "chat_template", None)
    return processor


def check_processor(processor: Any, label: str) -> None:
    """Validate that a processor has a part for images and one for text.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor.
    label : str
        Name of the checkpoint in messages.

    Raises
    ------
    ValueError
        If a part is missing.
    """
    if getattr(processor, "image_processor", None) is None and getattr(processor, "video_processor", None) is not None:
        raise ValueError(f"{label!r} has a {type(processor).__name__}, which takes videos only; images are needed here")
    for part, what in (("image_processor", "images"), ("tokenizer", "text")):
        if getattr(processor, part, None) is None:
            raise ValueError(
                f"{label!r} has a {type(processor).__name__} but no processor for {what}; "
                "save the whole processor beside the model with processor.save_pretrained"
            )


def checked_image_options(
    processor: Any, label: str, max_pixels: int | None, image_options: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return the options for every call of the image processor, checked against those it accepts.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor.
    label : str
        Name of the checkpoint in messages.
    max_pixels : int, optional
        Maximum number of pixels that images are scaled to.
    image_options : mapping, optional
        Options of the image processor.

    Returns
    -------
    dict of str to value
        The options.

    Raises
    ------
    ValueError
        If the image processor lacks an option, or works at a fixed size.
    """
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


def holds_numbers(value: Any) -> bool:
    """Return whether a processor's output is a list of integers, or of lists of integers.

    Parameters
    ----------
    value : object
        An output.

    Returns
    -------
    bool
        Whether it can be made a tensor of integers.
    """
    if not isinstance(value, list | tuple) or not value:
        return False
    return all(isinstance(v, int) or (isinstance(v, list | tuple) and holds_numbers(v)) for v in value)


def holds_tensors(value: list[Any]) -> bool:
    """Return whether a processor's output is a nested list of tensors.

    Parameters
    ----------
    value : list
        An output.

    Returns
    -------
    bool
        Whether it holds a tensor.
    """
    return any(isinstance(v, torch.Tensor) or (isinstance(v, list) and holds_tensors(v)) for v in value)
