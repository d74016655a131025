"""Correcting an answer by removing regions: the answer at every step, the minimal region, AMCR and CSR.

Protocol: EAGLE (arXiv 2509.22496), section 4.4. The regions are ordered for the counter token, so that those which come
last keep the wrong answer alive; from the full image they are removed one by one until the answer first turns right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ..attribution.explanation import Explanation
from ..inputs.fills import masked_image
from ..scoring.coalitions import prefixes
from .statements import Claim

if TYPE_CHECKING:
    import pandas as pd

WITHIN = 0.1
"""Share of the image that CSR allows to be removed."""


@dataclass(frozen=True, eq=False)
class Correction:
    """The answers along the insertion curve of a counter token, and where walking back they first turn right.

    Attributes
    ----------
    claim : Claim
    explanation : Explanation
        Of the counter token; N regions.
    answers : list of str, (N + 1,)
        The answer with the first k regions shown, k = 0 … N; the last one is that to the whole image.
    wrong : ndarray of float32, (N + 1,)
        Probability of the answer's own, wrong token with the first k regions shown.
    passes : int
        Images that went through the model for `answers` and `wrong`.

    Raises
    ------
    ValueError
        If the numbers of answers, probabilities and regions do not fit.
    """

    claim: Claim
    explanation: Explanation = field(repr=False)
    answers: list[str] = field(repr=False)
    wrong: np.ndarray = field(repr=False)
    passes: int = 0

    def __post_init__(self) -> None:
        n = self.explanation.regions.n
        if len(self.answers) != n + 1 or np.shape(self.wrong) != (n + 1,):
            raise ValueError(
                f"{n} regions need {n + 1} answers and probabilities, got {len(self.answers)} and {np.shape(self.wrong)}"
            )

    @property
    def turned(self) -> np.ndarray:
        """Whether the answer of each step no longer makes the claim: bool (N + 1,)."""
        return np.array([self.claim.withdrawn(text) for text in self.answers])

    @property
    def step(self) -> int | None:
        """The most regions that can stay: the last step whose answer is turned. None if there is none."""
        found = np.flatnonzero(self.turned)
        return int(found[-1]) if len(found) else None

    @property
    def corrected(self) -> bool:
        return self.step is not None

    @property
    def area(self) -> float:
        """Share of the image removed when the answer first turns; 1 if it never does. Lower is better."""
        return 1.0 if self.step is None else float(1.0 - self.explanation.area[self.step])

    @property
    def region(self) -> np.ndarray:
        """The minimal correction region, as the regions removed: bool (N,); none if the answer never turns."""
        removed = np.zeros(self.explanation.regions.n, dtype=bool)
        if self.step is not None:
            removed[self.explanation.order[self.step :]] = True
        return removed

    @property
    def mask(self) -> np.ndarray:
        """The pixels of the minimal correction region: bool (H, W)."""
        return self.explanation.regions.pixels(self.region)

    @property
    def answer(self) -> str | None:
        """The corrected answer; None if it never turns."""
        return None if self.step is None else self.answers[self.step]

    def to_frame(self) -> pd.DataFrame:
        """One row per step, from the whole image to the blank one.

        Columns: regions removed, share of the image removed, answer, turned, probability of the counter token and of
        the wrong one.
        """
        import pandas as pd

        position = self.explanation.tokens[0]
        steps = np.arange(len(self.answers))[::-1]
        return pd.DataFrame(
            {
                "regions removed": len(steps) - 1 - steps,
                "image removed": 1 - self.explanation.area[steps],
                "answer": [self.answers[k] for k in steps],
                "turned": self.turned[steps],
                "p(counter)": self.explanation.insertion[steps, position],
                "p(wrong)": self.wrong[steps],
            }
        )

    def __repr__(self) -> str:
        if self.step is None:
            return f"Correction: {self.claim.said!r} is kept at every one of {len(self.answers)} steps"
        return (
            f"Correction: {self.claim.said!r} is given up once {self.area:.1%} of the image is removed: {self.answer!r}"
        )


def correct(model: Any, claim: Claim, explanation: Explanation, max_new_tokens: int | None = None) -> Correction:
    """Answer again at every step of the insertion curve of a counter token.

    Parameters
    ----------
    model : Model
        Where its scorer has ``generate(shown, max_new_tokens)`` that returns token ids, and the model ``decode``, all
        steps are answered in batches; any other model is asked about one masked image after another.
    claim : Claim
    explanation : Explanation
        Of the claim's counter token: one selected token with a counterfactual target.
    max_new_tokens : int, optional
        Length of the answers; by default the first answer's own and 8 more.

    Returns
    -------
    Correction

    Raises
    ------
    ValueError
        If the explanation is of another response, or of more than one token.
    """
    if (
        explanation.response.token_ids != claim.response.token_ids
        or explanation.response.prompt != claim.response.prompt
    ):
        raise ValueError("the explanation is of another answer than the claim")
    if len(explanation.tokens) != 1:
        raise ValueError(
            f"a correction follows one counter token, the explanation is of {len(explanation.tokens)}; "
            "make it with explain(model, response, target_ids={position: token_id})"
        )
    shown = prefixes(explanation.order)
    scorer = model.scorer(claim.response, explanation.regions, explanation.fill_picture)
    wrong = np.asarray(scorer(shown), dtype=np.float32)[:, explanation.tokens[0]]
    texts = answers(model, scorer, explanation, shown, max_new_tokens or len(claim.response) + 8)
    return Correction(claim, explanation, texts, wrong, 2 * len(shown))


def answers(model: Any, scorer: Any, explanation: Explanation, shown: np.ndarray, max_new_tokens: int) -> list[str]:
    """Answers to the same prompt about masked images: bool (M, N) → M texts."""
    if hasattr(scorer, "generate") and hasattr(model, "decode"):
        return [model.decode(ids) if ids else "" for ids in scorer.generate(shown, max_new_tokens)]
    response, regions, fill = explanation.response, explanation.regions, explanation.fill_picture
    return [
        model.generate(masked_image(response.image, regions, fill, row), response.prompt, max_new_tokens=max_new_tokens).text
        for row in shown
    ]


def amcr(corrections: Sequence[Correction]) -> float:
    """Average minimal correction region: mean share of the image removed, 1 where no removal corrects. Lower is better.

    Raises
    ------
    ValueError
        If there are no corrections.
    """
    return float(np.mean([c.area for c in _some(corrections)]))


def csr(corrections: Sequence[Correction], within: float = WITHIN, published: bool = False) -> float:
    """Correction success rate: share corrected by removing at most a share `within` of the image. Higher is better.

    Parameters
    ----------
    corrections : sequence of Correction
    within : float
        0 … 1.
    published : bool
        False: of all samples. True: of those that are corrected at all, as the published script counts; NaN if none is.

    Raises
    ------
    ValueError
        If there are no corrections, or `within` is out of range.
    """
    if not 0 <= within <= 1:
        raise ValueError(f"within is a share of the image, 0 … 1, got {within!r}")
    counted = [c for c in _some(corrections) if c.corrected or not published]
    return float(np.mean([c.corrected and c.area <= within + 1e-9 for c in counted])) if counted else float("nan")


def _some(corrections: Sequence[Correction]) -> Sequence[Correction]:
    if not len(corrections):
        raise ValueError("there are no corrections to average")
    return corrections
