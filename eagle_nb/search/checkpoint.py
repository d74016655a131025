"""Scored coalitions on disk, so that a long search survives whatever stops it.

One file: a line of JSON that says what was scored, then records of equal length, one per coalition
(its bits, then its probabilities as float32). Records are only ever appended; one that a kill cut short
is dropped when the file is read.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

FORMAT = "eagle_nb scores 1"


class Checkpoint:
    """Probabilities of coalitions, read from a file and appended to it.

    Parameters
    ----------
    path : path
        Made when the first scores are added; its folder too.
    n_regions : int
    identity : mapping of str to str
        What the scores belong to: image, model, prompt … by name. All must agree with the file's.

    Attributes
    ----------
    scores : dict of bytes to ndarray of float32 (T,)

    Raises
    ------
    ValueError
        If the file is something else, or was made with another image, model, prompt, answer, fill or region map;
        the message names what differs.
    """

    def __init__(self, path: str | os.PathLike[str], n_regions: int, identity: Mapping[str, str] | None = None) -> None:
        self.path = Path(path)
        self.identity = {"number of regions": str(n_regions), **(identity or {})}
        self.scores: dict[bytes, np.ndarray] = {}
        self._bits = -(-n_regions // 8)
        if self.path.exists():
            self._read()

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.path)!r}: {len(self.scores)} coalitions)"

    def add(self, scores: Mapping[bytes, np.ndarray]) -> None:
        """Append scores and hand them to the operating system, so that they outlive the process."""
        if not scores:
            return
        length = len(next(iter(scores.values())))
        start = b""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            header = {"format": FORMAT, "tokens": length, "identity": self.identity}
            start = json.dumps(header, ensure_ascii=False).encode() + b"\n"
        records = b"".join(key + np.asarray(row, "<f4").tobytes() for key, row in scores.items())
        with self.path.open("ab") as file:
            file.write(start + records)
        self.scores.update(scores)

    def _read(self) -> None:
        data = self.path.read_bytes()
        head, line, records = data.partition(b"\n")
        try:
            header: dict[str, Any] = json.loads(head) if line else {}
        except ValueError:
            header = {}
        if not line and (
            not data or data.startswith(b'{"format": "eagle_nb')
        ):  # killed while the first line was written
            self.path.unlink()
            return
        if not isinstance(header, dict) or header.get("format") != FORMAT:
            raise ValueError(f"{str(self.path)!r} is no checkpoint of eagle_nb; choose another path")
        found = header["identity"]
        other = [name for name in {**found, **self.identity} if found.get(name) != self.identity.get(name)]
        if other:
            told = ", ".join(f"{name} ({found.get(name)!r}, not {self.identity.get(name)!r})" for name in other)
            raise ValueError(f"the checkpoint {str(self.path)!r} was made with another {told}; choose another path")
        size = self._bits + 4 * int(header["tokens"])
        whole = len(records) // size
        if len(records) != whole * size:
            with self.path.open("rb+") as file:
                file.truncate(len(head) + 1 + whole * size)
        for k in range(whole):
            record = records[k * size : (k + 1) * size]
            self.scores[record[: self._bits]] = np.frombuffer(record[self._bits :], "<f4").copy()
