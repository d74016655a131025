"""Text in any script: words, and search in one normal form.

Words follow Unicode's text segmentation (UAX #29) with ICU's dictionaries for scripts without spaces (Chinese, Japanese, Thai, Lao,
Khmer, Burmese). Search compares in Unicode's normal form C, with typographic apostrophes and no-break spaces equal to the plain ones.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

import regex
from icu4py.breakers import WordBreaker

Span = tuple[int, int]
"""Start and end of a piece of text, in characters."""

_PLAIN = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\uff07": "'",  # apostrophes
    "\u00a0": " ", "\u202f": " ", "\u2007": " ",  # no-break spaces
})  # fmt: skip
_WORD = regex.compile(r"[\p{L}\p{N}\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}]")
_SURROGATE = regex.compile("[\ud800-\udfff]")


def word_spans(text: str) -> list[Span]:
    """Return the words of a text.

    Punctuation is not part of a word, hyphens and commas separate words, apostrophes within a word and decimal points do not, and
    an emoji is a word.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    list of (int, int)
        Start and end of each word, in characters, ascending and disjoint.

    References
    ----------
    Unicode Standard Annex #29, "Unicode Text Segmentation".

    Examples
    --------
    >>> text = "don't stop, red-hot 😀"
    >>> [text[start:end] for start, end in word_spans(text)]
    ["don't", 'stop', 'red', 'hot', '😀']
    >>> text = "我喜欢红色"
    >>> [text[start:end] for start, end in word_spans(text)]
    ['我', '喜欢', '红色']
    """
    spans, start = [], 0
    for segment in WordBreaker(_SURROGATE.sub("\ufffd", text), "en"):
        end = start + len(segment)
        if _WORD.search(segment):
            spans.append((start, end))
        start = end
    return spans


def normal_form(text: str, ignore_case: bool = False) -> str:
    """Return a text in the form in which texts are compared.

    Parameters
    ----------
    text : str
        Any text.
    ignore_case : bool
        Whether upper and lower case are the same.

    Returns
    -------
    str
        Normal form C, apostrophes and spaces plain, case-folded if asked for.

    Examples
    --------
    >>> normal_form("DON\u2019T", ignore_case=True)
    "don't"
    """
    return "".join(piece for piece, _ in _pieces(text, ignore_case))


def find_text(text: str, wanted: str, ignore_case: bool = False) -> list[Span]:
    """Return where a text contains another as whole words.

    Parameters
    ----------
    text : str
        The text to search.
    wanted : str
        What to find; white space around it does not count.
    ignore_case : bool
        Whether upper and lower case are the same.

    Returns
    -------
    list of (int, int)
        Start and end of each place, in characters of `text`; never inside a longer word.

    Examples
    --------
    >>> find_text("a triangle, an angle", "angle")
    [(15, 20)]
    >>> find_text("cafe\u0301", "café")
    [(0, 5)]
    """
    needle = normal_form(wanted.strip(), ignore_case)
    if not needle:
        return []
    pieces = list(_pieces(text, ignore_case))
    plain = "".join(piece for piece, _ in pieces)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for piece, (start, end) in pieces:
        starts.setdefault(at, start)
        at += len(piece)
        ends[at] = end
    inside = {k for start, end in word_spans(text) for k in range(start + 1, end)}
    matches, at = [], plain.find(needle)
    while at >= 0:
        first, last = starts.get(at), ends.get(at + len(needle))
        if first is not None and last is not None and first not in inside and last not in inside:
            matches.append((first, last))
            at = plain.find(needle, at + len(needle))
        else:
            at = plain.find(needle, at + 1)
    return matches


def _pieces(text: str, ignore_case: bool) -> Iterator[tuple[str, Span]]:
    """Yield each grapheme in normal form with its place in the text."""
    for match in regex.finditer(r"\X", text):
        piece = unicodedata.normalize("NFC", match.group()).translate(_PLAIN)
        yield unicodedata.normalize("NFC", piece.casefold()) if ignore_case else piece, match.span()
