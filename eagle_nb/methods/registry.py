"""Methods by name.

A *region method* is a function ``f(scorer, tokens, rng=0, **options)`` of a `CachedScorer` of N regions and token indices, and returns one
number per region, (N,). A *white-box method* is a function ``f(view, tokens, rng=0, **options)`` of a `WhiteBox`, and returns a map of
the image, (H, W). Higher is more important. `register_method` gives a function of your own a name. It can also be passed as it is
wherever a method is accepted; then the name of its first parameter, ``scorer`` or ``view``, says which kind it is.
"""

from __future__ import annotations

import inspect
from collections import ChainMap
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from .attention_rollout import attention_rollout_map
from .gradient_input import gradient_input_map
from .igos import igos_pp_map
from .kernel_shap import kernel_shap_scores
from .llava_cam import llava_cam_map
from .occlusion import occlusion_scores
from .random_order import random_scores
from .rise import rise_scores
from .shapley_sampling import shapley_sampling_scores
from .tam import tam_map

Method = Callable[..., np.ndarray]
"""A region method or a white-box method; see `eagle_nb.methods.registry`."""

REGION_METHODS: dict[str, Method] = {
    "random": random_scores,
    "occlusion": occlusion_scores,
    "rise": rise_scores,
    "kernel_shap": kernel_shap_scores,
    "shapley_sampling": shapley_sampling_scores,
}
"""Methods that only score coalitions of regions; they work with any model."""

MAP_METHODS: dict[str, Method] = {
    "gradient_input": gradient_input_map,
    "attention_rollout": attention_rollout_map,
    "llava_cam": llava_cam_map,
    "tam": tam_map,
    "igos_pp": igos_pp_map,
}
"""White-box methods; they need a model whose ``network`` is a torch module."""

METHODS: Mapping[str, Method] = MappingProxyType(ChainMap(MAP_METHODS, REGION_METHODS))
"""All methods: a read-only view of both."""


def register_method(name: str, function: Method, white_box: bool = False) -> None:
    """Give a method a name, under which every ``method=`` finds it.

    Parameters
    ----------
    name : str
        A new name.
    function : callable
        ``function(scorer, tokens, rng=0, **options)``, or with `white_box` ``function(view, tokens, rng=0, **options)``.
    white_box : bool
        Whether the function takes a `WhiteBox` and returns a map (H, W), rather than a scorer and scores (N,).

    Raises
    ------
    ValueError
        If the name is taken.
    TypeError
        If the function has another signature.

    Examples
    --------
    >>> def centre_first(scorer, tokens, rng=0):
    ...     return -np.abs(np.arange(scorer.n_regions) - scorer.n_regions / 2)
    >>> register_method("centre_first", centre_first)
    >>> METHODS["centre_first"] is REGION_METHODS.pop("centre_first")
    True
    """
    if name in METHODS:
        raise ValueError(f"there is a method {name!r} already; choose another name")
    _check_signature(function)
    (MAP_METHODS if white_box else REGION_METHODS)[name] = function


def resolve_method(method: str | Method) -> tuple[str, Method, bool]:
    """Return the name and the function of a method, and whether it is a white-box method.

    Parameters
    ----------
    method : str or callable
        A name of `METHODS`, or a function; see `eagle_nb.methods.registry`.

    Returns
    -------
    (str, callable, bool)
        Its name (of a function that is not registered, ``__name__``), the function, and whether it takes a `WhiteBox`.

    Raises
    ------
    ValueError
        If the name is unknown.
    TypeError
        If it is neither, or the function has another signature.

    Examples
    --------
    >>> resolve_method("tam")[2], resolve_method("rise")[2]
    (True, False)
    """
    if isinstance(method, str):
        if method not in METHODS:
            raise ValueError(f"unknown method {method!r}; known methods: {', '.join(METHODS)}")
        return method, METHODS[method], method in MAP_METHODS
    for name, function in METHODS.items():
        if function is method:
            return name, method, name in MAP_METHODS
    first = _check_signature(method)
    name = str(getattr(method, "__name__", type(method).__name__))
    if first not in ("scorer", "view"):
        raise TypeError(
            f"the first parameter of a method is `scorer` (region method) or `view` (white-box method), that of {name} is "
            f"{first!r}; rename it, or use register_method"
        )
    return name, method, first == "view"


def _check_signature(function: Any) -> str:
    """Return the name of a method's first parameter; raise a TypeError if the signature is another one."""
    if not callable(function):
        raise TypeError(f"a method is a name or a function, got {function!r}")
    parameters = inspect.signature(function).parameters
    names = list(parameters)
    open_ended = any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values())
    if len(names) < 2 or names[1] != "tokens" or not ("rng" in names or open_ended):
        raise TypeError(
            f"a method is a function (scorer, tokens, rng=0, **options) or (view, tokens, rng=0, **options), got ({', '.join(names)})"
        )
    return names[0]
