"""Formulas with values filled in."""

from __future__ import annotations

import pytest

from eagle_nb.teaching import formula


def test_values_are_formatted_by_kind():
    made = formula(r"@n, @p, @parts, @S, @word", n=3, p=0.12345, parts=[0.5, 0.25], S=[1, 2], word="50 %_a")
    assert repr(made) == r"3, 0.123, 0.500 + 0.250, 1, 2, \text{50 \%\_a}"
    assert made._repr_latex_() == rf"$\displaystyle {made.latex}$"


def test_names_must_match():
    with pytest.raises(ValueError, match=r"the formula has the names \['p'\], the values \['q'\]"):
        formula("@p", q=1)
