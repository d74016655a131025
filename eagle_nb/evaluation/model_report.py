"""The report of `eagle_nb.evaluation.model_check.check_model`: checks with their numbers, speed, memory and the expected cost."""

from __future__ import annotations

import html
import json
import math
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from ..models.checks import Check


@dataclass(frozen=True)
class Pace:
    """How fast coalitions are scored at one batch size.

    Attributes
    ----------
    batch_size : int
        Coalitions scored at once.
    passes_per_second : float
        Forward passes, each of one image, per second.
    """

    batch_size: int
    passes_per_second: float


@dataclass(frozen=True)
class ExpectedCost:
    """What `eagle_nb.explain` will take for one word at its default settings.

    Attributes
    ----------
    regions : int
        Number of regions.
    forward_passes : int
        The default budget.
    seconds : float
        Expected time: setting up the scorer, and the passes at the pace of batches of four, for which the search mostly asks. NaN if
        no pace was measured.
    """

    regions: int
    forward_passes: int
    seconds: float


@dataclass(frozen=True)
class ModelReport:
    """Whether a model is scored right, how fast, and how much memory it takes; see `check_model`.

    Attributes
    ----------
    model : str
        The model.
    environment : dict of str to str
        Device, precision and versions.
    prompt, answer : str
        The question, and the model's answer.
    checks : tuple of Check
        The checks.
    pace : tuple of Pace
        Passes per second by batch size.
    peak_memory : int
        Peak memory in bytes: of the device on CUDA, else of the process.
    expected : tuple of ExpectedCost
        Cost of an explanation by number of regions.
    seconds : float
        Duration of all checks.
    """

    model: str
    environment: dict[str, str]
    prompt: str
    answer: str
    checks: tuple[Check, ...]
    pace: tuple[Pace, ...]
    peak_memory: int
    expected: tuple[ExpectedCost, ...]
    seconds: float = field(compare=False)

    @property
    def passed(self) -> bool:
        """Whether no check failed."""
        return not self.failures

    @property
    def failures(self) -> tuple[Check, ...]:
        """The failed checks."""
        return tuple(check for check in self.checks if check.passed is False)

    @property
    def summary(self) -> str:
        """The result in one sentence."""
        if self.failures:
            count, names = len(self.failures), ", ".join(check.name for check in self.failures)
            return f"{self.model}: {count} {'check' if count == 1 else 'checks'} failed: {names}."
        count = sum(check.passed is True for check in self.checks)
        return f"{self.model}: all {count} checks passed."

    def __getitem__(self, name: str) -> Check:
        for check in self.checks:
            if check.name == name:
                return check
        raise KeyError(f"there is no check {name!r}; there are {', '.join(check.name for check in self.checks)}")

    def to_frame(self) -> pd.DataFrame:
        """Return the checks as a table.

        Returns
        -------
        pandas.DataFrame
            One row per check: "check", "value", "bound", "passed" (True, False or None) and "detail".
        """
        rows = [(c.name, c.value, c.bound, c.passed, c.detail) for c in self.checks]
        return pd.DataFrame(rows, columns=["check", "value", "bound", "passed", "detail"]).astype({"passed": object})

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the report as JSON; what was not measured is null.

        Parameters
        ----------
        path : path, optional
            A file to write it to.

        Returns
        -------
        str
            A JSON object: all attributes, "passed" and "summary".
        """
        content = {"passed": self.passed, "summary": self.summary, **asdict(self)}
        text = json.dumps(_plain(content), indent=2, ensure_ascii=False, allow_nan=False)
        if path is not None:
            Path(path).write_text(text + "\n", encoding="utf-8")
        return text

    def __str__(self) -> str:
        width = max(len(check.name) for check in self.checks) if self.checks else 0
        lines = [self.summary, ""]
        for check in self.checks:
            lines.append(f"{check.name:{width}}  {_verdict(check):11}  {_measured(check):20}  {check.detail}")
        return "\n".join([*lines, "", *self._facts()])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(c.name)}</td><td>{'<b>FAILED</b>' if c.passed is False else _verdict(c)}</td>"
            f"<td style='text-align: right'>{html.escape(_measured(c))}</td>"
            f"<td style='text-align: left; white-space: normal; max-width: 44em'>{html.escape(c.detail)}</td></tr>"
            for c in self.checks
        )
        head = "".join(
            f"<th style='text-align: left'>{name}</th>" for name in ("check", "verdict", "measured", "detail")
        )
        facts = "<br>".join(html.escape(line) for line in self._facts())
        return f"<p><b>{html.escape(self.summary)}</b></p><table><tr>{head}</tr>{rows}</table><p>{facts}</p>"

    def _facts(self) -> list[str]:
        """Return the lines about speed, memory and cost."""
        lines = [f"{name}: {value}" for name, value in self.environment.items()]
        if self.pace:
            pace = "; ".join(f"{p.passes_per_second:.1f} at batch size {p.batch_size}" for p in self.pace)
            lines.append(f"passes per second: {pace}")
        lines.append(f"peak memory: {self.peak_memory / 1e9:.2f} GB")
        for cost in self.expected:
            seconds = f"about {_duration(cost.seconds)}" if math.isfinite(cost.seconds) else "time not measured"
            lines.append(f"explain with {cost.regions} regions: {cost.forward_passes} passes, {seconds}")
        return lines


def _verdict(check: Check) -> str:
    """Return the verdict in a word."""
    if check.passed is None:
        return "not checked" if math.isnan(check.value) else "measured"
    return "passed" if check.passed else "FAILED"


def _measured(check: Check) -> str:
    """Return a value with its bound."""
    if math.isnan(check.value):
        return ""
    if math.isnan(check.bound):
        return f"{check.value:.3g}"
    return f"{check.value:.2g} ({'≥' if check.at_least else '≤'} {check.bound:.2g})"


def _duration(seconds: float) -> str:
    """Return a duration for reading."""
    return f"{seconds:.1f} s" if seconds < 90 else f"{seconds / 60:.1f} min"


def _plain(value: Any) -> Any:
    """Return values that JSON holds; NaN and infinity become None."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
