"""Attribution: explain the words of a response, and the explanations as checked data."""

from __future__ import annotations

from .explaining import explain, explain_each
from .explanation import Explanation
from .explanation_set import ExplanationSet
from .loading import load
from .two_levels import TwoLevels, explain_pictures

__all__ = ["Explanation", "ExplanationSet", "TwoLevels", "explain", "explain_each", "explain_pictures", "load"]
