"""Widgets for JupyterLab: pick tokens, step through the search, split words into seen and guessed, paint masks.

All state is in traits, which work in both directions. Pictures and curves cross to the browser once; a step or a
threshold moves without the kernel. Where no kernel or no interactive front end is there (papermill, nbconvert, a
saved page), the same view runs from a copy of the data inside the output.
"""

from __future__ import annotations

from .correction import CorrectionStepper
from .explorer import Explorer
from .painter import MaskPainter
from .picker import TokenPicker
from .reliance import RelianceSlider
from .stepper import SearchStepper

__all__ = ["CorrectionStepper", "Explorer", "MaskPainter", "RelianceSlider", "SearchStepper", "TokenPicker"]
