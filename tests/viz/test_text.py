"""Text in figures appears as its characters."""

from __future__ import annotations

import html

import pytest

from eagle_nb.viz.text import plotly_text

from .escaping import HOSTILE_NAME


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red cup", "a red cup"),
        ("<b>&amp;</b>", "&lt;b&gt;&amp;amp;&lt;/b&gt;"),
        ('"it\'s"', '"it\'s"'),
        ("$x$", "&#36;x&#36;"),
        ("50 % of %{y}", "50 % of &#37;{y}"),
        ("a\nb\x1b", "a␊b␛"),
        ("\u202ecba", "\\u202ecba"),
        (3, "3"),
    ],
)
def test_each_character_is_shown(text, expected):
    assert plotly_text(text) == expected


def test_what_plotly_decodes_is_the_text():
    assert html.unescape(plotly_text(HOSTILE_NAME)) == HOSTILE_NAME.replace("\x1b", "␛").replace("\u202e", "\\u202e")


def test_right_to_left_text_is_isolated():
    assert plotly_text("אדום") == "\u2068אדום\u2069"


def test_a_text_is_cut_before_it_is_escaped():
    assert plotly_text("<<<<<<", 3) == "&lt;&lt;…"
