"""Views without a kernel: a fragment for notebook outputs, and a page of its own.

Both hold the data as JSON, the module of the widgets, and a still picture for readers without scripts. Text of a model is
escaped here and only set as text in the browser.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..inputs.files import replacing
from .bundle import BUNDLE
from .text import escaped

_HIDE = "[data-eagle-nb][data-live]>.eagle-nb-static{display:none}"
_PAGE_STYLE = """
:root { color-scheme: light dark; --jp-layout-color0: #ffffff; --jp-layout-color1: #ffffff; --jp-ui-font-color1: #1c1c1e;
  --jp-ui-font-color2: #595959; --jp-border-color1: #9a9aa0; }
@media screen and (prefers-color-scheme: dark) { :root { --jp-layout-color0: #161618; --jp-layout-color1: #222226;
  --jp-ui-font-color1: #ececf0; --jp-ui-font-color2: #b4b4bc; --jp-border-color1: #6a6a72; } }
body { margin: 0 auto; padding: 1rem; max-width: 80rem; font-family: system-ui, sans-serif; line-height: 1.5;
  color: var(--jp-ui-font-color1); background: var(--jp-layout-color0); }
h1 { font-size: 1.3rem; margin: 0 0.6rem; overflow-wrap: anywhere; }
.eagle-nb-trust { display: none; }
"""
_UNPACK = """(async () => {
  const bytes = Uint8Array.from(atob("%s"), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.type = "module";
  script.textContent = (await new Response(stream).text()) + 'mount("%s");';
  document.head.append(script);
  script.remove();
})();
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
<noscript><p>This is a still picture because scripts are disabled; enable them to explore it.</p></noscript>
{fragment}
</main>
</body>
</html>
"""


def html_fragment(state: Mapping[str, Any], still: str) -> str:
    """Return a view as HTML for a notebook output: interactive wherever scripts run, a still picture elsewhere.

    Parameters
    ----------
    state : mapping of str to value
        The state of the view, its panel and its data.
    still : str
        The still picture, as HTML.

    Returns
    -------
    str
        HTML to stand inside another page.
    """
    name, text = _payload(state)
    return _body(name, text, still, _packed_script(name))


def write_page(path: str | os.PathLike[str], title: str, state: Mapping[str, Any], still: str) -> Path:
    """Write a view to one HTML file that needs neither kernel nor network.

    Parameters
    ----------
    path : path
        The file.
    title : str
        Heading of the page.
    state : mapping of str to value
        The state of the view, its panel and its data.
    still : str
        The still picture, as HTML.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    TypeError
        If `path` is not a path.
    ValueError
        If it is a folder.
    """
    try:
        target = Path(path)
    except TypeError:
        raise TypeError(f"to_html needs the path of a file to write, got {path!r}") from None
    if target.is_dir():
        raise ValueError(f"{str(target)!r} is a folder; give the name of a file in it, such as 'explanation.html'")
    name, text = _payload(state)
    script = _script(name)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    page = _PAGE.format(
        policy=_POLICY.format(digest),
        title=escaped(title),
        style=_PAGE_STYLE,
        fragment=_body(name, text, still, script),
    )
    with replacing(target) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return target


def _body(name: str, text: str, still: str, script: str) -> str:
    """Return the still picture, the data and the script of a view."""
    return (
        f'<div data-eagle-nb="{name}"><style>{_HIDE}</style>\n{still}\n'
        f'<script type="application/json">{text}</script></div>\n<script type="module">{script}</script>'
    )


def _script(name: str) -> str:
    """Return the module of the widgets and the call that mounts a view."""
    return f'{BUNDLE.read_text(encoding="utf-8")}mount("{name}");\n'


def _packed_script(name: str) -> str:
    """Return the same, compressed: a notebook has a copy in each output, because cells can be deleted and moved."""
    packed = gzip.compress(BUNDLE.read_bytes(), mtime=0)
    return _UNPACK % (base64.b64encode(packed).decode(), name)


def _payload(state: Mapping[str, Any]) -> tuple[str, str]:
    """Return the name of a view, from its content, and the JSON that holds its state."""
    text = json.dumps(dict(state), default=_binary, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    # Lone surrogates, which half a character may leave, cannot be written as UTF-8
    text = "".join(c if not "\ud800" <= c <= "\udfff" else f"\\u{ord(c):04x}" for c in text)
    return "v" + hashlib.sha256(text.encode()).hexdigest()[:16], text


def _binary(value: Any) -> str:
    """Encode bytes as base64."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} cannot be part of a page")
