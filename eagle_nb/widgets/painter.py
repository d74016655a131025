"""MaskPainter: paint what the model may see, and read what it then says."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..protocols import Model, Scorer
from ..scoring.case import prepare_case
from .base import View, check_indices, view_state
from .painting import Comparison, Trial, changes
from .payload import floats, picture_payload, prompt_line, response_payload
from .picker import WordsTraits, given_explanations, words_payload
from .static_picture import static_painting
from .text import percent, short
from .trials import Trials

if TYPE_CHECKING:
    import pandas as pd

FURTHER_TOKENS = 8
"""Number of tokens by which an answer may be longer than the first one."""


class MaskPainter(View, WordsTraits):
    """Paint regions to hide them, or to show nothing else; read the probabilities and the answer that follow.

    A stroke is scored a moment after it ends. While one coalition is scored, newer strokes wait as one: the latest replaces the others, and
    at most one forward pass is queued. With the keyboard, the arrow keys move from region to region and space paints. Without a kernel,
    every state that had been tried when the page was written, or when the notebook's output was shown, can be replayed: show it again to
    keep the later ones.

    Parameters
    ----------
    model : Model or None
        Its scorer gives the probabilities; where it can generate, the answer is generated again, too.
    response : Response
        The answer to the whole image.
    scorer : Scorer, optional
        In place of a model: any ``scorer(shown)``, bool (M, N) → float (M, T). `regions` is then the Regions that it scores.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition of ``response.image``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    tokens : None, str, int or list of int
        Initial selection: all tokens, a text of the answer, or token indices.
    explanation : Explanation or ExplanationSet, optional
        Of the same response and model. Its regions, fill, targets and tokens are used, and a painted region is compared with the first
        regions of its order at equal area. Of several words, one is compared at a time.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token ids to follow at some positions in place of the generated ones.
    max_new_tokens : int, optional
        Maximum length of the answers; by default the first answer's own and 8 more.

    Attributes
    ----------
    painted : list of int
        Region ids, ascending.
    mode : {"hide", "show"}
        Whether the painted regions are hidden, or nothing but them is shown.
    selected : list of int
        Selected tokens.
    word : int
        Index of the explained word that is compared.
    probabilities : list of float
        Probabilities of the selected tokens with what is painted; read-only.
    answer : str
        The answer generated again; empty if nothing generates. Read-only.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, for arguments that are unknown, out of range or do not fit the response; after the forward passes of the
        whole and the blank image, if they are not probabilities or the explanation was made with another model.
    """

    painted = view_state(traitlets.List(traitlets.Int()))
    mode = view_state(traitlets.Enum(["hide", "show"], "hide"))
    selected = view_state(traitlets.List(traitlets.Int()))
    probabilities = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    answer = traitlets.Unicode("", read_only=True).tag(sync=True)
    # The browser numbers its requests and sends the next one when the last is answered: one coalition waits at most.
    _asked = traitlets.Int(0).tag(sync=True)
    _now = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: Model | None,
        response: Response,
        *,
        scorer: Scorer | None = None,
        regions: int | Regions | np.ndarray = DEFAULT_REGIONS,
        fill: Fill = "black",
        tokens: str | int | Sequence[int] | None = None,
        explanation: Explanation | ExplanationSet | None = None,
        target_ids: Mapping[int, int] | None = None,
        max_new_tokens: int | None = None,
    ) -> None:
        _check_source(model, scorer, response)
        self.explanations, names = given_explanations("MaskPainter", explanation)
        first = self.explanation
        if first is not None:
            _check_fits(self.explanations, response, regions, fill, target_ids)
            regions, fill, target_ids = first.regions, first.fill_picture, first.targets or None
            tokens = first.tokens if tokens is None else tokens
        elif scorer is not None and not isinstance(regions, Regions):
            raise TypeError(
                f"a scorer needs the Regions that it scores as regions=, got {type(regions).__name__}; "
                "Regions.from_labels makes them from a map"
            )
        if max_new_tokens is not None and (not isinstance(max_new_tokens, int) or max_new_tokens < 1):
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        case = prepare_case(_ScorerModel(scorer) if model is None else model, response, regions, fill, target_ids)
        selected = case.select(tokens)
        self.model, self.response, self.regions, self.fill_picture = model, response, case.regions, case.fill_picture
        self.targets = case.target_tokens if first is None else first.target_tokens
        made = case.scorer()
        if getattr(made, "n_regions", self.regions.n) != self.regions.n:
            raise ValueError(f"the scorer has {made.n_regions} regions, regions= has {self.regions.n}")
        length = max_new_tokens or len(response) + FURTHER_TOKENS
        self.trials = Trials(model, response, self.regions, self.fill_picture, made, length)
        self.trials.check_model(self.explanations, self.targets)
        self._lock, self._stale = threading.Lock(), False
        self._row = self.trials.full
        super().__init__(_panel="painter", _data=self._payload(names), selected=selected)
        self._refresh()

    # -- traits -------------------------------------------------------------------------------------

    @traitlets.validate("painted")
    def _check_painted(self, proposal: Any) -> list[int]:
        for k in proposal["value"]:
            if isinstance(k, bool) or not 0 <= k < self.regions.n:
                raise ValueError(f"region {k!r} is out of range 0 … {self.regions.n - 1}")
        return sorted({int(k) for k in proposal["value"]})

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.response))

    @traitlets.observe("selected")
    def _show_selected(self, change: Any = None) -> None:
        self.set_trait("probabilities", [float(self._row[k]) for k in self.selected])

    @traitlets.observe("painted", "mode", "_asked")
    def _refresh(self, change: Any = None) -> None:
        """Score what is painted; of several changes in the meantime only the last."""
        self._stale = True
        while self._stale and self._lock.acquire(blocking=False):
            try:
                self._stale = False
                self._try(tuple(self.painted), self.mode)
            finally:
                self._lock.release()

    # -- scoring ------------------------------------------------------------------------------------

    @property
    def tried(self) -> list[Trial]:
        """Every state that was scored, in order; the whole and the blank image first."""
        return list(self.trials.tried.values())

    @property
    def generates(self) -> bool:
        """Whether the answer can be generated again."""
        return self.trials.generates

    def _try(self, painted: tuple[int, ...], mode: str) -> None:
        """Score what is painted, and answer unless something newer waits."""
        request = {"painted": list(painted), "mode": mode, "asked": self._asked}
        try:
            trial = self.trials.score(painted, mode)
            if trial.answer is None and self.generates:
                self._show(trial, request | {"done": False})
                if self._stale:  # a newer state waits
                    return
                trial = self.trials.answer(trial)
            self._show(trial, request | {"done": True})
        except BaseException as error:
            self._now = request | {"error": f"{type(error).__name__}: {error}", "done": True}
            raise

    def _show(self, trial: Trial, request: dict[str, Any]) -> None:
        """Send a trial to the front end."""
        self._row = trial.probabilities
        self._now = request | self._recorded(trial)
        self._show_selected()
        if request["done"]:
            self.set_trait("answer", trial.answer or "")

    # -- results ------------------------------------------------------------------------------------

    @property
    def comparison(self) -> Comparison | None:
        """What is painted beside the explanation's order; None without an explanation, a selected token or paint."""
        trial = self.trials.tried.get((tuple(self.painted), self.mode))
        return None if trial is None else self.trials.compare(trial, self.explanation, self.selected)

    def to_frame(self) -> pd.DataFrame:
        """Return the states that were tried as a table.

        Returns
        -------
        pandas.DataFrame
            One row per state: "mode", "painted", "area", "probability" (mean over the selected tokens), "eagle" (with the first
            regions of the explanation's order at equal area; NaN without an explanation) and "answer".
        """
        import pandas as pd

        rows = []
        for trial in self.tried:
            compared = self.trials.compare(trial, self.explanation, self.selected)
            rows.append(
                {
                    "mode": trial.mode,
                    "painted": trial.painted,
                    "area": float(self.regions.area[list(trial.painted)].sum()),
                    "probability": float(trial.probabilities[self.selected].mean()) if self.selected else float("nan"),
                    "eagle": compared.eagle if compared is not None and compared.regions else float("nan"),
                    "answer": trial.answer,
                }
            )
        return pd.DataFrame(rows)

    def _payload(self, names: Sequence[str]) -> dict[str, Any]:
        """Return what the browser needs."""
        orders = [
            {
                "order": e.order.tolist(),
                "area": e.area.tolist(),
                "explained": e.tokens,
                "insertion": floats(e.insertion),
                "deletion": floats(e.deletion),
            }
            for e in self.explanations
        ]
        painting = {
            **picture_payload(self.response.image, self.regions, self.fill_picture),
            "n": self.regions.n,
            "targets": list(self.targets),
            "full": _rounded(self._row),
            "generates": self.generates,
            "eagle": orders[0] if orders else None,
            "note": prompt_line(self.response),
        }
        own = [{"reliance": None, "painting": {"eagle": eagle}} for eagle in orders]
        return {
            **response_payload(self.response),
            "painting": painting,
            **words_payload(self.explanations, names, own),
        }

    def _recorded(self, trial: Trial) -> dict[str, Any]:
        """Return a trial as the browser reads it."""
        return {
            "painted": list(trial.painted),
            "mode": trial.mode,
            "p": _rounded(trial.probabilities),
            "answer": None if trial.answer is None else changes(self.response.text, trial.answer),
        }

    def _state(self) -> dict[str, Any]:
        return super()._state() | {"_record": [self._recorded(trial) for trial in self.tried]}

    def _subject(self) -> Response:
        return self.response

    def _title(self) -> str:
        # Where a reader can choose another word, the title names all of them.
        shown = self.selected if len(self.explanations) < 2 else range(len(self.targets))
        text = "".join(self.targets[k] for k in shown) or self.response.text
        return f"What becomes of “{short(text)}” when parts of the image are hidden"

    def _static(self) -> str:
        trial = self.trials.tried.get((tuple(self.painted), self.mode), self.tried[0])
        rows = [(self.targets[k], float(self.trials.full[k]), float(trial.probabilities[k])) for k in self.selected]
        compared = self.trials.compare(trial, self.explanation, self.selected)
        area = percent(float(self.regions.area[list(trial.painted)].sum()))
        done = "shown" if trial.mode == "show" else "hidden"
        summary = f"{len(trial.painted)} of {self.regions.n} regions {done}, {area} of the image"
        lines = [summary, *([str(compared)] if compared else [])]
        return static_painting(self.response.image, self.trials.seen(trial), rows, trial.answer, lines)

    def __repr__(self) -> str:
        done = "shown" if self.mode == "show" else "hidden"
        return f"MaskPainter({len(self.painted)} of {self.regions.n} regions {done}, {len(self.trials.tried)} states tried)"


def _rounded(row: np.ndarray) -> list[float]:
    """Return probabilities as the browser reads them."""
    return [round(float(p), 6) for p in row]
