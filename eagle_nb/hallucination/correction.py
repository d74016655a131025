"""Correct an answer by removing regions: the answer at every step, the minimal correction region, AMCR and CSR.

The protocol is that of EAGLE (arXiv 2509.22496), section 4.4. The regions are ordered for the counter token, so the last ones are
those that sustain the wrong answer. From the full image, they are removed one by one until the answer is correct.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..attribution.explanation import Explanation
from ..inputs.fills import masked_image
from ..inputs.text import quoted
from ..protocols import GeneratingScorer, Model, TokenizingModel
from ..scoring.cached import CachedScorer
from ..scoring.case import PreparedCase, prepare_case
from ..scoring.coalitions import prefixes
from ..scoring.identity import digest
from ..scoring.store import Store, as_store
from .statements import STATES, State, Statement

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 32
"""Answers that are generated at once, or one batch of the scorer where that is more."""

CSR_AREA = 0.1
"""Share of the image that may be removed for an answer to count as corrected in CSR."""


@dataclass(frozen=True, eq=False)
class Correction:
    """The answers along the insertion curve of a counter token, and the last step at which the wrong statement is withdrawn.

    Attributes
    ----------
    statement : Statement
        The wrong statement.
    explanation : Explanation
        Of the counter token; N regions.
    answers : list of str, (N + 1,)
        The answer with the first k regions shown, k = 0 … N; the last one is the answer to the full image.
    p_wrong : ndarray of float32, (N + 1,)
        Probability of the answer's own, wrong token with the first k regions shown.
    forward_passes : int
        Forward passes for `answers` and `p_wrong`.

    Raises
    ------
    ValueError
        If the numbers of answers, probabilities and regions do not match.
    """

    statement: Statement
    explanation: Explanation = field(repr=False)
    answers: list[str] = field(repr=False)
    p_wrong: np.ndarray = field(repr=False)
    forward_passes: int = 0

    def __post_init__(self) -> None:
        n = self.explanation.regions.n
        if len(self.answers) != n + 1 or np.shape(self.p_wrong) != (n + 1,):
            raise ValueError(
                f"{n} regions need {n + 1} answers and probabilities, got {len(self.answers)} and {np.shape(self.p_wrong)}"
            )

    @property
    def states(self) -> list[State | None]:
        """The state of each step's answer, (N + 1,); None where it cannot be decided. See `Statement.state`."""
        return [self.statement.state(answer) for answer in self.answers]

    @property
    def state_counts(self) -> dict[str, int]:
        """Number of steps per state that occurs, in the order of `STATES`, then "undecided"."""
        states = self.states
        counts: dict[str, int] = {state: states.count(state) for state in STATES}
        counts["undecided"] = states.count(None)
        return {state: count for state, count in counts.items() if count}

    @property
    def withdrawn(self) -> np.ndarray:
        """Whether the answer of each step withdraws the statement: bool (N + 1,)."""
        return np.array([self.statement.withdrawn(answer) for answer in self.answers])

    @property
    def step(self) -> int | None:
        """The largest number of regions that can stay: the last step that withdraws the statement, None if there is none."""
        steps = np.flatnonzero(self.withdrawn)
        return int(steps[-1]) if len(steps) else None

    @property
    def corrected(self) -> bool:
        """Whether any step withdraws the statement."""
        return self.step is not None

    @property
    def area(self) -> float:
        """Share of the image in the minimal correction region; 1 if no step corrects. Lower is better."""
        return 1.0 if self.step is None else float(1.0 - self.explanation.area[self.step])

    @property
    def region(self) -> np.ndarray:
        """The minimal correction region as the regions that are removed: bool (N,); none if no step corrects."""
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
        """The corrected answer; None if no step corrects."""
        return None if self.step is None else self.answers[self.step]

    def to_frame(self) -> pd.DataFrame:
        """Return a table of the steps, from the full image to the blank one.

        Returns
        -------
        pandas.DataFrame
            One row per step: regions removed, share of the image removed, answer, its state (None where it cannot be decided),
            whether it withdraws the statement, probabilities of the counter token and of the wrong token.
        """
        from ..inputs.frames import TextFrame

        position = self.explanation.tokens[0]
        steps = np.arange(len(self.answers))[::-1]
        return TextFrame(
            {
                "regions removed": len(steps) - 1 - steps,
                "image removed": 1 - self.explanation.area[steps],
                "answer": [self.answers[k] for k in steps],
                "state": np.array(self.states, dtype=object)[steps],
                "withdrawn": self.withdrawn[steps],
                "p(counter)": self.explanation.insertion[steps, position],
                "p(wrong)": self.p_wrong[steps],
            }
        )

    def __repr__(self) -> str:
        if self.step is None:
            counts = ", ".join(f"{count} {state}" for state, count in self.state_counts.items())
            return f"Correction: {quoted(self.statement.text)} is not withdrawn at any of {len(self.answers)} steps ({counts})"
        text, answer = quoted(self.statement.text), quoted(self.answer or "")
        return f"Correction: {text} is withdrawn once {self.area:.1%} of the image is removed: {answer}"


