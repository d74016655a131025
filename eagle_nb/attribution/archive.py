"""Files that hold explanations and more: one ``.npz`` file without pickle."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .explanation import Explanation
from .loading import load
from .npz import FAILURES, read_npz, unreadable, write_npz


@dataclass(frozen=True, eq=False)
class Archive:
    """The content of a file.

    Attributes
    ----------
    facts : dict
        What JSON holds.
    arrays : mapping of str to ndarray
        Arrays by name.
    explanations : list of Explanation
        The explanations.
    """

    facts: dict[str, Any]
    arrays: Mapping[str, np.ndarray]
    explanations: list[Explanation]


def write_archive(
    path: str | os.PathLike[str],
    file_format: str,
    facts: Mapping[str, Any],
    arrays: Mapping[str, np.ndarray],
    explanations: Sequence[Explanation],
) -> Path:
    """Write explanations, arrays and facts to one file.

    Parameters
    ----------
    path : path
        The file; ".npz" is added where it is missing.
    file_format : str
        Name and version of the format.
    facts : mapping
        What JSON holds; see `eagle_nb.inputs.files.to_json`. Other values are written as text.
    arrays : mapping of str to ndarray
        Arrays of numbers or booleans.
    explanations : sequence of Explanation
        Each is written as `Explanation.save` writes it.

    Returns
    -------
    pathlib.Path
        The file.
    """
    members = {f"array.{name}": np.asarray(values) for name, values in arrays.items()}
    with tempfile.TemporaryDirectory() as folder:
        for k, explanation in enumerate(explanations):
            saved = explanation.save(Path(folder) / f"{k}.npz")
            members[f"explanation.{k}"] = np.frombuffer(saved.read_bytes(), np.uint8)
    return write_npz(path, {"format": file_format, "explanations": len(explanations), "facts": facts}, members)


def read_archive(path: str | os.PathLike[str], file_format: str) -> Archive:
    """Read what `write_archive` wrote.

    Parameters
    ----------
    path : path
        The ``.npz`` file.
    file_format : str
        Name and version of the format.

    Returns
    -------
    Archive
        The content.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or of another format; the message names what reads it.
    """
    description, members = read_npz(path, file_format)
    try:
        arrays = {name.removeprefix("array."): members[name] for name in members if name.startswith("array.")}
        explanations = [_explanation(members[f"explanation.{k}"]) for k in range(description["explanations"])]
        return Archive(description["facts"], arrays, explanations)
    except FAILURES as error:
        raise unreadable(path, file_format, error) from error


def _explanation(data: np.ndarray) -> Explanation:
    """Read an explanation that is nested in a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "explanation.npz"
        path.write_bytes(data.tobytes())
        explanation = load(path)
    if not isinstance(explanation, Explanation):
        raise ValueError("it holds a set of explanations where one is expected")
    return explanation
