"""Explanation: which regions carried the selected words, and how much each word relied on the image."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ..inputs.masks import mask_box
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..metrics.curves import CurveScores, auc, curve_scores, highest_score
from ..metrics.reliance import Reliance, measure_reliance
from ..search.trace import SearchTrace
from . import display
from .serialization import write_explanations

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure


@dataclass(frozen=True, eq=False)
class Explanation:
    """Which regions carried the selected tokens, and how much each token relied on the image.

    Shapes, ranges and the order are checked when it is built.

    Attributes
    ----------
    response : Response
        The answer, T tokens.
    regions : Regions
        N regions.
    trace : SearchTrace
        The search: order, curves, and every candidate's objective.
    target_ids : ndarray of int, (T,)
        The token id whose probability was followed at each position: the generated ones, except for counterfactual targets.
    target_tokens : list of str
        Their texts.
    fill : str
        Name of the fill.
    fill_picture : PIL.Image.Image
        What hidden regions showed.
    provenance : dict
        Model, revision and fingerprint, prompt, fill, regions, search, weights, seed, versions.

    Raises
    ------
    ValueError
        If the parts do not fit each other.
    """

    response: Response = field(repr=False)
    regions: Regions
    trace: SearchTrace = field(repr=False)
    target_ids: np.ndarray = field(repr=False)
    target_tokens: list[str] = field(repr=False)
    fill: str
    fill_picture: Image.Image = field(repr=False)
    provenance: dict[str, Any] = field(repr=False)

    def __post_init__(self) -> None:
        n, t = self.regions.n, len(self.response)
        image = self.response.image
        shapes = {
            "the region map": (self.regions.shape, (image.height, image.width)),
            "the fill picture": (self.fill_picture.size, image.size),
            "order": (self.order.shape, (n,)),
            "insertion": (self.insertion.shape, (n + 1, t)),
            "deletion": (self.deletion.shape, (n + 1, t)),
            "objective": (self.trace.objective.shape, (n + 1,)),
            "candidates": (self.trace.candidates.shape, (n, n)),
            "decided": (self.trace.decided.shape, (n,)),
            "target_ids": (np.shape(self.target_ids), (t,)),
            "target_tokens": ((len(self.target_tokens),), (t,)),
        }
        for name, (shape, expected) in shapes.items():
            if tuple(shape) != expected:
                raise ValueError(f"{name} has shape {tuple(shape)}, expected {expected} ({n} regions, {t} tokens)")
        if not np.array_equal(np.sort(self.order), np.arange(n)):
            raise ValueError("order is not a permutation of the regions")
        for name, curve in (("insertion", self.insertion), ("deletion", self.deletion)):
            if not np.isfinite(curve).all() or curve.min() < -1e-4 or curve.max() > 1 + 1e-4:
                raise ValueError(f"{name} holds values that are not probabilities")
        if not set(self.tokens) <= set(range(t)) or not self.tokens:
            raise ValueError(f"the selected tokens {list(self.tokens)} are not among the answer's {t}")

    # -- the search -----------------------------------------------------------------------------

    @property
    def tokens(self) -> list[int]:
        """Indices of the selected tokens."""
        return list(self.trace.tokens)

    @property
    def order(self) -> np.ndarray:
        """Region ids, most important first: int (N,)."""
        return self.trace.order

    @property
    def insertion(self) -> np.ndarray:
        """Token probabilities from the blank image to the full one: float32 (N + 1, T)."""
        return self.trace.insertion

    @property
    def deletion(self) -> np.ndarray:
        """Token probabilities from the full image to the blank one: float32 (N + 1, T)."""
        return self.trace.deletion

    @property
    def forward_passes(self) -> int:
        """Distinct coalitions that were scored."""
        return self.trace.forward_passes

    @property
    def seconds(self) -> float:
        """Duration of the search."""
        return self.trace.seconds

    @cached_property
    def area(self) -> np.ndarray:
        """Fraction of the image shown (or removed) after each step: float64 (N + 1,), from 0 to 1."""
        steps = np.concatenate([[0.0], np.cumsum(self.regions.area[self.order])])
        steps[-1] = 1.0
        return steps

    @property
    def targets(self) -> dict[int, int]:
        """Counterfactual targets: token id by position, where it is not the generated one."""
        pairs = enumerate(zip(self.response.token_ids, self.target_ids, strict=True))
        return {k: int(target) for k, (generated, target) in pairs if int(target) != int(generated)}

    # -- results ----------------------------------------------------------------------------------

    @property
    def selected_text(self) -> str:
        """The selected tokens as text, gaps marked by an ellipsis."""
        parts, last = [], None
        for k in self.tokens:
            if last is not None and k != last + 1:
                parts.append(" …")
            parts.append(self.target_tokens[k])
            last = k
        return "".join(parts).strip()

    def scores(self, tokens: list[int] | None = None) -> CurveScores:
        """Return both areas and the highest score of the mean curves of some tokens.

        Parameters
        ----------
        tokens : list of int, optional
            Indices into the answer; the selected tokens by default.

        Returns
        -------
        CurveScores
            Insertion AUC, deletion AUC and highest score.

        Raises
        ------
        ValueError
            If there are no tokens, or one is out of range.
        """
        return curve_scores(self.insertion, self.deletion, self.area, self.tokens if tokens is None else tokens)

    @property
    def insertion_auc(self) -> float:
        """Area under the selected tokens' mean insertion curve, over image area; in [0, 1], higher is better."""
        return float(auc(self.insertion[:, self.tokens].mean(1), self.area))

    @property
    def deletion_auc(self) -> float:
        """Area under the selected tokens' mean deletion curve, over image area; in [0, 1], lower is better."""
        return float(auc(self.deletion[:, self.tokens].mean(1), self.area))

    @property
    def highest_score(self) -> float:
        """Maximum of the selected tokens' mean insertion curve; higher is better."""
        return highest_score(self.insertion[:, self.tokens].mean(1))

    def region_scores(self) -> np.ndarray:
        """Return the attribution of each region.

        The rule of the reference: with F_k the objective after step k, region π_k gets ``-sum(|F_j - F_(j-1)| for j <= k)``, min-max
        normalised. A single region, or a constant objective, gets 0.

        Returns
        -------
        ndarray of float64, (N,)
            In [0, 1], indexed by region id.

        References
        ----------
        EAGLE (arXiv 2509.22496), public code.
        """
        fallen = -np.cumsum(np.abs(np.diff(self.trace.objective)))
        spread = fallen.max() - fallen.min()
        scores = np.zeros(self.regions.n)
        scores[self.order] = (fallen - fallen.min()) / spread if spread > 0 else 0.0
        return scores

    def saliency(self) -> np.ndarray:
        """Return the attribution of each pixel; see `region_scores`.

        Returns
        -------
        ndarray of float32, (H, W)
            In [0, 1].
        """
        return np.asarray(self.region_scores()[self.regions.labels], dtype=np.float32)

    @cached_property
    def reliance(self) -> Reliance:
        """How much each token relied on the image; indexes like a list of tokens."""
        return measure_reliance(self.insertion, self.area, self.target_tokens)

    def to_frame(self) -> pd.DataFrame:
        """Return the tokens as a table.

        Returns
        -------
        pandas.DataFrame
            One row per token: "token", "selected", "reliance", "reliance_area", "p_full", "p_blank" and "sensitive".
        """
        import pandas as pd

        r = self.reliance
        return pd.DataFrame(
            {
                "token": self.target_tokens,
                "selected": [k in self.tokens for k in range(len(self.response))],
                "reliance": r.score,
                "reliance_area": r.score_area,
                "p_full": r.p_full,
                "p_blank": r.p_blank,
                "sensitive": r.sensitive,
            }
        )

    def regions_frame(self) -> pd.DataFrame:
        """Return the regions as a table.

        Returns
        -------
        pandas.DataFrame
            One row per region, most important first: "region", "rank" (from 1), "gain" of F, "area" (share of the image) and
            "box" (left, top, right, bottom) in pixels.
        """
        import pandas as pd

        return pd.DataFrame(
            {
                "region": self.order,
                "rank": np.arange(1, self.regions.n + 1),
                "gain": np.diff(self.trace.objective),
                "area": self.regions.area[self.order],
                "box": [mask_box(self.regions.labels == region) for region in self.order],
            }
        )

    # -- display, saving --------------------------------------------------------------------------

    def __repr__(self) -> str:
        return (
            f"Explanation of {self.selected_text!r} over {self.regions.n} regions: insertion AUC {self.insertion_auc:.3f}, "
            f"deletion AUC {self.deletion_auc:.3f}, {self.forward_passes} forward passes in {self.seconds:.1f} s"
        )

    def figure(self) -> Figure:
        """Make a plotly figure: the image with its saliency, the sentence coloured by reliance, and the curves.

        Returns
        -------
        plotly.graph_objects.Figure
            The figure.
        """
        return display.explanation_figure(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> display.Bundle:
        return display.explorer_bundle(self)

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one interactive HTML file that needs neither kernel nor network.

        Parameters
        ----------
        path : path
            The file.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return display.write_html(self, path)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one ``.npz`` file, without pickle; `eagle_nb.load` reads it.

        Parameters
        ----------
        path : path
            The file; ".npz" is added where it is missing.

        Returns
        -------
        pathlib.Path
            The file.
        """
        return write_explanations(path, [self])