def correct_answer(
    model: Model,
    statement: Statement,
    explanation: Explanation,
    max_new_tokens: int | None = None,
    store: Store | str | os.PathLike[str] | None = None,
) -> Correction:
    """Generate the answer at every step of the insertion curve of a counter token.

    Parameters
    ----------
    model : Model
        A `TokenizingModel` whose scorer is a `GeneratingScorer` answers all steps in batches; any other model is asked about one
        masked image after another.
    statement : Statement
        The wrong statement.
    explanation : Explanation
        Of the counter token of the statement: one selected token with a counterfactual target.
    max_new_tokens : int, optional
        Maximum length of the answers; by default the length of the first answer plus 8.
    store : Store or path, optional
        Stores scores and answers, so the same call resumes after a crash; see `eagle_nb.explain`.

    Returns
    -------
    Correction
        The answers and the probabilities of the wrong token.

    Raises
    ------
    ValueError
        If the explanation is of another response, or of more than one token.
    StoreError
        (a ValueError) If the store cannot be used, or the model has no ``fingerprint``.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.4.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> response = model.generate(sample.image, sample.prompt)
    >>> (statement,) = eagle.hallucination.wrong_statements(sample, response)
    >>> counter = eagle.hallucination.find_counter_token(model, statement)
    >>> targets = {counter.position: counter.token_id}
    >>> explanation = eagle.explain(model, response, regions=4, target_ids=targets, progress=False)
    >>> correction = correct_answer(model, statement, explanation)
    >>> len(correction.answers), correction.answers[-1]
    (5, 'yes.')
    """
    response = statement.response
    if explanation.response.token_ids != response.token_ids or explanation.response.prompt != response.prompt:
        raise ValueError("the explanation is of another answer than the statement; explain statement.response")
    if len(explanation.tokens) != 1:
        raise ValueError(
            f"a correction needs the explanation of one counter token, the explanation is of {len(explanation.tokens)} tokens; "
            "make it with explain(model, response, target_ids={position: token_id})"
        )
    case = prepare_case(model, response, explanation.regions, explanation.fill_picture)
    scorer, shown = case.cached_scorer(as_store(store)), prefixes(explanation.order)
    p_wrong = scorer(shown)[:, explanation.tokens[0]]
    answers = masked_answers(case, scorer, shown, max_new_tokens or len(response) + 8)
    return Correction(statement, explanation, answers, p_wrong, 2 * len(shown))


def masked_answers(case: PreparedCase, scorer: CachedScorer, shown: np.ndarray, max_new_tokens: int) -> list[str]:
    """Generate the answers to masked images.

    Parameters
    ----------
    case : PreparedCase
        The response with its regions and fill.
    scorer : CachedScorer
        A scorer of the case. If it wraps a `GeneratingScorer`, that one answers in batches. If it has a store, each batch is stored.
    shown : ndarray of bool, (M, N)
        One coalition per row.
    max_new_tokens : int
        Maximum length of the answers.

    Returns
    -------
    list of str
        M answers to the prompt of the response.
    """
    model, response, inner = case.model, case.response, scorer.scorer
    if isinstance(inner, GeneratingScorer) and isinstance(model, TokenizingModel):
        size = max(CHUNK, scorer.batch_size)

        def generate(part: np.ndarray) -> list[str]:
            return [model.decode(ids) if ids else "" for ids in inner.generate(part, max_new_tokens)]

    else:
        size = 1

        def generate(part: np.ndarray) -> list[str]:
            image = masked_image(response.canvas, case.regions, case.fill_picture, part[0])
            return [model.generate(image, response.prompt, max_new_tokens=max_new_tokens).text]

    answers: list[str] = []
    for k in range(0, len(shown), size):
        answers += _stored_answers(scorer, shown[k : k + size], max_new_tokens, generate)
    return answers


def _stored_answers(
    scorer: CachedScorer, shown: np.ndarray, max_new_tokens: int, generate: Callable[[np.ndarray], list[str]]
) -> list[str]:
    """Return the answers of one batch from the store, or generate and store them."""
    if scorer.store is None:
        return generate(shown)
    key = digest(kind="answers", case=scorer.case, shown=shown, max_new_tokens=max_new_tokens)
    row = scorer.store.get_row(key)
    if row is None:
        row = {"answers": generate(shown)}
        scorer.store.put_row(key, row)
    return list(row["answers"])


def amcr(corrections: Sequence[Correction]) -> float:
    """Compute the average minimal correction region (AMCR).

    Parameters
    ----------
    corrections : sequence of Correction
        One per wrong answer.

    Returns
    -------
    float
        Mean share of the image that is removed, where an answer that is never corrected counts as 1. Lower is better.

    Raises
    ------
    ValueError
        If there are no corrections.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.4.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(model, sample, regions=4, progress=False)
    >>> amcr([case.correction]) == case.correction.area
    True
    """
    return float(np.mean([c.area for c in _checked(corrections)]))


def csr(corrections: Sequence[Correction], max_area: float = CSR_AREA, published: bool = False) -> float:
    """Compute the correction success rate (CSR).

    Parameters
    ----------
    corrections : sequence of Correction
        One per wrong answer.
    max_area : float
        Share of the image that may be removed, in [0, 1].
    published : bool
        The denominator: False counts all answers; True counts only those that are corrected at all, as the published script does.

    Returns
    -------
    float
        Share of the answers that removing at most `max_area` corrects. Higher is better. NaN if `published` and none is corrected.

    Raises
    ------
    ValueError
        If there are no corrections, or `max_area` is out of range.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.4.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> case = eagle.hallucination.study(model, sample, regions=4, progress=False)
    >>> csr([case.correction]), case.correction.corrected
    (0.0, False)
    """
    if not 0 <= max_area <= 1:
        raise ValueError(f"max_area must be a share of the image in [0, 1], got {max_area!r}")
    counted = [c for c in _checked(corrections) if c.corrected or not published]
    return float(np.mean([c.corrected and c.area <= max_area + 1e-9 for c in counted])) if counted else float("nan")


def _checked(corrections: Sequence[Correction]) -> Sequence[Correction]:
    """Raise if there are no corrections."""
    if not len(corrections):
        raise ValueError("there are no corrections to average")
    return corrections
