"""Formulas with values filled in."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

_NAME = re.compile(r"@([a-zA-Z]\w*)")
_SPECIAL = re.compile(r"([\\{}$&#^_%~])")


class Formula:
    """A formula in LaTeX that a notebook typesets; see `formula`.

    Parameters
    ----------
    latex : str
        The formula.

    Attributes
    ----------
    latex : str
        The formula.
    """

    def __init__(self, latex: str) -> None:
        self.latex = latex

    def __repr__(self) -> str:
        return self.latex

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"


def formula(template: str, **values: Any) -> Formula:
    r"""Fill values into a formula.

    Parameters
    ----------
    template : str
        LaTeX in which ``@name`` stands for a value.
    **values
        The values by name. Numbers other than integers are written with three decimals. Of several values, integers are listed and
        other numbers are added. Text is set upright.

    Returns
    -------
    Formula
        The formula with the values.

    Raises
    ------
    ValueError
        If the names in the template and those of the values differ.

    Examples
    --------
    >>> formula(r"F(\{@S\}) = @parts = @total", S=[2, 5], parts=[0.25, 0.5], total=0.75)
    F(\{2, 5\}) = 0.250 + 0.500 = 0.750
    """
    names = set(_NAME.findall(template))
    if names != set(values):
        raise ValueError(
            f"the formula has the names {sorted(names)}, the values {sorted(values)}; they must be the same"
        )
    return Formula(_NAME.sub(lambda match: _latex(values[match[1]]), template))


def _latex(value: Any) -> str:
    """Return a value in LaTeX."""
    if isinstance(value, str):
        escaped = _SPECIAL.sub(r"\\\1", value)
        return rf"\text{{{escaped}}}"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.3f}"
    parts = list(value)
    separator = ", " if all(isinstance(part, int | np.integer) for part in parts) else " + "
    return separator.join(map(_latex, parts))
