"""Texts as HTML."""

from __future__ import annotations

from eagle_nb.widgets.text import escaped


def test_markup_control_characters_and_surrogates_are_escaped():
    assert escaped("<b>&\"'") == "&lt;b&gt;&amp;&quot;&#x27;"
    assert escaped("a\x00b\nc\td\x1b[1m") == "a␀b\nc\td␛[1m"
    assert escaped("\ud83d \u202eabc") == "\\ud83d \\u202eabc"
