"""The lesson behind `notebooks/00_walkthrough.ipynb`: its scene, its five exercises, and its page.

Answers are checked against the library and the model, never against stored numbers, because another model or number of regions has
other right answers.
"""

from __future__ import annotations

from .exercises import EXERCISES, Exercise, check, hint
from .feedback import Feedback, Hint
from .formulas import Formula, formula
from .lessons import Lesson, lesson
from .maps import numbered_image
from .page import export, write_page

__all__ = [
    "EXERCISES",
    "Exercise",
    "Feedback",
    "Formula",
    "Hint",
    "Lesson",
    "check",
    "export",
    "formula",
    "hint",
    "lesson",
    "numbered_image",
    "write_page",
]
