"""Which image regions carried the words of a multimodal LLM, and how much came from the language prior.

The method is EAGLE (arXiv 2509.22496). Start with::

    import eagle_nb as eagle
    model = eagle.load_model()
    response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    explanation = eagle.explain(model, response, tokens="red circle")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=[
        "attribution", "datasets", "errors", "evaluation", "hallucination", "inputs", "methods", "metrics", "models", "protocols",
        "scenes", "scoring", "search", "teaching", "viz", "widgets",
    ],
    submod_attrs={
        "attribution": ["Explanation", "ExplanationSet", "explain", "explain_each", "explain_pictures", "load"],
        "evaluation": ["ModelReport", "RobustnessReport", "check_model", "check_robustness"],
        "inputs": ["Regions", "Response", "fill_image", "open_image"],
        "metrics": ["Reliance"],
        "models": ["load_model", "load_server", "wrap_model"],
        "scoring": ["Store"],
    },
)  # fmt: skip

if TYPE_CHECKING:
    from . import (
        attribution,
        datasets,
        errors,
        evaluation,
        hallucination,
        inputs,
        methods,
        metrics,
        models,
        protocols,
        scenes,
        scoring,
        search,
        teaching,
        viz,
        widgets,
    )
    from .attribution import Explanation, ExplanationSet, explain, explain_each, explain_pictures, load
    from .evaluation import ModelReport, RobustnessReport, check_model, check_robustness
    from .inputs import Regions, Response, fill_image, open_image
    from .metrics import Reliance
    from .models import load_model, load_server, wrap_model
    from .scoring import Store
