"""Scorers of a tiny checkpoint."""

from __future__ import annotations

from typing import Any

from PIL import Image

import eagle_nb as eagle

PROMPT = "What is in the image?"


def grid_scorer(model: Any, image: Image.Image, n: int = 4, answer: str = "a red circle", **options: Any) -> Any:
    """Return the scorer of an answer over a grid of n regions with a black fill."""
    response = model.respond(image, PROMPT, answer)
    return model.scorer(response, eagle.Regions.grid(image, n), Image.new("RGB", image.size), **options)
