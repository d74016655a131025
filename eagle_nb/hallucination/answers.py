"""Read yes/no answers in several languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

Words = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
"""Words for yes and words for no, by language."""

WORDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "ar": (("نعم", "أجل"), ("لا", "كلا")),
    "de": (("ja", "jawohl"), ("nein",)),
    "en": (("yes", "yeah", "yep"), ("no", "nope", "nah")),
    "es": (("sí", "si"), ("no",)),
    "fr": (("oui", "si"), ("non",)),
    "hi": (("हाँ", "हां"), ("नहीं",)),
    "it": (("sì", "si"), ("no",)),
    "ja": (("はい", "ええ"), ("いいえ", "いや")),
    "ko": (("네", "예"), ("아니요", "아니오", "아뇨")),
    "nl": (("ja",), ("nee", "neen")),
    "pl": (("tak",), ("nie",)),
    "pt": (("sim",), ("não", "nao")),
    "ru": (("да",), ("нет",)),
    "tr": (("evet",), ("hayır",)),
    "uk": (("так",), ("ні",)),
    "zh": (("是", "有", "对", "對"), ("不", "没", "沒", "否", "无", "無")),
}
"""Words for yes and for no by language code. For other languages, pass a mapping of the same form."""

_NO_SPACES = ("zh", "ja", "ko")  # in these languages the first word may continue after the yes or no
_WINDOW = 3  # an answer is undecided if the opposite is among its first words: "yes and no", "Yes/No?"


def read_yes_no(text: str, languages: str | Iterable[str] | Words = "en") -> bool | None:
    """Read whether an answer says yes (True), no (False) or neither (None).

    The first word decides; case, white space and punctuation do not matter: "yes", " Yes,", "**No.**". An answer whose next two
    words contain the opposite ("yes and no") is undecided, and so is an answer that begins with any other word.

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
    openings = tuple(_normalized(w) for code in chosen if code in _NO_SPACES for words in chosen[code] for w in words)
    readings: list[bool | None] = []
    for word in _letters(_normalized(text)).split()[:_WINDOW]:
        if word not in yes | no:
            word = max((o for o in openings if word.startswith(o)), key=len, default=word)
        readings.append(True if word in yes else False if word in no else None)
    if not readings or readings[0] is None or (not readings[0]) in readings[1:]:
        return None
    return readings[0]


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


def _normalized(text: str) -> str:
    """Return a text in normal form KC without case."""
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    """Replace everything but letters, their marks and digits by spaces."""
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
