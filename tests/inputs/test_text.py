"""Words and search in texts of any script."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eagle_nb.inputs.text import find_text, normal_form, word_spans

SCRIPTS = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "aé e\u0301\u0928\u093f\u0939\u0940\u4e00\u8d64\u3044\u0e01\u0e31\u05d1\u05bc\U0001f600\u200d\u2019'-,.\u00a0 \n"
        ),
    ),
    max_size=40,
)

ANSWERS = {
    "Hindi": ("नमस्ते, लाल वृत्त।", ["नमस्ते", "लाल", "वृत्त"]),
    "Bengali": ("লাল বৃত্ত।", ["লাল", "বৃত্ত"]),
    "Tamil": ("சிவப்பு வட்டம்.", ["சிவப்பு", "வட்டம்"]),
    "Thai": ("ฉันเห็นวงกลม", ["ฉัน", "เห็น", "วงกลม"]),
    "Hebrew with points": ("עִגּוּל אָדֹם.", ["עִגּוּל", "אָדֹם"]),
    "Arabic": ("دائرة حمراء، نعم!", ["دائرة", "حمراء", "نعم"]),
    "decomposed Latin": ("un cafe\u0301 re\u0301el", ["un", "cafe\u0301", "re\u0301el"]),
    "Chinese": ("我喜欢红色。", ["我", "喜欢", "红色"]),
    "Japanese": ("赤い丸が左にある。", ["赤い", "丸", "が", "左", "に", "ある"]),
    "Korean": ("빨간 원이 있다.", ["빨간", "원이", "있다"]),
    "emoji": ("yes 👍🏽, 👩‍👩‍👧!", ["yes", "👍🏽", "👩‍👩‍👧"]),
    "punctuation": ("“red-hot”, isn’t it? 3.14 (a,b)", ["red", "hot", "isn’t", "it", "3.14", "a", "b"]),
}


@pytest.mark.parametrize("script", ANSWERS)
def test_words_of_a_script(script):
    text, words = ANSWERS[script]
    assert [text[start:end] for start, end in word_spans(text)] == words


@given(SCRIPTS)
def test_words_are_disjoint_and_cover_every_letter(text):
    spans = word_spans(text)
    covered = [k for start, end in spans for k in range(start, end)]
    assert covered == sorted(set(covered))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    letters = {k for k, c in enumerate(text) if unicodedata.category(c)[0] == "L"}
    assert letters <= set(covered)


@given(SCRIPTS, st.booleans())
def test_every_word_is_found_where_it_stands(text, ignore_case):
    for start, end in word_spans(text):
        word = text[start:end]
        if word.strip() == word and normal_form(word):
            places = find_text(text, word, ignore_case)
            assert (start, end) in places or any(a <= start < b for a, b in places), (text, word, places)


@given(SCRIPTS, SCRIPTS, st.booleans())
def test_what_is_found_has_the_same_normal_form(text, wanted, ignore_case):
    for start, end in find_text(text, wanted, ignore_case):
        assert normal_form(text[start:end], ignore_case) == normal_form(wanted.strip(), ignore_case)


@pytest.mark.parametrize(
    ("text", "wanted", "options", "spans"),
    [
        ("a triangle and an angle", "angle", {}, [(18, 23)]),
        ("Red, red", "red", {}, [(5, 8)]),
        ("Red, red", "red", {"ignore_case": True}, [(0, 3), (5, 8)]),
        ("it isn’t", "isn't", {}, [(3, 8)]),
        ("a\u00a0red circle", "a red", {}, [(0, 5)]),
        ("cafe\u0301s, cafe\u0301", "café", {}, [(8, 13)]),
        ("红色", "红", {}, []),
        ("STRASSE straße", "straße", {"ignore_case": True}, [(0, 7), (8, 14)]),
        ("red red", "red red red", {}, []),
        ("red", "  ", {}, []),
    ],
)
def test_places(text, wanted, options, spans):
    assert find_text(text, wanted, **options) == spans


def test_half_a_character_is_no_obstacle():
    assert word_spans("a \ud83d b") == [(0, 1), (4, 5)]
    assert find_text("a \ud83d b", "b") == [(4, 5)]
