"""Attribution: explain the words of a response, and the explanations as checked data."""

from __future__ import annotations

from .explaining import explain, explain_each
from .explanation import Explanation
from .explanation_set import ExplanationSet
from .loading import load

__all__ = ["Explanation", "ExplanationSet", "explain", "explain_each", "load"]
