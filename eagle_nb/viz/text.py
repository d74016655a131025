"""Text of models in figures: it appears as its characters, and nothing in it is interpreted."""

from __future__ import annotations

import html

from ..inputs.text import isolated, printable, shortened

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
    shown = html.escape(isolated(printable(shown)), quote=False)
    for character, entity in _SPECIAL.items():
        shown = shown.replace(character, entity)
    return shown
