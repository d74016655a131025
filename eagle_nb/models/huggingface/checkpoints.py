"""Files of a checkpoint: pointers, truncated weights and digests."""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import torch

POINTER = b"version https://git-lfs.github.com/spec/"
"""The first bytes of a git-LFS pointer, which stands for a file that was not downloaded."""

WEIGHTS = (".safetensors", ".bin", ".pt", ".pth")
"""Suffixes of weight files."""

SMALL = 2**26
"""A single weight file below this size enters the revision by its SHA-256; others by their CRC-32, which is faster."""


def check_files(folder: Path, label: str) -> None:
    """Validate the files of a local checkpoint without loading its weights.

    Parameters
    ----------
    folder : Path
        The folder.
    label : str
        Name of the checkpoint in messages.

    Raises
    ------
    ValueError
        If files are git-LFS pointers, shards are missing or weights are truncated; the message names the files and tensors.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file())
    pointers = [path.name for path in files if _is_pointer(path)]
    if pointers:
        raise ValueError(
            f"{label!r} holds git-LFS pointers in place of {listed(pointers)}; run `git lfs pull` in the folder, or download it again"
        )
    for path in files:
        if path.name.endswith(".safetensors.index.json"):
            _check_shards(path, label)
        elif path.suffix == ".safetensors":
            cut = truncated_tensors(path)
            if cut:
                raise ValueError(
                    f"{path.name} of {label!r} is truncated: {listed(cut)} are cut off; download the file again"
                )


def truncated_tensors(path: Path) -> list[str]:
    """Return the names of the tensors that a safetensors file should hold beyond its end.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    list of str
        Names of tensors; "the header" if the file ends before its own table of contents does.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else size
        if 8 + length > size:
            return ["the header"]
        try:
            header = json.loads(file.read(length))
        except ValueError:
            return ["the header"]
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    return [name for name, entry in entries.items() if 8 + length + entry["data_offsets"][1] > size]


def check_weights(network: torch.nn.Module, report: Mapping[str, Any], label: str) -> None:
    """Validate that every weight of a network came from its checkpoint.

    Buffers of integers, such as position numbers, may be missing: the network computes them.

    Parameters
    ----------
    network : torch.nn.Module
        The loaded network.
    report : mapping
        What transformers reports with ``output_loading_info=True``.
    label : str
        Name of the checkpoint in messages.

    Raises
    ------
    ValueError
        If weights are missing or have other shapes; the message names them.
    """
    mismatched = sorted(report.get("mismatched_keys") or ())
    if mismatched:
        shapes = [f"{name} {tuple(found)} in place of {tuple(wanted)}" for name, found, wanted in mismatched]
        raise ValueError(
            f"the weights of {label!r} do not fit its configuration: {listed(shapes)}; config.json and the weight files must be from "
            "the same checkpoint"
        )
    buffers = {name for name, value in network.named_buffers() if not value.is_floating_point()}
    missing = sorted(set(report.get("missing_keys") or ()) - buffers)
    if missing:
        raise ValueError(
            f"the checkpoint {label!r} lacks {listed(missing)} of its {type(network).__name__}; these weights would be random. "
            "Complete its weight files, or load a checkpoint of the same architecture"
        )


def folder_digest(folder: Path) -> str:
    """Return a digest of all weight files in a folder.

    Parameters
    ----------
    folder : Path
        The folder.

    Returns
    -------
    str
        "sha256:" and 16 hexadecimal digits; "local" if the folder holds no weights.
    """
    files = sorted(path for path in folder.iterdir() if path.is_file() and path.suffix in WEIGHTS)
    if not files:
        return "local"
    if len(files) == 1 and files[0].stat().st_size < SMALL:
        return "sha256:" + hashlib.sha256(files[0].read_bytes()).hexdigest()[:16]
    table = [[path.name, path.stat().st_size, _checksum(path)] for path in files]
    return "sha256:" + hashlib.sha256(json.dumps(table).encode()).hexdigest()[:16]


def listed(names: Iterable[str], most: int = 6) -> str:
    """Return names as a text for a message, shortened.

    Parameters
    ----------
    names : iterable of str
        Names.
    most : int
        Number of names that are written out.

    Returns
    -------
    str
        The names, separated by commas.
    """
    every = list(names)
    rest = len(every) - most
    return ", ".join(every[:most]) + (f" and {rest} more" if rest > 0 else "")


def _is_pointer(path: Path) -> bool:
    """Whether a file is a git-LFS pointer."""
    if path.stat().st_size > 1024:
        return False
    with path.open("rb") as file:
        return file.read(len(POINTER)) == POINTER


def _check_shards(index: Path, label: str) -> None:
    """Validate that every weight file that an index names is there."""
    try:
        places = json.loads(index.read_text())["weight_map"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"cannot read {index.name} of {label!r}: {error}") from error
    for name in sorted(set(places.values())):
        if not (index.parent / name).is_file():
            tensors = sorted(tensor for tensor, place in places.items() if place == name)
            raise ValueError(f"{label!r} lacks the file {name}, which holds {listed(tensors)}; download it")


def _checksum(path: Path) -> int:
    """Return the CRC-32 of a file."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(2**24):
            value = zlib.crc32(block, value)
    return value
