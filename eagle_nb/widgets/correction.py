"""CorrectionStepper: the answer as regions are removed from the image."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from ..attribution.explanation import Explanation
from ..hallucination.correction import Correction
from ..inputs.fills import masked_image
from ..inputs.text import percent, printable, shortened
from .base import View, view_state
from .payload import explanation_payload
from .static_picture import static_painting


class CorrectionStepper(View):
    """Remove the regions that a wrong answer depends on, one by one, and read the answer at every step.

    Parameters
    ----------
    correction : Correction
        See `eagle_nb.hallucination.correct_answer`.
    removed : int, optional
        Number of regions that are removed at first; by default those of the minimal correction region, or none if no step corrects.

    Attributes
    ----------
    removed : int
        Regions removed, 0 … N.

    Raises
    ------
    TypeError
        If `correction` is something else.
    ValueError
        If `removed` is out of range.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(eagle.load_model(), sample, regions=4, progress=False)
    >>> CorrectionStepper(case.correction, removed=1)
    CorrectionStepper(1 of 4 regions removed)
    """

    removed = view_state(traitlets.Int(0))

    correction: Correction

    def __init__(self, correction: Correction, *, removed: int | None = None) -> None:
        if not isinstance(correction, Correction):
            raise TypeError(
                f"CorrectionStepper needs a Correction, got {type(correction).__name__}; "
                "make one with eagle_nb.hallucination.study(model, sample).correction"
            )
        self.correction = correction
        if removed is None:
            removed = 0 if correction.step is None else correction.explanation.regions.n - correction.step
        super().__init__(_panel="correction", _data=correction_payload(correction), removed=removed)

    @traitlets.validate("removed")
    def _check_removed(self, proposal: Any) -> int:
        removed, last = int(proposal["value"]), self.correction.explanation.regions.n
        if not 0 <= removed <= last:
            raise ValueError(f"removed must be 0 … {last} (regions), got {removed}")
        return removed

    def _subject(self) -> Explanation:
        return self.correction.explanation

    def _title(self) -> str:
        return f"What keeps “{shortened(self.correction.explanation.selected_text)}” from being said"

    def _static(self) -> str:
        correction, explanation = self.correction, self.correction.explanation
        position, n = explanation.tokens[0], explanation.regions.n
        shown = np.zeros(n, dtype=bool)
        step = n - self.removed
        shown[explanation.order[:step]] = True
        rows = [
            (name, float(values[-1]), float(values[step]))
            for name, values in (
                (explanation.target_tokens[position], explanation.insertion[:, position]),
                (explanation.response.tokens[position], correction.p_wrong),
            )
        ]
        counts = ", ".join(f"{count} {state}" for state, count in correction.state_counts.items())
        lines = [
            f"{self.removed} of {n} regions removed, {percent(1 - float(explanation.area[step]))} of the image: "
            f"{correction.states[step] or 'undecided'}",
            f"Answers of the {n + 1} steps to “{shortened(correction.statement.text)}”: {counts}",
        ]
        image = explanation.response.canvas
        seen = masked_image(image, explanation.regions, explanation.fill_picture, shown)
        return static_painting(image, seen, rows, correction.answers[step], lines)

    def __repr__(self) -> str:
        return f"CorrectionStepper({self.removed} of {self.correction.explanation.regions.n} regions removed)"


def correction_payload(correction: Correction) -> dict[str, Any]:
    """Return what the browser needs of a correction.

    Parameters
    ----------
    correction : Correction
        The correction.

    Returns
    -------
    dict
        The explanation with the answers along its insertion curve.
    """
    explanation = correction.explanation
    position = explanation.tokens[0]
    steps = {
        "said": printable(correction.statement.text),
        "wrongToken": printable(correction.statement.response.tokens[position].strip()),
        "counter": printable(explanation.target_tokens[position].strip()),
        "answers": [printable(answer, lines=True) for answer in correction.answers],
        "states": correction.states,
        "wrong": [float(p) for p in correction.p_wrong],
        "step": correction.step,
    }
    return {**explanation_payload(explanation), "correction": steps}
