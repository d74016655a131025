"""What an answer claims that can be right or wrong: a yes or no, and every thing it names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from ..inputs.response import Response
from ..datasets import Sample
from .answers import Words, read_yes_no, words_for
from .objects import Vocabulary, absent, mentions

Kind = Literal["yes/no", "object"]


@dataclass(frozen=True, eq=False)
class Claim:
    """One statement of an answer.

    Attributes
    ----------
    sample : Sample
    response : Response
    kind : {"yes/no", "object"}
    said : str
        The word as it stands in the answer: "yes", "cup".
    name : str
        "yes" or "no", or the thing's name in the vocabulary.
    right : bool or None
        Whether it is true of the sample; None for an answer that is neither yes nor no.
    tokens : list of int
        The tokens that spell it.
    languages, words : mapping
        How answers are read; see `read_yes_no` and `mentions`.
    """

    sample: Sample
    response: Response = field(repr=False)
    kind: Kind
    said: str
    name: str
    right: bool | None
    tokens: list[int]
    languages: Words = field(repr=False)
    words: str | Vocabulary = field(repr=False)

    def withdrawn(self, text: str) -> bool:
        """Whether another answer to the same prompt no longer makes this claim.

        A yes or no is withdrawn by the opposite; an answer that is neither does not count. A named thing is withdrawn
        by an answer that does not name it, and names nothing else instead that is neither there nor was named before.
        """
        if self.kind == "yes/no":
            reading = read_yes_no(text, self.languages)
            return reading is not None and reading != (self.name == "yes")
        if not text.strip() or self.name in {m.name for m in mentions(text, self.words)}:
            return False
        if self.sample.objects is None:
            return True
        before = {m.name for m in absent(self.response.text, self.sample, self.words)}
        return {m.name for m in absent(text, self.sample, self.words)} <= before


def claims(
    sample: Sample,
    response: Response,
    languages: str | Iterable[str] | Words = "en",
    words: str | Vocabulary = "scenes",
) -> list[Claim]:
    """The claims of an answer, right and wrong ones, in its order.

    An answer to a sample whose reference is yes or no makes one claim. Any other answer claims the things it names,
    each once; they are compared with the sample's objects.

    Parameters
    ----------
    sample : Sample
        With a reference answer that is yes or no, or with known objects.
    response : Response
        The model's answer to it.
    languages : str, iterable of str, or mapping
        How yes and no are written; see `read_yes_no`.
    words : {"scenes", "coco"} or mapping
        The things to look for, with other words for them; see `mentions`.

    Raises
    ------
    ValueError
        If the sample holds neither, so that nothing can be called wrong.
    """
    languages = words_for(languages)
    truth = read_yes_no(sample.answer or "", languages)
    if truth is not None:
        reading = read_yes_no(response.text, languages)
        first = re.search(r"\w+", response.text)
        said = first.group() if first else ""
        right = None if reading is None else reading == truth
        tokens = response.tokens_in(first.start(), first.end()) if first else []
        name = "neither" if reading is None else "yes" if reading else "no"
        return [Claim(sample, response, "yes/no", said, name, right, tokens, languages, words)]
    false = {m.name for m in absent(response.text, sample, words)}
    found: dict[str, Claim] = {}
    for m in mentions(response.text, words):
        said, tokens = response.text[m.start : m.end], response.tokens_in(m.start, m.end)
        right = m.name not in false
        found.setdefault(m.name, Claim(sample, response, "object", said, m.name, right, tokens, languages, words))
    return list(found.values())


def mistakes(
    sample: Sample,
    response: Response,
    languages: str | Iterable[str] | Words = "en",
    words: str | Vocabulary = "scenes",
) -> list[Claim]:
    """The wrong ones among `claims`."""
    return [c for c in claims(sample, response, languages, words) if c.right is False]
