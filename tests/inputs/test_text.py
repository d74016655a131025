"""Words and search in texts of any script."""

import unicodedata
from html import unescape

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from PIL import Image

from eagle_nb.inputs.response import Response
from eagle_nb.inputs.text import (
    file_stem,
    find_text,
    isolated,
    markdown_text,
    normal_form,
    percent,
    printable,
    quoted,
    shortened,
    word_spans,
)
from eagle_nb.inputs.thinking import thinking_blocks, without_thinking

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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A red cat.The dog", ["A", "red", "cat", "The", "dog"]),
        ("Answer:yes", ["Answer", "yes"]),
        ("__No__ snake_case", ["No", "snake", "case"]),
        ("the U.S.A. and e.g. this", ["the", "U.S.A", "and", "e.g", "this"]),
        ("颜色：红色", ["颜色", "红色"]),
        ("3.5 cups at 10:30", ["3.5", "cups", "at", "10", "30"]),
    ],
)
def test_punctuation_without_white_space_separates_words(text, words):
    assert [text[start:end] for start, end in word_spans(text)] == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("$x$ <b>*red*</b>", "$x$ <b>*red*</b>"),
        ("\x1b[31mred\x1b[0m\x07", "␛[31mred␛[0m␇"),
        ("a\nb\tc\r", "a␊b␉c␍"),
        ("\x7f\x85\x9b", "␡\\x85\\x9b"),
        ("\u202ecba\u202c \u2066x\u2069\u200f", "\\u202ecba\\u202c \\u2066x\\u2069\\u200f"),
        ("\u2028\u2029\ufeff\u00ad\u200b", "\\u2028\\u2029\\ufeff\\xad\\u200b"),
        ("\U000e0041\ud83d", "\\U000e0041\\ud83d"),
        ("می\u200cخواهم 👩\u200d👩", "می\u200cخواهم 👩\u200d👩"),
    ],
)
def test_characters_without_a_glyph_are_visible(text, shown):
    assert printable(text) == shown
    assert quoted(text) == f"'{shown}'"


def test_line_feeds_and_tabs_remain_on_request():
    assert printable("a\n\tb\x1b", lines=True) == "a\n\tb␛"


@given(SCRIPTS)
def test_printable_text_has_no_control_character(text):
    shown = printable(text)
    assert not regex.search(r"[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]", shown)
    assert printable(shown) == shown
    shown.encode()


@given(SCRIPTS)
def test_names_of_files_are_valid_everywhere(text):
    stem = file_stem(text)
    assert stem == file_stem(text)
    assert 0 < len(stem.encode()) <= 80
    assert not regex.search(r"""[\s<>:"/\\\\|?*\p{Cc}\p{Cs}]""", stem)
    assert stem.strip(".-") == stem


def test_different_texts_get_different_names_of_files():
    texts = ["red", "red!", "red?", "a/b", "a-b", "a b", "..", "", " ", "x" * 300, "x" * 301, "con", "\x1b[1m"]
    names = {text: file_stem(text) for text in texts}
    assert (names["red"], names["a b"], names["con"]) == ("red", "a-b", "con_")
    assert len(set(names.values())) == len(texts) - 1  # "a b" and "a-b"


@pytest.mark.parametrize(
    "text",
    [
        "$x$ and $$y$$",
        "\\(x\\) \\[y\\]",
        "*a* **b** _c_ ~d~",
        "<b>a</b> &amp;",
        "# a",
        "1. a",
        "- a",
        "[a](b)",
        "`a`",
        "| a |",
        "http://a.b",
    ],
)
def test_markdown_shows_the_characters(text):
    """The rendered HTML is plain text in a paragraph; a formula would have to stand within one text node."""
    html = markdown2html_mistune(markdown_text(text)).strip()
    assert html.startswith("<p>") and html.endswith("</p>")
    nodes = regex.split(r"</?span>", html[3:-4])
    assert not any("<" in node for node in nodes)
    plain = [unescape(node) for node in nodes]
    assert "".join(plain) == text
    assert not any(regex.search(r"\$.*\$|\\\\[(\[]", node) for node in plain)


@given(SCRIPTS)
def test_tokens_of_words_are_disjoint_and_cover_every_letter(text):
    """Each character is a token."""
    picture = Image.new("RGB", (2, 2))
    spans = [(k, k + 1) for k in range(len(text))]
    response = Response(picture, "?", text, list(range(len(text))), list(text), spans)
    tokens = [t for word in response.words for t in word.tokens]
    assert tokens == sorted(set(tokens))
    assert {k for k, c in enumerate(text) if unicodedata.category(c)[0] == "L"} <= set(tokens)


@given(st.lists(st.sampled_from(["<think>", "</think>", "a ", "no", "◁think▷", "◁/think▷"]), max_size=8).map("".join))
def test_blocks_of_thinking_end_with_their_mark_or_the_text(text):
    blank = without_thinking(text)
    assert len(blank) == len(text)
    for start, end in thinking_blocks(text):
        assert not blank[start:end].strip()
        assert end == len(text) or text[:end].endswith(("</think>", "◁/think▷"))


def test_long_texts_are_cut():
    assert shortened("a  red\ncircle", 12) == "a red circle"
    assert shortened("a  red\ncircle", 8) == "a red c…"
    assert shortened("one two", 5) == "one…"


def test_right_to_left_text_is_isolated():
    assert isolated("دائرة 3") == "\u2068دائرة 3\u2069"
    assert isolated("3 circles") == "3 circles"
    assert isolated("3") == "3"


def test_small_shares_have_a_decimal_place():
    assert [percent(share) for share in (0, 0.014, 0.0999, 0.1, 0.5, 1)] == [
        "0 %", "1.4 %", "10.0 %", "10 %", "50 %", "100 %",
    ]  # fmt: skip
