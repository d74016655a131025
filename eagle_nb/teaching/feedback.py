"""What a student reads: the feedback on an answer, and hints that open one after another."""

from __future__ import annotations

import html
from dataclasses import dataclass

from ..viz.palette import FEEDBACK_COLORS


@dataclass(frozen=True)
class Feedback:
    """Whether an answer is right, and what is wrong with it otherwise.

    It is true if the answer is right: ``assert eagle.teaching.check("ex1", 3)``.

    Attributes
    ----------
    exercise : str
        The exercise.
    correct : bool
        Whether the answer is right.
    message : str
        What the student reads.
    """

    exercise: str
    correct: bool
    message: str

    def __bool__(self) -> bool:
        return self.correct

    @property
    def title(self) -> str:
        """The first sentence of the feedback."""
        return f"{self.exercise}: correct." if self.correct else f"{self.exercise}: not yet."

    def __repr__(self) -> str:
        return f"{self.title} {self.message}"

    def _repr_html_(self) -> str:
        style = f"border-left: 4px solid {FEEDBACK_COLORS[self.correct]}; padding: 0.4em 0.9em; margin: 0.4em 0; max-width: 46em"
        return f'<div style="{style}"><b>{html.escape(self.title)}</b> {html.escape(self.message)}</div>'


@dataclass(frozen=True)
class Hint:
    """Hints to one exercise.

    Attributes
    ----------
    exercise : str
        The exercise.
    steps : tuple of str
        The hints; each reveals more than the one before.
    shown : int
        Number of hints that are printed, at least 1. In a notebook, each further hint opens with a click.
    """

    exercise: str
    steps: tuple[str, ...]
    shown: int = 1

    def __repr__(self) -> str:
        lines = [f"{self.exercise}, hint {k}: {text}" for k, text in enumerate(self.steps[: self.shown], 1)]
        if self.shown < len(self.steps):
            lines.append(f"More: hint({self.exercise!r}, {self.shown + 1})")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        inner = ""
        for k in range(len(self.steps), 0, -1):
            text = f'<p style="margin: 0.3em 0">{html.escape(self.steps[k - 1])}</p>{inner}'
            label = "A hint" if k == 1 else "More"
            state = " open" if 1 < k <= self.shown else ""
            inner = f'<details{state} style="margin: 0.3em 0 0.3em 0.6em"><summary>{label}</summary>{text}</details>'
        return f'<div style="max-width: 46em"><b>{html.escape(self.exercise)}</b>{inner}</div>'
