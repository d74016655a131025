"""Explanation: which regions carried the selected words, and how much each relied on the image."""

from __future__ import annotations

import io
import json
import os
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from . import metrics
from .regions import Regions
from .reliance import Reliance, reliance
from .response import Response
from .search import SearchTrace

if TYPE_CHECKING:
    import pandas as pd
    from plotly.graph_objects import Figure

FORMAT = "eagle_nb explanation 1"


@dataclass(frozen=True, eq=False)
class Explanation:
    """Which regions carried the selected tokens, and how much each token relied on the image.

    Attributes
    ----------
    response : Response
    regions : Regions
        N regions.
    trace : SearchTrace
        The search: order, curves, and every candidate's objective.
    target_ids : ndarray of int, (T,)
        The token id whose probability was followed at each position: the generated ones, but for counterfactual targets.
    target_tokens : list of str
        Their texts.
    fill : str
        What hidden regions showed.
    fill_picture : PIL.Image.Image
    provenance : dict
        Model and revision, prompt, fill, region maker, search, weights, seed, versions.

    Everything is checked when built: shapes, ranges, and that the order is a permutation.
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
        for name, (found, expected) in shapes.items():
            if tuple(found) != expected:
                raise ValueError(f"{name} has shape {tuple(found)}, expected {expected} ({n} regions, {t} tokens)")
        if not np.array_equal(np.sort(self.order), np.arange(n)):
            raise ValueError("order is not a permutation of the regions")
        for name, curve in (("insertion", self.insertion), ("deletion", self.deletion)):
            if not np.isfinite(curve).all() or curve.min() < -1e-4 or curve.max() > 1 + 1e-4:
                raise ValueError(f"{name} holds values that are no probabilities")
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
        return self.trace.forward_passes

    @property
    def seconds(self) -> float:
        return self.trace.seconds

    @cached_property
    def area(self) -> np.ndarray:
        """Fraction of the image shown (or removed) after each step: float64 (N + 1,), from 0 to 1."""
        steps = np.concatenate([[0.0], np.cumsum(self.regions.area[self.order])])
        steps[-1] = 1.0
        return steps

    # -- what comes out ---------------------------------------------------------------------------

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

    @property
    def insertion_auc(self) -> float:
        """Area under the selected tokens' mean insertion curve, over image area; in [0, 1], higher is better."""
        return float(metrics.auc(self.insertion[:, self.tokens].mean(1), self.area))

    @property
    def deletion_auc(self) -> float:
        """Area under the selected tokens' mean deletion curve, over image area; in [0, 1], lower is better."""
        return float(metrics.auc(self.deletion[:, self.tokens].mean(1), self.area))

    @property
    def highest_score(self) -> float:
        """Maximum of the selected tokens' mean insertion curve; higher is better."""
        return metrics.highest_score(self.insertion[:, self.tokens].mean(1))

    def region_scores(self) -> np.ndarray:
        """Attribution of each region: float64 (N,) in [0, 1], indexed by region id.

        The reference's rule: with F_k the objective after step k, region π_k gets
        ``-sum(|F_j - F_(j-1)| for j <= k)``, min-max normalised. A single region, or a flat objective, gets 0.
        """
        fallen = -np.cumsum(np.abs(np.diff(self.trace.objective)))
        spread = fallen.max() - fallen.min()
        scores = np.zeros(self.regions.n)
        scores[self.order] = (fallen - fallen.min()) / spread if spread > 0 else 0.0
        return scores

    def saliency(self) -> np.ndarray:
        """Attribution of each pixel: float32 (H, W) in [0, 1]; see `region_scores`."""
        return np.asarray(self.region_scores()[self.regions.labels], dtype=np.float32)

    @cached_property
    def reliance(self) -> Reliance:
        """How much each token relied on the image; indexes like a list of tokens."""
        return reliance(self.insertion, self.area, self.target_tokens)

    def to_frame(self) -> pd.DataFrame:
        """One row per token: text, selected, probability, and its reliance by every definition."""
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

    # -- show, keep -------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return (
            f"Explanation of {self.selected_text!r} over {self.regions.n} regions: insertion AUC {self.insertion_auc:.3f}, "
            f"deletion AUC {self.deletion_auc:.3f}, {self.forward_passes} passes in {self.seconds:.1f} s"
        )

    def figure(self) -> Figure:
        """A plotly figure: the image with its saliency, the sentence coloured by reliance, the curves."""
        from .plots import figure

        return figure(self)

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """In a notebook an explanation shows the Explorer, as HTML that stays alive when saved, reopened or exported."""
        from .widgets.export import explanation_fragment

        return {"text/html": explanation_fragment(self), "text/plain": repr(self)}, {}

    def to_html(self, path: str | os.PathLike[str]) -> Path:
        """Write one interactive HTML file that needs neither kernel nor network.

        Returns
        -------
        pathlib.Path
        """
        from .widgets.export import explanation_to_html

        return explanation_to_html(self, path)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write everything to one ``.npz`` file, without pickle; `load_explanation` reads it back.

        Returns
        -------
        pathlib.Path
            With ".npz" added where it was missing.
        """
        path = Path(path)
        if path.suffix != ".npz":
            path = path.with_name(path.name + ".npz")
        r, trace = self.response, self.trace
        text = {
            "format": FORMAT,
            "response": {
                "prompt": r.prompt, "text": r.text, "token_ids": [int(i) for i in r.token_ids], "tokens": r.tokens,
                "spans": [list(s) for s in r.spans], "model": r.model, "revision": r.revision,
            },
            "regions": {"maker": self.regions.maker, "parameters": self.regions.parameters},
            "trace": {
                "tokens": list(trace.tokens), "weights": list(trace.weights), "search": trace.search,
                "forward_passes": trace.forward_passes, "seconds": trace.seconds,
            },
            "target_tokens": self.target_tokens,
            "fill": self.fill,
            "provenance": self.provenance,
        }  # fmt: skip
        arrays = {name: getattr(trace, name) for name in _TRACE_ARRAYS}
        if r.probabilities is not None:
            arrays["probabilities"] = r.probabilities
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            np.savez_compressed(
                file,
                text=np.frombuffer(json.dumps(text, default=str).encode(), np.uint8),
                image=_png(r.image),
                fill_picture=_png(self.fill_picture),
                labels=self.regions.labels,
                target_ids=np.asarray(self.target_ids),
                **arrays,
            )
        part.replace(path)
        return path


_TRACE_ARRAYS = ("order", "insertion", "deletion", "objective", "candidates", "decided", "coalitions", "rounds")


def load_explanation(path: str | os.PathLike[str]) -> Explanation:
    """Read what `Explanation.save` wrote.

    Raises
    ------
    ValueError
        If the file is missing, cut short, or not written by `Explanation.save`.
    """
    path = Path(path)
    if not path.is_file():
        raise MissingExplanationError(f"there is no file {str(path)!r}; check the path (working folder: {Path.cwd()})")
    try:
        with np.load(path, allow_pickle=False) as file:
            if not hasattr(file, "files") or "text" not in file.files:
                raise ValueError("it holds no explanation")
            data = {name: file[name] for name in file.files}
        text = json.loads(bytes(data["text"]).decode())
        if text.get("format") != FORMAT:
            raise ValueError(f"its format is {text.get('format')!r}, this version reads {FORMAT!r}")
        r, t = text["response"], text["trace"]
        response = Response(
            image=Image.open(io.BytesIO(data["image"].tobytes())).convert("RGB"),
            prompt=r["prompt"],
            text=r["text"],
            token_ids=r["token_ids"],
            tokens=r["tokens"],
            spans=[(int(a), int(b)) for a, b in r["spans"]],
            probabilities=data.get("probabilities"),
            model=r["model"],
            revision=r["revision"],
        )
        trace = SearchTrace(
            **{name: data[name] for name in _TRACE_ARRAYS},
            tokens=tuple(t["tokens"]),
            weights=(t["weights"][0], t["weights"][1]),
            search=t["search"],
            forward_passes=t["forward_passes"],
            seconds=t["seconds"],
        )
        picture = Image.open(io.BytesIO(data["fill_picture"].tobytes())).convert("RGB")
        regions = Regions(data["labels"], text["regions"]["maker"], text["regions"]["parameters"])
        return Explanation(
            response,
            regions,
            trace,
            data["target_ids"],
            text["target_tokens"],
            text["fill"],
            picture,
            text["provenance"],
        )
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile, UnicodeDecodeError) as error:
        raise ValueError(
            f"{str(path)!r} is not an explanation saved by eagle_nb, or it is cut short: {error}"
        ) from error


class MissingExplanationError(ValueError, FileNotFoundError):
    """A file that does not exist."""


def _png(image: Image.Image) -> np.ndarray:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return np.frombuffer(buffer.getvalue(), np.uint8)
