"""Digests of networks and processors, for keys of scores."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch

from ...scoring.identity import digest

UNSETTLED = ("transformers_version", "name_or_path")
"""Entries of a configuration that do not change what a network computes; neither do names that begin with an underscore."""


def sampled_fingerprint(network: Any) -> str:
    """Return a fingerprint of samples of every weight, and of the precision; quick for any size.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.

    Returns
    -------
    str
        16 hexadecimal digits that distinguish checkpoints of one architecture.
    """
    samples = {}
    for name, value in _weights(network):
        if value.numel():
            some = value.flatten()[:: max(1, value.numel() // 32)][:32]
            samples[name] = [list(value.shape), some.double().cpu().tolist()]
    return digest(dtype=str(network.dtype), samples=samples, **_adapters(network))[:16]


def network_digest(network: Any) -> str:
    """Return a digest of every byte of every weight and of the configuration.

    Weights enter by their CRC-32, which takes about a second for 3 GB and does not depend on the number of threads.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The network.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    sums = {}
    for name, value in _weights(network):
        data = value.detach().cpu().contiguous().flatten().view(torch.uint8)
        sums[name] = [str(value.dtype), list(value.shape), zlib.crc32(data.numpy().data)]
    return digest(configuration=_settled(network.config.to_dict()), weights=sums, **_adapters(network))


def _weights(network: Any) -> Iterator[tuple[str, torch.Tensor]]:
    """Iterate over a network's weights as plain tensors: quantized ones by their parts, offloaded ones from where they lie."""
    values = network.state_dict()
    if any(isinstance(value, torch.Tensor) and value.is_meta for value in values.values()):
        from accelerate.utils.modeling import get_state_dict_offloaded_model

        values = get_state_dict_offloaded_model(network)
    for name, value in values.items():
        if isinstance(value, torch.Tensor):
            yield from _plain(name, value.detach())


def _plain(name: str, value: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    """Iterate over the plain tensors that a tensor consists of; subclasses, such as those of torchao, name their parts."""
    if not hasattr(value, "__tensor_flatten__"):
        yield name, value
        return
    parts, _ = value.__tensor_flatten__()
    for part in parts:
        yield from _plain(f"{name}.{part}", getattr(value, part))


def _adapters(network: Any) -> dict[str, Any]:
    """Return how strongly adapters act in each layer, which their weights do not say; empty without adapters."""
    strengths = {
        name: [
            _settled(module.scaling),
            list(getattr(module, "active_adapters", ())),
            bool(getattr(module, "disable_adapters", False)),
        ]
        for name, module in network.named_modules()
        if isinstance(getattr(module, "scaling", None), Mapping)
    }
    return {"adapters": strengths} if strengths else {}


def processor_digest(processor: Any, image_options: Mapping[str, Any]) -> str:
    """Return a digest of a processor's configuration, its chat template, and the options that it is called with.

    Parameters
    ----------
    processor : transformers.ProcessorMixin
        The processor.
    image_options : mapping of str to value
        Options of every call of the image processor.

    Returns
    -------
    str
        Hexadecimal digits.
    """
    parts = [processor, getattr(processor, "image_processor", None)]
    configurations = [_settled(part.to_dict()) for part in parts if hasattr(part, "to_dict")]
    template = getattr(processor, "chat_template", None)
    return digest(configurations=configurations, template=_settled(template), options=_settled(dict(image_options)))


def _settled(value: Any) -> Any:
    """Return a configuration as plain values that are the same in every process."""
    if isinstance(value, Mapping):
        entries = {str(key): _settled(part) for key, part in value.items()}
        return {key: part for key, part in entries.items() if key not in UNSETTLED and not key.startswith("_")}
    if isinstance(value, list | tuple):
        return [_settled(v) for v in value]
    try:
        json.dumps(value)
    except TypeError:
        return re.sub(r" at 0x[0-9a-f]+", "", repr(value))  # without the address in memory
    return value
