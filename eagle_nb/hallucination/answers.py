"""Is an answer yes, no, or neither?"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

Words = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]

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
"""Words for yes and for no by language code; pass another mapping of the same form for other languages."""

_NO_SPACES = ("zh", "ja", "ko")  # there an answer's first word may continue behind the yes or no
_LOOK = 3  # words within which the opposite makes an answer undecided: "yes and no", "Yes/No?"


def read_yes_no(text: str, languages: str | Iterable[str] | Words = "en") -> bool | None:
    """Whether an answer says yes (True), no (False) or neither (None).

    The answer's first word decides, whatever its case, spaces and punctuation: "yes", " Yes,", "**No.**". An answer
    whose next two words hold the opposite ("yes and no") says neither, as does one that opens with any other word.

    Parameters
    ----------
    text : str
    languages : str, iterable of str, or mapping
        Codes of `WORDS`, or a mapping of the same form.

    Returns
    -------
    bool or None

    Raises
    ------
    ValueError
        If a language is unknown, or a word means yes in one of the languages and no in another.

    Examples
    --------
    >>> [read_yes_no(t) for t in ("Yes, a cup.", " no.", "NO!", "There is one.")]
    [True, False, False, None]
    >>> read_yes_no("Nein.", "de"), read_yes_no("没有杯子。", ["en", "zh"])
    (False, False)
    """
    known = words_for(languages)
    yes = {_plain(w) for words, _ in known.values() for w in words}
    no = {_plain(w) for _, words in known.values() for w in words}
    if yes & no:
        both = ", ".join(sorted(yes & no))
        raise ValueError(f"{both!r} means yes in one of the languages {list(known)} and no in another; give fewer")
    opening = tuple(_plain(w) for code in known if code in _NO_SPACES for words in known[code] for w in words)
    said: list[bool | None] = []
    for word in _letters(_plain(text)).split()[:_LOOK]:
        if word not in yes | no:
            word = max((o for o in opening if word.startswith(o)), key=len, default=word)
        said.append(True if word in yes else False if word in no else None)
    if not said or said[0] is None or (not said[0]) in said[1:]:
        return None
    return said[0]


def words_for(languages: str | Iterable[str] | Words) -> Words:
    """Words for yes and no by language.

    Raises
    ------
    ValueError
        If a language is unknown, or none is given.
    """
    if isinstance(languages, Mapping):
        chosen: Words = languages
    else:
        codes = [languages] if isinstance(languages, str) else list(languages)
        unknown = [c for c in codes if c not in WORDS]
        if unknown:
            raise ValueError(
                f"unknown language {unknown[0]!r}; known: {', '.join(WORDS)}; for others give a mapping "
                "{'xx': (words for yes, words for no)}"
            )
        chosen = {c: WORDS[c] for c in codes}
    if not chosen:
        raise ValueError("languages is empty; give at least one, such as 'en'")
    return chosen


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _letters(text: str) -> str:
    """Letters with their marks and digits; a space for everything else."""
    return "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in text)
