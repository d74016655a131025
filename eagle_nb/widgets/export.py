"""Views without a kernel: a fragment for notebook outputs, a page for a file of its own.

Both hold the data as JSON, the widgets' own module, and a static picture for readers without scripts and for
print. Text of a model is escaped here and only ever set as text in the browser.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import os
from pathlib import Path
from typing import Any

from ..attribution.explanation import Explanation
from ..attribution.explanation_set import Explanations
from .base import BUNDLE, View

_HIDE = (
    "@media screen{[data-eagle-nb][data-live]>.eagle-nb-static{display:none}}"
    "@media print{[data-eagle-nb][data-live]>:not(.eagle-nb-static){display:none}}"
)
_PAGE_STYLE = """
:root { color-scheme: light dark; --jp-layout-color0: #ffffff; --jp-layout-color1: #ffffff; --jp-ui-font-color1: #1c1c1e;
  --jp-ui-font-color2: #595959; --jp-border-color1: #9a9aa0; }
@media screen and (prefers-color-scheme: dark) { :root { --jp-layout-color0: #161618; --jp-layout-color1: #222226;
  --jp-ui-font-color1: #ececf0; --jp-ui-font-color2: #b4b4bc; --jp-border-color1: #6a6a72; } }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; font-family: system-ui, sans-serif; line-height: 1.5;
  color: var(--jp-ui-font-color1); background: var(--jp-layout-color0); }
h1 { font-size: 1.3rem; margin: 0 0.6rem; overflow-wrap: anywhere; }
"""
_POLICY = "default-src 'none'; script-src 'sha256-{}'; style-src 'unsafe-inline'; img-src data: blob:"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="eagle_nb">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<noscript><p>Scripts are switched off, so this is a still picture; with scripts it can be explored.</p></noscript>
{fragment}
</main>
</body>
</html>
"""


def explanation_to_html(explanation: Explanation | Explanations, path: str | os.PathLike[str]) -> Path:
    """Write an explanation to one interactive HTML file that needs neither kernel nor network.

    Returns
    -------
    pathlib.Path
    """
    from .explorer import Explorer

    return write_page(Explorer(explanation), path)


def explanation_fragment(explanation: Explanation | Explanations) -> str:
    """An explanation as HTML for a notebook's output: alive wherever scripts run, a still picture elsewhere."""
    from .explorer import Explorer

    return fragment(Explorer(explanation))


def write_page(view: View, path: str | os.PathLike[str]) -> Path:
    """Write a view, as it stands, to one HTML file.

    Raises
    ------
    TypeError
        If `path` is no path.
    """
    try:
        target = Path(path)
    except TypeError:
        raise TypeError(f"to_html needs the path of a file to write, got {path!r}") from None
    if target.is_dir():
        raise ValueError(f"{str(target)!r} is a folder; give the name of a file in it, such as 'explanation.html'")
    name, text = _payload(view)
    script = _script(name)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _PAGE.format(
        policy=_POLICY.format(digest),
        title=html.escape(view._title().encode("utf-8", "replace").decode()),
        style=_PAGE_STYLE,
        fragment=_body(view, name, text, script),
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    part.write_text(page, encoding="utf-8")
    part.replace(target)
    return target


def fragment(view: View) -> str:
    """A view, as it stands, as HTML to stand inside another page."""
    name, text = _payload(view)
    return _body(view, name, text, _script(name))


def _body(view: View, name: str, text: str, script: str) -> str:
    return (
        f'<div data-eagle-nb="{name}"><style>{_HIDE}</style>\n{view._static()}\n'
        f'<script type="application/json">{text}</script></div>\n<script type="module">{script}</script>'
    )


def _script(name: str) -> str:
    return f'{BUNDLE.read_text(encoding="utf-8")}mount("{name}");\n'


def _payload(view: View) -> tuple[str, str]:
    """The name of a view, from its content, and the JSON that holds its state."""
    state = {**view._state(), "_panel": view._panel, "_data": view._data}
    text = json.dumps(state, default=_binary, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    # Lone surrogates, which half a character may leave, cannot be written as UTF-8
    text = "".join(c if not "\ud800" <= c <= "\udfff" else f"\\u{ord(c):04x}" for c in text)
    return "v" + hashlib.sha256(text.encode()).hexdigest()[:16], text


def _binary(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} cannot stand in a page")
