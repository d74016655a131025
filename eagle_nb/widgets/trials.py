"""Trials of a mask painter: coalitions that are scored and answered, without a widget."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.fills import masked_image
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..protocols import GeneratingScorer, Model, Scorer, TokenizingModel
from ..scoring.cached import CachedScorer
from .painting import Comparison, Trial

ANOTHER_MODEL = 0.1
"""Difference of a token's probability on the whole image beyond which an explanation belongs to another model."""


class Trials:
    """Score painted regions, and answer the prompt about what is left to see.

    Parameters
    ----------
    model : Model or None
        Generates answers; None without them.
    response : Response
        The answer to the whole image, T tokens.
    regions : Regions
        N regions.
    fill : PIL.Image.Image
        What hidden regions show.
    scorer : Scorer
        Scores coalitions of these regions.
    max_new_tokens : int
        Maximum length of an answer.

    Attributes
    ----------
    full : ndarray of float32, (T,)
        Probabilities on the whole image.
    tried : dict
        Every trial by painted regions and mode, the whole and the blank image first.

    Raises
    ------
    ValueError
        If the scorer does not return probabilities of T tokens.
    """

    def __init__(
        self,
        model: Model | None,
        response: Response,
        regions: Regions,
        fill: Image.Image,
        scorer: Scorer,
        max_new_tokens: int,
    ) -> None:
        self.model, self.response, self.regions, self.fill = model, response, regions, fill
        self.max_new_tokens, self.own = max_new_tokens, scorer
        self.scorer = CachedScorer(scorer)
        both = self.scorer(np.stack([self.coalition((), "hide"), self.coalition((), "show")]))
        if both.shape[1] != len(response) or both.min() < -1e-4 or both.max() > 1 + 1e-4:
            raise ValueError(
                f"the scorer must return probabilities of the {len(response)} tokens for the whole and the blank image, got shape "
                f"{both.shape} from {both.min():g} to {both.max():g}"
            )
        self.full = np.asarray(both[0])
        self.tried: dict[tuple[tuple[int, ...], str], Trial] = {}
        for row, mode, answer in zip(both, ("hide", "show"), (response.text, None), strict=True):
            self.tried[(), mode] = Trial((), mode, np.asarray(row), answer)

    @property
    def generates(self) -> bool:
        """Whether answers can be generated."""
        return self.model is not None and (hasattr(self.model, "generate") or self._in_batches)

    @property
    def _in_batches(self) -> bool:
        """Whether the scorer itself generates answers about masked images."""
        return isinstance(self.own, GeneratingScorer) and isinstance(self.model, TokenizingModel)

    def coalition(self, painted: Sequence[int], mode: str) -> np.ndarray:
        """Return the coalition of painted regions.

        Parameters
        ----------
        painted : sequence of int
            Regions.
        mode : {"hide", "show"}
            Whether they are hidden, or nothing but them is shown.

        Returns
        -------
        ndarray of bool, (N,)
            The regions that are shown.
        """
        shown = np.full(self.regions.n, mode == "hide")
        shown[list(painted)] = mode == "show"
        return shown

    def score(self, painted: tuple[int, ...], mode: str) -> Trial:
        """Score painted regions.

        Parameters
        ----------
        painted : tuple of int
            Regions.
        mode : {"hide", "show"}
            Whether they are hidden, or nothing but them is shown.

        Returns
        -------
        Trial
            With its answer, if it was generated before.
        """
        row = np.asarray(self.scorer(self.coalition(painted, mode)[None])[0])
        return self.tried.setdefault((painted, mode), Trial(painted, mode, row, None))

    def answer(self, trial: Trial) -> Trial:
        """Generate the answer of a trial.

        Parameters
        ----------
        trial : Trial
            A scored trial.

        Returns
        -------
        Trial
            The same with its answer.
        """
        shown = self.coalition(trial.painted, trial.mode)
        if shown.all():
            text = self.response.text
        elif isinstance(self.own, GeneratingScorer) and isinstance(self.model, TokenizingModel):
            (ids,) = self.own.generate(shown[None], self.max_new_tokens)
            text = str(self.model.decode(ids)) if ids else ""
        else:
            assert self.model is not None
            text = str(
                self.model.generate(self.seen(trial), self.response.prompt, max_new_tokens=self.max_new_tokens).text
            )
        answered = Trial(trial.painted, trial.mode, trial.probabilities, text)
        self.tried[trial.painted, trial.mode] = answered
        return answered

    def seen(self, trial: Trial) -> Image.Image:
        """Return what the model sees in a trial.

        Parameters
        ----------
        trial : Trial
            The trial.

        Returns
        -------
        PIL.Image.Image
            The masked image.
        """
        return masked_image(self.response.image, self.regions, self.fill, self.coalition(trial.painted, trial.mode))

    def compare(self, trial: Trial, explanation: Explanation | None, tokens: Sequence[int]) -> Comparison | None:
        """Compare a trial with the first regions of an explanation at equal area.

        Parameters
        ----------
        trial : Trial
            The trial.
        explanation : Explanation or None
            The explanation.
        tokens : sequence of int
            The tokens whose mean probability is compared.

        Returns
        -------
        Comparison or None
            None without an explanation, a token or a painted region.
        """
        if explanation is None or not tokens or not trial.painted:
            return None
        area = float(self.regions.area[list(trial.painted)].sum())
        count = int(np.searchsorted(explanation.area, area + 1e-9, side="right")) - 1
        curve = explanation.insertion if trial.mode == "show" else explanation.deletion
        own, eagle = (float(row[list(tokens)].mean()) for row in (trial.probabilities, curve[count]))
        return Comparison(trial.mode, own, eagle, area, float(explanation.area[count]), count)

    def check_model(self, explanations: Sequence[Explanation], texts: Sequence[str]) -> None:
        """Check that explanations were made with this model.

        Parameters
        ----------
        explanations : sequence of Explanation
            Explanations of the response.
        texts : sequence of str
            Texts of the tokens.

        Raises
        ------
        ValueError
            If the probabilities on the whole image differ.
        """
        for e in explanations:
            off = np.abs(self.full - e.insertion[-1])
            if off.max() > ANOTHER_MODEL:
                k = int(off.argmax())
                raise ValueError(
                    f"the explanation was made with another model: on the whole image it has {texts[k].strip()!r} at "
                    f"{e.insertion[-1, k]:.2f}, this model {self.full[k]:.2f}; explain with this model"
                )
