"""Read yes/no answers in several languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

import regex

from ..inputs.text import Span, word_spans
from ..inputs.thinking import without_thinking

Words = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Words for yes and words for no, by language."""

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ar": (("نعم", "أجل"), ("لا", "كلا")),
    "de": (("ja", "jawohl"), ("nein",)),
    "en": (("yes", "yeah", "yep"), ("no", "nope", "nah")),
    "es": (("sí", "si"), ("no",)),
    "fr": (("oui", "si"), ("non",)),
    "hi": (("हाँ", "हां", "जी हाँ", "जी हां"), ("नहीं", "जी नहीं")),
    "it": (("sì", "si"), ("no",)),
    "ja": (("はい", "ええ"), ("いいえ", "いや")),
    "ko": (("네", "예"), ("아니요", "아니오", "아뇨", "아닙니다")),
    "nl": (("ja",), ("nee", "neen")),
    "pl": (("tak",), ("nie",)),
    "pt": (("sim",), ("não", "nao")),
    "ru": (("да",), ("нет",)),
    "tr": (("evet",), ("hayır",)),
    "uk": (("так",), ("ні",)),
    "zh": (
        ("是", "是的", "有", "有的", "对", "对的", "對", "對的"),
        ("不", "不是", "不在", "不存在", "没", "没有", "沒", "沒有", "否", "无", "無", "并没有", "並沒有"),
    ),
    "bn": (("হ্যাঁ", "হাঁ"), ("না",)),
    "cs": (("ano",), ("ne",)),
    "da": (("ja",), ("nej",)),
    "el": (("ναι",), ("όχι",)),
    "fa": (("بله",), ("خیر", "نه")),
    "fi": (("kyllä", "joo"), ("ei",)),
    "he": (("כן",), ("לא",)),
    "hu": (("igen",), ("nem",)),
    "id": (("ya",), ("tidak",)),
    "no": (("ja",), ("nei",)),
    "ro": (("da",), ("nu",)),
    "sv": (("ja",), ("nej",)),
    "ta": (("ஆம்", "ஆமாம்"), ("இல்லை",)),
    "th": (("ใช่", "มี"), ("ไม่", "ไม่ใช่", "ไม่มี", "เปล่า")),
    "vi": (("có", "vâng", "đúng"), ("không",)),
}
"""Words for yes and for no by language code. For other languages, pass a mapping of the same form."""

_UNDECIDED = ("不确定", "不確定", "不清楚", "有可能")  # begin with a word for yes or no, and are neither
_POINTS = regex.compile(
    "[\u0591-\u05c7\u0640\u064b-\u0652\u0670]"
)  # vowels of Hebrew and Arabic, which writers may leave out
_WINDOW = 3  # an answer is undecided if the opposite is among its first words: "yes and no", "Yes/No?"


def read_yes_no(text: str, languages: str | Iterable[str] | Words = "en") -> bool | None:
    """Read whether an answer says yes (True), no (False) or neither (None).

    The first word outside a thinking block decides; case, white space and punctuation do not matter: "yes", " Yes,", "**No.**". An answer
    whose next two words contain the opposite ("yes and no") is undecided, and so is an answer that begins with any other word. Words are those
    of `eagle_nb.inputs.text.word_spans`, so that a longer word does not count.

    Parameters
    ----------
    text : str
        The answer.
    languages : str, iterable of str, or mapping
        Codes of `WORDS`, or a mapping of the same form.

    Returns
    -------
    bool or None
        None if the answer is neither yes nor no.

    Raises
    ------
    ValueError
        If a language is unknown, or a word means yes in one of the languages and no in another.

    Examples
    --------
    >>> [read_yes_no(text) for text in ("Yes, a cup.", " no.", "NO!", "There is one.")]
    [True, False, False, None]
    >>> read_yes_no("Nein.", "de"), read_yes_no("没有杯子。", ["en", "zh"])
    (False, False)
    """
    chosen = resolve_languages(languages)
    yes = {_normalized(w) for words, _ in chosen.values() for w in words}
    no = {_normalized(w) for _, words in chosen.values() for w in words}
    if yes & no:
        both = ", ".join(sorted(yes & no))
        raise ValueError(f"{both!r} means yes in one of the languages {list(chosen)} and no in another; choose fewer")
    readings = [_reading(word, yes, no) for word in _words(_normalized(text), yes | no)[:_WINDOW]]
    if not readings or readings[0] is None or (not readings[0]) in readings[1:]:
        return None
    return readings[0]


def first_word(text: str, languages: str | Iterable[str] | Words = "en") -> Span:
    """Return where the first word of an answer is: the one that `read_yes_no` reads.

    Parameters
    ----------
    text : str
        The answer.
    languages : str, iterable of str, or mapping
        Codes of `WORDS`, or a mapping of the same form.

    Returns
    -------
    (int, int)
        Start and end in characters, outside a thinking block; (0, 0) if there is no word.

    Examples
    --------
    >>> first_word("**No**, there is none.")
    (2, 4)
    """
    spoken = without_thinking(text)
    spans = word_spans(spoken)
    if not spans:
        return 0, 0
    start = spans[0][0]
    listed = {_normalized(w) for pair in resolve_languages(languages).values() for words in pair for w in words}
    ends = [end for _, end in spans if _normalized(spoken[start:end]) in listed]
    return start, max(ends, default=spans[0][1])


def resolve_languages(languages: str | Iterable[str] | Words) -> Words:
    """Return what ``languages=`` accepts as words for yes and no by language.

    Parameters
    ----------
    languages : str, iterable of str, or mapping
        Codes of `WORDS`, or a mapping of the same form.

    Returns
    -------
    mapping of str to (tuple of str, tuple of str)
        Words for yes and words for no, by language.

    Raises
    ------
    ValueError
        If a language is unknown, or there is none.
    """
    if isinstance(languages, Mapping):
        chosen: Words = languages
    else:
        codes = [languages] if isinstance(languages, str) else list(languages)
        unknown = [c for c in codes if c not in WORDS]
        if unknown:
            raise ValueError(
                f"unknown language {unknown[0]!r}; known: {', '.join(WORDS)}; for others pass a mapping "
                "{'xx': (words for yes, words for no)}"
            )
        chosen = {c: WORDS[c] for c in codes}
    if not chosen:
        raise ValueError("languages is empty; give at least one, such as 'en'")
    return chosen


def _words(text: str, listed: set[str]) -> list[str]:
    """Return the words of a text; those that together are listed, such as "no" written as two words, are one."""
    spans = word_spans(text)
    words, at = [], 0
    for k, (start, end) in enumerate(spans):
        if start < at:
            continue
        if text[start:].startswith(_UNDECIDED):
            words.append("")
            at = end
            continue
        ends = [stop for _, stop in spans[k : k + _WINDOW] if text[start:stop] in listed]
        at = max(ends, default=end)
        words.append(text[start:at])
    return words


def _reading(word: str, yes: set[str], no: set[str]) -> bool | None:
    """Return whether a word means yes (True), no (False) or neither (None)."""
    return True if word in yes else False if word in no else None


def _normalized(text: str) -> str:
    """Return a text in normal form KC without case, thinking, vowel points, and the dots by which Turkish differs."""
    plain = unicodedata.normalize("NFKC", without_thinking(text)).casefold().replace("i\u0307", "i").replace("ı", "i")
    return str(_POINTS.sub("", plain))
