"""Text in any script: words, and search in one normal form.

Words follow Unicode's text segmentation (UAX #29) with ICU's dictionaries for scripts without spaces (Chinese, Japanese, Thai, Lao,
Khmer, Burmese). Search compares in Unicode's normal form C, with typographic apostrophes and no-break spaces equal to the plain ones.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Set
from itertools import pairwise

import regex
from icu4py.breakers import WordBreaker

Span = tuple[int, int]
"""Start and end of a piece of text, in characters."""

_PLAIN = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201b": "'", "\u02bc": "'", "\uff07": "'",  # apostrophes
    "\u00a0": " ", "\u202f": " ", "\u2007": " ",  # no-break spaces
    "\u2010": "-", "\u2011": "-",  # hyphens
})  # fmt: skip
_WORD = regex.compile(r"[\p{L}\p{N}\p{Emoji_Presentation}\p{Extended_Pictographic}\p{Regional_Indicator}]")
# UAX #29 joins letters across these, which answers often write without white space.
_SEPARATOR = regex.compile(r"[\p{Pc}:：︓﹕]+|(?<=[\p{L}\p{M}])[.․．﹒]+(?=\p{L})")
_ABBREVIATION = regex.compile(r"(?:\p{L}\p{M}*\.)+\p{L}\p{M}*")
_SURROGATE = regex.compile("[\ud800-\udfff]")
_JOINERS = "\u200c\u200d"  # within words of Persian and Hindi, and within emoji
_HIDDEN = regex.compile(rf"[\p{{Cc}}\p{{Cs}}\p{{Zl}}\p{{Zp}}\p{{Cf}}\p{{Bidi_Control}}--[{_JOINERS}]]", regex.VERSION1)
_PUNCTUATION = regex.compile(r"""[!-/:-@\[-`{-~--[,;'"?!%]]""", regex.VERSION1)
_STEM = regex.compile(rf"[^\p{{L}}\p{{M}}\p{{N}}{_JOINERS}_]+")
_RESERVED = regex.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)$")  # device names of Windows
_STEM_BYTES = 80
_EDGES = f"-{_JOINERS}"


def word_spans(text: str) -> list[Span]:
    """Return the words of a text.

    Punctuation is not part of a word: hyphens, commas, colons, underscores and full stops separate words, also where white space is missing
    ("cat.The"). Not so apostrophes within a word, points and commas within a number, and points of abbreviations ("U.S.A"). An emoji is a word.

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
        pieces = [(start, end)] if _ABBREVIATION.fullmatch(segment) else _split(segment, start)
        spans += [(a, b) for a, b in pieces if _WORD.search(text, a, b)]
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
    words = word_spans(text)
    pieces = list(_pieces(text, ignore_case, {edge for span in words for edge in span}))
    plain = "".join(piece for piece, _ in pieces)
    starts: dict[int, int] = {}
    ends: dict[int, int] = {}
    at = 0
    for piece, (start, end) in pieces:
        starts.setdefault(at, start)
        at += len(piece)
        ends[at] = end
    inside = {k for start, end in words for k in range(start + 1, end)}
    matches, at = [], plain.find(needle)
    while at >= 0:
        first, last = starts.get(at), ends.get(at + len(needle))
        if first is not None and last is not None and first not in inside and last not in inside:
            matches.append((first, last))
            at = plain.find(needle, at + len(needle))
        else:
            at = plain.find(needle, at + 1)
    return matches


def printable(text: str, lines: bool = False) -> str:
    r"""Return a text in which every character is visible, for output as plain text.

    A terminal obeys control characters and ANSI escape sequences, and bidirectional controls reorder a line. Here they appear as characters:
    a control character as its picture (U+2400 … U+2421), any other character that has no glyph as its escape. Joiners within words
    and emoji remain, and so do letters, punctuation and markup such as ``$``, ``<`` and ``*``.

    Parameters
    ----------
    text : str
        Any text, such as the answer of a model.
    lines : bool
        Whether line feeds and tabs remain as they are.

    Returns
    -------
    str
        The visible text.

    Examples
    --------
    >>> printable("a \x1b[31mred\x1b[0m\n$x$ \u202ecba")
    'a ␛[31mred␛[0m␊$x$ \\u202ecba'
    >>> printable("one\ntwo", lines=True)
    'one\ntwo'
    """
    return str(_HIDDEN.sub(lambda match: match[0] if lines and match[0] in "\n\t" else _visible(match[0]), text))


def quoted(text: str) -> str:
    r"""Return a text in quotation marks, every character visible, for one line of output.

    Unlike `repr`, backslashes are not doubled, and joiners within words and emoji remain.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        See `printable`; the quotation marks are double where the text contains an apostrophe only.

    Examples
    --------
    >>> print(quoted("red"), quoted("don't"), quoted("\x1b[1m"))
    'red' "don't" '␛[1m'
    """
    mark = '"' if "'" in text and '"' not in text else "'"
    return f"{mark}{printable(text)}{mark}"


def shortened(text: str, length: int = 80) -> str:
    r"""Return a text on one line, cut at its end.

    Parameters
    ----------
    text : str
        Any text.
    length : int
        Maximum number of characters.

    Returns
    -------
    str
        The text, white space as single spaces; an ellipsis marks where it is cut.

    Examples
    --------
    >>> shortened("a  red\ncircle", 8)
    'a red c…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"


def isolated(text: str) -> str:
    """Return a text for a line with other text: every character visible, right-to-left text isolated from what surrounds it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        See `printable`; right-to-left text stands between Unicode's isolates.

    Examples
    --------
    >>> isolated("red")
    'red'
    """
    shown = printable(text, lines=True)
    strong = next((d for d in map(unicodedata.bidirectional, shown) if d in ("L", "R", "AL")), "L")
    return shown if strong == "L" else f"\u2068{shown}\u2069"


def percent(share: float) -> str:
    """Return a share as text, in the same form as the browser half of the widgets.

    Parameters
    ----------
    share : float
        0 … 1.

    Returns
    -------
    str
        With one decimal place below 10 %.

    Examples
    --------
    >>> percent(0.014), percent(0.5), percent(0.0)
    ('1.4 %', '50 %', '0 %')
    """
    return f"{100 * share:.{1 if 0 < share < 0.1 else 0}f} %"


def markdown_text(text: str) -> str:
    r"""Return a text as Markdown must get it so that these characters appear: no markup, no HTML, no formulas.

    Parameters
    ----------
    text : str
        Any text, such as the answer of a model.

    Returns
    -------
    str
        One line. Punctuation of ASCII is written as character references. ``$`` and the backslash stand in elements of their own, because
        MathJax typesets formulas of the finished page, but not across elements.

    Examples
    --------
    >>> print(markdown_text("a *red* <b>cup</b>"))
    a &#42;red&#42; &#60;b&#62;cup&#60;&#47;b&#62;
    >>> print(markdown_text("$x$"))
    <span>&#36;</span>x<span>&#36;</span>
    """
    return str(_PUNCTUATION.sub(_reference, printable(" ".join(text.split("\n")))))


def file_stem(text: str, empty: str = "text") -> str:
    """Return a name for a file that shows a text.

    Parameters
    ----------
    text : str
        Any text, such as a word of an answer or the name of a sample.
    empty : str
        The name of a text without letters and digits.

    Returns
    -------
    str
        Letters and digits of any script, joined by hyphens, in normal form C and at most 80 bytes long. Eight digits of a checksum
        follow if the name lacks a character other than white space, so that different texts get different files. Valid on Linux, macOS
        and Windows.

    Examples
    --------
    >>> file_stem("red circle"), file_stem("日本"), file_stem("con")
    ('red-circle', '日本', 'con_')
    >>> file_stem("../a$b")
    'a-b-25325b79'
    """
    plain = unicodedata.normalize("NFC", _SURROGATE.sub("\ufffd", text)).strip()
    stem = _STEM.sub("-", plain).strip(_EDGES)
    short = stem.encode()[:_STEM_BYTES].decode(errors="ignore").strip(_EDGES)
    if not short or short != regex.sub(r"\s+", "-", plain):
        digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:8]
        short = f"{short.encode()[: _STEM_BYTES - 9].decode(errors='ignore').strip(_EDGES) or empty}-{digest}"
    return f"{short}_" if _RESERVED.match(short) else short


def _split(segment: str, start: int) -> Iterator[Span]:
    """Yield the parts of a segment that its punctuation separates, as places in the text."""
    at = 0
    for match in _SEPARATOR.finditer(segment):
        yield start + at, start + match.start()
        at = match.end()
    yield start + at, start + len(segment)


def _reference(match: regex.Match[str]) -> str:
    """Return the character reference of a character."""
    reference = f"&#{ord(match[0])};"
    return f"<span>{reference}</span>" if match[0] in "$\\" else reference


def _visible(character: str) -> str:
    """Return a visible form of a character without a glyph."""
    code = ord(character)
    if code < 0x20 or code == 0x7F:
        return chr(0x2421 if code == 0x7F else 0x2400 + code)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _pieces(text: str, ignore_case: bool, edges: Set[int] = frozenset()) -> Iterator[tuple[str, Span]]:
    """Yield each grapheme in normal form with its place in the text; one that contains the edge of a word is divided there."""
    for match in regex.finditer(r"\X", text):
        cuts = [match.start(), *(k for k in range(match.start() + 1, match.end()) if k in edges), match.end()]
        for start, end in pairwise(cuts):
            piece = unicodedata.normalize("NFC", text[start:end]).translate(_PLAIN)
            yield unicodedata.normalize("NFC", piece.casefold()) if ignore_case else piece, (start, end)
