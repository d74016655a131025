"""Data in: samples from the bundled scenes, folders, COCO, published lists and data sets.

Every loader returns `Samples`: a sequence of `Sample` that counts the rows it had to skip, each with its number and
the reason.
"""

from __future__ import annotations

from .coco import from_coco
from .collection import Samples, Skipped
from .hub import from_dataset
from .folder import from_folder
from .published import from_published
from .recorded import recorded_response, recorded_tokens
from .sample import Sample, SampleObject
from .scenes import from_scenes

__all__ = [
    "Sample",
    "SampleObject",
    "Samples",
    "Skipped",
    "from_coco",
    "from_dataset",
    "from_folder",
    "from_published",
    "from_scenes",
    "recorded_response",
    "recorded_tokens",
]
