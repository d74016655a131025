"""MaskPainter: choose what the model sees, and read how probabilities and answer change."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..attribution.places import explained_subject
from ..inputs.fills import Fill
from ..inputs.regions import DEFAULT_REGIONS, Regions
from ..inputs.response import Response
from ..inputs.text import percent, shortened
from ..protocols import Model, Scorer
from .base import View, view_state
from .checks import check_indices, check_optional_explanations
from .painter_data import painting_payload, trial_payload
from .painting import Comparison, Trial
from .painting_case import prepare_painting
from .picker import WordsTraits
from .static_picture import static_painting
from .trials import Trials

if TYPE_CHECKING:
    import pandas as pd

FURTHER_TOKENS = 8
"""Number of tokens by which an answer may be longer than the first one."""


class MaskPainter(View, WordsTraits):
    """Paint regions to hide them or to show nothing else, and read the probabilities and the answer that follow.

    A stroke is scored a moment after it ends. While a coalition is being scored, only the latest of the newer strokes waits, so at most
    one forward pass is queued. With the keyboard, the arrow keys move from region to region and space paints. Without a kernel, a page
    or a saved output replays the states that had been tried when it was written; display the widget again to include later ones.

    Parameters
    ----------
    model : Model or None
        Its scorer gives the probabilities; where it can generate, the answer is generated again, too.
    response : Response
        The answer to the whole image.
    scorer : Scorer, optional
        In place of a model; `regions` is then the Regions that it scores. See `eagle_nb.protocols.Scorer`.
    regions : int, Regions or ndarray of int, (H, W)
        A number of regions to cut, or a partition of ``response.images``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    tokens : None, str, int or list of int
        Initial selection: all tokens, a text of the answer, or token indices.
    explanation : Explanation or ExplanationSet, optional
        Of the same response and model. Its regions, fill, targets and tokens are used, and what is painted is compared with the first
        regions of its order at equal area. Of several words, one is compared at a time.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token ids to follow at some positions in place of the generated ones.
    max_new_tokens : int, optional
        Maximum length of the answers; by default the first answer's own and 8 more.
    numbers : bool
        Draw the numbers of the regions; of more than 120 regions, that of the region under the pointer.

    Attributes
    ----------
    painted : list of int
        Region ids, ascending.
    mode : {"hide", "show"}
        Whether the painted regions are hidden, or nothing but them is shown.
    selected : list of int
        Selected tokens.
    numbers : bool
        Whether the numbers of the regions are drawn.
    word : int
        Index of the explained word that is compared.
    probabilities : list of float
        Probabilities of the selected tokens with what is painted; read-only.
    answer : str
        The answer, generated again; empty if nothing generates. Read-only.
    regions : Regions
        The regions.
    target_tokens : list of str
        Texts of the tokens whose probabilities are followed.
    trials : Trials
        Scores and answers of what was painted.

    Raises
    ------
    TypeError
        If an argument is of another type, or there is not exactly one of `model` and `scorer`; before the model runs.
    ValueError
        If an argument is unknown, out of range or does not fit the response; before the model runs. If the scores of the whole and the
        blank image are not probabilities, or the explanation was made with another model; after these two forward passes.

    Examples
    --------
    >>> import numpy as np
    >>> from PIL import Image
    >>> from eagle_nb.inputs import Regions, Response
    >>> response = Response(Image.new("RGB", (8, 8)), "what is it?", "a circle", [5, 6], ["a", " circle"], [(0, 1), (1, 8)])
    >>> class AreaScorer:
    ...     n_regions = 4
    ...     def __call__(self, shown):
    ...         return np.stack([np.ones(len(shown)), shown.mean(1)], axis=1)
    >>> regions = Regions.grid(response.canvas, 4)
    >>> painter = MaskPainter(None, response, scorer=AreaScorer(), regions=regions, tokens="circle")
    >>> painter.painted = [0]
    >>> painter.probabilities
    [0.75]
    """

    painted = view_state(traitlets.List(traitlets.Int()))
    mode = view_state(traitlets.Enum(["hide", "show"], "hide"))
    selected = view_state(traitlets.List(traitlets.Int()))
    numbers = view_state(traitlets.Bool(False))
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
        numbers: bool = False,
    ) -> None:
        if max_new_tokens is not None and (not isinstance(max_new_tokens, int) or max_new_tokens < 1):
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        self.explanations, names = check_optional_explanations("MaskPainter", explanation)
        case = prepare_painting(model, response, scorer, regions, fill, self.explanations, target_ids)
        first = self.explanation
        selected = case.select(first.tokens if first is not None and tokens is None else tokens)
        self.model, self.response, self.regions, self.fill_picture = model, response, case.regions, case.fill_picture
        self.target_tokens = case.target_tokens if first is None else first.target_tokens
        self.trials = Trials(model, case, max_new_tokens or len(response) + FURTHER_TOKENS)
        self.trials.check_model(self.explanations)
        self._lock, self._stale = threading.Lock(), False
        self._row = self.trials.full
        data = painting_payload(self.trials, self.target_tokens, self.explanations, names)
        super().__init__(_panel="painter", _data=data, selected=selected, numbers=numbers)
        self._refresh()

    # -- traits -------------------------------------------------------------------------------------

    @traitlets.validate("painted")
    def _check_painted(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], self.regions.n, "region")

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.response))

    @traitlets.observe("selected")
    def _show_selected(self, change: Any = None) -> None:
        self.set_trait("probabilities", [float(self._row[k]) for k in self.selected])

    @traitlets.observe("painted", "mode", "_asked")
    def _refresh(self, change: Any = None) -> None:
        """Score what is painted; of the changes made meanwhile only the latest."""
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
        """Score what is painted; generate the answer unless a newer state waits."""
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
        self._now = request | trial_payload(self.response, trial)
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

    def _state(self) -> dict[str, Any]:
        return super()._state() | {"_record": [trial_payload(self.response, trial) for trial in self.tried]}

    def _subject(self) -> Response:
        return self.response

    def _title(self) -> str:
        # Where a reader can choose another word, the title names all of them.
        shown = self.selected if len(self.explanations) < 2 else range(len(self.target_tokens))
        text = "".join(self.target_tokens[k] for k in shown) or self.response.text
        return f"What becomes of “{shortened(text)}” when parts of the image are hidden"

    def _static(self) -> str:
        trial = self.trials.tried.get((tuple(self.painted), self.mode), self.tried[0])
        rows = [
            (self.target_tokens[k], float(self.trials.full[k]), float(trial.probabilities[k])) for k in self.selected
        ]
        compared = self.trials.compare(trial, self.explanation, self.selected)
        area = percent(float(self.regions.area[list(trial.painted)].sum()))
        done = "shown" if trial.mode == "show" else "hidden"
        summary = f"{len(trial.painted)} of {self.regions.n} regions {done}, {area} of {explained_subject(self.response, self.regions).name}"
        lines = [summary, *([str(compared)] if compared else [])]
        return static_painting(self.response.canvas, self.trials.seen(trial), rows, trial.answer, lines)

    def __repr__(self) -> str:
        done = "shown" if self.mode == "show" else "hidden"
        return f"MaskPainter({len(self.painted)} of {self.regions.n} regions {done}, {len(self.trials.tried)} states tried)"
