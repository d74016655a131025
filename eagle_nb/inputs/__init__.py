"""What goes into an explanation: images, regions, fills and responses."""

from __future__ import annotations

from .fills import FILLS, fill_image
from .images import open_image
from .regions import Regions
from .response import Response, ResponseWord
from .segmentation import SEGMENTERS, register_segmenter
from .video import open_video

__all__ = [
    "FILLS",
    "SEGMENTERS",
    "Regions",
    "Response",
    "ResponseWord",
    "fill_image",
    "open_image",
    "open_video",
    "register_segmenter",
]
