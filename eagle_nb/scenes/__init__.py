"""Drawn scenes with known ground truth, and the small model trained on them."""

from .language import CAPTION_PROMPT, Word
from .plan import IMAGE_SIZE
from .scene import Scene, SceneObject, draw

__all__ = ["CAPTION_PROMPT", "IMAGE_SIZE", "Scene", "SceneObject", "Word", "draw"]
