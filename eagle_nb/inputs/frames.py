"""Tables that show the text of models as text."""

from __future__ import annotations

from typing import Any

import pandas as pd

from .text import printable


class TextFrame(pd.DataFrame):
    r"""A DataFrame in whose output the text of models is text.

    Its values are those of a DataFrame. Printed or shown in a notebook, control characters are visible (see
    `eagle_nb.inputs.text.printable`), HTML is escaped, and MathJax does not typeset ``$…$``.

    Parameters
    ----------
    data : DataFrame, ndarray, mapping or iterable, optional
        As of `pandas.DataFrame`, and so are the others.
    index, columns : sequence, optional
        Labels of the rows and of the columns.
    dtype : dtype, optional
        Type of all columns.
    copy : bool, optional
        Whether the data are copied.

    Examples
    --------
    >>> TextFrame({"token": ["\x1b[1mred"]})
         token
    0  ␛[1mred
    """

    @property
    def _constructor(self) -> type[TextFrame]:
        return TextFrame

    @property
    def style(self) -> Any:
        """A Styler that escapes HTML and that MathJax ignores."""
        styler = super().style.set_table_attributes('class="tex2jax_ignore mathjax_ignore"')
        return styler.format(escape="html")

    def __repr__(self) -> str:
        return repr(self._visible())

    def _repr_html_(self) -> str | None:
        with pd.option_context("display.html.use_mathjax", False):
            html: str | None = self._visible()._repr_html_()  # type: ignore[operator]
        return html

    def _visible(self) -> pd.DataFrame:
        """Return a copy whose texts are printable."""
        plain = pd.DataFrame(self, copy=True)
        for k, kind in enumerate(plain.dtypes):
            if pd.api.types.is_object_dtype(kind) or pd.api.types.is_string_dtype(kind):
                shown = [_shown(value) for value in plain.iloc[:, k]]
                plain.isetitem(k, pd.Series(shown, index=plain.index, dtype=object))
        if pd.api.types.is_object_dtype(plain.index.dtype) or pd.api.types.is_string_dtype(plain.index.dtype):
            plain.index = plain.index.map(_shown)
        return plain


def _shown(value: Any) -> Any:
    """Return a value as it is shown."""
    return printable(value) if isinstance(value, str) else value
