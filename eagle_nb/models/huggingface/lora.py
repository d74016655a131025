"""LoRA adapters and others of peft: attach them to a network, and see through their wrapper."""

from __future__ import annotations

import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from .checkpoints import check_files, listed

CONFIGURATION = "adapter_config.json"
"""The file that makes a folder an adapter."""


def unwrapped(network: Any) -> Any:
    """Return the transformers model inside a PeftModel, whose layers hold the adapter, and the part that writes of a model that speaks.

    Other networks are returned as they are.

    Parameters
    ----------
    network : torch.nn.Module
        A network, possibly a ``peft.PeftModel``.

    Returns
    -------
    torch.nn.Module
        The transformers model.

    Raises
    ------
    ValueError
        If the adapter adds tokens to the prompt (prompt learning), which lives in the wrapper only.
    """
    if not hasattr(network, "get_base_model") or not hasattr(network, "peft_config"):
        return getattr(network, "thinker", network)  # Qwen's Omni models
    if getattr(getattr(network, "active_peft_config", None), "is_prompt_learning", False):
        raise ValueError(
            f"this adapter is of the type {network.active_peft_config.peft_type}, which adds tokens to the prompt; only adapters of "
            "layers (LoRA and its kin) can be scored"
        )
    return network.get_base_model()


def attach_adapter(network: Any, adapter: str | os.PathLike[str], revision: str | None = None) -> Any:
    """Attach a trained adapter to a network.

    Parameters
    ----------
    network : transformers.PreTrainedModel
        The base model.
    adapter : str or path
        A folder or a hub id.
    revision : str, optional
        Branch, tag or commit of a hub id.

    Returns
    -------
    transformers.PreTrainedModel
        The network with the adapter in its layers.

    Raises
    ------
    ValueError
        If peft is not installed, the adapter cannot be read, or it does not fit the network.
    """
    peft, label = require_peft(adapter), os.fspath(adapter)
    place = Path(label).expanduser()
    if place.is_dir():
        check_files(place, label)
    options: dict[str, Any] = {} if place.is_dir() or revision is None else {"revision": revision}
    source = str(place) if place.is_dir() else label
    device = str(next(network.parameters()).device)
    try:
        wrapped = peft.PeftModel(network, peft.PeftConfig.from_pretrained(source, **options))
        result = wrapped.load_adapter(source, "default", torch_device=device, **options)
    except (ValueError, TypeError, KeyError, OSError, RuntimeError) as error:
        raise ValueError(
            f"the adapter {label!r} cannot be attached to this {type(network).__name__}: {error}"
        ) from error
    for names, what in (
        (result.missing_keys, "lacks"),
        (result.unexpected_keys, "holds weights that the network has no place for:"),
    ):
        if names:
            raise ValueError(
                f"the adapter {label!r} {what} {listed(sorted(names))}; it belongs to another base than this {type(network).__name__}"
            )
    return unwrapped(wrapped)


def base_of(adapter: str | os.PathLike[str]) -> str | None:
    """Return the base model that an adapter names.

    Parameters
    ----------
    adapter : str or path
        A folder or a hub id.

    Returns
    -------
    str or None
        Folder or hub id of the base; None if `adapter` does not hold an adapter.

    Raises
    ------
    ValueError
        If the adapter's configuration names no base.
    """
    place = Path(os.fspath(adapter)).expanduser()
    if place.is_dir():
        path = place / CONFIGURATION
    else:
        from transformers.utils.peft_utils import find_adapter_config_file

        try:
            found = find_adapter_config_file(os.fspath(adapter))
        except (OSError, ValueError):
            return None
        path = Path(found) if found else place / CONFIGURATION
    if not path.is_file():
        return None
    try:
        base = json.loads(path.read_text()).get("base_model_name_or_path")
    except (ValueError, AttributeError) as error:
        raise ValueError(f"cannot read {CONFIGURATION} of {os.fspath(adapter)!r}: {error}") from error
    if not isinstance(base, str) or not base:
        raise ValueError(
            f"the adapter {os.fspath(adapter)!r} names no base model; give it: load_model(base, adapter={os.fspath(adapter)!r})"
        )
    beside = place / base
    return str(beside) if place.is_dir() and not Path(base).exists() and beside.is_dir() else base


def require_peft(adapter: str | os.PathLike[str]) -> ModuleType:
    """Return the peft package.

    Parameters
    ----------
    adapter : str or path
        The adapter that needs it.

    Returns
    -------
    module
        The package.

    Raises
    ------
    ValueError
        If it is not installed; the message says how to install it.
    """
    try:
        import peft
    except ImportError as error:
        raise ValueError(
            f"the adapter {os.fspath(adapter)!r} needs the package peft; install it with `pip install peft` or `pip install eagle_nb[peft]`"
        ) from error
    module: ModuleType = peft
    return module
