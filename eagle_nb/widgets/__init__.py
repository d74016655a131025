"""Widgets for JupyterLab: select tokens, step through the search, split words by reliance, paint masks.

All state is in traits, which work in both directions. Images and curves are sent to the browser once; a step or a threshold moves without
the kernel. Without a kernel or an interactive front end (papermill, nbconvert, a saved page) the same view runs from a copy of the data
inside the output.
"""

from __future__ import annotations

from .correction import CorrectionStepper
from .explorer import Explorer
from .painter import MaskPainter
from .picker import TokenPicker
from .reliance import RelianceSlider
from .stepper import SearchStepper

__all__ = ["CorrectionStepper", "Explorer", "MaskPainter", "RelianceSlider", "SearchStepper", "TokenPicker"]
