"""eagle_nb: which image regions carried a multimodal LLM's words, and what came from the language prior.

The method is EAGLE (arXiv 2509.22496). Start with::

    import eagle_nb as eagle
    model = eagle.load_model()
    response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    explanation = eagle.explain(model, response, tokens="red circle")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = [
    "Explanation",
    "Explanations",
    "Regions",
    "Reliance",
    "Response",
    "Trust",
    "ablations",
    "baselines",
    "comparison",
    "explain",
    "explain_each",
    "figures",
    "fills",
    "hallucination",
    "images",
    "load_explanation",
    "load_model",
    "metrics",
    "objective",
    "open_image",
    "plots",
    "regions",
    "reliance",
    "results",
    "samples",
    "sanity",
    "scenes",
    "search",
    "teaching",
    "trust",
    "widgets",
]

_WHERE = {
    "Explanation": "explanation",
    "Explanations": "explanations",
    "Regions": "regions",
    "Reliance": "reliance",
    "Response": "response",
    "Trust": "stability",
    "explain": "explaining",
    "explain_each": "explaining",
    "load_explanation": "explanation",
    "load_model": "models",
    "open_image": "images",
    "trust": "stability",
}

if TYPE_CHECKING:
    from . import (
        ablations,
        baselines,
        comparison,
        figures,
        fills,
        hallucination,
        images,
        metrics,
        objective,
        plots,
        regions,
        reliance,
        results,
        samples,
        sanity,
        scenes,
        search,
        teaching,
        widgets,
    )
    from .explaining import explain, explain_each
    from .explanation import Explanation, load_explanation
    from .explanations import Explanations
    from .images import open_image
    from .models import load_model
    from .regions import Regions
    from .reliance import Reliance
    from .response import Response
    from .stability import Trust, trust


def __getattr__(name: str) -> Any:
    """Names are imported when first used, so that importing the package is quick."""
    if name in _WHERE:
        return getattr(importlib.import_module(f".{_WHERE[name]}", __name__), name)
    if name in __all__:
        return importlib.import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
