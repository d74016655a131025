"""Randomization test: whether an explanation depends on what the model has learned.

Weights are randomised stage by stage, and the maps compared. A map that hardly changes shows the image, not the model. Torch is imported
when the test runs.

Source: Adebayo et al. 2018, "Sanity checks for saliency maps" (arXiv 1810.03292): cascading randomisation. From the output down, the weights
of each stage are replaced by random ones and stay so.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd

from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..inputs.fills import FILLS
from ..inputs.progress import progress_bar
from ..inputs.seeds import Rng, integer_seed
from ..metrics.ranks import rank_correlation
from ..protocols import Model
from ..search.api import check_search
from ..search.strategies.registry import DEFAULT_SEARCH, Strategy


def randomization_test(
    model: Model,
    explanation: Explanation,
    stages: int | None = None,
    search: str | Strategy = DEFAULT_SEARCH,
    budget: int | None = None,
    rng: Rng = 0,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain the same response again while more and more of the model's weights are random.

    A stage is one layer of a list of layers, or a part of the network without such a list. Stages are randomised in the reverse of the
    order in which a forward pass reaches them. Each weight tensor is drawn from a normal distribution with its own mean and standard
    deviation, which preserves the scale of activations (Adebayo et al. draw from the initial distribution, which a checkpoint does not
    record). Weights that two stages share belong to the one closer to the output. Running statistics of normalisations are unchanged. The
    weights are restored at the end, also after an error or an interrupt; a copy stays in memory meanwhile.

    Parameters
    ----------
    model : Model
        The model that generated the response; its ``network`` must be a torch module.
    explanation : Explanation
        An explanation with the unchanged weights.
    stages : int, optional
        Number of steps at which to explain, evenly spread over the stages, the last one included; by default all stages.
    search : str or Strategy
        The strategy of every explanation, including that with the unchanged weights.
    budget : int, optional
        Forward passes of each explanation; by default what the search takes.
    rng : int, numpy.random.Generator or None
        Draws the random weights.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        One row per step, the unchanged model first: "stage" (the stage that was randomised last), "randomised" (number of stages so far),
        "weights" (their share of all weights), "correlation" (Spearman's, of the saliency with that of the unchanged model under the
        same search, over all pixels), "probability" (mean probability of the explained tokens on the full image) and "forward_passes".

    Raises
    ------
    TypeError
        If `explanation` is of another type, or the model has no torch module; before the model runs.
    ValueError
        If `stages`, search or budget is out of range, before the model runs; or if random weights give NaN.

    References
    ----------
    Adebayo et al. 2018, "Sanity checks for saliency maps", arXiv 1810.03292.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> table = eagle.evaluation.randomization_test(model, explanation, stages=1, progress=False)
    >>> table["weights"].tolist()
    [0.0, 1.0]
    """
    if not isinstance(explanation, Explanation):
        raise TypeError(f"explanation must be an Explanation from explain(), got {type(explanation).__name__}")
    network: Any = getattr(model, "network", None)
    if not hasattr(network, "named_modules"):
        raise TypeError(
            f"only a model whose `network` is a torch module has weights to randomise; {type(model).__name__} has none"
        )
    check_search(search, budget, explanation.regions.n)
    parts = _stages(network)
    count = len(parts) if stages is None else stages
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(parts):
        raise ValueError(f"stages must be 1 … {len(parts)}, the number of this network's stages, got {stages!r}")
    seed = integer_seed(rng)
    ordered = _from_output(parts, explanation, model)
    steps = {round(k) for k in np.linspace(len(parts) / count, len(parts), count)}
    weights = [p for _, tensors in ordered for p in tensors]
    total = sum(p.numel() for p in weights)
    unchanged, rows, randomised = _explain_again(model, explanation, search, budget), [], 0
    own = unchanged.canvas_saliency("order")
    rows.append(_row("", 0, 0.0, own, unchanged))
    with _restored(weights):
        bar = progress_bar(ordered, desc="randomising", unit="stage", leave=False, disable=not progress)
        for k, (name, tensors) in enumerate(bar, start=1):
            _randomise(tensors, seed + k)
            randomised += sum(p.numel() for p in tensors)
            if k in steps:
                again = _explain_again(model, explanation, search, budget)
                rows.append(_row(name, k, randomised / total, own, again))
    return pd.DataFrame(rows)


