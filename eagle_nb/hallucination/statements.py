"""Statements of an answer that can be right or wrong: a yes or no, or an object that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ..datasets.sample import Sample
from ..inputs.response import Response
from .answers import Words, read_yes_no, resolve_languages
from .objects import Vocabulary, absent_mentions, mentions

Kind = Literal["yes/no", "object"]


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement of an answer.

    Attributes
    ----------
    sample : Sample
        The sample that the model answered.
    response : Response
        The answer.
    kind : {"yes/no", "object"}
        What is stated.
    text : str
        The words of the answer that make the statement: "Yes", "cups".
    name : str
        "yes", "no" or "neither"; for an object its name in the vocabulary.
    correct : bool or None
        Whether the statement is true of the sample; None for an answer that is neither yes nor no.
    tokens : list of int
        Indices of the tokens that spell `text`.
    languages : mapping
        How answers are read; see `read_yes_no`.
    vocabulary : {"scenes", "coco"} or mapping
        How objects are found; see `mentions`.
    """

    sample: Sample
    response: Response = field(repr=False)
    kind: Kind
    text: str
    name: str
    correct: bool | None
    tokens: list[int]
    languages: Words = field(repr=False)
    vocabulary: str | Vocabulary = field(repr=False)

    def withdrawn(self, answer: str) -> bool:
        """Return whether another answer to the same prompt no longer makes this statement.

        The opposite withdraws a yes or no; an answer that is neither does not. An object is withdrawn by an answer that does
        not name it, unless that answer names another absent object that the first answer did not.

        Parameters
        ----------
        answer : str
            The other answer.

        Returns
        -------
        bool
            Whether the statement is withdrawn.
        """
        if self.kind == "yes/no":
            reading = read_yes_no(answer, self.languages)
            return reading is not None and reading != (self.name == "yes")
        if not answer.strip() or self.name in {m.name for m in mentions(answer, self.vocabulary)}:
            return False
        if self.sample.objects is None:
            return True
        before = {m.name for m in absent_mentions(self.response.text, self.sample, self.vocabulary)}
        return {m.name for m in absent_mentions(answer, self.sample, self.vocabulary)} <= before


def find_statements(
    sample: Sample,
    response: Response,
    languages: str | Iterable[str] | Words = "en",
    vocabulary: str | Vocabulary = "scenes",
) -> list[Statement]:
    """Find the statements of an answer, right and wrong ones.

    An answer to a sample whose reference answer is yes or no makes one statement. Any other answer states the presence of each
    object that it names, once per object; these are compared with the sample's objects.

    Parameters
    ----------
    sample : Sample
        A sample whose reference answer is yes or no, or whose objects are known.
    response : Response
        The model's answer to it.
    languages : str, iterable of str, or mapping
        How yes and no are written; see `read_yes_no`.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for; see `mentions`.

    Returns
    -------
    list of Statement
        In the order of the answer.

    Raises
    ------
    ValueError
        If the sample has neither, so that no statement can be checked; or a language or the vocabulary is unknown.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("empty", 1)).sample
    >>> response = model.generate(sample.image, sample.prompt)
    >>> {statement.correct for statement in find_statements(sample, response)}
    {False}
    """
    languages = resolve_languages(languages)
    truth = read_yes_no(sample.answer or "", languages)
    if truth is not None:
        reading = read_yes_no(response.text, languages)
        first = re.search(r"\w+", response.text)
        text = first.group() if first else ""
        correct = None if reading is None else reading == truth
        tokens = response.tokens_in(first.start(), first.end()) if first else []
        name = "neither" if reading is None else "yes" if reading else "no"
        return [Statement(sample, response, "yes/no", text, name, correct, tokens, languages, vocabulary)]
    absent = {m.name for m in absent_mentions(response.text, sample, vocabulary)}
    statements: dict[str, Statement] = {}
    for m in mentions(response.text, vocabulary):
        text, tokens = response.text[m.start : m.end], response.tokens_in(m.start, m.end)
        statement = Statement(
            sample, response, "object", text, m.name, m.name not in absent, tokens, languages, vocabulary
        )
        statements.setdefault(m.name, statement)
    return list(statements.values())


def wrong_statements(
    sample: Sample,
    response: Response,
    languages: str | Iterable[str] | Words = "en",
    vocabulary: str | Vocabulary = "scenes",
) -> list[Statement]:
    """Find the wrong statements of an answer.

    Parameters
    ----------
    sample : Sample
        A sample whose reference answer is yes or no, or whose objects are known.
    response : Response
        The model's answer to it.
    languages : str, iterable of str, or mapping
        How yes and no are written; see `read_yes_no`.
    vocabulary : {"scenes", "coco"} or mapping
        The objects to look for; see `mentions`.

    Returns
    -------
    list of Statement
        Those of `find_statements` that are wrong.

    Raises
    ------
    ValueError
        As `find_statements`.

    Examples
    --------
    >>> import eagle_nb as eagle
    >>> model = eagle.load_model()
    >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
    >>> response = model.generate(sample.image, sample.prompt)
    >>> sample.prompt, [statement.text for statement in wrong_statements(sample, response)]
    ('is there a cup?', ['yes'])
    """
    return [s for s in find_statements(sample, response, languages, vocabulary) if s.correct is False]
