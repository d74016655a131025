"""Other attribution methods than EAGLE, over the same regions and replayed through the same scorer.

====================  ===========================================================  ==========================
method                what it uses                                                 source
====================  ===========================================================  ==========================
"random"              nothing
"occlusion"           the score without one region                                 arXiv 1311.2901
"rise"                the mean score of the random masks that show a region        arXiv 1806.07421
"kernel_shap"         the linear function fitted to random coalitions              arXiv 1705.07874
"shapley_sampling"    the gain of a region, over random orders                     10.1016/j.cor.2008.04.004
"gradient_input"      the gradient with respect to each pixel, times the pixel     arXiv 1605.01713
"attention_rollout"   attention through all layers of the language model           arXiv 2005.00928
"llava_cam"           gradient-weighted activations of one layer                   arXiv 2406.06579
"tam"                 last hidden states, without the part that earlier words      arXiv 2506.23270
                      explain
"igos_pp"             masks optimised for deletion and for insertion               arXiv 2012.15783
====================  ===========================================================  ==========================

The first five only score coalitions of regions and work with any model (`REGION_METHODS`). The others need the network itself
(`MAP_METHODS`): gradient × input and IGOS++ work with every network that can be differentiated; rollout, LLaVA-CAM and TAM with
families that place their image tokens in one grid over the image. For other families they raise NotImplementedError.

`attribute` returns a method's own attribution, `replay_saliency` scores its order, and `run_method` does both and measures the cost; it runs
the searches of EAGLE as well. `register_method` adds a method. Torch is imported when a method that needs it runs::

    run = eagle.methods.run_method(model, response, "tam", "red circle", regions=64)
    run.explanation.insertion_auc
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "cost": ["Cost", "measure_cost"],
        "registry": ["MAP_METHODS", "METHODS", "REGION_METHODS", "register_method"],
        "runner": ["MethodRun", "run_case", "run_method"],
        "saliency": ["Saliency", "attribute", "replay_saliency"],
    },
)

if TYPE_CHECKING:
    from .cost import Cost as Cost
    from .cost import measure_cost as measure_cost
    from .registry import MAP_METHODS as MAP_METHODS
    from .registry import METHODS as METHODS
    from .registry import REGION_METHODS as REGION_METHODS
    from .registry import register_method as register_method
    from .runner import MethodRun as MethodRun
    from .runner import run_case as run_case
    from .runner import run_method as run_method
    from .saliency import Saliency as Saliency
    from .saliency import attribute as attribute
    from .saliency import replay_saliency as replay_saliency
