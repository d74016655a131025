"""The counter token: the token that leads to another answer, in the place where the answer goes wrong."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ..inputs.regions import Regions
from ..protocols import GeneratingScorer, Model, TokenizingModel
from ..scoring.case import prepare_case
from .answers import read_yes_no
from .statements import Statement

ALTERNATIVES = 3
"""Number of next-best tokens that are tried at each position."""

PLAUSIBLE = 1e-3
"""Minimum probability of a next-best token to be tried; after less probable tokens the model's answers make little sense."""


class CounterToken(NamedTuple):
    """A token that leads to another answer.

    Attributes
    ----------
    position : int
        Index of the token of the answer that it replaces.
    token_id : int
        Its id.
    text : str
        Its text, without white space around it.
    forward_passes : int
        Forward passes that were spent to find it.
    """

    position: int
    token_id: int
    text: str
    forward_passes: int = 0


def find_counter_token(model: Model, statement: Statement, max_new_tokens: int | None = None) -> CounterToken:
    """Find the counter token of a statement.

    The counter token of a yes or no is the first token of the opposite word, spelled as in the answer (" Yes" → " No"), in its place.
    For an object, the positions from its word back to the start of the answer are tried: the counter token is the first of the
    model's next-best tokens that, continued greedily, leads to an answer without the statement. This is where the answer commits
    itself to the object, often before it names it: "a table *with* a red cup". If there is no such position, the next-best token in
    place of the word itself is the counter token.

    Parameters
    ----------
    model : Model
        A `TokenizingModel`; for an object, its scorer is a `GeneratingScorer`.
    statement : Statement
        The statement.
    max_new_tokens : int, optional
        Maximum length of the answers that are tried; by default the length of the answer plus 8.

    Returns
    -------
    CounterToken
        The position and the token.

    Raises
    ------
    ValueError
        If the answer is neither yes nor no, or both words begin with the same token.
    TypeError
        If the model lacks a method that is needed.

    References
    ----------
    EAGLE (arXiv 2509.22496), section 4.4, for yes and no.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> response = model.generate(sample.image, sample.prompt)
    >>> (statement,) = eagle.hallucination.wrong_statements(sample, response)
    >>> response.text, find_counter_token(model, statement).text
    ('yes.', 'no')
    """
    if statement.correct is None or not statement.tokens:
        raise ValueError(
            f"the answer {statement.response.text!r} of sample {statement.sample.id!r} is neither yes nor no, so it has no opposite"
        )
    if not isinstance(model, TokenizingModel):
        raise TypeError(
            f"{type(model).__name__} lacks encode(text) or decode(token_ids), which finding the counter token needs; pass the "
            "counter token: study(..., counter=(position, token_id))"
        )
    if statement.kind == "yes/no":
        return _opposite(model, statement)
    return _alternative(model, statement, max_new_tokens or len(statement.response) + 8)


def _opposite(model: TokenizingModel, statement: Statement) -> CounterToken:
    """Return the first token of the opposite word, spelled as in the answer."""
    word, position = statement.text, statement.tokens[0]
    side = 0 if statement.name == "yes" else 1
    language = next(
        words for code, words in statement.languages.items() if read_yes_no(word, {code: words}) is not None
    )
    opposite = language[1 - side][0]
    opposite = opposite.upper() if word.isupper() else opposite.title() if word.istitle() else opposite
    own = statement.response.token_ids[position]
    prefix = next((p for p in ("", " ") if model.encode(p + word)[:1] == [own]), "")
    token_id = int(model.encode(prefix + opposite)[0])
    if token_id == own:
        raise ValueError(f"{word!r} and {opposite!r} begin with the same token; pass counter=(position, token_id)")
    return CounterToken(position, token_id, opposite)


def _alternative(model: TokenizingModel, statement: Statement, max_new_tokens: int) -> CounterToken:
    """Return the token that leads to an answer without the statement, looking back from the object's word."""
    response, image = statement.response, statement.response.canvas
    whole = Regions(np.zeros((image.height, image.width), dtype=int))
    scorer = prepare_case(model, response, whole, image).scorer()
    if not isinstance(scorer, GeneratingScorer):
        raise TypeError(
            f"{type(scorer).__name__} lacks distributions() or generate(), which finding the counter token of an object needs; pass "
            "the counter token: study(..., counter=(position, token_id))"
        )
    full = np.ones((1, 1), dtype=bool)
    probabilities = scorer.distributions(full)[0]
    forward_passes = 1

    def next_best(position: int) -> list[int]:
        """Return the most probable tokens other than the answer's own."""
        ranked = np.argsort(-probabilities[position], kind="stable")[: ALTERNATIVES + 1].tolist()
        return [i for i in ranked if i != response.token_ids[position]][:ALTERNATIVES]

    for position in range(statement.tokens[-1], -1, -1):
        for token_id in next_best(position):
            if probabilities[position, token_id] < PLAUSIBLE:
                continue
            prefix = [*response.token_ids[:position], token_id]
            try:
                (ids,) = scorer.generate(full, max_new_tokens, prefix)
            except ValueError:  # a token that no answer may contain, such as an image placeholder
                continue
            forward_passes += 1
            if ids[len(prefix) :] and statement.withdrawn(model.decode(ids)):
                return CounterToken(position, token_id, model.decode([token_id]).strip(), forward_passes)
    token_id = next_best(statement.tokens[0])[0]
    return CounterToken(statement.tokens[0], token_id, model.decode([token_id]).strip(), forward_passes)
