"""TokenPicker: choose the tokens to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..attribution.measuring import measuring_explanation, most_reliant
from ..inputs.response import Response
from .base import View, WordTraits, view_state
from .checks import check_indices, check_optional_explanations
from .payload import response_payload, words_payload


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


class SelectionTraits(PickerTraits, WordTraits):
    """A selection of tokens and the explanation that measures it; each follows the other.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.
    """

    def _link(self) -> None:
        """Let selection and word follow each other from now on."""
        self.observe(self._follow_selection, "selected")
        self.observe(self._follow_word, "word")

    def _follow_selection(self, change: Any) -> None:
        """Show the explanation of the selected tokens, or the one that contains them."""
        measuring = measuring_explanation(self.explanations, self.selected)
        if measuring is not None:
            self.word = measuring

    def _follow_word(self, change: Any) -> None:
        """Select the tokens of the explanation that is shown."""
        if measuring_explanation(self.explanations, self.selected) != self.word:
            self.selected = self.explanations[self.word].tokens


class TokenPicker(View, SelectionTraits):
    """Select words of an answer.

    A click replaces the selection; with shift, Ctrl or Cmd it adds to it or removes from it. A drag selects a range. With the keyboard: the
    arrow keys, space, and Escape to clear. A picker can be passed to `explain` as ``tokens=``.

    Parameters
    ----------
    response : Response or ExplanationSet
        An ExplanationSet contains its response.
    explanation : Explanation or ExplanationSet, optional
        Of the same response; the words are then coloured by reliance, each by its own explanation. Words of no explanation are grey.
    selected : None, str, int or list of int
        Initial selection: a text of the answer, or token indices. By default nothing; with several explained words, the one that owes
        most to the image.
    unit : {"word", "token", "phrase", "sentence"}
        What a click selects. With "token", sub-tokens are shown one by one.

    Attributes
    ----------
    selected : list of int
        Indices of the selected tokens, ascending.
    word : int
        Index of the explanation of the selected tokens, or of the smallest that contains them. It stays as it was when there is none.
        Setting it selects its tokens.
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
        first = most_reliant(self.explanations) if names else 0
        if names and selected is None:
            selected = self.explanations[first].tokens
        chosen = [] if selected is None or _empty(selected) else response.resolve(selected)
        measuring = measuring_explanation(self.explanations, chosen)
        word = {} if not self.explanations else {"word": first if measuring is None else measuring}
        super().__init__(
            _panel="picker",
            _data=response_payload(response, self.explanations)
            | words_payload(self.explanations, names, [{} for _ in names]),
            selected=chosen,
            unit=unit,
            tint="reliance" if self.explanations else "probability",
            **word,
        )
        self._link()

    @property
    def explanation(self) -> Explanation | None:  # type: ignore[override]
        """The explanation of the selection, if there is one."""
        return self.explanations[self.word] if self.explanations else None

    @traitlets.validate("selected")
    def _check_selected(self, proposal: Any) -> list[int]:
        return check_indices(proposal["value"], len(self.response))

    def _subject(self) -> Response:
        return self.response

    def _title(self) -> str:
        return "Pick words of this answer"

    def __repr__(self) -> str:
        return f"TokenPicker({len(self.selected)} of {len(self.response)} tokens selected)"


def _empty(selected: Any) -> bool:
    """Whether a selection is an empty sequence."""
    return not isinstance(selected, str | int) and len(selected) == 0
