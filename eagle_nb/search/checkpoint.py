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
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .scores import Scorer

FORMAT = "eagle_nb scores 1"
PROBES = 3
"""Coalitions of a file that a scorer is asked about again if it does not tell what it scores."""
PROBE_OFF = 0.05
"""Difference of a probability beyond which it counts as another model's; less may come from batching or precision."""


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
    n_tokens : int or None
        T; None until something is scored.

    Raises
    ------
    ValueError
        If the file is something else, or was made with another image, model, prompt, answer, fill or region map;
        the message names what differs. A file that does not tell what is now asked for counts as another one.
    """

    def __init__(self, path: str | os.PathLike[str], n_regions: int, identity: Mapping[str, str] | None = None) -> None:
        self.path = Path(path)
        told = {str(name): str(value) for name, value in (identity or {}).items()}
        self.identity = {"number of regions": str(n_regions), **told}
        self.scores: dict[bytes, np.ndarray] = {}
        self.n_tokens: int | None = None
        self._n, self._bits = n_regions, -(-n_regions // 8)
        if self.path.exists():
            self._read()

    @classmethod
    def of(cls, scorer: Scorer, path: str | os.PathLike[str], identity: Mapping[str, str] | None = None) -> Checkpoint:
        """The checkpoint of a scorer, refused if it is another's.

        A scorer that does not tell both its model (``scorer.identity["model"]``) and its number of tokens
        (``scorer.n_tokens``) is asked again about `PROBES` of the coalitions that are kept, besides the blank and the
        whole image, and must answer the same; these passes are not counted as the search's.

        Parameters
        ----------
        scorer : Scorer
        path : path
        identity : mapping of str to str, optional
            What else the scores belong to. Where it and the scorer's own identity name the same, both count.

        Raises
        ------
        ValueError
            As `Checkpoint`; or if the scorer has another number of tokens or gives other probabilities.
        TypeError
            If it is no scorer.
        """
        from .scores import number_of_regions  # which needs this module

        n = number_of_regions(scorer)
        own, merged = getattr(scorer, "identity", None) or {}, dict(identity or {})
        for name, value in own.items():
            told = merged.get(name, value)
            merged[name] = value if told == value else f"{told} / {value}"
        kept = cls(path, n, merged)
        tokens = getattr(scorer, "n_tokens", None)
        if tokens is not None:
            kept._check_tokens(int(tokens))
        if kept.scores and (tokens is None or "model" not in own):
            kept._ask_again(scorer)
        return kept

    def __repr__(self) -> str:
        return f"Checkpoint({str(self.path)!r}: {len(self.scores)} coalitions)"

    def add(self, scores: Mapping[bytes, np.ndarray]) -> None:
        """Append scores and hand them to the operating system, so that they outlive the process."""
        if not scores:
            return
        length = len(next(iter(scores.values())))
        self._check_tokens(length)
        self.n_tokens, start = length, b""
        if not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            header = {"format": FORMAT, "tokens": length, "identity": self.identity}
            start = json.dumps(header).encode() + b"\n"
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
            raise self._refusal(*((name, found.get(name), self.identity.get(name)) for name in other))
        self.n_tokens = int(header["tokens"])
        size = self._bits + 4 * self.n_tokens
        whole = len(records) // size
        if len(records) != whole * size:
            with self.path.open("rb+") as file:
                file.truncate(len(head) + 1 + whole * size)
        for k in range(whole):
            record = records[k * size : (k + 1) * size]
            self.scores[record[: self._bits]] = np.frombuffer(record[self._bits :], "<f4").copy()

    def _ask_again(self, scorer: Scorer) -> None:
        """Compare a scorer's answers with those kept, for coalitions of about half the regions: they differ most."""
        from .scores import Scores

        bits = np.frombuffer(b"".join(self.scores), np.uint8).reshape(-1, self._bits)
        shown = np.unpackbits(bits, axis=1, count=self._n).astype(bool)
        near = np.argsort(np.abs(shown.sum(1) - self._n / 2), kind="stable")[:PROBES]
        rows = Scores(scorer)(shown[near])
        self._check_tokens(rows.shape[1])
        off = float(np.abs(rows - np.stack(list(self.scores.values()))[near]).max())
        if off > PROBE_OFF:
            raise ValueError(
                f"the checkpoint {str(self.path)!r} was made with another model: asked again about {len(near)} of its "
                f"coalitions, this one's probabilities are off by up to {off:.2f}; choose another path"
            )

    def _check_tokens(self, count: int) -> None:
        if self.n_tokens not in (None, count):
            raise self._refusal(("number of tokens", str(self.n_tokens), str(count)))

    def _refusal(self, *other: tuple[str, str | None, str | None]) -> ValueError:
        """Names each thing that differs, with what the file tells of it and what is asked for."""
        told = []
        for name, there, here in other:
            values = "the file tells none" if there is None else repr(there)
            told.append(f"{name} ({values}, {'here untold' if here is None else f'not {here!r}'})")
        return ValueError(
            f"the checkpoint {str(self.path)!r} was made with another {', '.join(told)}; choose another path"
        )
