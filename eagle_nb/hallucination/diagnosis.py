"""Why a wrong word was said: language prior, or a region that was taken for something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..metrics.reliance import reliance
from .correction import Correction

COMPACT = 0.25
"""A region is compact if it covers at most this share of the image."""

KEPT = 0.42
"""A wrong word is kept if its probability on the blank image, and at its lowest, is at least this share of that on the whole
image."""

LOW = 0.2
"""Reliance up to which a word counts as said without looking."""

Cause = Literal["prior-driven", "misperceived region", "unclear"]
CAUSES: tuple[Cause, ...] = ("prior-driven", "misperceived region", "unclear")


@dataclass(frozen=True)
class Verdict:
    """The finding about one wrong word, with its evidence.

    Attributes
    ----------
    cause : {"prior-driven", "misperceived region", "unclear"}
    area : float
        Share of the image in the minimal correction region; 1 if no removal corrects.
    corrected : bool
    p_full, p_blank : float
        Probability of the wrong word on the whole image and on the blank one.
    p_least : float
        The lowest on the way between them.
    reliance : float
        The wrong word's: mean over the steps of the insertion curve of p_k - min_j p_j
        (EAGLE, arXiv 2509.22496, section 3.4), along the order found for the counter token.
    """

    cause: Cause
    area: float
    corrected: bool
    p_full: float
    p_blank: float
    p_least: float
    reliance: float

    @property
    def reason(self) -> str:
        """The evidence as a sentence."""
        blank = f"its probability is {self.p_full:.2f} on the image and {self.p_blank:.2f} on a blank one"
        region = f"removing {self.area:.0%} of the image corrects it" if self.corrected else "no removal corrects it"
        return f"{region}; {blank}; reliance {self.reliance:.2f}"


def judge(correction: Correction, compact: float = COMPACT, kept: float = KEPT, low: float = LOW) -> Verdict:
    """Judge one wrong word.

    "prior-driven" if the word keeps its probability on the blank image and all the way there, and relies little on the
    image: it is said whatever is seen. Else "misperceived region" if removing a compact region corrects the answer: the
    word hangs on what is there. Else "unclear": the evidence is spread over the image.

    The evidence comes from hiding regions. A thing that the model expects behind what is hidden cannot be told from
    one that it expects anyway: where every table carries a cup, a half-hidden table still does.

    The defaults were chosen on bundled scenes of seeds below 10,000; see `benchmarks/hallucination.py`.

    Parameters
    ----------
    correction : Correction
    compact, kept, low : float
        See `COMPACT`, `KEPT`, `LOW`.

    Raises
    ------
    ValueError
        If a threshold is out of 0 … 1.
    """
    for name, value in (("compact", compact), ("kept", kept), ("low", low)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be within 0 … 1, got {value!r}")
    curve = np.asarray(correction.wrong, dtype=np.float64)
    full, blank, least = float(curve[-1]), float(curve[0]), float(curve.min())
    score = float(reliance(curve[:, None], correction.explanation.area).score[0])
    cause: Cause = "unclear"
    if min(blank, least) >= kept * full and score <= low:
        cause = "prior-driven"
    elif correction.corrected and correction.area <= compact + 1e-9:
        cause = "misperceived region"
    return Verdict(cause, correction.area, correction.corrected, full, blank, least, score)
