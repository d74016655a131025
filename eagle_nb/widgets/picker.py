"""TokenPicker: choose the tokens to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..inputs.response import Response
from .base import View, WordTraits, check_explanations, check_indices, view_state
from .payload import response_payload, telling_step
from .text import short


class PickerTraits(traitlets.HasTraits):
    """State of a token picker."""

    selected = view_state(traitlets.List(traitlets.Int()))
    unit = view_state(traitlets.Enum(["token", "word", "phrase", "sentence"], "word"))
    tint = view_state(traitlets.Enum(["probability", "reliance", "none"], "probability"))


class WordsTraits(WordTraits):
    """The choice among several explanations, where there may be none."""

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
        self.explanations, names = given_explanations("TokenPicker", explanation)
        if any(e.response.tokens != response.tokens for e in self.explanations):
            raise ValueError("the explanation is of another answer than the response; pass explanation.response")
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


def given_explanations(widget: str, given: Any) -> tuple[list[Explanation], list[str]]:
    """Validate the optional explanations of a widget.

    Parameters
    ----------
    widget : str
        Name of the widget, for messages.
    given : Explanation, ExplanationSet or None
        What the widget was given.

    Returns
    -------
    explanations : list of Explanation
        None, one or several.
    names : list of str
        The words of an ExplanationSet.
    """
    return ([], []) if given is None else check_explanations(widget, given)


def words_payload(
    explanations: Sequence[Explanation], names: Sequence[str], own: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return what the browser needs to switch between several explained words.

    Parameters
    ----------
    explanations : sequence of Explanation
        The explanations.
    names : sequence of str
        Their words; empty for fewer than two.
    own : sequence of dict
        What each word adds to the data.

    Returns
    -------
    dict
        Empty without names.
    """
    if not names:
        return {}
    return {
        "each": [
            part | {"name": name, "search": {"explained": e.tokens}, "telling": telling_step(e)}
            for name, e, part in zip(names, explanations, own, strict=True)
        ]
    }


def _empty(selected: Any) -> bool:
    """Whether a selection is an empty sequence."""
    return not isinstance(selected, str | int) and len(selected) == 0
