"""Load a checkpoint, after validating everything that can be validated without its weights; wrap a network in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any, cast

import torch

from ...inputs.frontend import in_kernel, live_front_end
from ..served.loading import is_address, load_model_of_server
from .architectures import check_config, load_config, model_class
from .checkpoints import check_files, check_weights, folder_digest
from .lora import CONFIGURATION, attach_adapter, base_of, require_peft, unwrapped
from .model import HuggingFaceModel
from .processors import check_processor, checked_image_options, load_processor

if TYPE_CHECKING:
    from transformers.utils.quantization_config import QuantizationConfigMixin

BUNDLED = "bundled"
"""The name of the bundled model."""

BUNDLED_CLIPS = "bundled-clips"
"""The name of the bundled model of several frames."""


def load_model(
    name: str | os.PathLike[str] | None = None,
    *,
    device: str | torch.device = "auto",
    dtype: str | torch.dtype = "auto",
    revision: str | None = None,
    device_map: str | Mapping[str, Any] | None = None,
    adapter: str | os.PathLike[str] | None = None,
    attn_implementation: str | None = None,
    quantization_config: QuantizationConfigMixin | Mapping[str, Any] | None = None,
    trust_remote_code: bool = False,
    max_pixels: int | None = None,
    image_options: Mapping[str, Any] | None = None,
    batch_size: int | None = None,
    literal: bool = False,
) -> HuggingFaceModel:
    """Load a vision-language model with `AutoModelForImageTextToText` and `AutoProcessor`.

    Every weight must come from the checkpoint: missing, mismatched or truncated tensors are errors.

    Parameters
    ----------
    name : str or path, optional
        A local folder or a hub id; None or "bundled" loads the model of this package, "bundled-clips" the one of several
        frames. A folder or id that holds a LoRA adapter loads its base model with the adapter. An address such as
        "http://127.0.0.1:8000/v1" connects to a server, see `eagle_nb.load_server`; the other options do not apply then.
    device : str or torch.device
        "auto" chooses CUDA, then MPS, then the CPU.
    dtype : str or torch.dtype
        "auto" keeps the checkpoint's own; otherwise a floating-point type such as "float32" or torch.bfloat16.
    revision : str, optional
        Branch, tag or commit of a hub id.
    device_map : str or mapping, optional
        Where the parts of a network go that does not fit on one device, such as "auto"; passed to transformers.
    adapter : str or path, optional
        Folder or hub id of an adapter, such as LoRA, for the model; needs the package peft.
    attn_implementation : str, optional
        Implementation of attention, such as "sdpa" or "flash_attention_2"; passed to transformers.
    quantization_config : transformers.BitsAndBytesConfig or another configuration, optional
        Quantization of the weights; passed to transformers.
    trust_remote_code : bool
        Whether code that comes with the checkpoint may run; any auto class that it is registered under will do.
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
        The model; a `eagle_nb.models.served.model.ServedModel` for an address.

    Raises
    ------
    ValueError
        If the folder holds no model or no processor, the checkpoint accepts no images or is not a decoder, a hub id cannot be
        reached, an option does not fit, or weights are missing, mismatched, truncated or git-LFS pointers.
    TypeError
        If `name` is neither a text nor a path.

    Examples
    --------
    >>> model = load_model()
    >>> model.name
    'bundled'
    """
    if isinstance(name, str) and is_address(name):
        given = {
            "device": device != "auto", "dtype": dtype != "auto", "revision": revision, "device_map": device_map, "adapter": adapter,
            "attn_implementation": attn_implementation, "quantization_config": quantization_config, "max_pixels": max_pixels,
            "trust_remote_code": trust_remote_code, "image_options": image_options, "literal": literal,
        }  # fmt: skip
        options_given = [option for option, value in given.items() if value]
        return cast("HuggingFaceModel", load_model_of_server(name, options_given, batch_size))
    _check_positive(batch_size, "batch_size")
    _check_positive(max_pixels, "max_pixels")
    if device_map is not None and device != "auto":
        raise ValueError(
            f"give device={str(device)!r} or device_map={device_map!r}, not both; device_map places every part"
        )
    target, kind = _device(device), _dtype(dtype)
    source, label, adapter = _resolve(name, adapter)
    common: dict[str, Any] = {"trust_remote_code": bool(trust_remote_code)}
    if revision is not None:
        common["revision"] = revision
    config = load_config(source, label, common)
    processor = load_processor(source, label, common)
    options = checked_image_options(processor, label, max_pixels, image_options)
    optional = {
        "attn_implementation": attn_implementation,
        "quantization_config": quantization_config,
        "device_map": {"": target} if quantization_config is not None and device_map is None else device_map,
    }
    extra: dict[str, Any] = {key: value for key, value in optional.items() if value is not None}
    with _quiet_in_notebooks(source):
        network = _network(config, source, label, {"dtype": kind, **common, **extra})
    if "device_map" not in extra:
        network = network.to(target)
    commit = _revision(source, revision)
    if adapter is not None:
        network, commit = attach_adapter(network, adapter), f"{commit} + {_revision(os.fspath(adapter), None)}"
        label = label if label == os.fspath(adapter) else f"{label} + {os.fspath(adapter)}"
    return HuggingFaceModel(network.eval(), processor, label, commit, batch_size, options, literal)


def wrap_model(
    network: Any,
    processor: Any,
    name: str = "",
    *,
    revision: str = "",
    max_pixels: int | None = None,
    image_options: Mapping[str, Any] | None = None,
    batch_size: int | None = None,
    literal: bool = False,
) -> HuggingFaceModel:
    """Wrap a network that is in memory already, such as one that you are training.

    The network is switched to evaluation mode. Inside a `peft.PeftModel`, the transformers model with its adapter is used.

    Parameters
    ----------
    network : transformers.PreTrainedModel or peft.PeftModel
        The network, on its device.
    processor : transformers.ProcessorMixin
        Its processor.
    name, revision : str
        Name and revision for records; the name is the network's own by default.
    max_pixels : int, optional
        Maximum number of pixels that the processor scales an image to, see `load_model`.
    image_options : mapping, optional
        Options of the image processor for every image.
    batch_size : int, optional
        Number of coalitions that are scored at once; found during scoring by default.
    literal : bool
        Prepare every masked image through the processor.

    Returns
    -------
    HuggingFaceModel
        The model.

    Raises
    ------
    TypeError
        If `network` is not a network of transformers.
    ValueError
        If the network is not a decoder, the processor lacks a part, or an option does not fit.

    Examples
    --------
    >>> loaded = load_model()
    >>> wrap_model(loaded.network, loaded.processor, "mine").name
    'mine'
    """
    from transformers import PreTrainedModel

    _check_positive(batch_size, "batch_size")
    _check_positive(max_pixels, "max_pixels")
    inside = unwrapped(network)
    if not isinstance(inside, PreTrainedModel):
        raise TypeError(f"network must be a model of transformers or a PeftModel, got {type(network).__name__}")
    label = name or str(getattr(inside.config, "name_or_path", "") or type(inside).__name__)
    check_config(inside.config, label)
    check_processor(processor, label)
    options = checked_image_options(processor, label, max_pixels, image_options)
    network.eval()
    return HuggingFaceModel(inside.eval(), processor, label, revision, batch_size, options, literal)


@contextmanager
def _quiet_in_notebooks(source: str) -> Iterator[None]:
    """Hide transformers' progress bars, which would stay in a saved notebook. A download that somebody watches keeps them."""
    from transformers.utils import logging

    if not in_kernel() or not logging.is_progress_bar_enabled() or (live_front_end() and not Path(source).is_dir()):
        yield
        return
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.enable_progress_bar()


