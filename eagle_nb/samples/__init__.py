"""Data in: samples from the bundled scenes, folders, COCO, published lists and data sets."""

from __future__ import annotations

from .sample import Sample, SampleObject

__all__ = ["Sample", "SampleObject"]
