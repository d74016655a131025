"""TokenPicker: choose the tokens to explain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from ..explanation import Explanation
from ..response import Response
from .base import View, check_explanation, check_indices, short, view_state
from .payload import response_payload


class PickerTraits(traitlets.HasTraits):
    """The state of a token picker."""

    selected = view_state(traitlets.List(traitlets.Int()))
    unit = view_state(traitlets.Enum(["token", "word", "phrase", "sentence"], "word"))
    tint = view_state(traitlets.Enum(["probability", "reliance", "none"], "probability"))


class TokenPicker(View, PickerTraits):
    """The answer's words as chips to choose from.

    Click, shift-click or drag; with the keyboard the arrow keys, space, and Escape to clear. A picker can be
    given to `explain` as ``tokens=``.

    Parameters
    ----------
    response : Response
    explanation : Explanation, optional
        Of the same response; the chips are then coloured by reliance.
    selected : None, str, int or list of int
        What is selected at first: a text that was said, or token indices.
    unit : {"word", "token", "phrase", "sentence"}
        What a click selects. With "token", sub-tokens are shown one by one.

    Attributes
    ----------
    selected : list of int
        Indices of the selected tokens, ascending.
    unit : str
    tint : {"probability", "reliance", "none"}
        What the colours of the chips tell.
    """

    def __init__(
        self,
        response: Response,
        explanation: Explanation | None = None,
        *,
        selected: str | int | Sequence[int] | None = None,
        unit: str = "word",
    ) -> None:
        if not isinstance(response, Response):
            remedy = "pass explanation.response" if isinstance(response, Explanation) else "model.generate() makes one"
            raise TypeError(f"TokenPicker needs a Response, got {type(response).__name__}; {remedy}")
        if explanation is not None and check_explanation("TokenPicker", explanation).response.tokens != response.tokens:
            raise ValueError("the explanation is of another answer than the response; pass explanation.response")
        self.response = response
        chosen = [] if selected is None or _empty(selected) else response.resolve(selected)
        super().__init__(
            _panel="picker",
            _data=response_payload(response, explanation.reliance if explanation is not None else None),
            selected=chosen,
            unit=unit,
            tint="probability" if explanation is None else "reliance",
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
    return not isinstance(selected, str | int) and len(selected) == 0
