"""Yes/no answers in any case, punctuation and language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eagle_nb.hallucination import read_yes_no
from eagle_nb.hallucination.answers import WORDS, first_word


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


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("हाँ, है।", "hi", True), ("जी नहीं", "hi", False), ("হ্যাঁ, আছে", "bn", True), ("ஆம், உள்ளது", "ta", True), ("ไม่มีถ้วย", "th", False),
        ("ใช่ครับ", "th", True), ("כֵּן.", "he", True), ("نَعَم", "ar", True), ("لَا", "ar", False), ("si\u0301", "es", True), ("Na\u0303o", "pt", False),
        ("HAYIR", "tr", False), ("No\u2019s", "en", None), ("No\u0301", "en", None),
    ],
)  # fmt: skip
def test_scripts_with_marks(text, language, expected):
    assert read_yes_no(text, language) is expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("没有杯子", "zh", False), ("有一个杯子", "zh", True), ("不，没有", "zh", False), ("不知道", "zh", None), ("不确定", "zh", None),
        ("对不起", "zh", None), ("有趣", "zh", None), ("无法确定", "zh", None), ("有可能", "zh", None), ("是不是", "zh", None),
        ("いやらしい", "ja", None), ("いや、ありません", "ja", False), ("네모", "ko", None), ("noon", "en", None), ("no-one", "en", False),
    ],
)  # fmt: skip
def test_a_longer_word_does_not_count(text, language, expected):
    assert read_yes_no(text, language) is expected


@pytest.mark.parametrize(
    ("text", "expected", "word"),
    [
        ("<think>No, wait</think>Yes.", True, "Yes"), ("it may be no</think>\n**Yes**", True, "Yes"), ("<think>no", None, ""),
        ("◁think▷yes◁/think▷ no", False, "no"),
    ],
)  # fmt: skip
def test_a_thinking_block_does_not_answer(text, expected, word):
    assert read_yes_no(text) is expected
    start, end = first_word(text)
    assert text[start:end] == word


@given(st.text(max_size=30) | st.sampled_from([w for pair in WORDS.values() for words in pair for w in words]))
def test_any_text_is_read(text):
    for language in WORDS:
        assert read_yes_no(text, language) in (True, False, None)


@pytest.mark.parametrize("language", WORDS)
def test_every_listed_word_is_read_as_what_it_means(language):
    for meaning, words in zip((True, False), WORDS[language], strict=True):
        for word in words:
            for text in (word, word.upper(), f" {word}.", f"“{word}”"):
                assert read_yes_no(text, language) is meaning, text
                start, end = first_word(text, language)
                assert text[start:end].casefold() == word.casefold() or language == "tr"
