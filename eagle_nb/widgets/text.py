"""Texts as widgets and still pictures show them."""

from __future__ import annotations

import html
import unicodedata


def short(text: str, length: int = 80) -> str:
    r"""Return a text on one line, truncated.

    Parameters
    ----------
    text : str
        Any text.
    length : int
        Maximum number of characters.

    Returns
    -------
    str
        The text; an ellipsis marks where it is cut.

    Examples
    --------
    >>> short("a  red\ncircle", 8)
    'a red c…'
    """
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"


def isolated(text: str) -> str:
    """Isolate right-to-left text from the numbers around it.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Right-to-left text between Unicode's isolates; other text as it is.
    """
    strong = next((d for d in map(unicodedata.bidirectional, text) if d in ("L", "R", "AL")), "L")
    return text if strong == "L" else f"\u2068{text}\u2069"


def escaped(text: str) -> str:
    """Return a text as HTML; lone surrogates and control characters are replaced.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Safe HTML.

    Examples
    --------
    >>> escaped("<b>")
    '&lt;b&gt;'
    """
    plain = "".join("\ufffd" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)
    return html.escape(plain.encode("utf-8", "replace").decode())


def percent(share: float) -> str:
    """Return a share as text, in the same form as the browser half.

    Parameters
    ----------
    share : float
        0 … 1.

    Returns
    -------
    str
        With one decimal place below 10 %.

    Examples
    --------
    >>> percent(0.014), percent(0.5), percent(0.0)
    ('1.4 %', '50 %', '0 %')
    """
    return f"{100 * share:.{1 if 0 < share < 0.1 else 0}f} %"
