"""Explorer: the three widgets in one, with linked state."""

from __future__ import annotations

from typing import Any

import traitlets

from ..explanation import Explanation
from .base import View, check_explanation, check_indices
from .payload import explanation_payload
from .picker import PickerTraits
from .reliance import RelianceTraits
from .stepper import StepperTraits, telling_step


class Explorer(View, PickerTraits, StepperTraits, RelianceTraits):
    """Picker, stepper and reliance slider over one explanation; what one chooses, the others show.

    The stepper's curves are those of the selected tokens, or of one token picked or pointed at in the reliance
    panel. The order of regions stays the one found for the explained tokens.

    Parameters
    ----------
    explanation : Explanation
    step : int, optional
        Where to begin; by default where the explained tokens first reach 95 % of their highest probability.

    Attributes
    ----------
    selected, unit, tint
        See `TokenPicker`.
    step, token, speed, heat, borders
        See `SearchStepper`.
    threshold, definition, grounded
        See `RelianceSlider`.
    """

    def __init__(self, explanation: Explanation, *, step: int | None = None) -> None:
        self.explanation = check_explanation("Explorer", explanation)
        super().__init__(
            _panel="explorer",
            _data=explanation_payload(explanation),
            selected=explanation.tokens,
            tint="none" if explanation.response.probabilities is None else "probability",
            step=telling_step(explanation) if step is None else step,
        )
        self._split()

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.explanation.response))

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        return f"Explorer({self.explanation!r})"
