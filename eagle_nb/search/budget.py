"""How much a search may spend: a number of forward passes, or a time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

_UNITS = {"s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True)
class Budget:
    """Forward passes, or seconds; what is None is not limited."""

    passes: int | None = None
    seconds: float | None = None

    def less(self, passes: int, seconds: float) -> Budget:
        """What is left after so many passes and seconds."""
        return Budget(
            None if self.passes is None else max(self.passes - passes, 0),
            None if self.seconds is None else max(self.seconds - seconds, 1e-3),
        )

    def divided(self, parts: int) -> Budget:
        """An equal part of it."""
        return Budget(
            None if self.passes is None else self.passes // parts,
            None if self.seconds is None else self.seconds / parts,
        )


def parse_budget(budget: int | str | None, n: int | None = None, searches: int = 1) -> Budget:
    """Read ``500`` as forward passes and ``"30 s"``, ``"2 min"`` or ``"1 h"`` as a time.

    Parameters
    ----------
    budget : int, str or None
    n : int, optional
        Number of regions, to refuse what cannot pay for the curves.
    searches : int
        How many orders it is to pay for.

    Raises
    ------
    ValueError, TypeError
        If it is neither, not positive, or below the 2 n + 2 passes that an order with both its curves takes.
    """
    if budget is None:
        return Budget()
    if isinstance(budget, str):
        found = re.fullmatch(r"\s*([0-9]*\.?[0-9]+)\s*(s|min|h)\s*", budget)
        if found is None or float(found[1]) <= 0:
            raise ValueError(
                f"cannot read the budget {budget!r}; write passes as a number or a time as '30 s', '2 min'"
            )
        return Budget(seconds=float(found[1]) * _UNITS[found[2]])
    if isinstance(budget, bool) or not isinstance(budget, int | np.integer):
        raise TypeError(f"budget is a number of forward passes or a time such as '30 s', got {budget!r}")
    if budget < 1 or (n is not None and budget < (2 * n + 2) * searches):
        needed = f"an order of {n} regions with both its curves takes at least {2 * n + 2}" if n else "give more"
        raise ValueError(
            f"a budget of {budget} passes is too small: {needed}"
            + (f", and there are {searches}" if searches > 1 else "")
        )
    return Budget(passes=int(budget))
