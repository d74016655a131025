"""Whether the texts of a plotly figure hold what plotly would interpret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

HOSTILE_NAME = "<b>bold</b> <a href='x'>link</a><br>$x^2$ %{y} \x1b[31m\u202e"

# Markup, placeholders and characters that figures write themselves
_OWN = re.compile(
    r"<br>|</?b>|<extra></extra>|%\{[xyz](:[^}]*)?\}|%\{(customdata(\[\d\])?|text)(:[^}]*)?\}|[\u2068\u2069]"
)
_DATA = {"source", "bdata", "dtype", "shape", "template"}


def assert_escaped(figure: Any) -> None:
    """Assert that no text of a figure holds markup, mathematics, a placeholder or a control character of a model."""
    texts = list(_texts(json.loads(figure.to_json())))
    assert any("&lt;" in text or "&#36;" in text for text in texts)
    for text in texts:
        assert "<b>bold" not in text
        rest = _OWN.sub("", text)
        assert not re.search(r"[<$\x00-\x1f\x7f\u202a-\u202e]|%\{", rest), text


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key not in _DATA:
                yield from _texts(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
