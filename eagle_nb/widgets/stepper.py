"""SearchStepper: the search, region by region."""

from __future__ import annotations

from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..attribution.measuring import most_reliant
from .base import View, WordTraits, view_state
from .checks import check_explanations, check_token
from .payload import explanations_payload


class StepperTraits(WordTraits):
    """State of a stepper.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.
    """

    step = view_state(traitlets.Int(0))
    token = view_state(traitlets.Int(None, allow_none=True))
    speed = view_state(traitlets.Float(4.0))
    heat = view_state(traitlets.Bool(True))
    borders = view_state(traitlets.Bool(True))
    numbers = view_state(traitlets.Bool(False))
    picture = view_state(traitlets.Int(None, allow_none=True))

    @traitlets.validate("picture")
    def _check_picture(self, proposal: Any) -> int | None:
        picture: int | None = proposal["value"]
        count = len(self.explanation.response.images)
        if picture is not None and not 0 <= picture < count:
            raise ValueError(f"picture must be None or 0 … {count - 1} (one per picture), got {picture}")
        return picture

    @traitlets.validate("step")
    def _check_step(self, proposal: Any) -> int:
        step, last = int(proposal["value"]), self.explanation.regions.n
        if not 0 <= step <= last:
            raise ValueError(f"step must be 0 … {last} (one per region), got {step}")
        return step

    @traitlets.validate("token")
    def _check_token(self, proposal: Any) -> int | None:
        return check_token(proposal["value"], len(self.explanation.response))

    @traitlets.validate("speed")
    def _check_speed(self, proposal: Any) -> float:
        speed = float(proposal["value"])
        if not 0 < speed <= 60:
            raise ValueError(f"speed is in steps per second, above 0 and at most 60, got {speed}")
        return speed


class SearchStepper(View, StepperTraits):
    """Show the search step by step: what is shown and hidden, the curves, and the other candidates.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show; of several words, one is shown at a time.
    step : int
        The first step to show: the number of regions placed.
    token : int, optional
        The token whose curves are drawn; by default the mean over the explained ones.
    numbers : bool
        Draw the numbers of the regions; of more than 120 regions, that of the region under the pointer.

    Attributes
    ----------
    word : int
        Index of the explained word that is shown; at first that of the word that owes most to the image.
    step : int
        0 … N.
    token : int or None
        The token whose curves are drawn; None for the mean over the explained ones.
    speed : float
        Steps per second when playing.
    heat, borders, numbers : bool
        Whether the other candidates' scores, the region borders and the region numbers are drawn.
    picture : int or None
        Of several pictures, the one that is shown large; None for the one that holds the region of the current step.

    Raises
    ------
    TypeError
        If `explanation` is something else.
    ValueError
        If `step` or `token` is out of range.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> SearchStepper(explanation, step=2)
    SearchStepper(step 2 of 4)
    """

    def __init__(
        self,
        explanation: Explanation | ExplanationSet,
        *,
        step: int = 0,
        token: int | None = None,
        numbers: bool = False,
    ) -> None:
        self.explanations, names = check_explanations("SearchStepper", explanation)
        data = explanations_payload(self.explanations, names)
        word = most_reliant(self.explanations)
        super().__init__(_panel="stepper", _data=data, word=word, step=step, token=token, numbers=numbers)

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        return f"SearchStepper(step {self.step} of {self.explanation.regions.n})"
