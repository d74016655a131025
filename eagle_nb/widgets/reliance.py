"""RelianceSlider: which tokens rely on the image, and which on the language prior."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any

import numpy as np
import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from ..attribution.measuring import most_reliant, token_reliance
from .base import View, WordTraits, view_state
from .checks import check_explanations, check_token
from .measured import by_definition
from .payload import explanations_payload


class RelianceTraits(WordTraits):
    """State of a reliance slider.

    Parameters
    ----------
    *args, **kwargs
        Initial values of traits, as `traitlets.HasTraits` takes them.
    """

    threshold = view_state(traitlets.Float(0.2))
    definition = view_state(traitlets.Enum(["paper", "area", "difference"], "paper"))
    token = view_state(traitlets.Int(None, allow_none=True))
    grounded = traitlets.List(traitlets.Int(), read_only=True)

    @traitlets.validate("threshold")
    def _check_threshold(self, proposal: Any) -> float:
        threshold = float(proposal["value"])
        if not math.isfinite(threshold) or not -1 <= threshold <= 1:
            raise ValueError(f"threshold must be within -1 … 1, got {threshold}")
        return threshold

    @traitlets.observe("threshold", "definition")
    def _split(self, change: Any = None) -> None:
        # A token that was not measured has NaN, which is above no threshold
        split = np.flatnonzero(self._scores[self.definition] > self.threshold)
        self.set_trait("grounded", split.tolist())

    @cached_property
    def _scores(self) -> dict[str, np.ndarray]:
        """Reliance of every token by each definition."""
        return by_definition(token_reliance(self.explanations))


class RelianceSlider(View, RelianceTraits):
    """Show the answer coloured from language (blue) to the image (red), on a scale whose centre is the threshold.

    Every word has its own reliance, measured along the order of the explanation that contains it. Words of no explanation are grey.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show.
    threshold : float
        Reliance above which a word counts as relying on the image.
    definition : {"paper", "area", "difference"}
        Definition of reliance: `Reliance.score`, `Reliance.score_area`, or p(full) - p(blank).

    Attributes
    ----------
    threshold : float
        The threshold.
    definition : str
        The definition.
    grounded : list of int
        Tokens whose own reliance is above the threshold; read-only. Tokens that were not measured are not among them.
    word : int
        Index of the explanation whose curve is shown; at first that of the word that owes most to the image.
    token : int or None
        A token of the word whose curve is shown instead; None for the explained one.

    Raises
    ------
    TypeError
        If `explanation` is something else.
    ValueError
        If `threshold` is not within -1 … 1.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> response = model.generate(eagle.scenes.draw(7).image, eagle.scenes.CAPTION_PROMPT)
    >>> explanation = eagle.explain(model, response, response.words[1].text, regions=4, progress=False)
    >>> RelianceSlider(explanation, threshold=0.3)
    RelianceSlider(1 of 6 tokens above 0.3)
    """

    def __init__(
        self, explanation: Explanation | ExplanationSet, *, threshold: float = 0.2, definition: str = "paper"
    ) -> None:
        self.explanations, names = check_explanations("RelianceSlider", explanation)
        super().__init__(
            _panel="reliance",
            _data=explanations_payload(self.explanations, names, pictures=False),
            word=most_reliant(self.explanations),
            threshold=threshold,
            definition=definition,
        )
        self._split()

    @traitlets.validate("token")
    def _check_token(self, proposal: Any) -> int | None:
        return check_token(proposal["value"], len(self.explanation.response))

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        tokens = len(self.explanation.response)
        return f"RelianceSlider({len(self.grounded)} of {tokens} tokens above {self.threshold:g})"
