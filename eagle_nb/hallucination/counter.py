"""The counter token: what the model would have to say instead, at the place where the answer goes wrong."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ..inputs.regions import Regions
from .answers import read_yes_no
from .statements import Claim

ALTERNATIVES = 3
"""Next-best tokens that are tried at each place of an answer."""

PLAUSIBLE = 1e-3
"""Probability that a next-best token must have to be tried; the model would not go on sensibly after others."""


class Counter(NamedTuple):
    """A token that would have led to another answer.

    Attributes
    ----------
    position : int
        Index of the answer's token in whose place it stands.
    token_id : int
    text : str
        What it adds to the answer.
    passes : int
        Images that went through the model to find it.
    """

    position: int
    token_id: int
    text: str
    passes: int = 0


def counter_token(model: Any, claim: Claim, max_new_tokens: int | None = None) -> Counter:
    """The counter token of a claim.

    Of a yes or no it is the first token of the opposite word, spelled as the answer spells it (" Yes" → " No"), in the
    place of the answer's own (EAGLE, arXiv 2509.22496, section 4.4). Of a named thing it is looked for: going back from
    the thing's word to the answer's start, the first place where one of the model's own next-best tokens, continued
    greedily, leads to an answer that does not make the claim. There the answer committed itself to the thing, which is
    often earlier than its name: "a table *with* a red cup". Where no such place is found, as the model would name some
    other absent thing instead, the counter token is the next-best one in place of the word itself.

    Parameters
    ----------
    model : Model
        With `encode` for a yes or no; with a scorer that has `distributions` and `generate` for a named thing.
    claim : Claim
    max_new_tokens : int, optional
        Length of the answers that are tried; by default the answer's own and 8 more.

    Raises
    ------
    ValueError
        If the answer is neither yes nor no, or both words begin with the same token.
    TypeError
        If the model lacks what is needed.
    """
    if claim.right is None or not claim.tokens:
        raise ValueError(
            f"the answer {claim.response.text!r} of sample {claim.sample.id!r} is neither yes nor no, so it has no opposite"
        )
    return _opposite(model, claim) if claim.kind == "yes/no" else _alternative(model, claim, max_new_tokens)


def _opposite(model: Any, claim: Claim) -> Counter:
    if not hasattr(model, "encode"):
        raise TypeError(
            "this model has no encode(text) that gives token ids; pass the counter token: study(..., counter=(position, id))"
        )
    side = 0 if claim.name == "yes" else 1
    code = next(c for c in claim.languages if read_yes_no(claim.said, {c: claim.languages[c]}) is not None)
    other = claim.languages[code][1 - side][0]
    other = other.upper() if claim.said.isupper() else other.title() if claim.said.istitle() else other
    position = claim.tokens[0]
    own = claim.response.token_ids[position]
    fitting = [lead for lead in ("", " ") if model.encode(lead + claim.said)[:1] == [own]]
    token_id = int(model.encode((fitting or [""])[0] + other)[0])
    if token_id == own:
        raise ValueError(f"{claim.said!r} and {other!r} begin with the same token; pass counter=(position, id)")
    return Counter(position, token_id, other)


def _alternative(model: Any, claim: Claim, max_new_tokens: int | None) -> Counter:
    response, image = claim.response, claim.response.image
    whole = Regions(np.zeros((image.height, image.width), dtype=int))
    scorer = model.scorer(response, whole, image)
    if not hasattr(scorer, "distributions") or not hasattr(scorer, "generate"):
        raise TypeError(
            "this model's scorer has no distributions() and generate(), which finding the counter token of a named thing "
            "takes; pass it: study(..., counter=(position, id))"
        )
    full = np.ones((1, 1), dtype=bool)
    chances = scorer.distributions(full)[0]
    length, passes = max_new_tokens or len(response) + 8, 1

    def next_best(position: int) -> list[int]:
        ranked = np.argsort(-chances[position], kind="stable")[: ALTERNATIVES + 1].tolist()
        return [i for i in ranked if i != response.token_ids[position]][:ALTERNATIVES]

    for position in range(claim.tokens[-1], -1, -1):
        for token_id in next_best(position):
            if chances[position, token_id] < PLAUSIBLE:
                continue
            prefix = [*response.token_ids[:position], token_id]
            try:
                (ids,) = scorer.generate(full, length, prefix)
            except ValueError:  # a token that no answer may hold, such as an image placeholder
                continue
            passes += 1
            if ids[len(prefix) :] and claim.withdrawn(model.decode(ids)):
                return Counter(position, token_id, model.decode([token_id]).strip(), passes)
    token_id = next_best(claim.tokens[0])[0]
    return Counter(claim.tokens[0], token_id, model.decode([token_id]).strip(), passes)
