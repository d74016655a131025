"""RelianceSlider: which tokens rely on the image, and which on the language prior."""

from __future__ import annotations

import math
from typing import Any

import traitlets

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import ExplanationSet
from .base import View, WordTraits, view_state
from .checks import check_explanations, check_token
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
        reliance = self.explanation.reliance
        scores = {"paper": reliance.score, "area": reliance.score_area, "difference": reliance.difference}
        split = [k for k, score in enumerate(scores[self.definition]) if score > self.threshold]
        self.set_trait("grounded", split)


class RelianceSlider(View, RelianceTraits):
    """Show the answer coloured from language (blue) to vision (red), with a threshold between the two.

    Parameters
    ----------
    explanation : Explanation or ExplanationSet
        What to show; of several words, one is shown at a time.
    threshold : float
        Reliance above which a token counts as grounded in the image.
    definition : {"paper", "area", "difference"}
        Definition of reliance: `Reliance.score`, `Reliance.score_area`, or p(full) - p(blank).

    Attributes
    ----------
    threshold : float
        The threshold.
    definition : str
        The definition.
    grounded : list of int
        Tokens above the threshold; read-only.
    token : int or None
        The token whose curve stays on screen.

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
    >>> RelianceSlider(explanation, threshold=0.5)
    RelianceSlider(1 of 6 tokens above 0.5)
    """

    def __init__(
        self, explanation: Explanation | ExplanationSet, *, threshold: float = 0.2, definition: str = "paper"
    ) -> None:
        self.explanations, names = check_explanations("RelianceSlider", explanation)
        super().__init__(
            _panel="reliance",
            _data=explanations_payload(self.explanations, names, pictures=False),
            threshold=threshold,
            definition=definition,
        )
        self._split()
        self.observe(lambda change: self._split(), "word")

    @traitlets.validate("token")
    def _check_token(self, proposal: Any) -> int | None:
        return check_token(proposal["value"], len(self.explanation.response))

    def _subject(self) -> Explanation:
        return self.explanation

    def __repr__(self) -> str:
        tokens = len(self.explanation.response)
        return f"RelianceSlider({len(self.grounded)} of {tokens} tokens above {self.threshold:g})"
