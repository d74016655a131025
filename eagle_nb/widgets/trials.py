"""Trials of a mask painter: coalitions that are scored and answered, without a widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PIL import Image

from ..attribution.explanation import Explanation
from ..inputs.fills import masked_image
from ..protocols import Model
from ..scoring.cached import CachedScorer
from ..scoring.case import PreparedCase
from ..scoring.coalitions import number_of_regions
from .painting import Comparison, Trial

ANOTHER_MODEL = 0.1
"""Difference of a token's probability on the whole image beyond which an explanation belongs to another model."""


class Trials:
    """Score painted regions, and answer the prompt about what is left to see.

    Parameters
    ----------
    model : Model or None
        Generates answers; None without them.
    case : PreparedCase
        A response of T tokens, its N regions, the fill and the targets.
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
    TypeError
        If the scorer of the case is not a Scorer.
    ValueError
        If the scorer has another number of regions, or does not return probabilities of T tokens.
    """

    def __init__(self, model: Model | None, case: PreparedCase, max_new_tokens: int) -> None:
        self.model, self.case, self.max_new_tokens = model, case, max_new_tokens
        self._scorer = case.scorer()
        count, tokens = number_of_regions(self._scorer), len(case.response)
        if count != case.regions.n:
            raise ValueError(f"the scorer has {count} regions, regions= has {case.regions.n}")
        self._cached = CachedScorer(self._scorer)
        both = self._cached(np.stack([self.coalition((), "hide"), self.coalition((), "show")]))
        if both.shape[1] != tokens or both.min() < -1e-4 or both.max() > 1 + 1e-4:
            raise ValueError(
                f"the scorer must return probabilities of shape {(2, tokens)} (coalitions, tokens) for the whole and the blank image, "
                f"got shape {both.shape} from {both.min():g} to {both.max():g}"
            )
        self.full = np.asarray(both[0])
        self.tried: dict[tuple[tuple[int, ...], str], Trial] = {}
        for row, mode, answer in zip(both, ("hide", "show"), (case.response.text, None), strict=True):
            self.tried[(), mode] = Trial((), mode, np.asarray(row), answer)

    @property
    def generates(self) -> bool:
        """Whether answers can be generated."""
        return self._answers_in_token_ids or callable(getattr(self.model, "generate", None))

    @property
    def _answers_in_token_ids(self) -> bool:
        """Whether the scorer itself answers about masked images, in token ids that the model decodes."""
        return callable(getattr(self._scorer, "generate", None)) and callable(getattr(self.model, "decode", None))

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
        shown = np.full(self.case.regions.n, mode == "hide")
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
        row = np.asarray(self._cached(self.coalition(painted, mode)[None])[0])
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
            The same with its answer, which is generated only if some region is hidden.
        """
        shown = self.coalition(trial.painted, trial.mode)
        answered = replace(trial, answer=self.case.response.text if shown.all() else self._generated(trial, shown))
        self.tried[trial.painted, trial.mode] = answered
        return answered

    def _generated(self, trial: Trial, shown: np.ndarray) -> str:
        """Generate the answer about a masked image."""
        model: Any = self.model
        if self._answers_in_token_ids:
            scorer: Any = self._scorer
            (ids,) = scorer.generate(shown[None], self.max_new_tokens)
            return str(model.decode(ids)) if ids else ""
        prompt = self.case.response.prompt
        return str(model.generate(self.seen(trial), prompt, max_new_tokens=self.max_new_tokens).text)

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
        case, shown = self.case, self.coalition(trial.painted, trial.mode)
        return masked_image(case.response.canvas, case.regions, case.fill_picture, shown)

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
        area = float(self.case.regions.area[list(trial.painted)].sum())
        count = int(np.searchsorted(explanation.area, area + 1e-9, side="right")) - 1
        curve = explanation.insertion if trial.mode == "show" else explanation.deletion
        own, eagle = (float(row[list(tokens)].mean()) for row in (trial.probabilities, curve[count]))
        return Comparison(trial.mode, own, eagle, area, float(explanation.area[count]), count)

    def check_model(self, explanations: Sequence[Explanation]) -> None:
        """Check that explanations were made with this model.

        Parameters
        ----------
        explanations : sequence of Explanation
            Explanations of the response.

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
                    f"the explanation was made with another model: on the whole image it has {e.target_tokens[k].strip()!r} at "
                    f"{e.insertion[-1, k]:.2f}, this model {self.full[k]:.2f}; explain with this model"
                )
