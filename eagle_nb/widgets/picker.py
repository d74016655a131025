"""TokenPicker: choose the tokens to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..inputs.response import Response
from .base import View, WordTraits, view_state
from .checks import check_indices, check_optional_explanations
from .payload import response_payload, words_payload
from .text import short


class PickerTraits(traitlets.HasTraits):
    """State of a token picker.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.
    """

    selected = view_state(traitlets.List(traitlets.Int()))
    unit = view_state(traitlets.Enum(["token", "word", "phrase", "sentence"], "word"))
    tint = view_state(traitlets.Enum(["probability", "reliance", "none"], "probability"))


class WordsTraits(WordTraits):
    """The choice among several explanations, or among none.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.
    """

    @property
    def explanation(self) -> Explanation | None:  # type: ignore[override]
        """The explanation that is displayed, if there is one."""
        return self.explanations[self.word] if self.explanations else None

    @traitlets.observe("word")
    def _pick_word(self, change: Any) -> None:
        self.selected = self.explanations[self.word].tokens


class TokenPicker(View, PickerTraits, WordsTraits):
    """Select words of an answer.

    Click, shift-click or drag; with the keyboard the arrow keys, space, and Escape to clear. A picker can be passed to `explain` as
    ``tokens=``.

    Parameters
    ----------
    response : Response or ExplanationSet
        An ExplanationSet contains its response.
    explanation : Explanation or ExplanationSet, optional
        Of the same response; the words are then coloured by reliance. Of several words, one is shown at a time: its tokens are
        selected, and the reliance is that of its own explanation.
    selected : None, str, int or list of int
        Initial selection: a text of the answer, or token indices. By default nothing; with several explained words, the first.
    unit : {"word", "token", "phrase", "sentence"}
        What a click selects. With "token", sub-tokens are shown one by one.

    Attributes
    ----------
    selected : list of int
        Indices of the selected tokens, ascending.
    word : int
        Index of the explained word that is shown.
    unit : str
        What a click selects.
    tint : {"probability", "reliance", "none"}
        What the colours show.

    Raises
    ------
    TypeError
        If `response` or `explanation` is something else.
    ValueError
        If the explanation belongs to another response, or `selected` is not part of the answer.

    Examples
    --------
    >>> from PIL import Image
    >>> from eagle_nb.inputs import Response
    >>> spans = [(0, 1), (1, 5), (5, 12)]
    >>> response = Response(Image.new("RGB", (8, 8)), "what is it?", "a red circle", [5, 6, 7], ["a", " red", " circle"], spans)
    >>> TokenPicker(response, selected="red circle").selected
    [1, 2]
    """

    def __init__(
        self,
        response: Response | ExplanationSet,
        explanation: Explanation | ExplanationSet | None = None,
        *,
        selected: str | int | Sequence[int] | None = None,
        unit: str = "word",
    ) -> None:
        if isinstance(response, ExplanationSet) and explanation is None:
            explanation, response = response, response.response
        if not isinstance(response, Response):
            explained = isinstance(response, Explanation | ExplanationSet)
            remedy = "pass explanation.response" if explained else "model.generate() makes one"
            raise TypeError(f"TokenPicker needs a Response, got {type(response).__name__}; {remedy}")
        self.explanations, names = check_optional_explanations("TokenPicker", explanation)
        if any(e.response.tokens != response.tokens for e in self.explanations):
            raise ValueError("the explanation belongs to another response; pass explanation.response")
        self.response = response
        if names and selected is None:
            selected = self.explanations[0].tokens
        chosen = [] if selected is None or _empty(selected) else response.resolve(selected)
        payloads = [response_payload(response, e.reliance) for e in self.explanations] or [response_payload(response)]
        own = [{"reliance": payload["reliance"]} for payload in payloads]
        super().__init__(
            _panel="picker",
            _data=payloads[0] | words_payload(self.explanations, names, own),
            selected=chosen,
            unit=unit,
            tint="reliance" if self.explanations else "probability",
        )

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.response))

    def _subject(self) -> Response:
        return self.response

    def _title(self) -> str:
        return f"Pick words of “{short(self.response.text)}”"

    def __repr__(self) -> str:
        return f"TokenPicker({len(self.selected)} of {len(self.response)} tokens selected)"


def _empty(selected: Any) -> bool:
    """Whether a selection is an empty sequence."""
    return not isinstance(selected, str | int) and len(selected) == 0
