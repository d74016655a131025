"""Text of models in figures: it appears as its characters, and nothing in it is interpreted."""

from __future__ import annotations

import html
import unicodedata

from ..inputs.text import printable

_SPECIAL = {"$": "&#36;", "%{": "&#37;{"}


def plotly_text(text: object, length: int | None = None) -> str:
    r"""Return a text as plotly must get it so that it shows these characters.

    Plotly reads a subset of HTML, typesets what stands between two ``$`` where a page has MathJax, and fills in ``%{…}`` in templates.
    Control characters are made visible, and right-to-left text is isolated from the numbers around it.

    Parameters
    ----------
    text : object
        Any text, such as a token, an answer, the name of a method or of a metric.
    length : int, optional
        Maximum number of characters; a longer text is cut and ends with an ellipsis.

    Returns
    -------
    str
        The text for titles, names, axis categories, annotations, hover texts and templates.

    Examples
    --------
    >>> print(plotly_text("<b>$x$</b> & %{y}"))
    &lt;b&gt;&#36;x&#36;&lt;/b&gt; &amp; &#37;{y}
    >>> plotly_text("a long answer", 6)
    'a lon…'
    """
    shown = str(text)
    if length is not None:
        shown = shortened(shown, length)
    shown = printable(shown)
    strong = next((d for d in map(unicodedata.bidirectional, shown) if d in ("L", "R", "AL")), "L")
    shown = html.escape(shown, quote=False)
    for character, entity in _SPECIAL.items():
        shown = shown.replace(character, entity)
    return shown if strong == "L" else f"\u2068{shown}\u2069"


def shortened(text: str, length: int) -> str:
    r"""Return a text on one line, cut at its end.

    Parameters
    ----------
    text : str
        Any text.
    length : int
        Maximum number of characters.

    Returns
    -------
    str
        The text, white space as single spaces; an ellipsis marks where it is cut.

    Examples
    --------
    >>> shortened("a  red\ncircle", 8)
    'a red c…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1].rstrip() + "…"
