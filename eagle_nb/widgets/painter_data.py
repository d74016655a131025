"""The data that the browser needs of a mask painter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..attribution.explanation import Explanation
from ..inputs.response import Response
from ..inputs.text import printable
from .painting import Trial, changes
from .payload import floats, prompt_line, response_payload, words_payload
from .picture_data import picture_payload
from .trials import Trials


def painting_payload(
    trials: Trials, target_tokens: Sequence[str], explanations: Sequence[Explanation], names: Sequence[str]
) -> dict[str, Any]:
    """Return what the browser needs to paint.

    Parameters
    ----------
    trials : Trials
        The trials before the first stroke.
    target_tokens : sequence of str
        Texts of the tokens whose probabilities are followed.
    explanations : sequence of Explanation
        The explanations to compare with.
    names : sequence of str
        Their words; empty for fewer than two.

    Returns
    -------
    dict
        The response, the picture, the regions, and the order and curves of each explanation.
    """
    case = trials.case
    orders = [
        {
            "order": e.order.tolist(),
            "area": e.area.tolist(),
            "explained": e.tokens,
            "insertion": floats(e.insertion),
            "deletion": floats(e.deletion),
        }
        for e in explanations
    ]
    painting = {
        **picture_payload(case.response, case.regions, case.fill_picture),
        "n": case.regions.n,
        "targets": [printable(token, lines=True) for token in target_tokens],
        "full": _rounded(trials.full),
        "generates": trials.generates,
        "eagle": orders[0] if orders else None,
        "note": prompt_line(case.response),
    }
    own = [{"reliance": None, "painting": {"eagle": eagle}} for eagle in orders]
    return {
        **response_payload(case.response),
        "painting": painting,
        **words_payload(explanations, names, own),
    }


def trial_payload(response: Response, trial: Trial) -> dict[str, Any]:
    """Return a trial as the browser reads it.

    Parameters
    ----------
    response : Response
        The answer to the whole image.
    trial : Trial
        The trial.

    Returns
    -------
    dict
        What was painted, the probabilities, and how the answer changed.
    """
    return {
        "painted": list(trial.painted),
        "mode": trial.mode,
        "p": _rounded(trial.probabilities),
        "answer": None
        if trial.answer is None
        else [(kind, printable(text, lines=True)) for kind, text in changes(response.text, trial.answer)],
    }


def _rounded(row: np.ndarray) -> list[float]:
    """Return probabilities rounded to six digits."""
    return [round(float(p), 6) for p in row]