def _check_positive(value: int | None, name: str) -> None:
    """Validate an optional positive integer."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise ValueError(f"{name} must be a positive integer, got {value!r}")


def _resolve(
    name: str | os.PathLike[str] | None, adapter: str | os.PathLike[str] | None
) -> tuple[str, str, str | os.PathLike[str] | None]:
    """Return where to load from, its name in messages, and the adapter; an adapter's name leads to its base."""
    if adapter is not None:
        require_peft(adapter)
        if base_of(adapter) is None and Path(adapter).expanduser().is_dir():
            raise ValueError(f"the folder {os.fspath(adapter)!r} holds no adapter: it has no {CONFIGURATION}")
    if name is None or name == BUNDLED:
        return str(files("eagle_nb.scenes") / "model"), BUNDLED, adapter
    if name == BUNDLED_CLIPS:
        return str(files("eagle_nb.scenes") / "clip_model"), BUNDLED_CLIPS, adapter
    if not isinstance(name, str | os.PathLike):
        raise TypeError(f"name is a folder or a hub id, got {type(name).__name__}")
    text = os.fspath(name)
    path = Path(text).expanduser()
    if not text.strip():
        raise ValueError("the model's name is empty; give a folder or a hub id, or None for the bundled model")
    if path.is_dir():
        check_files(path, text)
        if not (path / "config.json").is_file():
            base = base_of(path)
            if base is None:
                raise ValueError(f"the folder {text!r} holds no model: it has no config.json")
            return _based(base, text, adapter)
        if (path / CONFIGURATION).is_file():
            require_peft(text)  # otherwise transformers would leave out the adapter beside the weights
        return str(path), text, adapter
    hub_like = isinstance(name, str) and not path.is_absolute() and text[0] not in ".~" and text.count("/") <= 1
    if path.exists() or not hub_like:
        raise ValueError(f"there is no model folder {text!r}; give a folder with a config.json, or a hub id")
    base = base_of(text)
    return (text, text, adapter) if base is None else _based(base, text, adapter)


def _based(
    base: str, name: str, adapter: str | os.PathLike[str] | None
) -> tuple[str, str, str | os.PathLike[str] | None]:
    """Return the base of an adapter that was given by name."""
    if adapter is not None:
        raise ValueError(
            f"{name!r} is an adapter itself, so it takes no further adapter; give its base {base!r} as the name"
        )
    require_peft(name)
    source, label, _ = _resolve(base, None)
    return source, label, name


def _network(config: Any, source: str, label: str, options: dict[str, Any]) -> Any:
    """Load the network, with every weight from the checkpoint."""
    from safetensors import SafetensorError

    writer = getattr(
        config, "thinker_config", None
    )  # the part of Qwen's Omni models that writes, without the one that speaks
    if writer is not None and not getattr(config, "auto_map", None):
        config, options = writer, {**options, "config": writer}
    kind = model_class(config, source, options)
    try:
        network, report = kind.from_pretrained(
            source, output_loading_info=True, ignore_mismatched_sizes=True, **options
        )
    except (OSError, SafetensorError, EOFError, UnpicklingError) as error:
        raise ValueError(f"{label!r} has no readable weights: {error}") from error
    check_weights(network, report, label)
    return network


def _revision(source: str, revision: str | None) -> str:
    """Return what identifies the weights: the commit of a hub id, or a digest of a folder's weights."""
    folder = Path(source).expanduser()
    if folder.is_dir():
        return folder_digest(folder)
    from transformers.utils.hub import cached_file, extract_commit_hash

    for name in ("config.json", CONFIGURATION):
        try:
            path = cached_file(source, name, revision=revision, local_files_only=True)
        except (OSError, ValueError):
            continue
        commit = extract_commit_hash(path, None)
        if commit:
            return str(commit)
    return revision or "unknown"


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
