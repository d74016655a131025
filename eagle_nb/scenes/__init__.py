"""Drawn scenes and clips with known ground truth, and the small models trained on them."""

from .clip import Clip, ClipObject, Several, draw_clip, draw_several
from .clip_language import CLIP_PROMPT, ClipWord
from .clip_loading import load_clip_model
from .clip_plan import FRAME_SIZE
from .language import CAPTION_PROMPT, Word
from .plan import IMAGE_SIZE
from .scene import Scene, SceneObject, draw

__all__ = [
    "CAPTION_PROMPT", "CLIP_PROMPT", "FRAME_SIZE", "IMAGE_SIZE", "Clip", "ClipObject", "ClipWord", "Scene", "SceneObject",
    "Several", "Word", "draw", "draw_clip", "draw_several", "load_clip_model",
]  # fmt: skip
