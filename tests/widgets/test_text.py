"""Texts on one line, escaped, and readable in both directions."""

from __future__ import annotations

from eagle_nb.widgets.text import escaped, isolated, percent, short


def test_long_texts_are_cut():
    assert short("a  red\ncircle", 12) == "a red circle"
    assert short("a  red\ncircle", 8) == "a red c…"


def test_right_to_left_text_is_isolated():
    assert isolated("دائرة 3") == "\u2068دائرة 3\u2069"
    assert isolated("3 circles") == "3 circles"
    assert isolated("3") == "3"


def test_markup_control_characters_and_surrogates_are_escaped():
    assert escaped("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"
    assert escaped("a\x00b\nc\td") == "a\ufffdb\nc\td"
    assert escaped("\ud83d") == "?"


def test_small_shares_have_a_decimal_place():
    assert [percent(share) for share in (0, 0.014, 0.0999, 0.1, 0.5, 1)] == [
        "0 %", "1.4 %", "10.0 %", "10 %", "50 %", "100 %",
    ]  # fmt: skip
