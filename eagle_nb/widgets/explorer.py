"""Explorer: the three widgets in one, with linked state."""

from __future__ import annotations

from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from .base import View
from .checks import check_explanations, check_indices
from .payload import explanations_payload, saturation_step
from .picker import PickerTraits
from .reliance import RelianceTraits
from .stepper import StepperTraits


class Explorer(View, PickerTraits, StepperTraits, RelianceTraits):
    """Show picker, stepper and reliance slider of an explanation with linked state.

    The curves are those of the selected tokens, or of a token that is selected or pointed at in the reliance panel. The order of
    regions stays the one of the explained tokens.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show; of several words, one is shown at a time.
    step : int, optional
        The first step to show; by default the one at which the explained tokens first reach 95 % of their highest probability.

    Attributes
    ----------
    word : int
        Index of the explained word that is shown, in the order of the answer.
    selected, unit, tint
        See `TokenPicker`.
    step, token, speed, heat, borders
        See `SearchStepper`.
    threshold, definition, grounded
        See `RelianceSlider`.

    Raises
    ------
    TypeError
        If `explanation` is something else.
    ValueError
        If `step` is out of range.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> explorer = Explorer(explanation, step=2)
    >>> explorer.selected, explorer.step
    ([1], 2)
    """

    def __init__(self, explanation: Explanation | ExplanationSet, *, step: int | None = None) -> None:
        self.explanations, names = check_explanations("Explorer", explanation)
        first = self.explanations[0]
        super().__init__(
            _panel="explorer",
            _data=explanations_payload(self.explanations, names),
            selected=first.tokens,
            tint="none" if first.response.probabilities is None else "probability",
            step=saturation_step(first) if step is None else step,
        )
        self._split()
        self.observe(self._show_word, "word")

    def _show_word(self, change: Any) -> None:
        """Follow the choice of another word."""
        self.selected, self.token, self.step = self.explanation.tokens, None, saturation_step(self.explanation)
        self._split()

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.explanation.response))

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        return f"Explorer({self.explanation!r})"
