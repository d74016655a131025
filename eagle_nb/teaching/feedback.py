"""What a student reads: the check of an answer, and hints that open one after another."""

from __future__ import annotations

import html
from dataclasses import dataclass

_COLORS = {True: "#1b7f79", False: "#b5541c"}


@dataclass(frozen=True)
class Feedback:
    """Whether an answer is right, and what is off if it is not.

    Attributes
    ----------
    exercise : str
    right : bool
    message : str

    It is true where the answer is right: ``assert eagle.teaching.check("ex1", 3)``.
    """

    exercise: str
    right: bool
    message: str

    def __bool__(self) -> bool:
        return self.right

    @property
    def title(self) -> str:
        return f"{self.exercise}: right." if self.right else f"{self.exercise}: not yet."

    def __repr__(self) -> str:
        return f"{self.title} {self.message}"

    def _repr_html_(self) -> str:
        style = f"border-left: 4px solid {_COLORS[self.right]}; padding: 0.4em 0.9em; margin: 0.4em 0; max-width: 46em"
        return f'<div style="{style}"><b>{html.escape(self.title)}</b> {html.escape(self.message)}</div>'


@dataclass(frozen=True)
class Hint:
    """Hints to one exercise, the gentlest first.

    Attributes
    ----------
    exercise : str
    steps : tuple of str
    shown : int
        How many are printed, 1 …; in a notebook each further one opens with a click.
    """

    exercise: str
    steps: tuple[str, ...]
    shown: int = 1

    def __repr__(self) -> str:
        told = [f"{self.exercise}, hint {k}: {text}" for k, text in enumerate(self.steps[: self.shown], 1)]
        if self.shown < len(self.steps):
            told.append(f"More: hint({self.exercise!r}, {self.shown + 1})")
        return "\n".join(told)

    def _repr_html_(self) -> str:
        inner = ""
        for k in range(len(self.steps), 0, -1):
            told = f'<p style="margin: 0.3em 0">{html.escape(self.steps[k - 1])}</p>{inner}'
            name = "A hint" if k == 1 else "More"
            opened = " open" if 1 < k <= self.shown else ""
            inner = f'<details{opened} style="margin: 0.3em 0 0.3em 0.6em"><summary>{name}</summary>{told}</details>'
        return f'<div style="max-width: 46em"><b>{html.escape(self.exercise)}</b>{inner}</div>'
