"""Write files so that a reader never sees half of one, and values so that they are read back as what they are."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import MissingFileError


def missing(path: str | os.PathLike[str], what: str = "file") -> MissingFileError:
    """Return the error of a file or folder that does not exist.

    Parameters
    ----------
    path : path
        Where it was expected.
    what : str
        What it is called, such as "file" or "folder".

    Returns
    -------
    MissingFileError
        The error to raise.

    Examples
    --------
    >>> str(missing("x.npz")).partition(";")[0]
    "there is no file 'x.npz'"
    """
    return MissingFileError(f"there is no {what} {str(path)!r}; check the path (working folder: {Path.cwd()})")


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """Provide a temporary file beside a path, which replaces the path when the block ends without an error.

    Several processes may write to one path at the same time: each has a temporary file of its own, and the last one wins.

    Parameters
    ----------
    path : path
        The file to write; its folder is created.

    Yields
    ------
    pathlib.Path
        The temporary file.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with replacing(target) as temporary:
    ...     _ = temporary.write_text("all")
    >>> target.read_text()
    'all'
    """
    target = Path(path)
    if target.is_symlink():
        target = target.resolve()  # the file is replaced, not the link to it
    target.parent.mkdir(parents=True, exist_ok=True)
    # File systems limit a name to 255 bytes, so that of the temporary file does not contain all of a long one.
    temporary = target.with_name(f".{target.name[:40]}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        yield temporary
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def to_json(value: Any, fallback: Callable[[Any], Any] | None = None) -> str:
    """Encode a value as JSON; NumPy's numbers and arrays become Python's own.

    Parameters
    ----------
    value : object
        Mappings, sequences, sets, texts, numbers, booleans, None, paths, and NumPy's scalars and arrays; also scalars of other libraries
        that have ``item()``, and pandas' NA, which becomes None.
    fallback : callable, optional
        Makes a value of these types of any other value.

    Returns
    -------
    str
        NaN and infinities are written as ``NaN`` and ``Infinity``, which `json.loads` reads.

    Raises
    ------
    TypeError
        If a value is of another type and there is no `fallback`.

    Examples
    --------
    >>> to_json({np.int64(1): [np.int64(2), np.float32(0.5), np.bool_(True)], "a": {np.nan}})
    '{"1": [2, 0.5, true], "a": [NaN]}'
    """
    return json.dumps(_plain(value, fallback))


def _plain(value: Any, fallback: Callable[[Any], Any] | None) -> Any:
    """Return a value that consists of Python's own types."""
    if isinstance(value, np.ndarray | np.generic):
        value = value.tolist()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {_key(key, fallback): _plain(item, fallback) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item, fallback) for item in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if type(value).__name__ == "NAType":
        return None
    if hasattr(value, "item") and np.ndim(value) == 0:
        return _plain(value.item(), fallback)
    if fallback is None:
        raise TypeError(f"a {type(value).__name__} cannot be saved: {value!r}")
    return _plain(fallback(value), None)


def _key(key: Any, fallback: Callable[[Any], Any] | None) -> Any:
    """Return a key that JSON can hold."""
    plain = _plain(key, fallback)
    return plain if plain is None or isinstance(plain, bool | int | float | str) else str(key)