def _row(stage: str, randomised: int, weights: float, own: np.ndarray, again: Explanation) -> dict[str, Any]:
    """Return the row of one step."""
    return {
        "stage": stage,
        "randomised": randomised,
        "weights": weights,
        "correlation": rank_correlation(own, again.canvas_saliency("order")),
        "probability": float(again.insertion[-1, again.tokens].mean()),
        "forward_passes": again.forward_passes,
    }


def _explain_again(model: Model, explanation: Explanation, search: str | Strategy, budget: int | None) -> Explanation:
    """Explain the same words with the current weights."""
    fill = explanation.fill if explanation.fill in FILLS else explanation.fill_picture
    return explain(
        model, explanation.response, tokens=explanation.tokens, regions=explanation.regions, fill=fill, search=search,
        weights=explanation.trace.weights, target_ids=explanation.targets or None, budget=budget,
        rng=int(explanation.provenance.get("seed") or 0), progress=False,
    )  # fmt: skip


def _stages(network: Any) -> list[tuple[str, Any, list[Any]]]:
    """Return name, module and weights of each stage, in the order of registration."""
    import torch

    stages: list[tuple[str, Any, list[Any]]] = []

    def has_list(module: Any) -> bool:
        return any(isinstance(m, torch.nn.ModuleList) and len(m) for m in module.modules())

    def descend(name: str, module: Any, layer: bool = False) -> None:
        divided = not layer and has_list(module)
        own = list(module.parameters(recurse=not divided))
        if own:
            stages.append((name or "network", module, own))
        if divided:
            for child_name, child in module.named_children():
                descend(f"{name}.{child_name}".lstrip("."), child, isinstance(module, torch.nn.ModuleList))

    descend("", network)
    return stages


def _from_output(
    parts: list[tuple[str, Any, list[Any]]], explanation: Explanation, model: Model
) -> list[tuple[str, list[Any]]]:
    """Return the stages from the output down, each with the weights that no stage closer to the output has."""
    reached: list[int] = []
    hooks = [
        module.register_forward_pre_hook(lambda *_, k=k: reached.append(k)) for k, (_, module, _) in enumerate(parts)
    ]
    try:
        regions = explanation.regions
        model.scorer(explanation.response, regions, explanation.fill_picture)(np.ones((1, regions.n), dtype=bool))
    finally:
        for hook in hooks:
            hook.remove()
    order = list(dict.fromkeys(reached))[::-1]
    order += [k for k in range(len(parts)) if k not in reached]  # stages that a forward pass does not use come last
    seen: set[int] = set()
    ordered = []
    for k in order:
        tensors = [p for p in parts[k][2] if id(p) not in seen]
        seen |= {id(p) for p in tensors}
        ordered.append((parts[k][0], tensors))
    return ordered


@contextmanager
def _restored(tensors: list[Any]) -> Iterator[None]:
    """Restore the values of weights at the end of a block."""
    import torch

    values = [p.detach().clone() for p in tensors]
    try:
        yield
    finally:
        with torch.no_grad():
            for p, value in zip(tensors, values, strict=True):
                p.copy_(value)


def _randomise(tensors: list[Any], seed: int) -> None:
    """Draw each weight tensor from a normal distribution with its own mean and standard deviation."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in tensors:
            values = p.detach().double()
            drawn = torch.randn(p.shape, generator=generator, dtype=torch.float64).to(p.device)
            p.copy_(values.mean() + values.std(correction=0) * drawn)
