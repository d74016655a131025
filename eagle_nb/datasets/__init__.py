"""Data sets: samples from drawn scenes, folders, COCO, published benchmarks and lists, and Hugging Face data sets.

Every loader returns `Samples`, a sequence of `Sample`, which also lists the rows that were skipped, each with its
number and the reason.
"""

from __future__ import annotations

from .chair import from_chair
from .coco import from_coco
from .collection import Samples, Skipped
from .folder import from_folder
from .hub import from_hub
from .kinds import FileKind, file_kind
from .mmhal import from_mmhal
from .mmvp import from_mmvp
from .pope import from_pope
from .published import from_published
from .recorded import answer_sample, recorded_response, recorded_targets, recorded_tokens
from .sample import Sample, SampleObject
from .scenes import from_scenes

__all__ = [
    "FileKind",
    "Sample",
    "SampleObject",
    "Samples",
    "Skipped",
    "answer_sample",
    "file_kind",
    "from_chair",
    "from_coco",
    "from_folder",
    "from_hub",
    "from_mmhal",
    "from_mmvp",
    "from_pope",
    "from_published",
    "from_scenes",
    "recorded_response",
    "recorded_targets",
    "recorded_tokens",
]
