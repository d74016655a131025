"""Statements of an answer that can be right or wrong: a yes or no, or an object that it names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

from ..datasets.sample import Sample
from ..inputs.response import Response
from .answers import Words, first_word, read_yes_no, resolve_languages
from .objects import Vocabulary, absent_mentions, mentions

Kind = Literal["yes/no", "object"]

State = Literal["still says it", "another wrong answer", "corrected"]

STATES: tuple[State, ...] = get_args(State)
"""How another answer compares with a wrong statement; see `Statement.state`."""


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

    def state(self, answer: str) -> State | None:
        """Compare another answer to the same prompt with this statement.

        Yes and no: an answer with the same word still says it, the opposite word corrects it. An object: an answer that names
        it still says it, an answer that names an absent object that the first answer did not name is another wrong answer, and
        any other answer corrects it. Only a wrong statement can be corrected; the opposite of a right yes or no is another
        wrong answer.

        Parameters
        ----------
        answer : str
            The other answer.

        Returns
        -------
        {"still says it", "another wrong answer", "corrected"} or None
            None if it cannot be decided: an empty answer, an answer to a yes/no question that is neither, a right object that
            is no longer named, a sample whose objects are not known.

        Examples
        --------
        >>> import eagle_nb as eagle
        >>> model = eagle.load_model()
        >>> sample = next(eagle.hallucination.bias_samples("cloth", 1)).sample
        >>> (statement,) = wrong_statements(sample, model.generate(sample.image, sample.prompt))
        >>> statement.text, [statement.state(answer) for answer in ("Yes, it is.", "No.", "Perhaps.")]
        ('yes', ['still says it', 'corrected', None])
        """
        if self.correct is None or not answer.strip():
            return None
        if self.kind == "yes/no":
            reading = read_yes_no(answer, self.languages)
            if reading is None or reading == (self.name == "yes"):
                return None if reading is None else "still says it"
            return "another wrong answer" if self.correct else "corrected"
        if self.name in {m.name for m in mentions(answer, self.vocabulary)}:
            return "still says it"
        if self.sample.objects is None:
            return None
        before = {m.name for m in absent_mentions(self.response.text, self.sample, self.vocabulary)}
        if {m.name for m in absent_mentions(answer, self.sample, self.vocabulary)} - before:
            return "another wrong answer"
        return None if self.correct else "corrected"

    def withdrawn(self, answer: str) -> bool:
        """Return whether another answer to the same prompt no longer makes this statement.

        The opposite withdraws a yes or no; an answer that is neither does not. An object is withdrawn by an answer that does
        not name it, unless that answer names another absent object that the first answer did not. A wrong statement is
        withdrawn where its `state` is "corrected".

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
        return self.sample.objects is None or self.state(answer) != "another wrong answer"


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
        start, end = first_word(response.text, languages)
        text = response.text[start:end]
        correct = None if reading is None else reading == truth
        tokens = response.tokens_in(start, end)
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
