"""Diagnose why a statement is wrong: the language prior, or a region that is taken for something else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..metrics.reliance import measure_reliance
from .correction import Correction

COMPACT_AREA = 0.25
"""Maximum share of the image that a compact region covers."""

RETAINED = 0.42
"""Minimum share of the full image's probability that a prior-driven word retains: on the blank image, and at its lowest."""

LOW_RELIANCE = 0.2
"""Maximum reliance of a prior-driven word on the image."""

Cause = Literal["prior-driven", "misperceived region", "unclear"]
CAUSES: tuple[Cause, ...] = ("prior-driven", "misperceived region", "unclear")
"""The causes that a diagnosis distinguishes."""


@dataclass(frozen=True)
class Diagnosis:
    """The cause of a wrong statement, with the evidence.

    Attributes
    ----------
    cause : {"prior-driven", "misperceived region", "unclear"}
        Why the statement is made.
    area : float
        Share of the image in the minimal correction region; 1 if no removal corrects.
    corrected : bool
        Whether a removal corrects.
    p_full, p_blank : float
        Probability of the wrong token on the full and on the blank image.
    p_lowest : float
        Its lowest probability along the insertion curve.
    reliance : float
        Its reliance on the image along the order for the counter token: the mean over the steps of p_k - min_j p_j.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 3.4, for the reliance.
    """

    cause: Cause
    area: float
    corrected: bool
    p_full: float
    p_blank: float
    p_lowest: float
    reliance: float

    @property
    def reason(self) -> str:
        """The evidence as a sentence."""
        region = f"removing {self.area:.0%} of the image corrects it" if self.corrected else "no removal corrects it"
        probability = f"its probability is {self.p_full:.2f} on the full image and {self.p_blank:.2f} on a blank one"
        return f"{region}; {probability}; its reliance is {self.reliance:.2f}"


def diagnose(
    correction: Correction,
    compact_area: float = COMPACT_AREA,
    retained: float = RETAINED,
    low_reliance: float = LOW_RELIANCE,
) -> Diagnosis:
    """Diagnose a wrong statement.

    The rules apply in this order:

    1. "prior-driven" if the wrong token retains its probability on the blank image and along the whole curve, and its reliance on
       the image is low: the model says it whatever it sees.
    2. "misperceived region" if removing a compact region corrects the answer: the token depends on what is there.
    3. "unclear" otherwise: the evidence is spread over the image.

    The evidence comes from hidden regions. Hiding cannot distinguish an object that the model expects behind the hidden part from
    one that it expects anyway: where nearly every table has a cup on it, it expects one on a half-hidden table, too.

    Parameters
    ----------
    correction : Correction
        The answers and probabilities as regions are removed.
    compact_area : float
        Maximum share of the image that a compact region covers.
    retained : float
        Minimum share of the full image's probability that a prior-driven token retains.
    low_reliance : float
        Maximum reliance of a prior-driven token.

    Returns
    -------
    Diagnosis
        The cause and the evidence.

    Raises
    ------
    ValueError
        If a threshold is not in [0, 1].

    Notes
    -----
    The default thresholds were chosen on bundled scenes with seeds below 10,000; see ``benchmarks/hallucination.py``.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(model, sample, regions=4, progress=False)
    >>> diagnose(case.correction).cause
    'prior-driven'
    """
    for name, value in (("compact_area", compact_area), ("retained", retained), ("low_reliance", low_reliance)):
        if not 0 <= value <= 1:
            raise ValueError(f"{name} must be in [0, 1], got {value!r}")
    curve = np.asarray(correction.p_wrong, dtype=np.float64)
    full, blank, lowest = float(curve[-1]), float(curve[0]), float(curve.min())
    reliance = float(measure_reliance(curve[:, None], correction.explanation.area).score[0])
    cause: Cause = "unclear"
    if min(blank, lowest) >= retained * full and reliance <= low_reliance:
        cause = "prior-driven"
    elif correction.corrected and correction.area <= compact_area + 1e-9:
        cause = "misperceived region"
    return Diagnosis(cause, correction.area, correction.corrected, full, blank, lowest, reliance)
