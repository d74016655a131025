"""A case study: one wrong word, what carried it, what would correct it, and why it was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..attribution.explaining import explain
from ..attribution.explanation import Explanation
from ..inputs.fills import Fill
from ..inputs.regions import Regions
from ..inputs.response import Response
from ..datasets import Sample
from .answers import Words
from .statements import Claim, mistakes
from .correction import Correction, correct
from .counter import Counter, counter_token
from .objects import Vocabulary
from .mitigation import remedies
from .diagnosis import Verdict, judge

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Case:
    """The study of one claim of an answer.

    Attributes
    ----------
    claim : Claim
    counter : Counter
        The token the search looked for evidence of.
    correction : Correction
        The answers as regions are removed.
    verdict : Verdict

    In a notebook a case shows itself as a `CorrectionStepper`.
    """

    claim: Claim
    counter: Counter
    correction: Correction = field(repr=False)
    verdict: Verdict

    @property
    def sample(self) -> Sample:
        return self.claim.sample

    @property
    def response(self) -> Response:
        return self.claim.response

    @property
    def explanation(self) -> Explanation:
        """Of the counter token."""
        return self.correction.explanation

    @property
    def passes(self) -> int:
        """Images that went through the model for this case."""
        return self.counter.passes + self.explanation.forward_passes + self.correction.passes

    def remedies(self, model: Any, **options: Any) -> pd.DataFrame:
        """The remedies side by side; see `eagle_nb.hallucination.remedies`."""
        return remedies(model, self.correction, **options)

    def __repr__(self) -> str:
        truth = "right" if self.claim.right else "wrong"
        return f"Case {self.sample.id!r}: {self.claim.said!r} is {truth}, {self.verdict.cause}: {self.verdict.reason}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        from ..widgets.correction import CorrectionStepper

        data, metadata = CorrectionStepper(self.correction)._repr_mimebundle_()
        return {**data, "text/plain": repr(self)}, metadata


def study(
    model: Any,
    sample: Sample,
    response: Response | None = None,
    claim: Claim | None = None,
    counter: tuple[int, int] | None = None,
    regions: int | Regions = 36,
    fill: Fill = "black",
    languages: str | Iterable[str] | Words = "en",
    words: str | Vocabulary = "scenes",
    max_new_tokens: int = 128,
    **options: Any,
) -> Case:
    """Study why an answer is wrong.

    Parameters
    ----------
    model : Model
    sample : Sample
        What is asked, and what is true.
    response : Response, optional
        The answer; generated if left out.
    claim : Claim, optional
        Which claim of the answer to study; by default its first wrong one. A right one can be given, too.
    counter : (position, token id), optional
        The counter token. By default that which a published list records for this answer, if the model spells it alike;
        else see `counter_token` for how it is chosen.
    regions : int or Regions
    fill : str or image
        What hidden regions show; see `eagle_nb.explain`.
    languages, words
        How answers are read; see `claims`.
    max_new_tokens : int
        Length of the answer.
    **options
        Of `eagle_nb.explain`: search, budget, weights, seed, progress.

    Returns
    -------
    Case

    Raises
    ------
    ValueError
        If nothing in the answer is wrong, it is neither yes nor no, or there is no counter token.
    """
    from ..datasets.recorded import counter_targets

    if not isinstance(sample, Sample):
        raise TypeError(f"sample must be a Sample, got {type(sample).__name__}; see eagle_nb.samples")
    if response is None:
        response = (
            claim.response if claim else model.generate(sample.image, sample.prompt, max_new_tokens=max_new_tokens)
        )
    if claim is None:
        wrong = mistakes(sample, response, languages, words)
        if not wrong:
            raise ValueError(
                f"nothing is wrong in the answer {response.text!r} to {sample.prompt!r} (sample {sample.id!r}); "
                "choose another sample, or pass claim="
            )
        claim = wrong[0]
    if counter is None:
        recorded = counter_targets(model, response, sample)
        counter = next(((k, recorded[k]) for k in claim.tokens if k in recorded), None)
    if counter is None:
        chosen = counter_token(model, claim)
    else:
        position, token_id = counter
        chosen = Counter(position, token_id, str(model.decode([token_id])) if hasattr(model, "decode") else "")
    explanation = explain(
        model, response, regions=regions, fill=fill, target_ids={chosen.position: chosen.token_id}, **options
    )
    correction = correct(model, claim, explanation)
    return Case(claim, chosen, correction, judge(correction))
