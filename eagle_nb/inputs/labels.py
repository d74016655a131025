"""Labels in texts: where a text mentions the name of an object."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from .text import Span, find_text, normal_form

__all__ = ["find_label", "find_labels"]


def find_label(text: str, label: str, plural: bool = True) -> list[Span]:
    """Find the mentions of a label in a text.

    Only whole words count, in upper or lower case. The ending of a possessive ("the dog's") is not part of a mention.

    Parameters
    ----------
    text : str
        The text.
    label : str
        A word or phrase.
    plural : bool
        Whether its plural in -s or -es counts too.

    Returns
    -------
    list of (int, int)
        Start and end of each mention, in characters: those of the label itself in the order of the text, then those of
        its plural.

    Examples
    --------
    >>> find_label("Cups, and a cup with a cupcake.", "cup")
    [(12, 15), (0, 4)]
    >>> find_label("Two buses.", "bus"), find_label("Two buses.", "bus", plural=False)
    ([(4, 9)], [])
    """
    label = label.strip()
    forms = (label, f"{label}s", f"{label}es") if plural else (label,)
    return [span for form in forms if label for span in _mentions(text, form)]


def find_labels(text: str, labels: Iterable[str]) -> list[tuple[str, Span]]:
    """Find the mentions of several labels in a text, without overlaps.

    Of labels that overlap, the one that begins first counts, and of two that begin at the same character the longer
    one.

    Parameters
    ----------
    text : str
        The text.
    labels : iterable of str
        Words or phrases; plurals must be among them.

    Returns
    -------
    list of (str, (int, int))
        Label, start and end of each mention, in the order of the text.

    Examples
    --------
    >>> find_labels("A dog eats two Hot Dogs.", ["dog", "dogs", "hot dogs"])
    [('dog', (2, 5)), ('hot dogs', (15, 23))]
    """
    plain = normal_form(text, ignore_case=True)
    mentions = [
        (span, label)
        for label in labels
        if label.strip() and _plain(label) in plain
        for span in find_label(text, label, plural=False)
    ]
    mentions.sort(key=lambda mention: (mention[0][0], -mention[0][1]))
    chosen: list[tuple[str, Span]] = []
    for span, label in mentions:
        if not chosen or span[0] >= chosen[-1][1][1]:
            chosen.append((label, span))
    return chosen


def _mentions(text: str, form: str) -> list[Span]:
    """Return the mentions of one form of a label, the possessive included, in the order of the text."""
    possessive = [(start, end - 2) for start, end in find_text(text, f"{form}'s", ignore_case=True)]
    return sorted(find_text(text, form, ignore_case=True) + possessive)


@lru_cache(maxsize=4096)
def _plain(label: str) -> str:
    """Return a label in the form in which texts are compared."""
    return normal_form(label.strip(), ignore_case=True)
