"""Data sets: samples from drawn scenes, folders, COCO, published lists and Hugging Face data sets.

Every loader returns `Samples`, a sequence of `Sample`, which also lists the rows that were skipped, each with its
number and the reason.
"""

from __future__ import annotations

from .coco import from_coco
from .collection import Samples, Skipped
from .folder import from_folder
from .hub import from_hub
from .published import from_published
from .recorded import answer_sample, recorded_response, recorded_targets, recorded_tokens
from .sample import Sample, SampleObject
from .scenes import from_scenes

__all__ = [
    "Sample",
    "SampleObject",
    "Samples",
    "Skipped",
    "answer_sample",
    "from_coco",
    "from_folder",
    "from_hub",
    "from_published",
    "from_scenes",
    "recorded_response",
    "recorded_targets",
    "recorded_tokens",
]
