"""Files of one kind: ``.npz`` without pickle, with a description as JSON, pictures as PNG and arrays."""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from ..inputs.files import missing, replacing, to_json
from ..inputs.messages import conversation_from
from ..inputs.response import Response
from .formats import wrong_format

FAILURES = (
    ValueError, KeyError, TypeError, IndexError, AttributeError, OSError, EOFError, zipfile.BadZipFile, RecursionError,
)  # fmt: skip
"""What reading a damaged file may raise."""


def write_npz(path: str | os.PathLike[str], description: Mapping[str, Any], arrays: Mapping[str, np.ndarray]) -> Path:
    """Write a description and arrays to one file.

    Parameters
    ----------
    path : path
        The file; ".npz" is added where it is missing.
    description : mapping
        What JSON holds, "format" among it; see `eagle_nb.inputs.files.to_json`. Other values are written as text.
    arrays : mapping of str to ndarray
        Arrays of numbers or booleans.

    Returns
    -------
    pathlib.Path
        The file.
    """
    path = Path(path)
    if path.suffix != ".npz":
        path = path.with_name(path.name + ".npz")
    text = np.frombuffer(to_json(description, fallback=str).encode(), np.uint8)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, text=text, **arrays)  # type: ignore[arg-type]
    return path


def read_npz(path: str | os.PathLike[str], file_format: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Read what `write_npz` wrote.

    Parameters
    ----------
    path : path
        The file.
    file_format : str
        Name and version of the format.

    Returns
    -------
    description : dict
        What JSON holds.
    arrays : dict of str to ndarray
        The arrays.

    Raises
    ------
    MissingFileError
        (a ValueError) If there is no such file.
    ValueError
        If the file is truncated, or of another format; the message names what reads it.
    """
    path = Path(path)
    if not path.is_file():
        raise missing(path)
    try:
        if not zipfile.is_zipfile(path):
            raise ValueError("it is not an .npz file")
        with np.load(path, allow_pickle=False) as file:
            if "text" not in file.files:
                raise ValueError("it has no description")
            arrays = {name: file[name] for name in file.files}
        description = json.loads(bytes(arrays.pop("text")).decode())
        if description.get("format") != file_format:
            raise ValueError(wrong_format(description.get("format"), file_format))
        return description, arrays
    except FAILURES as error:
        raise unreadable(path, file_format, error) from error


def unreadable(path: str | os.PathLike[str], file_format: str, error: Exception) -> ValueError:
    """Return the error of a file that is not what it should be.

    Parameters
    ----------
    path : path
        The file.
    file_format : str
        Name and version of the format.
    error : Exception
        What went wrong.

    Returns
    -------
    ValueError
        The error to raise.
    """
    name = file_format.removeprefix("eagle_nb ").rpartition(" ")[0].removesuffix("s")
    article = "an" if name[0] in "aeiou" else "a"
    return ValueError(f"{str(path)!r} is not {article} {name} saved by eagle_nb, or it is truncated: {error}")


def pack_picture(picture: Image.Image) -> np.ndarray:
    """Encode a picture without loss.

    Parameters
    ----------
    picture : PIL.Image.Image
        The picture.

    Returns
    -------
    ndarray of uint8
        The bytes of a PNG file.
    """
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return np.frombuffer(buffer.getvalue(), np.uint8)


def unpack_picture(data: np.ndarray) -> Image.Image:
    """Decode what `pack_picture` encoded.

    Parameters
    ----------
    data : ndarray of uint8
        The bytes of a PNG file.

    Returns
    -------
    PIL.Image.Image
        The picture: RGB.
    """
    return Image.open(io.BytesIO(data.tobytes())).convert("RGB")


def pack_response(response: Response, name: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Divide a response into facts and arrays.

    Parameters
    ----------
    response : Response
        The response.
    name : str
        Beginning of the names of its arrays.

    Returns
    -------
    (dict, dict)
        Facts and arrays for `write_archive`.
    """
    facts: dict[str, Any] = {}
    arrays: dict[str, np.ndarray] = {}
    for entry in fields(response):
        value = getattr(response, entry.name)
        if entry.name == "images":
            arrays |= {f"{name}.image.{k}": pack_picture(picture) for k, picture in enumerate(value)}
        elif entry.name == "conversation":
            facts[entry.name] = value.as_dict()
        elif isinstance(value, np.ndarray):
            arrays[f"{name}.{entry.name}"] = value
        else:
            facts[entry.name] = value
    return facts, arrays


def unpack_response(facts: Mapping[str, Any], arrays: Mapping[str, np.ndarray], name: str) -> Response:
    """Put a response together that `pack_response` divided.

    Parameters
    ----------
    facts : mapping
        Its facts.
    arrays : mapping of str to ndarray
        All arrays of the file.
    name : str
        Beginning of the names of its arrays.

    Returns
    -------
    Response
        The response.
    """
    own: dict[str, Any] = {
        key.removeprefix(f"{name}."): value for key, value in arrays.items() if key.startswith(f"{name}.")
    }
    count = sum(key.startswith("image.") for key in own)
    images = tuple(unpack_picture(own.pop(f"image.{k}")) for k in range(count))
    spans = [(int(start), int(end)) for start, end in facts["spans"]]
    conversation = conversation_from(facts["conversation"])
    return Response(images=images, **{**facts, "spans": spans, "conversation": conversation}, **own)
