"""A journal of rows: what a long run finds is written as it comes, so that the same call goes on after an interrupt."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import numpy as np


class Journal(MutableMapping[str, dict[str, Any]]):
    """Rows by key, in memory and, with a path, in a ``.jsonl`` file that grows by a line for each new row.

    Parameters
    ----------
    path : path, optional
        Rows that are in the file are there from the start. A last line that was cut short is dropped.

    Raises
    ------
    ValueError
        If the path does not end in ".jsonl", or the file holds something else than a journal.

    Examples
    --------
    >>> journal = Journal()
    >>> journal[digest(method="occlusion", seed=0)] = {"insertion_auc": 0.5}
    >>> journal[digest(seed=0, method="occlusion")]
    {'insertion_auc': 0.5}
    """

    def __init__(self, path: str | os.PathLike[str] | None = None) -> None:
        self.path = None if path is None else Path(path).expanduser()
        self._rows: dict[str, dict[str, Any]] = {}
        if self.path is not None and self.path.suffix != ".jsonl":
            raise ValueError(f"rows are kept in a .jsonl file, got {self.path.name!r}")
        if self.path is not None and self.path.is_file():
            self._read(self.path)

    def __getitem__(self, key: str) -> dict[str, Any]:
        return dict(self._rows[key])

    def __setitem__(self, key: str, row: dict[str, Any]) -> None:
        line = json.dumps({"key": key, **row}, ensure_ascii=False)
        self._rows[key] = {name: value for name, value in json.loads(line).items() if name != "key"}
        if self.path is not None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("a", encoding="utf-8") as file:
                file.write(line + "\n")

    def __delitem__(self, key: str) -> None:
        raise TypeError("a journal only grows; delete its file to begin again")

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def _read(self, path: Path) -> None:
        text = path.read_bytes()
        whole = text[: text.rfind(b"\n") + 1]
        for number, line in enumerate(whole.decode("utf-8").splitlines(), 1):
            try:
                row = json.loads(line)
                self._rows[row.pop("key")] = row
            except (ValueError, KeyError, AttributeError, TypeError):
                raise ValueError(
                    f"line {number} of {str(path)!r} is no row of a journal; give another file, or delete this one"
                ) from None
        if len(whole) < len(text):
            with path.open("r+b") as file:
                file.truncate(len(whole))


def digest(**facts: Any) -> str:
    """A key of everything that a row depends on; equal facts in any order give equal keys.

    Parameters
    ----------
    **facts
        Arrays, and what JSON holds.

    Raises
    ------
    TypeError
        If a fact is neither.
    """
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=_plain).encode()).hexdigest()[:24]


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [str(value.dtype), value.shape, hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"a {type(value).__name__} cannot be part of a key: {value!r}")
