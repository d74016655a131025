"""Explorer: what carried each word of an answer, on one page."""

from __future__ import annotations

from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..attribution.measuring import most_reliant
from .base import View, view_state
from .checks import check_explanations, check_indices
from .payload import explanations_payload
from .picker import SelectionTraits
from .reliance import RelianceTraits
from .stepper import StepperTraits


class Explorer(View, SelectionTraits, StepperTraits, RelianceTraits):
    """Show the answer to "what carried this word?": a sentence with its numbers, the evidence on the image, and the answer word by word.

    One selection drives the page. A click on a word replaces it; with shift, Ctrl or Cmd it adds to it; pointing at a word previews it.
    Every word has the colour of its own reliance, on a scale whose centre is the threshold. A selection that was not explained is
    reported as such, with the nearest one that was. The search, step by step, and a table of all numbers are folded below.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show. The page opens on the word that owes most to the image.
    step : int, optional
        The first step to show; by default `Explanation.sufficient_step`.

    Attributes
    ----------
    selected : list of int
        Indices of the selected tokens, ascending.
    word : int
        Index of the explanation of the selected tokens, or of the smallest that contains them, in the order of the answer. It stays as
        it was when there is none. Setting it selects its tokens.
    opened : list of {"search", "numbers", "options"}
        The parts of the page that are unfolded.
    unit, tint
        See `TokenPicker`.
    picture : int or None
        Of several pictures, the one that is shown large; None for the one with the most evidence for the word and, in the search, for
        the one that holds the region of the current step.
    step, token, speed, heat, borders, numbers
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

    opened = view_state(traitlets.List(traitlets.Enum(["search", "numbers", "options"])))

    def __init__(self, explanation: Explanation | ExplanationSet, *, step: int | None = None) -> None:
        self.explanations, names = check_explanations("Explorer", explanation)
        word = most_reliant(self.explanations)
        first = self.explanations[word]
        super().__init__(
            _panel="explorer",
            _data=explanations_payload(self.explanations, names),
            word=word,
            selected=first.tokens,
            tint="reliance",
            step=first.sufficient_step if step is None else step,
        )
        self._split()
        self._link()
        self.observe(self._show_word, "word")

    def _show_word(self, change: Any) -> None:
        """Show the search of another explanation."""
        self.token, self.step, self.picture = None, self.explanation.sufficient_step, None

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.explanation.response))

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        return f"Explorer({self.explanation!r})"
