"""Text of models as HTML."""

from __future__ import annotations

import html

from ..inputs.text import printable


def escaped(text: str) -> str:
    r"""Return a text as HTML, every character visible.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        Safe HTML; see `eagle_nb.inputs.text.printable`. Line feeds and tabs remain.

    Examples
    --------
    >>> escaped("<b>\x1b[1m")
    '&lt;b&gt;␛[1m'
    """
    return html.escape(printable(text, lines=True))
