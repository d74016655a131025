"""MaskPainter: paint what the model may see, and read what it then says."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..scoring.case import target_texts
from ..attribution.explanation import Explanation
from ..attribution.explanation_set import Explanations
from ..inputs.fills import Fill, check_fill, fill_image, masked_image
from ..inputs.regions import Regions, as_regions
from ..inputs.response import Response
from ..protocols import Scorer
from .base import View, check_indices, short, view_state
from .painting import Comparison, Trial, changes, percent
from .payload import asked, floats, picture_payload, response_payload
from .picker import WordsTraits, given_explanations, words_payload
from .static_picture import static_painting

if TYPE_CHECKING:
    import pandas as pd

FURTHER = 8
"""Tokens by which an answer generated anew may be longer than the first one."""
OTHER_MODEL = 0.1
"""Difference of a token's probability for the whole image beyond which an explanation counts as another model's."""


class MaskPainter(View, WordsTraits):
    """Paint regions to hide them, or to show nothing else; see the probabilities and the answer generated anew.

    A stroke is scored a moment after it ends. While one coalition is scored, newer strokes wait as one: the latest
    wins, and no more than one pass is ever queued. With the keyboard the arrow keys go from region to region and
    space paints. Without a kernel every state is replayed that had been tried when the page was written, or when the
    notebook's output was shown: show it again to keep the rest.

    Parameters
    ----------
    model : Model or None
        Its scorer gives the probabilities; where it can generate, the answer is generated anew too.
    response : Response
    scorer : Scorer, optional
        In place of a model: any ``scorer(shown)``, bool (M, N) → float (M, T). `regions` is then the Regions it scores.
    regions : int or Regions
        A number of SLIC superpixels, or a partition of ``response.image``.
    fill : {"black", "mean", "blur", "noise", "inpaint"} or an image
        What hidden regions show.
    tokens : None, str, int or list of int
        What to watch at first: all tokens, a text that was said, or token indices.
    explanation : Explanation or Explanations, optional
        Of the same response and model. Its regions, fill, targets and tokens are used, and one's own region is compared
        with the first regions of its order at equal area. Of several words, one is compared with at a time, and can be
        chosen: its tokens are then watched.
    target_ids : mapping of int to int, optional
        Counterfactual targets: token ids to follow at positions in place of the generated ones.
    max_new_tokens : int, optional
        Length of the answers; by default the first answer's own and 8 more.

    Attributes
    ----------
    painted : list of int
        Region ids, ascending.
    mode : {"hide", "show"}
        Whether the painted regions are hidden, or nothing but them is shown.
    selected : list of int
        Tokens that are watched.
    word : int
        Which of the explained words is compared with.
    probabilities : list of float
        Of the selected tokens, with what is painted; read-only.
    answer : str
        Generated anew; empty where nothing generates. Read-only.

    Raises
    ------
    ValueError, TypeError
        Before the model runs, for arguments that are unknown, out of range or do not fit the response; after the two
        passes of the whole and the blank image, if they are no probabilities or the explanation is another model's.
    """

    painted = view_state(traitlets.List(traitlets.Int()))
    mode = view_state(traitlets.Enum(["hide", "show"], "hide"))
    selected = view_state(traitlets.List(traitlets.Int()))
    probabilities = traitlets.List(traitlets.Float(), read_only=True).tag(sync=True)
    answer = traitlets.Unicode("", read_only=True).tag(sync=True)
    # The browser counts its requests and sends the next one when the last is answered: what waits is one coalition.
    _asked = traitlets.Int(0).tag(sync=True)
    _now = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        model: Any,
        response: Response,
        *,
        scorer: Scorer | None = None,
        regions: int | Regions | np.ndarray = 64,
        fill: Fill = "black",
        tokens: str | int | Sequence[int] | None = None,
        explanation: Explanation | Explanations | None = None,
        target_ids: Mapping[int, int] | None = None,
        max_new_tokens: int | None = None,
    ) -> None:
        _check_source(model, scorer, response)
        self.explanations, names = given_explanations("MaskPainter", explanation)
        first = self.explanation
        if first is not None:
            _check_fits(self.explanations, response, regions, fill, target_ids)
            target_ids = {k: int(i) for k, i in enumerate(first.target_ids) if int(i) != int(response.token_ids[k])}
            tokens = first.tokens if tokens is None else tokens
        elif scorer is not None and not isinstance(regions, Regions):
            raise TypeError(
                f"a scorer needs the Regions that it scores as regions=, got {type(regions).__name__}; "
                "Regions.from_labels makes them from a map"
            )
        ids = response.targets(target_ids, getattr(model, "vocabulary_size", None))
        targets = {int(k): ids[k] for k in target_ids or {}}
        selected = response.resolve(sorted(targets) if tokens is None and targets else tokens)
        if max_new_tokens is not None and (not isinstance(max_new_tokens, int) or max_new_tokens < 1):
            raise ValueError(f"max_new_tokens must be a positive integer, got {max_new_tokens!r}")
        check_fill(fill)
        self.model, self.response = model, response
        self.regions = as_regions(regions, response.image) if first is None else first.regions
        self.fill_picture = fill_image(response.image, fill, self.regions) if first is None else first.fill_picture
        self.targets = target_texts(model, response, targets) if first is None else first.target_tokens
        self.max_new_tokens = max_new_tokens or len(response) + FURTHER
        given = scorer or model.scorer(response, self.regions, self.fill_picture, target_ids=targets or None)
        if getattr(given, "n_regions", self.regions.n) != self.regions.n:
            raise ValueError(f"the scorer is of {given.n_regions} regions, regions= holds {self.regions.n}")
        self.scorer: Any = given
        self._lock, self._stale = threading.Lock(), False
        self._scores: dict[bytes, np.ndarray] = {}
        self._tried: dict[tuple[tuple[int, ...], str], Trial] = {}
        self._row = self._begin()
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
        """Score what is painted; of all that is painted meanwhile, only the last."""
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
        return list(self._tried.values())

    @property
    def generates(self) -> bool:
        """Whether the answer can be generated anew."""
        return self.model is not None and (hasattr(self.model, "generate") or self._in_batches)

    @property
    def _in_batches(self) -> bool:
        return hasattr(self.scorer, "generate") and hasattr(self.model, "decode")

    def _begin(self) -> np.ndarray:
        """Score the whole and the blank image, in one batch; returns the whole one's probabilities."""
        both = np.stack([self._shown((), "hide"), self._shown((), "show")])
        rows = np.asarray(self.scorer(both), dtype=np.float32)
        expected = (2, len(self.response))
        if rows.shape != expected or not np.isfinite(rows).all() or rows.min() < -1e-4 or rows.max() > 1 + 1e-4:
            raise ValueError(
                f"the scorer must give probabilities of shape {expected} (coalitions, tokens) for the whole and the "
                f"blank image, got shape {rows.shape}"
                + (f" from {rows.min():g} to {rows.max():g}" if rows.shape == expected else "")
            )
        for e in self.explanations:
            off = np.abs(rows[0] - e.insertion[-1])
            if off.max() > OTHER_MODEL:
                k = int(off.argmax())
                raise ValueError(
                    f"the explanation is another model's: for the whole image it has {self.targets[k].strip()!r} at "
                    f"{e.insertion[-1, k]:.2f}, this one {rows[0, k]:.2f}; explain with this model"
                )
        for shown, row, mode, answer in zip(both, rows, ("hide", "show"), (self.response.text, None), strict=True):
            self._scores[shown.tobytes()] = row
            self._tried[(), mode] = Trial((), mode, row, answer)
        return np.asarray(rows[0])

    def _shown(self, painted: Sequence[int], mode: str) -> np.ndarray:
        """The coalition: bool (N,)."""
        shown = np.full(self.regions.n, mode == "hide")
        shown[list(painted)] = mode == "show"
        return shown

    def _try(self, painted: tuple[int, ...], mode: str) -> None:
        shown, key = self._shown(painted, mode), (painted, mode)
        told = {"painted": list(painted), "mode": mode, "asked": self._asked}
        try:
            known = self._scores.get(shown.tobytes())
            if known is None:
                known = np.asarray(self.scorer(shown[None]), dtype=np.float32)[0]
                self._scores[shown.tobytes()] = known
            trial = self._tried.setdefault(key, Trial(painted, mode, known, None))
            if trial.answer is None and self.generates:
                self._tell(trial, told | {"done": False})
                if self._stale:  # a newer one waits
                    return
                trial = self._tried[key] = replace(trial, answer=self._answer(shown))
            self._tell(trial, told | {"done": True})
        except BaseException as error:
            self._now = told | {"error": f"{type(error).__name__}: {error}", "done": True}
            raise

    def _tell(self, trial: Trial, told: dict[str, Any]) -> None:
        self._row = trial.probabilities
        self._now = told | self._recorded(trial)
        self._show_selected()
        if told["done"]:
            self.set_trait("answer", trial.answer or "")

    def _answer(self, shown: np.ndarray) -> str:
        if shown.all():
            return self.response.text
        if self._in_batches:
            (ids,) = self.scorer.generate(shown[None], self.max_new_tokens)
            return str(self.model.decode(ids)) if ids else ""
        picture = masked_image(self.response.image, self.regions, self.fill_picture, shown)
        answered = self.model.generate(picture, self.response.prompt, max_new_tokens=self.max_new_tokens)
        return str(answered.text)

    # -- what comes out -----------------------------------------------------------------------------

    @property
    def comparison(self) -> Comparison | None:
        """What is painted beside the explanation's order; None without an explanation, a selected token or paint."""
        trial = self._tried.get((tuple(self.painted), self.mode))
        return None if trial is None else self._compare(trial)

    def _compare(self, trial: Trial) -> Comparison | None:
        e = self.explanation
        if e is None or not self.selected or not trial.painted:
            return None
        area = float(self.regions.area[list(trial.painted)].sum())
        count = int(np.searchsorted(e.area, area + 1e-9, side="right")) - 1
        curve = e.insertion if trial.mode == "show" else e.deletion
        own, eagle = (float(row[self.selected].mean()) for row in (trial.probabilities, curve[count]))
        return Comparison(trial.mode, own, eagle, area, float(e.area[count]), count)

    def to_frame(self) -> pd.DataFrame:
        """One row per state tried: mode, painted, area, the selected tokens' mean probability, EAGLE's, the answer.

        ``eagle`` is the probability with the first regions of the explanation's order at equal area; NaN without one.
        """
        import pandas as pd

        rows = []
        for trial in self.tried:
            compared = self._compare(trial)
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
            "note": asked(self.response),
        }
        own = [{"reliance": None, "painting": {"eagle": eagle}} for eagle in orders]
        return {
            **response_payload(self.response),
            "painting": painting,
            **words_payload(self.explanations, names, own),
        }

    def _recorded(self, trial: Trial) -> dict[str, Any]:
        """A trial as the browser takes it."""
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
        # Where a reader can choose another word, the page is of all of them.
        told = self.selected if len(self.explanations) < 2 else range(len(self.targets))
        said = "".join(self.targets[k] for k in told) or self.response.text
        return f"What becomes of “{short(said)}” when parts of the image are hidden"

    def _static(self) -> str:
        trial = self._tried.get((tuple(self.painted), self.mode), self.tried[0])
        seen = masked_image(self.response.image, self.regions, self.fill_picture, self._shown(trial.painted, trial.mode))
        full = self.tried[0].probabilities
        rows = [(self.targets[k], float(full[k]), float(trial.probabilities[k])) for k in self.selected]
        compared = self._compare(trial)
        area = percent(float(self.regions.area[list(trial.painted)].sum()))
        told = (
            f"{len(trial.painted)} of {self.regions.n} regions {'shown' if trial.mode == 'show' else 'hidden'}, {area}"
        )
        lines = [f"{told} of the image", *([str(compared)] if compared else [])]
        return static_painting(self.response.image, seen, rows, trial.answer, lines)

    def __repr__(self) -> str:
        done = "shown" if self.mode == "show" else "hidden"
        return f"MaskPainter({len(self.painted)} of {self.regions.n} regions {done}, {len(self._tried)} states tried)"


