"""A formula with the numbers of the moment put in."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

_NAME = re.compile(r"@([a-zA-Z]\w*)")
_SPECIAL = re.compile(r"([\\{}$&#^_%~])")


class Formula:
    """LaTeX that a notebook sets; see `formula`.

    Attributes
    ----------
    latex : str
    """

    def __init__(self, latex: str) -> None:
        self.latex = latex

    def __repr__(self) -> str:
        return self.latex

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"


def formula(template: str, **values: Any) -> Formula:
    r"""A formula whose ``@name`` are replaced by values.

    Parameters
    ----------
    template : str
        LaTeX.
    **values
        Numbers that are no integers get three decimals; of several, integers are listed and others summed up; a text
        stands upright.

    Returns
    -------
    Formula

    Raises
    ------
    ValueError
        If the template names a value that is not given, or one is given that it does not name.

    Examples
    --------
    >>> formula(r"F(\{@S\}) = @parts = @total", S=[2, 5], parts=[0.25, 0.5], total=0.75)
    F(\{2, 5\}) = 0.250 + 0.500 = 0.750
    """
    named = set(_NAME.findall(template))
    if named != set(values):
        raise ValueError(f"the formula names {sorted(named)}, given are {sorted(values)}")
    return Formula(_NAME.sub(lambda found: _set(values[found[1]]), template))


def _set(value: Any) -> str:
    if isinstance(value, str):
        escaped = _SPECIAL.sub(r"\\\1", value)
        return rf"\text{{{escaped}}}"
    if isinstance(value, int | np.integer):
        return str(int(value))
    if isinstance(value, float | np.floating):
        return f"{float(value):.3f}"
    several = list(value)
    between = ", " if all(isinstance(v, int | np.integer) for v in several) else " + "
    return between.join(map(_set, several))
