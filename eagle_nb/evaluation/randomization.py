"""Does an explanation depend on what the model has learned? Weights are randomised stage by stage, and maps compared.

Source: Adebayo et al. 2018, "Sanity checks for saliency maps" (arXiv 1810.03292), cascading randomisation: from the output
down, each stage's weights are replaced by random ones and stay so. A map that hardly changes shows the image, not
the model. Torch is needed here and imported when it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..inputs.fills import FILLS
from ..metrics import rank_correlation
from ..search import check_search

if TYPE_CHECKING:
    import pandas as pd


def randomisation(
    explanation: Explanation,
    model: Any,
    stages: int | None = None,
    search: str = "fast",
    budget: int | None = None,
    seed: int = 0,
    progress: bool = True,
) -> pd.DataFrame:
    """Explain the same response again while ever more of the model's weights are random.

    A stage is one layer of a list of layers, or a part of the network that holds no such list; stages are randomised in the
    reverse of the order in which a forward pass comes to them. Each weight tensor is drawn anew from a normal
    distribution of its own mean and standard deviation, so that activations keep their size (Adebayo et al. draw from the
    initial distribution, which a checkpoint does not tell); weights shared by two stages go with the one nearer
    to the output. Running statistics of normalisations stay. The model's weights are given back at the end, also after an error or an
    interrupt; they are kept in memory meanwhile.

    Parameters
    ----------
    explanation : Explanation
        Of the unchanged model.
    model : HuggingFaceModel
        What generated the response; any model whose ``network`` is a torch module.
    stages : int, optional
        At how many steps to explain, evenly spread over the stages and the last one among them; at every one by default.
    search : str
        The strategy of every explanation, that of the unchanged model included.
    budget : int, optional
        Forward passes of each explanation; what its search takes by default.
    seed : int
        Of the random weights.
    progress : bool
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        One row per step, the unchanged model first: "stage" (name of the stage randomised last), "randomised" (stages
        randomised so far), "weights" (share of all weights in them), "correlation" (Spearman's, of the saliency
        with that of the unchanged model under the same search, over all pixels), "probability" (mean probability of the
        explained tokens on the full image) and "passes".

    Raises
    ------
    TypeError
        If the explanation is none, or the model holds no torch module; before the model runs.
    ValueError
        If `stages`, search or budget are out of range, before the model runs; or if random weights give NaN.
    """
    import pandas as pd
    from tqdm.auto import tqdm

    if not isinstance(explanation, Explanation):
        raise TypeError(f"explanation must be an Explanation from explain(), got {type(explanation).__name__}")
    network = getattr(model, "network", None)
    if not hasattr(network, "named_modules"):
        raise TypeError(
            f"weights can be randomised in a model whose network is a torch module; {type(model).__name__} has none"
        )
    check_search(search, budget, explanation.regions.n)
    parts = _stages(network)
    count = len(parts) if stages is None else stages
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= len(parts):
        raise ValueError(f"stages must be 1 … {len(parts)}, the number of this network's, got {stages!r}")
    ordered = _in_order(parts, explanation, model)
    wanted = {round(k) for k in np.linspace(len(parts) / count, len(parts), count)}
    weights = [p for _, tensors in ordered for p in tensors]
    total = sum(p.numel() for p in weights)
    before, rows, done = _again(explanation, model, search, budget), [], 0
    own = before.saliency()
    rows.append(_row("", 0, 0.0, own, before))
    with _restored(weights):
        bar = tqdm(ordered, desc="randomising", unit="stage", leave=False, disable=not progress)
        for k, (name, tensors) in enumerate(bar, start=1):
            _randomise(tensors, seed + k)
            done += sum(p.numel() for p in tensors)
            if k in wanted:
                rows.append(_row(name, k, done / total, own, _again(explanation, model, search, budget)))
    return pd.DataFrame(rows)


def _row(stage: str, randomised: int, weights: float, own: np.ndarray, again: Explanation) -> dict[str, Any]:
    return {
        "stage": stage,
        "randomised": randomised,
        "weights": weights,
        "correlation": rank_correlation(own, again.saliency()),
        "probability": float(again.insertion[-1, again.tokens].mean()),
        "passes": again.forward_passes,
    }


def _again(explanation: Explanation, model: Any, search: str, budget: int | None) -> Explanation:
    response = explanation.response
    pairs = enumerate(zip(response.token_ids, explanation.target_ids, strict=True))
    targets = {k: int(target) for k, (said, target) in pairs if target != said}
    return explain(
        model, response, tokens=explanation.tokens, regions=explanation.regions,
        fill=explanation.fill if explanation.fill in FILLS else explanation.fill_picture,
        search=search, weights=explanation.trace.weights, target_ids=targets or None, budget=budget,
        seed=int(explanation.provenance.get("seed", 0)), progress=False,
    )  # fmt: skip


def _stages(network: Any) -> list[tuple[str, Any, list[Any]]]:
    """Name, module and weights of each stage, in the order of registration; each weight once."""
    import torch

    found: list[tuple[str, Any, list[Any]]] = []

    def lists(module: Any) -> bool:
        return any(isinstance(m, torch.nn.ModuleList) and len(m) for m in module.modules())

    def walk(name: str, module: Any, layer: bool = False) -> None:
        inside = not layer and lists(module)
        own = list(module.parameters(recurse=not inside))
        if own:
            found.append((name or "network", module, own))
        if inside:
            for child_name, child in module.named_children():
                walk(f"{name}.{child_name}".lstrip("."), child, isinstance(module, torch.nn.ModuleList))

    walk("", network)
    return found


def _in_order(parts: list[tuple[str, Any, list[Any]]], explanation: Explanation, model: Any) -> list[tuple[str, Any]]:
    """Stages from the output down, each with the weights that no stage nearer to the output has."""
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
    order += [k for k in range(len(parts)) if k not in reached]  # what a pass does not use changes nothing
    seen: set[int] = set()
    ordered = []
    for k in order:
        tensors = [p for p in parts[k][2] if id(p) not in seen]
        seen |= {id(p) for p in tensors}
        ordered.append((parts[k][0], tensors))
    return ordered


@contextmanager
def _restored(tensors: list[Any]) -> Iterator[None]:
    """Give weights their values back at the end."""
    import torch

    kept = [p.detach().clone() for p in tensors]
    try:
        yield
    finally:
        with torch.no_grad():
            for p, value in zip(tensors, kept, strict=True):
                p.copy_(value)


def _randomise(tensors: list[Any], seed: int) -> None:
    """Draw weights anew, each tensor from a normal distribution of its own mean and standard deviation."""
    import torch

    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for p in tensors:
            values = p.detach().double()
            drawn = torch.randn(p.shape, generator=generator, dtype=torch.float64).to(p.device)
            p.copy_(values.mean() + values.std(correction=0) * drawn)
