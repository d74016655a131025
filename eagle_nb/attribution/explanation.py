"""Explanation: which regions carried the selected words, and how much each word relied on the image."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from ..inputs.regions import Regions
from ..inputs.response import Response
from ..inputs.text import quoted
from ..metrics.curves import CurveScores, auc, curve_scores, highest_score, necessary_step, sufficient_step
from ..metrics.reliance import Reliance, TargetReliance, measure_reliance, measure_target
from ..scoring.objective import Aggregate, target_probability
from ..search.trace import SearchTrace
from . import display
from .checks import check_parts
from .frames import regions_frame, tokens_frame
from .headline import headline_text
from .places import explained_subject, picture_evidence, place_text
from .region_maps import EVIDENCE_FLOOR, SaliencyKind, region_map
from .serialization import write_explanations

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as PaperFigure
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
        check_parts(self.response, self.regions, self.trace, self.target_ids, self.target_tokens, self.fill_picture)

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
    def aggregate(self) -> Aggregate:
        """How the selected tokens become one target: "mean" or "joint", the mean or the product of their probabilities."""
        return self.trace.aggregate

    @cached_property
    def target_insertion(self) -> np.ndarray:
        """Probability of the target from the blank image to the full one: float64 (N + 1,)."""
        return target_probability(self.insertion, self.tokens, self.aggregate)

    @cached_property
    def target_deletion(self) -> np.ndarray:
        """Probability of the target from the full image to the blank one: float64 (N + 1,)."""
        return target_probability(self.deletion, self.tokens, self.aggregate)

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
        """Return both areas and the highest score of the target's curves, or of the mean curves of some tokens.

        Parameters
        ----------
        tokens : list of int, optional
            Indices into the answer; by default the target of this explanation, see `aggregate`.

        Returns
        -------
        CurveScores
            Insertion AUC, deletion AUC and highest score.

        Raises
        ------
        ValueError
            If there are no tokens, or one is out of range.
        """
        if tokens is None:
            return CurveScores(self.insertion_auc, self.deletion_auc, self.highest_score)
        return curve_scores(self.insertion, self.deletion, self.area, tokens)

    @property
    def insertion_auc(self) -> float:
        """Area under the target's insertion curve, over image area; in [0, 1], higher is better."""
        return float(auc(self.target_insertion, self.area))

    @property
    def deletion_auc(self) -> float:
        """Area under the target's deletion curve, over image area; in [0, 1], lower is better."""
        return float(auc(self.target_deletion, self.area))

    @property
    def highest_score(self) -> float:
        """Maximum of the target's insertion curve; higher is better."""
        return highest_score(self.target_insertion)

    @property
    def sufficient_step(self) -> int:
        """The first step at which showing the regions brings the target to 90 % of its highest probability: 0 … N."""
        return sufficient_step(self.target_insertion)

    @property
    def necessary_step(self) -> int:
        """The first step at which hiding the regions halves the target's probability: 1 … N, N also if no step does."""
        return necessary_step(self.target_deletion)

    @property
    def headline(self) -> str:
        """The answer in one or two sentences with its numbers."""
        subject = explained_subject(self.response, self.regions)
        return headline_text(
            self.selected_text, self.target_insertion, self.target_deletion, self.area, subject,
            lambda step: place_text(self.response, self.regions, self.order[:step]),
        )  # fmt: skip

    @property
    def evidence(self) -> np.ndarray:
        """What each region contributes to the target's probability: float64 (N,), signed; see `eagle_nb.search.evidence`."""
        return self.trace.evidence

    @property
    def picture_evidence(self) -> np.ndarray:
        """How much evidence lies in each picture: float64 (P,); see `eagle_nb.attribution.places.picture_evidence`."""
        return picture_evidence(self.regions, self.evidence)

    @property
    def evidence_scale(self) -> float:
        """The evidence that a map shows at full strength: the largest, but at least 0.05 of probability."""
        return max(float(self.evidence.max()), EVIDENCE_FLOOR)

    def region_scores(self, kind: SaliencyKind = "evidence") -> np.ndarray:
        """Return the attribution of each region.

        Parameters
        ----------
        kind : {"evidence", "gain", "order"}
            "evidence": the contribution of the region to the target's probability, estimated from all scored coalitions. "gain": the
            increase of F when the search placed the region. Both are magnitudes: negative values are cut and the largest
            becomes 1, unless even the largest is negligible. "order": the rule of the paper's code, which grades regions by the
            order alone.

        Returns
        -------
        ndarray of float64, (N,)
            In [0, 1], indexed by region id.

        Raises
        ------
        ValueError
            If the kind is unknown.

        References
        ----------
        "order": EAGLE (arXiv 2509.22496), public code; see `eagle_nb.attribution.region_maps`.
        """
        return region_map(self.trace, kind)

    def saliency(self, kind: SaliencyKind = "evidence") -> np.ndarray | list[np.ndarray]:
        """Return the attribution of each pixel.

        Parameters
        ----------
        kind : {"evidence", "gain", "order"}
            See `region_scores`.

        Returns
        -------
        ndarray of float32, (H, W) or (F, H, W), or list of ndarray
            In [0, 1], NaN in pictures that were not explained: (H, W) for one picture, (F, H, W) for the frames of one video, a list of
            (H, W) for other pictures.

        Raises
        ------
        ValueError
            If the kind is unknown.
        """
        parts = self.regions.layout.split(self.canvas_saliency(kind))
        if len(parts) == 1:
            return np.asarray(parts[0])
        return np.stack(parts) if self.response.conversation.media == ["video"] else parts

    def canvas_saliency(self, kind: SaliencyKind = "evidence") -> np.ndarray:
        """Return the attribution of each pixel of the canvas, which holds all pictures.

        Parameters
        ----------
        kind : {"evidence", "gain", "order"}
            See `region_scores`.

        Returns
        -------
        ndarray of float32, (H, W)
            In [0, 1]; NaN between pictures and in pictures that were not explained.
        """
        return np.asarray(self.regions.paint(self.region_scores(kind)), dtype=np.float32)

    @cached_property
    def reliance(self) -> Reliance:
        """How much each token relied on the image; NaN for tokens that were not explained, whose order would be another one."""
        return measure_reliance(self.insertion, self.area, self.target_tokens, explained=self.tokens)

    @cached_property
    def target_reliance(self) -> TargetReliance:
        """How much the target relied on the image, the selected tokens taken together."""
        return measure_target(self.target_insertion, self.area)

    def to_frame(self) -> pd.DataFrame:
        """Return the tokens as a table.

        Returns
        -------
        pandas.DataFrame
            One row per token: "token", "selected", "reliance", "reliance_area", "p_full", "p_blank" and "sensitive".
        """
        return tokens_frame(self.target_tokens, self.tokens, self.reliance)

    def regions_frame(self) -> pd.DataFrame:
        """Return the regions as a table.

        Returns
        -------
        pandas.DataFrame
            One row per region, most important first: "region", "rank" (from 1), "gain" of F, "evidence" (contribution to the probability),
            "area" (share of all pictures that were explained) and "box" (left, top, right, bottom) in pixels of its picture. Of several
            pictures also "picture" (where most of it lies), "pictures" (in how many it lies) and, of a video, "seconds".
        """
        return regions_frame(self.response, self.regions, self.trace)

    # -- display, saving --------------------------------------------------------------------------

    def __repr__(self) -> str:
        return (
            f"Explanation of {quoted(self.selected_text)} over {self.regions.n} regions: insertion AUC {self.insertion_auc:.3f}, "
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

    def plot(
        self, kind: display.PlotKind = "map", columns: int = 1, path: str | os.PathLike[str] | None = None
    ) -> PaperFigure:
        """Make a figure for a paper (matplotlib): light, of an exact width, with vector text.

        Parameters
        ----------
        kind : {"map", "filmstrip", "curves", "summary"}
            What is drawn; see `eagle_nb.viz.paper.explanation_plot`.
        columns : {1, 2}
            Width: 85 or 175 mm.
        path : path, optional
            Also write a file there: ".pdf", ".svg", ".png" or ".eps".

        Returns
        -------
        matplotlib.figure.Figure
            The figure.

        Raises
        ------
        ValueError
            If the kind, the number of columns or the suffix of the path is unknown.
        """
        return display.explanation_plot(self, kind, columns, path)

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
