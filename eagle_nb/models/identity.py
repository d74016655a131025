"""What scores belong to, by name, so that a checkpoint of other ones is refused."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

from ..regions import Regions
from ..response import Response

UNSETTLED = ("transformers_version", "name_or_path")
"""What a configuration tells besides how the network computes; so do names that begin with an underscore."""


def case_identity(
    model: Any, response: Response, regions: Regions, fill: Image.Image, target_ids: Mapping[int, int] | None = None
) -> dict[str, str]:
    """What the scores of any model depend on, as far as it can be told from outside.

    A model is told by its ``name`` and ``fingerprint``; without a name by its class and by what the response says.
    """
    ids, followed = [int(k) for k in response.token_ids], response.targets(target_ids)
    others = {k: new for k, (old, new) in enumerate(zip(ids, followed, strict=True)) if new != old}
    return {
        "image": digest(np.asarray(response.image)),
        "prompt": response.prompt,
        "answer": f"{response.text!r} as {ids}" + (f" scored for {others}" if others else ""),
        "fill": digest(np.asarray(fill)),
        "region map": digest(np.asarray(regions.labels, dtype=np.int32)),
        "model": " ".join(_names(model, response)),
    }


def digest(values: np.ndarray) -> str:
    """The start of the SHA-256 of an array and its shape."""
    return hashlib.sha256(str(values.shape).encode() + np.ascontiguousarray(values).tobytes()).hexdigest()[:16]


def network_digest(network: Any) -> str:
    """A digest of every byte of every weight and of the configuration.

    Weights go in by their CRC-32, which is the same for any number of threads and takes a second for some 3 GB.
    """
    import torch

    found = hashlib.sha256(_told(network.config.to_dict()))
    for name, value in network.state_dict().items():
        if isinstance(value, torch.Tensor):
            data = value.detach().cpu().contiguous().flatten().view(torch.uint8)
            found.update(f"{name} {value.dtype} {tuple(value.shape)} {zlib.crc32(data.numpy().data)}\n".encode())
    return found.hexdigest()[:16]


def processor_digest(processor: Any, image_options: Mapping[str, Any]) -> str:
    """A digest of a processor's configuration, its chat template, and the options it is called with."""
    parts = [processor, getattr(processor, "image_processor", None)]
    told = [part.to_dict() for part in parts if hasattr(part, "to_dict")]
    template = getattr(processor, "chat_template", None)
    return hashlib.sha256(_told([told, template, dict(image_options)])).hexdigest()[:16]


def _names(model: Any, response: Response) -> list[str]:
    name, fingerprint = (getattr(model, key, "") for key in ("name", "fingerprint"))
    named = isinstance(name, str) and name
    parts = [name] if named else [type(model).__qualname__, response.model, response.revision]
    return [part for part in (*parts, fingerprint) if isinstance(part, str) and part]


def _told(value: Any) -> bytes:
    """A configuration as text that is the same in every process."""
    return json.dumps(_settled(value), sort_keys=True, default=_plain).encode()


def _settled(value: Any) -> Any:
    if isinstance(value, Mapping):
        named = {str(key): _settled(part) for key, part in value.items()}
        return {key: part for key, part in named.items() if key not in UNSETTLED and not key.startswith("_")}
    return [_settled(v) for v in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> str:
    """What JSON does not know, without its address in memory."""
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))