def _check_source(model: Any, scorer: Any, response: Any) -> None:
    if not isinstance(response, Response):
        raise TypeError(f"response must be a Response from model.generate(), got {type(response).__name__}")
    if len(response) == 0:
        raise ValueError("the response has no tokens, so there is nothing to watch; generate one first")
    if (model is None) == (scorer is None):
        raise TypeError("give either a model or scorer=, MaskPainter(None, response, scorer=…, regions=…)")
    if model is not None and not callable(getattr(model, "scorer", None)):
        raise TypeError(
            f"a model has scorer(response, regions, fill, target_ids=None), {type(model).__name__} has none; "
            "a Scorer goes into scorer="
        )
    if scorer is not None and not callable(scorer):
        raise TypeError(f"scorer= takes coalitions, bool (M, N), and is called; {type(scorer).__name__} cannot be")


def _check_fits(
    explanations: Sequence[Explanation], response: Response, regions: Any, fill: Any, target_ids: Any
) -> None:
    explanation, e = explanations[0], explanations[0].response
    same = e.token_ids == response.token_ids and e.prompt == response.prompt and e.image.size == response.image.size
    if not same or (e.image is not response.image and e.image.tobytes() != response.image.tobytes()):
        raise ValueError("the explanation is of another answer than the response; pass explanation.response")
    for other in explanations[1:]:  # they share response and regions
        hidden = other.fill_picture is explanation.fill_picture or (
            other.fill_picture.tobytes() == explanation.fill_picture.tobytes()
        )
        if not hidden or list(other.target_ids) != list(explanation.target_ids):
            raise ValueError("the explanations differ in fill or target_ids; paint with one of them")
    own_regions = not (isinstance(regions, int) and regions == 64) and regions is not explanation.regions
    own_fill = not (isinstance(fill, str) and fill in ("black", explanation.fill))
    given = {"regions": own_regions, "fill": own_fill, "target_ids": target_ids is not None}
    if any(given.values()):
        names = ", ".join(name for name, own in given.items() if own)
        raise ValueError(f"the explanation brings its own regions, fill and target_ids; leave out {names}")


def _rounded(row: np.ndarray) -> list[float]:
    return [round(float(p), 6) for p in row]
