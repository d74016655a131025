"""Yes/no answers in any case, punctuation and language."""

from __future__ import annotations

import pytest

from eagle_nb.hallucination import read_yes_no


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes", True), ("yes.", True), (" Yes,", True), ("  \n**NO**!", False), ("no.", False), ('"No", it is not', False),
        ("Yes_", True), ("NOPE", False), ("", None), ("...", None), ("There is one", None), ("not really", None),
        ("Yes and no", None), ("No/Yes", None), ("yes, yes", True), ("Nothing", None), ("yesterday", None), ("ja", None),
        ("No, there is no cup, yes", False), ("ＹＥＳ", True),
    ],
)  # fmt: skip
def test_case_and_punctuation_do_not_matter(text, expected):
    assert read_yes_no(text) is expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Ja, ein Hund.", "de", True), ("Nein!", "de", False), ("Sí.", "es", True), ("não", "pt", False), ("是的，有。", "zh", True),
        ("没有。", "zh", False), ("はい、あります", "ja", True), ("いいえ。", "ja", False), ("нет", "ru", False), ("نعم", "ar", True),
        ("नहीं।", "hi", False), ("네, 있습니다", "ko", True), ("Yes", ["de", "en"], True), ("jo", {"sv": (("ja", "jo"), ("nej",))}, True),
    ],
)  # fmt: skip
def test_other_languages(text, language, expected):
    assert read_yes_no(text, language) is expected


def test_languages_are_checked():
    with pytest.raises(ValueError, match="unknown language 'xx'; known: ar, de"):
        read_yes_no("yes", "xx")
    with pytest.raises(ValueError, match="empty"):
        read_yes_no("yes", [])
    with pytest.raises(ValueError, match="'ne' means yes in one"):
        read_yes_no("ne", {"a": (("ne",), ("o",)), "b": (("da",), ("ne",))})
